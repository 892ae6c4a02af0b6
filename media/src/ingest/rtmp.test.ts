import { connect } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { toolPath } from '../../../scripts/needs.ts'
import { systemClock } from '../clock.ts'
import { silentLog } from '../log.ts'
import type { MediaSample } from '../sample.ts'
import type { EncodeOptions, Encoder } from '../testing/ffmpeg.ts'
import { encode } from '../testing/ffmpeg.ts'
import type { IngestWorld } from '../testing/ingest-world.ts'
import { openIngestWorld } from '../testing/ingest-world.ts'
import type { Collected } from '../testing/sink.ts'
import { until } from '../testing/sink.ts'
import { INGEST_LIMITS } from './limits.ts'
import { openRtmpIngest } from './rtmp.ts'

const ffmpeg = test.skipIf(!toolPath('ffmpeg'))

let closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
  closers = []
})

async function world(
  changes = {},
): Promise<IngestWorld & { encoder: (key: string, options?: Partial<EncodeOptions>) => Encoder }> {
  const opened = await openIngestWorld(changes)
  closers.push(() => opened.close())
  return {
    ...opened,
    encoder(key, options = {}) {
      const encoder = encode({ url: `${opened.rtmp}/${key}`, ...options })
      closers.push(async () => {
        encoder.kill()
        await encoder.exited
      })
      return encoder
    },
  }
}

const seen = (outputs: readonly Collected[], frames: number) => () => (outputs[0]?.of('video').length ?? 0) >= frames

function steps(samples: readonly MediaSample[]): number[] {
  return samples.slice(1).map((sample, i) => sample.dtsUs - (samples[i]?.dtsUs ?? 0))
}

ffmpeg('[ING6] x264 with B-frames and AAC: decode times run evenly, presentation times are put apart from them', async () => {
  const { outputs, encoder } = await world()
  const source = encoder('bframes', { seconds: 4, bframes: 2, realtime: false })
  await source.exited
  await until('the last frame has come', seen(outputs, 98))
  const [output] = outputs
  const video = output?.of('video') ?? []
  const audio = output?.of('audio') ?? []
  expect(output?.log.slice(0, 2)).toEqual(['video', 'audio'])
  expect(output?.videos[0]).toMatchObject({ width: 320, height: 180, codec: 'h264' })
  expect(output?.audios[0]).toMatchObject({ sampleRate: 48_000, channels: 2, codecString: 'mp4a.40.2' })
  expect(video[0]?.key).toBe(true)
  expect(new Set(steps(video))).toEqual(new Set([40_000]))
  expect(new Set(video.map((sample) => sample.ptsUs - sample.dtsUs)).size).toBeGreaterThan(1)
  expect(steps(audio).every((step) => Math.abs(step - 21_333) < 50)).toBe(true)
  // Tone and picture began together.
  const firstPictureUs = Math.min(...video.map((sample) => sample.ptsUs))
  expect(Math.abs(firstPictureUs - (audio[0]?.ptsUs ?? 0))).toBeLessThan(40_000)
})

ffmpeg('[ING5] timestamps run on over the end of their 31 bits, which encoders use', async () => {
  const { outputs, encoder } = await world()
  const source = encoder('wrap', { seconds: 6, realtime: false, extra: ['-output_ts_offset', `${2 ** 31 / 1000 - 3}`] })
  await source.exited
  await until('the last frame has come', seen(outputs, 148))
  const [output] = outputs
  expect(new Set(steps(output?.of('video') ?? []))).toEqual(new Set([40_000]))
  expect(steps(output?.of('audio') ?? []).every((step) => Math.abs(step - 21_333) < 50)).toBe(true)
  expect(output?.log.filter((entry) => entry === 'discontinuity').length).toBeLessThan(2)
})

ffmpeg('[ING1] a key that the server does not know is refused before any media, and the encoder is told', async () => {
  const { server, outputs, encoder, logLines } = await world()
  server.admit = () => ({ ok: false, code: 'credential_unknown' })
  const source = encoder('live_secret_key_42')
  expect(await source.exited).not.toBe(0)
  expect(server.admits).toMatchObject([{ protocol: 'rtmp', credential: 'live_secret_key_42', remote: '127.0.0.1' }])
  expect(outputs).toEqual([])
  expect(server.events).toEqual([])
  expect(logLines.join('')).not.toContain('live_secret_key_42')
})

