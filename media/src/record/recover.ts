import { readdir, readFile, rm, stat, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { vodPlaylist } from '../wire/m3u8/write.ts'
import { replaceDurably } from './files.ts'
import type { SegmentFact } from './journal.ts'
import { JOURNAL, readFacts } from './journal.ts'

export interface RecordedSegment {
  readonly file: string
  /** Start in the replay: the sum of what lies before. */
  readonly positionMs: number
  readonly durationMs: number
  readonly programAt: number
  /** Its file is damaged or gone; players skip it. */
  readonly gap: boolean
}

export interface Recording {
  readonly dir: string
  readonly playlist: string
  readonly segments: readonly RecordedSegment[]
  readonly bytes: number
  readonly durationMs: number
  /** Why it ended; null when its process died and nobody said. */
  readonly reason: string | null
}

export const VOD_PLAYLIST = 'vod.m3u8'
const SEGMENT_FILE = /^\d{6}\.m4s$/

/**
 * Makes a folder whole again after any death of the recorder: forgets the torn tail of the journal and files that no
 * line vouches for, then writes the replay's playlist. The same result however often it runs. Null: no recording here.
 */
export async function recoverRecording(dir: string): Promise<Recording | null> {
  const journal = await readOrNull(join(dir, JOURNAL))
  if (journal === null) return null
  const { facts, validBytes } = readFacts(journal.toString('utf8'))
  if (validBytes < journal.length) await truncate(join(dir, JOURNAL), validBytes)
  const segments = facts.filter((fact) => fact.kind === 'segment')
  const known = new Set(facts.flatMap((fact) => (fact.kind === 'end' ? [] : [fact.file])))
  for (const file of await readdir(dir)) {
    const torn = (SEGMENT_FILE.test(file) || /^init-\w+\.mp4$/.test(file)) && !known.has(file)
    if (torn || file.endsWith('.new')) await rm(join(dir, file), { force: true })
  }
  const inits = new Map<string, boolean>()
  for (const fact of facts) if (fact.kind === 'init') inits.set(fact.file, (await sizeOf(dir, fact.file)) === fact.bytes)
  const whole: boolean[] = []
  for (const fact of segments) whole.push(inits.get(fact.init) === true && (await sizeOf(dir, fact.file)) === fact.bytes)
  const last = segments.length - 1
  const tail = segments[last]
  if (tail !== undefined && whole[last] === true) whole[last] = crc32(await readFile(join(dir, tail.file))) === tail.crc
  const end = facts.findLast((fact) => fact.kind !== 'init')
  return writeVod(dir, segments.slice(0, whole.lastIndexOf(true) + 1), whole, end?.kind === 'end' ? end.reason : null)
}

async function writeVod(
  dir: string,
  facts: readonly SegmentFact[],
  whole: readonly boolean[],
  reason: string | null,
): Promise<Recording> {
  let positionUs = 0
  let map: string | undefined
  const segments: RecordedSegment[] = []
  const lines = facts.map((fact, i) => {
    const gap = whole[i] === false
    segments.push({
      file: fact.file,
      positionMs: positionUs / 1000,
      durationMs: fact.durationUs / 1000,
      programAt: fact.programAt,
      gap,
    })
    positionUs += fact.durationUs
    const changed = fact.init !== map
    map = fact.init
    return {
      uri: fact.file,
      durationUs: fact.durationUs,
      programAt: fact.programAt,
      discontinuity: i > 0 && fact.discontinuity,
      ...(changed ? { mapUri: fact.init } : {}),
      gap,
      parts: [],
    }
  })
  const longestUs = Math.max(1_000_000, ...facts.map(({ durationUs }) => durationUs))
  const independent = facts.every((fact) => fact.independent)
  await replaceDurably(
    dir,
    VOD_PLAYLIST,
    vodPlaylist({ targetDurationS: Math.round(longestUs / 1_000_000), independent, segments: lines }),
  )
  const bytes = facts.reduce((sum, fact) => sum + fact.bytes, 0)
  return { dir, playlist: VOD_PLAYLIST, segments, bytes, durationMs: positionUs / 1000, reason }
}

/** Where in the replay the picture of an instant is (a chapter from a pin); within a break, the first picture after it. */
export function positionOf(recording: Recording, programAt: number): number | null {
  const segment = recording.segments.find((candidate) => programAt < candidate.programAt + candidate.durationMs)
  return segment === undefined ? null : segment.positionMs + Math.max(0, programAt - segment.programAt)
}

async function readOrNull(path: string): Promise<Buffer | null> {
  try {
    return await readFile(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}

async function sizeOf(dir: string, file: string): Promise<number> {
  try {
    return (await stat(join(dir, file))).size
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return -1
    throw error
  }
}
