import { execFile, spawn } from 'node:child_process'
import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, expect, test } from 'vitest'
import { toolPath } from '../../../scripts/needs.ts'
import { makeClip, play, playSamples } from '../testing/clip.ts'
import type { LiveWorld } from '../testing/live-world.ts'
import { liveWorld, tags } from '../testing/live-world.ts'
import { AAC, LARGE, SMALL, synthetic } from '../testing/synthetic.ts'
import { readFacts, writeFact } from './journal.ts'
import type { Recorder, RecorderOptions } from './recorder.ts'
import { openRecorder } from './recorder.ts'
import { positionOf, recoverRecording } from './recover.ts'

const folders: string[] = []
const worlds: LiveWorld[] = []
afterEach(async () => {
  for (const world of worlds.splice(0)) await world.close()
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'efir-record-'))
  folders.push(made)
  return made
}

async function recorded(options: Partial<RecorderOptions> = {}): Promise<{ world: LiveWorld; recorder: Recorder; dir: string }> {
  const world = await liveWorld()
  worlds.push(world)
  const dir = options.dir ?? join(folder(), 'show')
  const recorder = openRecorder({ dir, ...options, limits: { minFreeBytes: 0, ...options.limits } })
  world.show.listen(recorder)
  return { world, recorder, dir }
}

function publish(world: LiveWorld, seconds: number, config = SMALL): void {
  const sink = world.stream.attach()
  sink.configure(config)
  sink.configure(AAC)
  playSamples(synthetic({ seconds }), sink, world.clock)
  sink.end()
}

const listing = (dir: string): string[] => readdirSync(dir).sort()
const snapshot = (dir: string) => listing(dir).map((file) => [file, readFileSync(join(dir, file)).toString('base64')])

test('a recording holds the very bytes that viewers got, and a playlist of the whole show', async () => {
  const { world, recorder, dir } = await recorded()
  publish(world, 7)
  world.clock.advance(3000)
  publish(world, 5, LARGE)
  world.stream.end()
  const { reason, recording } = await recorder.stopped
  expect(reason).toBe('ended')
  const playlist = readFileSync(join(dir, 'vod.m3u8'), 'utf8')
  expect(playlist).toContain('#EXT-X-PLAYLIST-TYPE:VOD')
  expect(playlist.endsWith('#EXT-X-ENDLIST\n')).toBe(true)
  expect(tags(playlist, 'EXT-X-DISCONTINUITY')).toHaveLength(1)
  expect(tags(playlist, 'EXT-X-MAP')).toHaveLength(2)
  expect(tags(playlist, 'EXT-X-PROGRAM-DATE-TIME').map((text) => Date.parse(text))).toEqual(
    world.segments.map(({ programAt }) => programAt),
  )
  const files = playlist.split('\n').filter((line) => line.endsWith('.m4s'))
  expect(files).toHaveLength(world.segments.length)
  for (const [i, segment] of world.segments.entries()) {
    expect(Buffer.compare(readFileSync(join(dir, files[i] ?? '')), Buffer.concat(segment.parts.map(({ bytes }) => bytes)))).toBe(
      0,
    )
  }
  expect(recording?.durationMs).toBeCloseTo(12_000, -2)
  expect(recorder.bytes).toBe(world.segments.reduce((sum, { bytes }) => sum + bytes, 0))
})

test('an instant of the show is found in the replay, also around a break', async () => {
  const { world, recorder } = await recorded()
  publish(world, 6)
  world.clock.advance(20_000)
  publish(world, 6)
  world.stream.end()
  const { recording } = await recorder.stopped
  if (recording === null) throw new Error('it was written')
  const [first] = world.segments
  const back = world.segments.find(({ discontinuity }) => discontinuity)
  const startAt = first?.programAt ?? 0
  expect(positionOf(recording, startAt + 3500)).toBeCloseTo(3500, -1)
  expect(positionOf(recording, startAt - 9999)).toBe(0)
  expect(positionOf(recording, startAt + 15_000)).toBe((back?.mediaUs ?? 0) / 1000)
  expect(positionOf(recording, (back?.programAt ?? 0) + 1000)).toBeCloseTo((back?.mediaUs ?? 0) / 1000 + 1000, -1)
  expect(positionOf(recording, startAt + 99_000)).toBeNull()
})

