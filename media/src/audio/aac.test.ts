import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { Worker } from 'node:worker_threads'
import { afterEach, expect, test } from 'vitest'
import { toolPath } from '../../../scripts/needs.ts'
import { systemClock } from '../clock.ts'
import type { Segment } from '../hls/segment.ts'
import { silentLog } from '../log.ts'
import type { MediaSample, SampleSink } from '../sample.ts'
import type { Clip } from '../testing/clip.ts'
import { makeClip, shifted } from '../testing/clip.ts'
import { fakeClock } from '../testing/fake-clock.ts'
import type { LiveWorld } from '../testing/live-world.ts'
import { liveWorld, tags, written } from '../testing/live-world.ts'
import { AAC, OPUS, SMALL, synthetic } from '../testing/synthetic.ts'
import { AacEncoders } from './aac-encoders.ts'
import { AacSink } from './aac-sink.ts'

const run = promisify(execFile)
const closers: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

interface SoundWorld {
  readonly world: LiveWorld
  readonly encoders: AacEncoders
  readonly workers: Worker[]
  readonly failures: string[]
  readonly kept: Segment[]
}

async function soundWorld(): Promise<SoundWorld> {
  const world = await liveWorld()
  const workers: Worker[] = []
  const failures: string[] = []
  const encoders = new AacEncoders({ clock: systemClock, log: silentLog, onStarted: (worker) => workers.push(worker) })
  world.stream.subscribe(
    new AacSink({
      encoders,
      openRendition: () => world.show.addRendition('aac'),
      onFailed: (reason) => failures.push(reason),
    }),
  )
  const kept: Segment[] = []
  world.show.listenToKeep({ segment: (segment) => kept.push(segment) })
  closers.push(() => encoders.close(), world.close)
  await warm(encoders)
  return { world, encoders, workers, failures, kept }
}

/** A thread takes a moment to start, which in real time passes while the first pictures are measured. */
async function warm(encoders: AacEncoders): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const track = encoders.open({ frame: () => resolve(), failed: (reason) => reject(new Error(reason)) })
    for (const { ptsUs, data } of synthetic({ seconds: 1, audio: OPUS, video: false })) track?.packet(ptsUs, data)
    closers.unshift(async () => track?.close())
  })
}

/** As fast as the thread works: it is never further behind than a tenth of a second of the show. */
async function playFast({ encoders }: SoundWorld, samples: readonly MediaSample[], sink: SampleSink): Promise<void> {
  for (const sample of samples) {
    sink.sample(sample)
    while (encoders.pending > 4) await new Promise((resolve) => setTimeout(resolve, 1))
  }
  while (encoders.pending > 0) await new Promise((resolve) => setTimeout(resolve, 1))
}

async function publish(sound: SoundWorld, clip: Clip): Promise<void> {
  const sink = sound.world.stream.attach()
  for (const config of clip.configs) sink.configure(config)
  await playFast(sound, clip.samples, sink)
}

/** Where the beeps begin, milliseconds of the media timeline, as a decoder of its own hears them. */
async function beeps(url: string): Promise<number[]> {
  const { stdout, stderr } = await run(
    'ffmpeg',
    ['-v', 'error', '-i', url, '-map', '0:a', '-af', 'aresample=first_pts=0', '-ac', '1', '-ar', '48000', '-f', 's16le', '-'],
    {
      encoding: 'buffer',
      maxBuffer: 64_000_000,
    },
  )
  expect(stderr.toString()).toBe('')
  const samples = new Int16Array(stdout.buffer, stdout.byteOffset, stdout.length >> 1)
  const found: number[] = []
  let quietUntil = 0
  for (let at = 0; at < samples.length; at += 1) {
    if (Math.abs(samples[at] ?? 0) < 4000) continue
    if (at >= quietUntil) found.push(at / 48)
    quietUntil = at + 9_600
  }
  return found
}

const real = test.skipIf(!toolPath('ffmpeg') || !toolPath('ffprobe'))

real('[HLS31] a show with Opus has a rendition with AAC, heard at the same moment within 5 ms', async () => {
  const sound = await soundWorld()
  const { world, kept, failures } = sound
  await publish(sound, makeClip({ seconds: 7, audio: 'opus', beeps: true }))
  const index = await world.text('index.m3u8')
  expect(index).toContain('live.m3u8')
  expect(index).toContain('aac.m3u8')
  expect(tags(index, 'EXT-X-STREAM-INF').map((line) => /CODECS="avc1\.\w+,([^"]+)"/.exec(line)?.[1])).toEqual([
    'opus',
    'mp4a.40.2',
  ])
  world.stream.end()
  const [opus, aac] = [await beeps(`${world.server.url}show/live.m3u8`), await beeps(`${world.server.url}show/aac.m3u8`)]
  expect(opus.length).toBeGreaterThanOrEqual(6)
  expect(aac.length).toBe(opus.length)
  // The first beep stands at the very start, where the first whole frame begins a little later.
  for (const [i, at] of opus.entries()) expect(Math.abs((aac[i] ?? 0) - at)).toBeLessThan(i === 0 ? 25 : 5)
  expect(failures).toEqual([])
  expect(kept.length).toBe(world.segments.length)
  expect(kept.every(({ init }) => init.audio?.codec === 'aac')).toBe(true)
})

