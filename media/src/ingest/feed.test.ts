import { expect, test } from 'vitest'
import type { AudioConfig, MediaSample, SampleSink, VideoConfig } from '../sample.ts'
import type { FakeClock } from '../testing/fake-clock.ts'
import { fakeClock } from '../testing/fake-clock.ts'
import type { FeedOptions } from './feed.ts'
import { Feed } from './feed.ts'
import { INGEST_LIMITS } from './limits.ts'

const VIDEO: VideoConfig = {
  track: 'video',
  codec: 'h264',
  sps: [Buffer.of(0x67)],
  pps: [Buffer.of(0x68)],
  width: 640,
  height: 360,
  codecString: 'avc1.42c01f',
}
const AUDIO: AudioConfig = {
  track: 'audio',
  codec: 'aac',
  sampleRate: 48_000,
  channels: 2,
  description: Buffer.of(0x11, 0x90),
  codecString: 'mp4a.40.2',
}

interface World {
  feed: Feed
  clock: FakeClock
  out: string[]
  refusals: unknown[]
  opened: unknown[]
  video: (ms: number, key?: boolean, bytes?: number) => void
  audio: (ms: number) => void
}

function world(changes: Partial<FeedOptions> = {}): World {
  const clock = fakeClock()
  const out: string[] = []
  const refusals: unknown[] = []
  const opened: unknown[] = []
  const sink: SampleSink = {
    configure: (config) => void out.push(`config ${config.track}`),
    sample: (sample) =>
      void out.push(`${sample.track} ${sample.dtsUs / 1000}${sample.key && sample.track === 'video' ? ' key' : ''}`),
    discontinuity: () => undefined,
    end: () => undefined,
  }
  const feed = new Feed({
    sink,
    clock,
    limits: INGEST_LIMITS,
    keyframesOnDemand: false,
    measureFirst: false,
    opened: (facts) => opened.push(facts),
    refused: (code, detail) => refusals.push({ code, ...detail }),
    ...changes,
  })
  const send = (track: MediaSample['track'], ms: number, key: boolean, bytes: number) =>
    feed.sample({ track, dtsUs: ms * 1000, ptsUs: ms * 1000, key, data: new Uint8Array(bytes) })
  return {
    feed,
    clock,
    out,
    refusals,
    opened,
    video: (ms, key = false, bytes = 10) => send('video', ms, key, bytes),
    audio: (ms) => send('audio', ms, true, 10),
  }
}

test('[ING7] nothing comes out before a keyframe and both configurations, then all of it in order', () => {
  const { feed, out, opened, video, audio } = world()
  video(0)
  feed.configure(VIDEO)
  video(40)
  audio(60)
  video(80, true)
  video(120)
  expect(out).toEqual([])
  feed.configure(AUDIO)
  audio(100)
  expect(out).toEqual(['config video', 'config audio', 'video 80 key', 'audio 100', 'video 120'])
  expect(opened).toEqual([
    { video: { codec: 'avc1.42c01f', width: 640, height: 360 }, audio: { codec: 'mp4a.40.2', sampleRate: 48_000, channels: 2 } },
  ])
  video(160)
  expect(out.at(-1)).toBe('video 160')
})

test('[ING7] a missing sound track is waited for one second of media, or not at all when it is known to be missing', () => {
  const waiting = world()
  waiting.feed.configure(VIDEO)
  for (let ms = 0; ms <= 1040; ms += 40) waiting.video(ms, ms === 0)
  expect(waiting.out).toHaveLength(28)
  const told = world()
  told.feed.configure(VIDEO)
  told.feed.expectAudio(false)
  told.video(0, true)
  expect(told.out).toEqual(['config video', 'video 0 key'])
})

test('a publisher that never sends a picture is refused', () => {
  const { feed, clock, refusals, audio } = world()
  feed.configure(AUDIO)
  for (let ms = 0; ms < 11_000; ms += 500) {
    audio(ms)
    clock.advance(500)
  }
  expect(refusals).toEqual([{ code: 'video_missing' }])
})

test('[ING8] keyframes further apart than four seconds are refused, with the limit told', () => {
  const { feed, out, refusals, video } = world()
  feed.configure(VIDEO)
  feed.configure(AUDIO)
  for (let ms = 0; ms <= 8000; ms += 40) video(ms, ms === 0 || ms === 4000)
  expect(refusals).toEqual([])
  for (let ms = 8040; ms <= 9000; ms += 40) video(ms)
  expect(refusals).toEqual([{ code: 'keyframes_too_far', maxKeyframeIntervalMs: 4000 }])
  const before = out.length
  video(9040, true)
  expect(out).toHaveLength(before)
})

test('[ING8] who was refused for it before is measured before anything goes out', () => {
  const { feed, out, refusals, video } = world({ measureFirst: true })
  feed.configure(VIDEO)
  feed.configure(AUDIO)
  for (let ms = 0; ms < 2000; ms += 40) video(ms, ms === 0)
  expect(out).toEqual([])
  video(2000, true)
  expect(out).toHaveLength(53)
  expect(refusals).toEqual([])
})

test('[ING16] a browser is not blamed for keyframes it was not asked for', () => {
  const { feed, refusals, video } = world({ keyframesOnDemand: true })
  feed.configure(VIDEO)
  feed.configure(AUDIO)
  for (let ms = 0; ms <= 9000; ms += 40) video(ms, ms === 0)
  expect(refusals).toEqual([])
})

test('[ING9] pictures too large and streams too heavy are refused with both figures', () => {
  const large = world()
  large.feed.configure({ ...VIDEO, width: 3840, height: 2160 })
  expect(large.refusals).toEqual([{ code: 'resolution_too_high', width: 3840, height: 2160, maxSidePixels: 1920 }])
  const portrait = world()
  portrait.feed.configure({ ...VIDEO, width: 1080, height: 1920 })
  expect(portrait.refusals).toEqual([])

  const heavy = world()
  heavy.feed.configure(VIDEO)
  heavy.feed.configure(AUDIO)
  for (let ms = 0; ms <= 8000 && heavy.refusals.length === 0; ms += 40) {
    heavy.video(ms, ms % 2000 === 0, 80_000)
    heavy.clock.advance(40)
  }
  expect(heavy.refusals).toMatchObject([{ code: 'bitrate_too_high', maxBitrateKbps: 12_000 }])
})

test('[ING6] decode times of a track never decrease by jitter', () => {
  const { feed, out, video } = world()
  feed.configure(VIDEO)
  feed.configure(AUDIO)
  video(0, true)
  video(40)
  video(38)
  video(80)
  expect(out.slice(2)).toEqual(['video 0 key', 'video 40', 'video 40', 'video 80'])
})
