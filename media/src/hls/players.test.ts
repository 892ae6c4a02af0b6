import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { toolPath } from '../../../scripts/needs.ts'
import { systemClock } from '../clock.ts'
import type { MediaSample, SampleSink } from '../sample.ts'
import { openStream } from '../stream.ts'
import type { Clip } from '../testing/clip.ts'
import { makeClip, play, playSamples, shifted } from '../testing/clip.ts'
import { liveWorld, written } from '../testing/live-world.ts'
import { serveOrigin } from '../testing/origin-server.ts'
import { launchPlayerBrowser, openPlayer, playerPages } from '../testing/player.ts'
import { createOrigin } from './origin.ts'

const run = promisify(execFile)

/** What ffprobe says about the frames; it must have nothing to complain of. */
async function probe(url: string): Promise<{ frames: number[]; complaints: string; durationS: number }> {
  const shown = ['-count_frames', '-show_entries', 'stream=nb_read_frames:format=duration', '-of', 'json']
  const { stdout, stderr } = await run('ffprobe', ['-v', 'error', ...shown, url])
  const said = JSON.parse(stdout) as { streams: { nb_read_frames: string }[]; format: { duration: string } }
  return {
    frames: said.streams.map(({ nb_read_frames }) => Number(nb_read_frames)),
    complaints: stderr,
    durationS: Number(said.format.duration),
  }
}

/** Through the clock of the wall: a player in a browser has no other. */
async function playLive(samples: readonly MediaSample[], sink: SampleSink, startMs: number): Promise<void> {
  const firstUs = samples[0]?.dtsUs ?? 0
  for (const sample of samples) {
    const waitMs = startMs + (sample.dtsUs - firstUs) / 1000 - performance.now()
    if (waitMs > 2) await new Promise((resolve) => setTimeout(resolve, waitMs))
    sink.sample(sample)
  }
}

const drift = (sent: readonly MediaSample[], got: readonly { data: Buffer; ptsUs: number }[]): number => {
  const byBytes = new Map(
    sent.filter(({ data }) => data.length > 40).map(({ data, ptsUs }) => [Buffer.from(data).toString('latin1'), ptsUs]),
  )
  const offsets = got.flatMap(({ data, ptsUs }) => {
    const at = byBytes.get(data.toString('latin1'))
    return at === undefined ? [] : [at - ptsUs]
  })
  return Math.max(...offsets) - Math.min(...offsets)
}

test.skipIf(!toolPath('ffmpeg') || !toolPath('ffprobe')).each([
  ['plain, AAC', { seconds: 8 }],
  ['B-frames, AAC at 44.1 kHz', { seconds: 8, bframes: 3, audioRate: 44_100 }],
  ['Opus, 25 pictures a second', { seconds: 8, audio: 'opus', fps: 25 }],
  ['no sound', { seconds: 6, audio: 'none' }],
  ['half-second GOPs, B-frames', { seconds: 6, gopSeconds: 0.5, bframes: 2, fps: 60 }],
] as const)('[HLS30] [HLS9] ffprobe reads what a real encoder sent, every frame, in sync: %s', async (_, options) => {
  const world = await liveWorld()
  const clip = makeClip(options)
  play(clip, world.stream.attach(), world.clock)
  world.stream.end()
  const pictures = clip.samples.filter(({ track }) => track === 'video').length
  for (const file of ['live.m3u8', 'index.m3u8']) {
    const { frames, complaints, durationS } = await probe(`${world.server.url}show/${file}`)
    expect(complaints).toBe('')
    expect(frames[0]).toBe(pictures)
    expect(frames[1]).toBeGreaterThan(options.seconds * 40)
    if (file === 'live.m3u8') expect(Math.abs(durationS - options.seconds)).toBeLessThan(0.2)
  }
  expect(drift(clip.samples, world.segments.flatMap(written))).toBeLessThan(40_000)
  await world.close()
})

