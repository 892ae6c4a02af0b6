import type { Writable } from 'node:stream'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import * as ws from 'ws'
import { closeFrame, controlFrame } from './frames.ts'
import { type Heard, Reader, type ReaderLimits, readerDefaults } from './reader.ts'

type Said = ['text', string] | ['binary', string] | ['ping', string] | ['end', number]
const limits: ReaderLimits = { messageBytes: 200, fragments: 1_000, controls: 1_000 }

function hear(chunks: readonly Buffer[], more: Partial<ReaderLimits> = {}): Said[] {
  const said: Said[] = []
  const heard: Heard = {
    text: (text) => void said.push(['text', text]),
    binary: (bytes) => void said.push(['binary', bytes.toString('hex')]),
    ping: (payload) => void said.push(['ping', payload.toString('hex')]),
    peerClosed: (code) => void said.push(['end', code]),
    fail: (code) => void said.push(['end', code]),
  }
  const reader = new Reader(heard, { ...limits, ...more })
  for (const chunk of chunks) reader.read(Buffer.from(chunk))
  return said
}

/** The reader of the `ws` package, which its types do not name. */
const { Receiver } = ws as unknown as { Receiver: new (options: object) => Writable }
const statusOf = (problem: object): number =>
  (problem as Record<symbol, number>)[Object.getOwnPropertySymbols(problem)[0] as symbol] ?? 0

/** What the `ws` package makes of the same bytes. */
async function hearByPeer(chunks: readonly Buffer[]): Promise<Said[]> {
  const said: Said[] = []
  const receiver = new Receiver({ isServer: true, maxPayload: limits.messageBytes, allowSynchronousEvents: true })
  receiver.on('message', (data: Buffer, binary: boolean) => {
    said.push(binary ? ['binary', data.toString('hex')] : ['text', data.toString()])
  })
  receiver.on('ping', (data: Buffer) => void said.push(['ping', data.toString('hex')]))
  receiver.on('conclude', (code: number) => void said.push(['end', code]))
  receiver.on('error', (problem) => void said.push(['end', statusOf(problem)]))
  for (const chunk of chunks) receiver.write(Buffer.from(chunk))
  await new Promise((resolve) => setImmediate(resolve))
  return said
}

interface FrameParts {
  readonly first: number
  readonly payload: Buffer
  readonly mask: Buffer | null
  /** Which of the three forms of a length; the shortest when absent. */
  readonly form?: 0 | 1 | 2
  /** A length that is not that of the payload. */
  readonly claims?: bigint
}

function frame({ first, payload, mask, form, claims }: FrameParts): Buffer {
  const size = claims ?? BigInt(payload.length)
  const wanted = form ?? (size < 126n ? 0 : size < 65_536n ? 1 : 2)
  const bit = mask ? 0x80 : 0
  const length =
    wanted === 0
      ? Buffer.from([bit | Number(size & 127n)])
      : wanted === 1
        ? Buffer.from([bit | 126, Number((size >> 8n) & 255n), Number(size & 255n)])
        : Buffer.concat([Buffer.from([bit | 127]), bigEndian(size)])
  const body = mask ? Buffer.from(payload.map((byte, i) => byte ^ (mask[i & 3] as number))) : payload
  return Buffer.concat([Buffer.from([first]), length, mask ?? Buffer.alloc(0), body])
}
function bigEndian(value: bigint): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64BE(BigInt.asUintN(64, value))
  return bytes
}

const bytes = (max: number) => fc.uint8Array({ maxLength: max }).map((a) => Buffer.from(a))
const mask = bytes(4).map((b) => Buffer.concat([b, Buffer.from([7, 0, 250, 1])]).subarray(0, 4))
const text = fc.string({ unit: 'grapheme', maxLength: 60 }).map((s) => Buffer.from(s))
const closing = fc
  .tuple(fc.integer({ min: 0, max: 5_000 }), bytes(20))
  .map(([code, reason]) => Buffer.concat([Buffer.from([code >> 8, code & 255]), reason]))
const payload = fc.oneof(text, text, bytes(130), bytes(260), closing)
/** Mostly what clients say, sometimes anything at all. */
const first = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(0x81, 0x82, 0x01, 0x80, 0x00, 0x89, 0x8a) },
  { weight: 1, arbitrary: fc.constant(0x88) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 255 }) },
)
const anyFrame: fc.Arbitrary<Buffer> = fc
  .record({
    first,
    payload,
    mask: fc.oneof({ weight: 40, arbitrary: mask }, { weight: 1, arbitrary: fc.constant(null) }),
  })
  .map(frame)
const giant = fc
  .record({
    first,
    payload: bytes(20),
    mask,
    form: fc.constant(2 as const),
    claims: fc.oneof(fc.bigInt({ min: 65_536n, max: (1n << 64n) - 1n }), fc.constantFrom(1n << 53n, 1n << 63n, (1n << 64n) - 1n)),
  })
  .map(frame)
const stream = fc.array(
  fc.oneof({ weight: 30, arbitrary: anyFrame }, { weight: 1, arbitrary: giant }, { weight: 1, arbitrary: bytes(30) }),
  { maxLength: 12 },
)
/** A message in fragments with control frames between them, well formed. */
const fragmented = fc
  .tuple(fc.array(bytes(20), { minLength: 1, maxLength: 8 }), fc.boolean(), mask)
  .map(([parts, ping, key]) =>
    Buffer.concat(
      parts.flatMap((part, i) => [
        frame({ first: (i === parts.length - 1 ? 0x80 : 0) | (i === 0 ? 2 : 0), payload: part, mask: key }),
        ...(ping ? [frame({ first: 0x89, payload: part, mask: key })] : []),
      ]),
    ),
  )