ffmpeg('[ING4] an encoder that is killed and comes back goes on in the same session after one break', async () => {
  const { server, outputs, encoder } = await world()
  const first = encoder('back')
  await until('pictures come', seen(outputs, 30))
  first.kill('SIGKILL')
  await until('the loss is told', () => server.of('publisherLost').length === 1)
  const before = outputs[0]?.of('video').length ?? 0
  encoder('back', { size: '640x360' })
  await until('pictures come again', seen(outputs, before + 30))
  await until('it is told', () => server.of('publisherBack').length === 1)
  expect(outputs).toHaveLength(1)
  expect(outputs[0]?.discontinuities).toBe(1)
  expect(outputs[0]?.videos.map((video) => video.width)).toEqual([320, 640])
  expect(steps(outputs[0]?.of('video') ?? []).every((step) => step > 0)).toBe(true)
  expect(new Set(server.events.map((event) => event.sessionId)).size).toBe(1)
})

ffmpeg('[ING3] a second encoder takes the stream over, the first is closed', async () => {
  const { server, outputs, encoder } = await world()
  const first = encoder('over')
  await until('pictures come', seen(outputs, 20))
  encoder('over')
  expect(await first.exited).not.toBe(0)
  await until('it is told', () => server.of('publisherBack').length === 1)
  expect(server.of('publisherBack')[0]).toMatchObject({ tookOver: true })
  expect(server.of('publisherLost')).toEqual([])
})

ffmpeg('[ING2] other codecs are refused by name: H263 video, MP3 sound', async () => {
  const { server, encoder } = await world()
  encoder('h263', { seconds: 5, video: ['-c:v', 'flv1', '-b:v', '300k'] })
  await until('it is told', () => server.of('refused').length === 1)
  expect(server.of('refused')[0]).toMatchObject({
    streamId: 'h263',
    code: 'codec_unsupported',
    detail: { track: 'video', codec: 'h263' },
  })
  encoder('mp3', { seconds: 5, audio: ['-c:a', 'libmp3lame', '-ar', '44100'] })
  await until('it is told', () => server.of('refused').length === 2)
  expect(server.of('refused')[1]).toMatchObject({
    streamId: 'mp3',
    code: 'codec_unsupported',
    detail: { track: 'audio', codec: 'mp3' },
  })
})

ffmpeg(
  '[ING8] an encoder with keyframes ten seconds apart is refused with advice, and not put on air by trying again',
  async () => {
    const { server, encoder } = await world()
    const options = { gop: 250, realtime: false, seconds: 9 }
    encoder('far', options)
    await until('it is told', () => server.of('refused').length === 1)
    expect(server.of('refused')[0]).toMatchObject({ code: 'keyframes_too_far', detail: { maxKeyframeIntervalMs: 4000 } })
    encoder('far', options)
    await until('it is told again', () => server.of('refused').length === 2)
    expect(server.of('publisherBack')).toEqual([])
  },
)

ffmpeg('[ING18] the studio hears of bitrate, frames, size and keyframes', async () => {
  const { server, encoder } = await world({ statsEveryMs: 500 })
  encoder('stats', { gop: 50 })
  await until('a whole picture of the stream', () =>
    server.of('stats').some(({ stats }) => stats.keyframeIntervalMs !== null && stats.fps > 20),
  )
  const { stats } = server.of('stats').at(-1) ?? {}
  expect(stats).toMatchObject({
    state: 'live',
    protocol: 'rtmp',
    width: 320,
    height: 180,
    keyframeIntervalMs: 2000,
    reconnects: 0,
  })
  expect(stats?.bitrateKbps).toBeGreaterThan(50)
})

test('[ING11] who opens a connection and says nothing, or nonsense, is closed', async () => {
  const { rtmp } = await world({ handshakeMs: 300 })
  const port = Number(new URL(rtmp.replace('rtmp', 'http')).port)
  const closed = (first: Buffer) =>
    new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => socket.write(first))
      socket.on('close', () => resolve(true))
      socket.on('error', () => undefined)
      socket.resume()
    })
  expect(await closed(Buffer.from('GET / HTTP/1.1\r\n\r\n'))).toBe(true)
  expect(await closed(Buffer.of(3))).toBe(true)
})

test('[ING21] when the port is taken everything else goes on without it', async () => {
  const { sessions, rtmp } = await world()
  const port = Number(new URL(rtmp.replace('rtmp', 'http')).port)
  const second = await openRtmpIngest({
    sessions,
    clock: systemClock,
    log: silentLog,
    limits: INGEST_LIMITS,
    host: '127.0.0.1',
    port,
  })
  expect(second.port).toBeNull()
  await second.close()
})
