import { expect, test } from 'vitest'
import { pieces, randomBytesOf, seeded } from '../../testing/random.ts'
import { AMF_LIMITS, AmfError, decodeAmf, encodeAmf } from './amf0.ts'
import { ChunkReader } from './chunk-reader.ts'
import { ChunkWriter } from './chunk-writer.ts'
import { RtmpClient } from './client.ts'
import type { RtmpMessage } from './message.ts'
import { RTMP_LIMITS, RtmpError, TYPE } from './message.ts'
import type { PublishRequest } from './server.ts'
import { RtmpServer } from './server.ts'

const message = (timestamp: number, payload: Buffer, type: number = TYPE.video): RtmpMessage => ({
  type,
  streamId: 1,
  timestamp,
  payload,
})

function read(bytes: readonly Buffer[], limit: number = RTMP_LIMITS.maxMessageBytes): RtmpMessage[] {
  const messages: RtmpMessage[] = []
  const reader = new ChunkReader((each) => messages.push({ ...each, payload: Buffer.from(each.payload) }))
  reader.maxMessageBytes = limit
  for (const part of bytes) reader.push(part)
  return messages
}

test('messages survive chunking, whatever the sizes of chunks and reads', () => {
  const random = seeded(1)
  for (let round = 0; round < 20; round += 1) {
    const writer = new ChunkWriter()
    const size = Buffer.alloc(4)
    const chunkSize = 128 + Math.floor(random() * 5000)
    size.writeUInt32BE(chunkSize)
    const sent = Array.from({ length: 5 }, (_, i) =>
      message(0xfffffe + i, randomBytesOf(random, Math.floor(random() * 9000)), i % 2 === 0 ? TYPE.video : TYPE.audio),
    )
    const head = writer.write(2, { type: TYPE.setChunkSize, streamId: 0, timestamp: 0, payload: size })
    writer.chunkSize = chunkSize
    const bytes = Buffer.concat([head, ...sent.map((each, i) => writer.write(4 + (i % 2), each))])
    const got = read(pieces(random, bytes, 4000))
    expect(got.map(({ payload, ...rest }) => rest)).toEqual(sent.map(({ payload, ...rest }) => rest))
    expect(got.every((each, i) => Buffer.compare(each.payload, sent[i]?.payload ?? Buffer.alloc(0)) === 0)).toBe(true)
  }
})

test('short headers take over what came before, and a type 3 header after a type 0 one repeats its time as a step', () => {
  const type0 = Buffer.from([0x04, 0, 0, 40, 0, 0, 2, 9, 1, 0, 0, 0, 0xaa, 0xab])
  const type3 = Buffer.from([0xc4, 1, 2])
  const type2 = Buffer.from([0x84, 0, 0, 20, 3, 4])
  const again = Buffer.from([0xc4, 5, 6])
  expect(read([Buffer.concat([type0, type3, type2, again])]).map((each) => [each.timestamp, each.payload.toString()])).toEqual([
    [40, Buffer.from([0xaa, 0xab]).toString()],
    [80, Buffer.from([1, 2]).toString()],
    [100, Buffer.from([3, 4]).toString()],
    [120, Buffer.from([5, 6]).toString()],
  ])
})

test('interleaved messages of several chunk streams come out whole', () => {
  const first = message(10, Buffer.alloc(200, 1))
  const second = message(11, Buffer.alloc(150, 2), TYPE.audio)
  const a = new ChunkWriter().write(4, first)
  const b = new ChunkWriter().write(6, second)
  // 12 bytes of header, 128 of payload, then the continuation with one byte of header.
  const mixed = Buffer.concat([a.subarray(0, 140), b.subarray(0, 140), a.subarray(140), b.subarray(140)])
  expect(read([mixed])).toEqual([first, second])
})

test('[ING11] a claimed length beyond the limit is refused before its bytes are awaited', () => {
  const header = Buffer.from([0x04, 0, 0, 0, 0xff, 0xff, 0xff, 9, 1, 0, 0, 0])
  expect(() => read([header])).toThrow(RtmpError)
  expect(() =>
    read([new ChunkWriter().write(4, message(0, Buffer.alloc(70_000)))], RTMP_LIMITS.maxMessageBytesBeforePublish),
  ).toThrow(RtmpError)
})