test('torn journals, torn segments and strangers of any kind are cleared away, the same however often', async () => {
  const { world, recorder, dir } = await recorded()
  publish(world, 9)
  world.stream.end()
  await recorder.stopped
  const journal = join(dir, 'journal.jsonl')
  const whole = readFileSync(journal)
  const lines = whole.toString().trimEnd().split('\n').length - 1
  for (let cut = 0; cut <= whole.length; cut += 97) {
    const copy = folder()
    for (const file of listing(dir)) if (file !== 'vod.m3u8') writeFileSync(join(copy, file), readFileSync(join(dir, file)))
    truncateSync(join(copy, 'journal.jsonl'), cut)
    writeFileSync(join(copy, '000099.m4s'), 'half a segm')
    writeFileSync(join(copy, 'vod.m3u8.new'), '#EXT')
    const recording = await recoverRecording(copy)
    const known = readFacts(whole.subarray(0, cut).toString()).facts.filter(({ kind }) => kind === 'segment').length
    expect(recording?.segments).toHaveLength(known)
    expect(listing(copy).filter((file) => /^\d+\.m4s$/.test(file))).toHaveLength(known)
    const once = snapshot(copy)
    await recoverRecording(copy)
    expect(snapshot(copy)).toEqual(once)
  }
  expect(lines).toBeGreaterThan(4)
})

test('a last segment of the wrong size or content is dropped, a lost one in the middle is a gap', async () => {
  const { world, recorder, dir } = await recorded()
  publish(world, 11)
  world.stream.end()
  await recorder.stopped
  const files = listing(dir).filter((file) => /^\d+\.m4s$/.test(file))
  const last = join(dir, files[files.length - 1] ?? '')
  const bytes = readFileSync(last)
  writeFileSync(last, Buffer.concat([bytes.subarray(0, 100), Buffer.alloc(bytes.length - 100)]))
  rmSync(join(dir, files[1] ?? ''))
  const recording = await recoverRecording(dir)
  expect(recording?.segments).toHaveLength(files.length - 1)
  expect(recording?.segments.map(({ gap }) => gap)).toEqual([
    false,
    true,
    ...Array.from({ length: files.length - 3 }, () => false),
  ])
  expect(tags(readFileSync(join(dir, 'vod.m3u8'), 'utf8'), 'EXT-X-GAP')).toHaveLength(1)
})

test('a folder without a recording is nobody else’s business', async () => {
  const dir = folder()
  writeFileSync(join(dir, '000001.m4s'), 'mine')
  expect(await recoverRecording(dir)).toBeNull()
  expect(await recoverRecording(join(dir, 'missing'))).toBeNull()
  expect(listing(dir)).toEqual(['000001.m4s'])
})

test('a recording goes on in the folder of one whose process died, after a discontinuity', async () => {
  const { world, recorder, dir } = await recorded()
  publish(world, 5)
  await recorder.finish()
  appendFileSync(join(dir, 'journal.jsonl'), 'torn')
  const second = await recorded({ dir })
  publish(second.world, 5)
  second.world.stream.end()
  const { recording } = await second.recorder.stopped
  expect(recording?.durationMs).toBeCloseTo(10_000, -2)
  expect(tags(readFileSync(join(dir, 'vod.m3u8'), 'utf8'), 'EXT-X-DISCONTINUITY')).toHaveLength(1)
  expect(recording?.reason).toBe('ended')
})

