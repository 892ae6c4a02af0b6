import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { toolPath } from '../../../scripts/needs.ts'
import { systemClock } from '../clock.ts'
import type { IngestWorld } from '../testing/ingest-world.ts'
import { openIngestWorld } from '../testing/ingest-world.ts'
import { until } from '../testing/sink.ts'
import { readClip } from './clip.ts'
import { publishLoop } from './publish.ts'

const ffmpeg = test.skipIf(!toolPath('ffmpeg'))
const dir = mkdtempSync(join(tmpdir(), 'efir-clip-'))
const file = join(dir, 'clip.flv')
let world: IngestWorld

beforeAll(async () => {
  world = await openIngestWorld()
  if (!toolPath('ffmpeg')) return
  spawnSync('ffmpeg', [
    '-loglevel',
    'error',
    '-f',
    'lavfi',
    '-i',
    'testsrc2=size=160x90:rate=25',
    '-f',
    'lavfi',
    '-i',
    'sine=sample_rate=48000',
    '-t',
    '2',
    '-c:v',
    'libx264',
    '-preset',
    'ultrafast',
    '-bf',
    '2',
    '-g',
    '25',
    '-pix_fmt',
    'yuv420p',
    '-c:a',
    'aac',
    '-f',
    'flv',
    file,
  ])
})
afterAll(async () => {
  await world.close()
  rmSync(dir, { recursive: true, force: true })
})

ffmpeg('a clip is read once, with what one round of it takes', () => {
  const clip = readClip(readFileSync(file))
  expect(clip.headers.map((header) => header.kind).sort()).toEqual(['audio', 'video'])
  expect(clip.frames.filter((frame) => frame.kind === 'video')).toHaveLength(50)
  expect(Math.abs(clip.durationMs - 2000)).toBeLessThan(60)
})

ffmpeg('[ING22] the loop runs on without a seam, and comes back after a cut', async () => {
  const stop = new AbortController()
  const states: string[] = []
  const done = publishLoop({
    url: `${world.rtmp}/demo`,
    file,
    clock: systemClock,
    signal: stop.signal,
    onState: (state) => states.push(state),
  })
  const frames = () => world.outputs[0]?.of('video').length ?? 0
  await until('two rounds are over', () => frames() > 110)
  const video = world.outputs[0]?.of('video') ?? []
  const audio = world.outputs[0]?.of('audio') ?? []
  const gaps = (times: number[]) => times.slice(1).map((at, i) => at - (times[i] ?? 0))
  expect(Math.max(...gaps(video.map((sample) => sample.dtsUs)))).toBeLessThan(100_000)
  expect(Math.max(...gaps(audio.map((sample) => sample.dtsUs)))).toBeLessThan(80_000)
  expect(world.outputs[0]?.videos).toHaveLength(1)

  world.sessions.kick('demo', 'test')
  const before = frames()
  await until('it is back', () => frames() > before + 20)
  stop.abort()
  await done
  expect(states).toEqual(['on air', 'lost', 'on air'])
})