test('[ING11] chunk sizes out of range, too many chunk streams and too much that is half-received are refused', () => {
  const size = (value: number) =>
    new ChunkWriter().write(2, {
      type: TYPE.setChunkSize,
      streamId: 0,
      timestamp: 0,
      payload: Buffer.from(new Uint32Array([value]).buffer).swap32(),
    })
  expect(() => read([size(1)])).toThrow(RtmpError)
  expect(() => read([size(0x80000000)])).toThrow(RtmpError)
  const begun = Array.from({ length: RTMP_LIMITS.maxChunkStreams + 1 }, (_, i) =>
    new ChunkWriter().write(3 + i, message(0, Buffer.alloc(300))).subarray(0, 140),
  )
  expect(() => read(begun)).toThrow('too many chunk streams')
  const halves = Array.from({ length: 4 }, (_, i) => {
    const writer = new ChunkWriter()
    writer.chunkSize = 2 << 20
    return writer.write(3 + i, message(0, Buffer.alloc((2 << 20) + 10))).subarray(0, 12 + (2 << 20))
  })
  expect(() => read([size(2 << 20), ...halves])).toThrow('half-received')
})

test('AMF values survive, and keys such as __proto__ stay keys', () => {
  const values = [
    'connect',
    1,
    { app: 'live', nested: { deep: [1, null, undefined, true] }, text: 'ключ' },
    'x'.repeat(70_000).slice(0, 9000),
  ]
  expect(JSON.stringify(decodeAmf(encodeAmf(...values)))).toBe(JSON.stringify(values))
  const hostile = Buffer.concat([
    Buffer.from([3, 0, 9]),
    Buffer.from('__proto__'),
    Buffer.from([3, 0, 1, 0x61, 1, 1, 0, 0, 9, 0, 0, 9]),
  ])
  decodeAmf(hostile)
  expect(({} as { a?: boolean }).a).toBeUndefined()
})

test('[ING11] AMF is limited in depth, in number of values and in length of strings', () => {
  const deep = Buffer.concat([...Array.from({ length: 30 }, () => Buffer.from([3, 0, 1, 0x61])), Buffer.from([5])])
  expect(() => decodeAmf(deep)).toThrow('nested too deep')
  expect(() => decodeAmf(Buffer.alloc(AMF_LIMITS.values + 1, 5))).toThrow('too many values')
  expect(() => decodeAmf(Buffer.from([0x0a, 0xff, 0xff, 0xff, 0xff]))).toThrow('array too long')
  expect(() => decodeAmf(Buffer.from([0x0c, 0x7f, 0xff, 0xff, 0xff]))).toThrow('string too long')
})

interface Talk {
  server: RtmpServer
  client: RtmpClient
  requests: PublishRequest[]
  media: [string, number, number][]
  ready: () => boolean
  run: () => void
  unpublished: () => boolean
}

function talk(streamKey: string, app = 'live'): Talk {
  const requests: PublishRequest[] = []
  const media: [string, number, number][] = []
  const toServer: Buffer[] = []
  const toClient: Buffer[] = []
  let ready = false
  let unpublished = false
  const server = new RtmpServer(
    {
      write: (bytes) => toClient.push(bytes),
      publish: (request) => requests.push(request),
      media: (kind, timestamp, payload) => media.push([kind, timestamp, payload.length]),
      metadata: () => undefined,
      unpublish: () => {
        unpublished = true
      },
      roundTrip: () => undefined,
    },
    Buffer.alloc(1528, 7),
    () => 0,
  )
  const client = new RtmpClient(
    {
      write: (bytes) => toServer.push(bytes),
      ready: () => {
        ready = true
      },
    },
    { app, tcUrl: `rtmp://x/${app}`, streamKey },
  )
  client.begin(Buffer.alloc(1528, 9))
  const run = () => {
    while (toServer.length + toClient.length > 0) {
      for (const bytes of toServer.splice(0)) server.push(bytes)
      for (const bytes of toClient.splice(0)) client.push(bytes)
    }
  }
  run()
  return { server, client, requests, media, ready: () => ready, run, unpublished: () => unpublished }
}