test.each([
  ['disk_low', { freeBytes: async () => 1_000_000, limits: { minFreeBytes: 2_000_000 } }],
  ['too_large', { limits: { maxBytes: 60_000 } }],
  ['too_slow', { limits: { maxQueuedBytes: 10_000 } }],
] as const)('recording stops with a reason and the show goes on: %s', async (reason, options) => {
  const told: string[] = []
  const { world, recorder, dir } = await recorded({ ...options, onStopped: (stopped) => told.push(stopped.reason) })
  publish(world, 9)
  expect(await recorder.stopped).toMatchObject({ reason })
  publish(world, 9)
  expect(world.segments.length).toBeGreaterThan(8)
  expect(told).toEqual([reason])
  const size = listing(dir)
    .filter((file) => file.endsWith('.m4s'))
    .reduce((sum, file) => sum + statSync(join(dir, file)).size, 0)
  expect(size).toBeLessThanOrEqual(60_000)
  expect(existsSync(join(dir, 'vod.m3u8'))).toBe(true)
})

test('a disk that can’t be written to stops the recording, not the show', async () => {
  const dir = folder()
  writeFileSync(join(dir, 'show'), 'a file where the folder should be')
  const { world, recorder } = await recorded({ dir: join(dir, 'show') })
  publish(world, 5)
  expect(await recorder.stopped).toMatchObject({ reason: 'write_failed', recording: null, error: expect.any(Error) })
  expect(world.segments.length).toBeGreaterThan(1)
})

test('journal lines carry their checksum: reading stops at the first damaged one', () => {
  const lines = [1, 2, 3].map((bytes) => writeFact({ kind: 'init', file: `é${bytes}`, bytes }))
  expect(readFacts(lines.join('')).facts).toHaveLength(3)
  const damaged = [lines[0], lines[1]?.replace('2', '7'), lines[2]].join('')
  expect(readFacts(damaged)).toEqual({
    facts: [{ kind: 'init', file: 'é1', bytes: 1 }],
    validBytes: Buffer.byteLength(lines[0] ?? ''),
  })
})

test.skipIf(!toolPath('ffmpeg') || !toolPath('ffprobe'))(
  'ffprobe reads a real encoder’s recording, to the last frame',
  async () => {
    const { world, recorder, dir } = await recorded()
    play(makeClip({ seconds: 6, bframes: 2 }), world.stream.attach(), world.clock)
    world.stream.end()
    await recorder.stopped
    const { stdout, stderr } = await promisify(execFile)('ffprobe', [
      '-v',
      'error',
      '-count_frames',
      '-show_entries',
      'stream=nb_read_frames',
      '-of',
      'csv=p=0',
      join(dir, 'vod.m3u8'),
    ])
    expect(stderr).toBe('')
    expect(stdout.split('\n')[0]).toContain('180')
  },
)

test('whatever the moment of kill -9, what was recorded before is whole', async () => {
  const script = new URL('../testing/record-forever.ts', import.meta.url).pathname
  for (const segments of [1, 3, 6]) {
    const dir = join(folder(), 'show')
    const child = spawn(process.execPath, [script, dir], { stdio: ['ignore', 'pipe', 'inherit'] })
    let seen = 0
    await new Promise<void>((resolve) => {
      child.stdout.on('data', (chunk: Buffer) => {
        seen += chunk.toString().split('\n').length - 1
        if (seen >= segments) child.kill('SIGKILL')
      })
      child.on('exit', () => resolve())
    })
    const recording = await recoverRecording(dir)
    expect(recording?.segments.length).toBeGreaterThanOrEqual(segments)
    expect(recording?.reason).toBeNull()
    for (const { file, gap } of recording?.segments ?? []) {
      expect(gap).toBe(false)
      expect(existsSync(join(dir, file))).toBe(true)
    }
    expect(readFileSync(join(dir, 'vod.m3u8'), 'utf8').endsWith('#EXT-X-ENDLIST\n')).toBe(true)
  }
})