test.skipIf(!toolPath('ffmpeg') || !toolPath('ffprobe'))(
  '[HLS30] ffprobe reads a show whose picture size changed and whose publisher came back',
  async () => {
    const world = await liveWorld()
    const [small, large] = [makeClip({ seconds: 4 }), makeClip({ seconds: 4, size: '480x270', bframes: 2 })]
    const sink = world.stream.attach()
    play(small, sink, world.clock)
    for (const config of large.configs) sink.configure(config)
    playSamples(shifted(large.samples, 4_000_000), sink, world.clock)
    sink.end()
    world.clock.advance(5000)
    play(small, world.stream.attach(), world.clock)
    world.stream.end()
    const { frames, complaints } = await probe(`${world.server.url}show/live.m3u8`)
    expect(complaints).toBe('')
    expect(frames[0]).toBe(360)
    expect(world.segments.filter(({ discontinuity }) => discontinuity)).toHaveLength(2)
    await world.close()
  },
)

const canWatch = toolPath('chromium') !== null && toolPath('ffmpeg') !== null
let browser: Browser | undefined
beforeAll(async () => {
  if (canWatch) browser = await launchPlayerBrowser()
})
afterAll(async () => {
  await browser?.close()
})

async function watch(small: Clip, large: Clip, breakMs: number | null) {
  const stream = openStream({ id: 'show', clock: systemClock })
  const origin = createOrigin({ clock: systemClock })
  origin.serve(stream)
  const server = await serveOrigin(origin, playerPages())
  try {
    const sink = stream.attach()
    for (const config of small.configs) sink.configure(config)
    let startMs = performance.now()
    const publishing = playLive(small.samples, sink, startMs)
    if (browser === undefined) throw new Error('the browser was started before')
    const player = await openPlayer(browser, server.url, `${server.url}show/index.m3u8`)
    await publishing
    const before = await player.facts()
    startMs += 6000
    let next: SampleSink = sink
    if (breakMs !== null) {
      sink.end()
      await new Promise((resolve) => setTimeout(resolve, breakMs))
      startMs = performance.now()
      next = stream.attach()
    }
    for (const config of large.configs) next.configure(config)
    await playLive(shifted(large.samples, breakMs === null ? 6_000_000 : 0), next, startMs)
    const middle = await player.facts()
    stream.end()
    await player.page.waitForFunction(() => document.querySelector('video')?.ended === true, undefined, { timeout: 15_000 })
    return { before, middle, after: await player.facts() }
  } finally {
    origin.close()
    await server.close()
  }
}

test.skipIf(!canWatch)(
  '[HLS30] [HLS11] hls.js plays B-frames live at low latency, through a change of size, to the end',
  async () => {
    const { before, middle, after } = await watch(
      makeClip({ seconds: 6, bframes: 2 }),
      makeClip({ seconds: 6, size: '480x270', bframes: 2 }),
      null,
    )
    expect([...before.fatal, ...after.fatal]).toEqual([])
    expect(before.currentTime).toBeGreaterThan(1)
    expect([before.width, middle.width]).toEqual([320, 480])
    expect(after.currentTime).toBeGreaterThan(11)
    expect(after.frames).toBeGreaterThan(200)
    expect(after.audioBytes).toBeGreaterThan(20_000)
    expect(middle.latency).toBeLessThan(3)
  },
)

test.skipIf(!canWatch)('[HLS30] [HLS12] hls.js plays Opus and goes on when the publisher comes back', async () => {
  const { before, after } = await watch(makeClip({ seconds: 6, audio: 'opus' }), makeClip({ seconds: 5, audio: 'opus' }), 4000)
  expect([...before.fatal, ...after.fatal]).toEqual([])
  expect(before.currentTime).toBeGreaterThan(1)
  expect(after.currentTime).toBeGreaterThan(10)
  expect(after.audioBytes).toBeGreaterThan(20_000)
})