function cut(whole: Buffer, at: readonly number[]): Buffer[] {
  const marks = [...new Set(at.map((n) => n % (whole.length + 1)))].sort((a, b) => a - b)
  return [0, ...marks].map((from, i) => whole.subarray(from, marks[i] ?? whole.length))
}

test('[WS2, WS3, WS4, WS5] random frames, cut anywhere, give the same messages and close codes as the ws package', async () => {
  await fc.assert(
    fc.asyncProperty(stream, fc.array(fc.nat(5_000), { maxLength: 8 }), async (frames, marks) => {
      const whole = Buffer.concat(frames)
      expect(hear(cut(whole, marks))).toEqual(await hearByPeer([whole]))
    }),
    { numRuns: 3_000, seed: 6_455 },
  )
})

test('[WS2] every cut of well-formed messages, even at each byte, gives the same', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.oneof(
          fragmented,
          text.chain((t) => mask.map((m) => frame({ first: 0x81, payload: t, mask: m }))),
        ),
        { minLength: 1, maxLength: 4 },
      ),
      async (list) => {
        const whole = Buffer.concat(list)
        const once = hear([whole])
        expect(hear([...whole].map((byte) => Buffer.from([byte])))).toEqual(once)
        expect(await hearByPeer([whole])).toEqual(once)
      },
    ),
    { numRuns: 200, seed: 6_455 },
  )
})

const key = Buffer.from([1, 2, 3, 4])
const say = (firstByte: number, body: string | Buffer, more: Partial<FrameParts> = {}) =>
  frame({ first: firstByte, payload: Buffer.from(body as string), mask: key, ...more })

test('[WS3] a length that is not in its shortest form, which the ws package takes', async () => {
  for (const form of [1, 2] as const) {
    expect(hear([say(0x81, 'hi', { form })])).toEqual([['end', 1002]])
    expect(await hearByPeer([say(0x81, 'hi', { form })])).toEqual([['text', 'hi']])
  }
  expect(hear([say(0x82, 'x'.repeat(130), { form: 2 })])).toEqual([['end', 1002]])
})

test('[WS3] what breaks the frame rules ends with 1002 as soon as two bytes are here', () => {
  const wrong = [
    [0xc1, 0x80],
    [0xa1, 0x80],
    [0x91, 0x80],
    [0x83, 0x80],
    [0x8b, 0x80],
    [0x80, 0x80],
    [0x09, 0x80],
    [0x89, 0xfe],
    [0x88, 0x81],
    [0x81, 0x00],
  ]
  for (const head of wrong) expect(hear([Buffer.from(head)])).toEqual([['end', 1002]])
  for (const code of [0, 999, 1004, 1005, 1006, 1015, 2999, 5000])
    expect(hear([say(0x88, Buffer.from([code >> 8, code & 255]))])).toEqual([['end', 1002]])
  for (const code of [1000, 1001, 3000, 4999])
    expect(hear([say(0x88, Buffer.from([code >> 8, code & 255]))])).toEqual([['end', code]])
})

test('[WS5] too much of anything: bytes, fragments, control frames', () => {
  expect(hear([Buffer.from([0x81, 0xfe, 0xff, 0xff])])).toEqual([['end', 1009]])
  expect(hear([say(0x01, 'x'.repeat(150)), say(0x80, 'x'.repeat(51)).subarray(0, 2)])).toEqual([['end', 1009]])
  const drops = Array.from({ length: 70 }, (_, i) => say(i === 0 ? 0x01 : 0x00, ''))
  expect(hear(drops, { fragments: 64 })).toEqual([['end', 1008]])
  const pings = Array.from({ length: 101 }, () => say(0x8a, ''))
  expect(hear(pings, { controls: 100 })).toEqual([['end', 1008]])
  expect(hear([...pings.slice(0, 100), say(0x81, 'a'), ...pings.slice(0, 100)], { controls: 100 })).toEqual([['text', 'a']])
  expect(readerDefaults.messageBytes).toBe(4_096)
})

test('[WS4] a text cut inside a letter is whole in the end; broken letters are not', () => {
  const euro = Buffer.from('€')
  expect(hear([say(0x01, euro.subarray(0, 1)), say(0x80, euro.subarray(1))])).toEqual([['text', '€']])
  expect(hear([say(0x81, Buffer.from([0xed, 0xa0, 0x80]))])).toEqual([['end', 1007]])
  expect(hear([say(0x88, Buffer.from([3, 232, 0xff]))])).toEqual([['end', 1007]])
})

test('[WS6] nothing is read behind a Close', () => {
  expect(hear([Buffer.concat([say(0x88, ''), say(0x81, 'late')]), say(0x81, 'later')])).toEqual([['end', 1005]])
})

test('[WS7] our own control frames are of the right form, reasons are cut at a letter', () => {
  expect(() => controlFrame(0x9, Buffer.alloc(126))).toThrow(RangeError)
  expect(closeFrame(1005)).toEqual(Buffer.from([0x88, 0]))
  const long = closeFrame(4000, 'é'.repeat(100))
  expect([long.length, long[1], long.subarray(4).toString()]).toEqual([126, 124, 'é'.repeat(61)])
})