test('a publisher gets in, its media comes out, and it leaves', () => {
  const { server, client, requests, media, ready, run, unpublished } = talk('key_1?token=2')
  expect(requests).toEqual([{ streamKey: 'key_1', app: 'live', encoder: 'FMLE/3.0 (compatible; Efir)' }])
  expect(ready()).toBe(false)
  server.accept()
  run()
  expect(ready()).toBe(true)
  client.media('video', 2 ** 32 + 5, Buffer.alloc(100_000))
  client.media('audio', 17, Buffer.alloc(10))
  client.unpublish()
  run()
  expect(media).toEqual([
    ['video', 5, 100_000],
    ['audio', 17, 10],
  ])
  expect(unpublished()).toBe(true)
})

test('the key may stand at the end of the application', () => {
  expect(talk('', 'live/key_2?x=y').requests[0]?.streamKey).toBe('key_2')
})

test('[ING1] media sent before the key is found good is not passed on, and a refusal reaches the encoder', () => {
  const { server, client, media, run } = talk('key_3')
  client.media('video', 1, Buffer.alloc(10))
  run()
  expect(media).toEqual([])
  server.refuse('credential_unknown')
  expect(run).toThrow('credential_unknown')
})

test('[ING11] hostile bytes end in RtmpError or in silence, and never pile up', () => {
  const good = [0x03, 0, 0, 0, 0, 0, 0, TYPE.commandAmf0, 0, 0, 0, 0]
  for (let seed = 1; seed <= 150; seed += 1) {
    const random = seeded(seed)
    const server = new RtmpServer(
      {
        write: () => undefined,
        publish: () => server.accept(),
        media: () => undefined,
        metadata: () => undefined,
        unpublish: () => undefined,
        roundTrip: () => undefined,
      },
      Buffer.alloc(1528),
      () => 0,
    )
    server.push(Buffer.concat([Buffer.of(3), Buffer.alloc(1536 * 2)]))
    const command = encodeAmf('publish', 5, null, 'key', 'live')
    const chunk = Buffer.concat([Buffer.from(good), command])
    chunk.writeUIntBE(command.length, 4, 3)
    try {
      if (seed % 2 === 0) server.push(chunk)
      for (let i = 0; i < 60; i += 1) {
        const noise = randomBytesOf(random, Math.floor(random() * 400))
        if (noise.length > 8 && seed % 3 === 0) noise.set([0x03, 0, 0, 1, 0, 0, 40, 8 + (seed % 12)])
        server.push(noise)
      }
    } catch (error) {
      expect(error).toBeInstanceOf(RtmpError)
    }
  }
  expect(() => decodeAmf(randomBytesOf(seeded(5), 50))).toThrow(AmfError)
})

test('[ING11] flipped bits in a real conversation never break anything but the connection', () => {
  const recorded: Buffer[] = []
  const client = new RtmpClient(
    { write: (bytes) => recorded.push(bytes), ready: () => undefined },
    { app: 'live', tcUrl: 'rtmp://x/live', streamKey: 'k' },
  )
  client.begin(Buffer.alloc(1528))
  client.push(Buffer.alloc(1 + 2 * 1536, 3))
  client.media('video', 1, Buffer.alloc(5000))
  const bytes = Buffer.concat(recorded)
  for (let seed = 1; seed <= 300; seed += 1) {
    const random = seeded(seed)
    const broken = Buffer.from(bytes)
    for (let i = 0; i < 4; i += 1) broken[3073 + Math.floor(random() * (broken.length - 3073))] = Math.floor(random() * 256)
    const server = new RtmpServer(
      {
        write: () => undefined,
        publish: () => server.accept(),
        media: () => undefined,
        metadata: () => undefined,
        unpublish: () => undefined,
        roundTrip: () => undefined,
      },
      Buffer.alloc(1528),
      () => 0,
    )
    try {
      for (const part of pieces(random, broken, 1500)) server.push(part)
    } catch (error) {
      expect(error).toBeInstanceOf(RtmpError)
    }
  }
})