real('[HLS31] the same pictures stand in both renditions, part by part, and ffprobe has nothing to say', async () => {
  const sound = await soundWorld()
  const { world, kept } = sound
  await publish(sound, makeClip({ seconds: 6, audio: 'opus' }))
  const parts = async (name: string) => tags(await world.text(`${name}.m3u8`), 'EXT-X-PART').map((line) => line.split(',')[0])
  const [own, aac] = [await parts('live'), await parts('aac')]
  expect(aac).toEqual(own.slice(0, aac.length))
  world.stream.end()
  const pictures = (segments: readonly Segment[]) =>
    segments
      .flatMap(written)
      .filter(({ track }) => track === 'video')
      .map(({ ptsUs, data }) => `${ptsUs} ${data.length}`)
  expect(pictures(kept)).toEqual(pictures(world.segments))
  const { stderr } = await run('ffprobe', ['-v', 'warning', '-count_frames', '-show_streams', `${world.server.url}show/aac.m3u8`])
  expect(stderr).toBe('')
  for (const uri of (await world.text('aac.m3u8')).split('\n').filter((line) => line.endsWith('.m4s')))
    expect([uri, (await world.get(uri)).status]).toEqual([uri, 200])
})

real('[HLS31] a publisher that comes back, and holes in its sound, leave both renditions in step', async () => {
  const sound = await soundWorld()
  const { world } = sound
  const clip = makeClip({ seconds: 4, audio: 'opus', beeps: true })
  const holed = clip.samples.filter(
    ({ track, dtsUs }) => track === 'video' || dtsUs % 1_000_000 < 400_000 || dtsUs % 1_000_000 > 540_000,
  )
  await publish(sound, { ...clip, samples: holed })
  await publish(sound, { ...clip, samples: shifted(clip.samples, 77_000_000) })
  world.stream.end()
  const [opus, aac] = [await beeps(`${world.server.url}show/live.m3u8`), await beeps(`${world.server.url}show/aac.m3u8`)]
  expect(opus.length).toBeGreaterThanOrEqual(7)
  expect(aac.length).toBe(opus.length)
  for (const [i, at] of opus.entries()) expect(Math.abs((aac[i] ?? 0) - at)).toBeLessThan(40)
})

test('[HLS32] when the encoder dies the rendition goes on with Opus, and the next show gets an encoder again', async () => {
  const sound = await soundWorld()
  const { world, workers, failures, kept } = sound
  const sink = world.stream.attach()
  sink.configure(SMALL)
  sink.configure(OPUS)
  const samples = synthetic({ seconds: 12, audio: OPUS })
  await playFast(
    sound,
    samples.filter(({ dtsUs }) => dtsUs < 5_000_000),
    sink,
  )
  await workers[0]?.terminate()
  await playFast(
    sound,
    samples.filter(({ dtsUs }) => dtsUs >= 5_000_000),
    sink,
  )
  world.stream.end()
  expect(failures).toEqual(['the thread ended'])
  expect(kept.map(({ init }) => init.audio?.codec)).toContain('aac')
  expect(kept.at(-1)?.init.audio?.codec).toBe('opus')
  expect(kept.filter(({ discontinuity }) => discontinuity)).toHaveLength(1)
  const heard = kept.flatMap(written).filter(({ track }) => track === 'audio')
  expect((heard.at(-1)?.endUs ?? 0) - (heard[0]?.ptsUs ?? 0)).toBeGreaterThan(11_500_000)
  expect(world.segments.every(({ init }) => init.audio?.codec === 'opus')).toBe(true)
})

test('[HLS31] a show whose sound is AAC already has one rendition and no encoder of its own', async () => {
  const { world, workers } = await soundWorld()
  const sink = world.stream.attach()
  sink.configure(SMALL)
  sink.configure(AAC)
  for (const sample of synthetic({ seconds: 5 })) sink.sample(sample)
  expect(workers).toHaveLength(1)
  expect(tags(await world.text('index.m3u8'), 'EXT-X-STREAM-INF')).toHaveLength(1)
  expect((await world.get('aac.m3u8')).status).toBe(404)
})

test('[HLS32] there are only so many encoders, and a thread that died rests before it is started again', async () => {
  const clock = fakeClock()
  const workers: Worker[] = []
  const encoders = new AacEncoders({ clock, log: silentLog, maxTracks: 2, onStarted: (worker) => workers.push(worker) })
  closers.push(() => encoders.close())
  const reasons: string[] = []
  const events = { frame: () => undefined, failed: (reason: string) => reasons.push(reason) }
  const first = encoders.open(events)
  expect([first !== null, encoders.open(events) !== null, encoders.open(events)]).toEqual([true, true, null])
  first?.close()
  expect(encoders.open(events)).not.toBeNull()
  const [worker] = workers
  const gone = new Promise((resolve) => worker?.once('exit', resolve))
  await worker?.terminate()
  await gone
  expect(reasons).toHaveLength(2)
  expect(encoders.open(events)).toBeNull()
  clock.advance(10_001)
  expect(encoders.open(events)).not.toBeNull()
  expect(workers).toHaveLength(2)
})

test('[HLS32] bytes that are no Opus neither stop the sound nor the thread', async () => {
  const frames: number[] = []
  const reasons: string[] = []
  const encoders = new AacEncoders({ clock: systemClock, log: silentLog })
  closers.push(() => encoders.close())
  const track = encoders.open({ frame: ({ ptsUs }) => frames.push(ptsUs), failed: (reason) => reasons.push(reason) })
  for (let i = 0; i < 100; i += 1) {
    const bytes = Buffer.alloc(i === 50 ? 60_000 : (i * 37) % 300, i)
    bytes[0] = 0xf8
    track?.packet(i * 20_000, i % 3 === 0 ? Buffer.alloc(0) : bytes)
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
  const until = performance.now() + 5000
  while ((frames.at(-1) ?? 0) < 1_800_000 && performance.now() < until) await new Promise((resolve) => setTimeout(resolve, 20))
  expect(reasons).toEqual([])
  expect(frames.at(-1)).toBeGreaterThan(1_800_000)
})
