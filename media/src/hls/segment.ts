import { createHash } from 'node:crypto'
import type { AudioConfig, VideoConfig } from '../sample.ts'
import { initSegment } from '../wire/fmp4/init.ts'
import type { Part } from './part.ts'

/** EXT-X-MAP: named by its content, so equal parameters share one and caches may keep it for ever. */
export interface Init {
  readonly name: string
  readonly bytes: Buffer
  readonly video: VideoConfig | null
  readonly audio: AudioConfig | null
}

export function makeInit(video: VideoConfig | null, audio: AudioConfig | null): Init {
  const bytes = initSegment({ video, audio })
  return { name: `init-${createHash('sha256').update(bytes).digest('hex').slice(0, 16)}.mp4`, bytes, video, audio }
}

export interface Segment {
  readonly sequence: number
  readonly init: Init
  readonly discontinuity: boolean
  readonly discontinuitySequence: number
  /** EXT-X-PROGRAM-DATE-TIME, epoch milliseconds. */
  readonly programAt: number
  /** Start on the media timeline: the sum of every EXTINF before it. */
  readonly mediaUs: number
  readonly parts: readonly Part[]
  readonly durationUs: number
  readonly bytes: number
  /** Starts with a key frame. */
  readonly independent: boolean
  readonly complete: boolean
}

/** Written by the packager alone while it grows. */
export interface GrowingSegment extends Segment {
  readonly parts: Part[]
  durationUs: number
  bytes: number
  independent: boolean
  complete: boolean
}

export const segmentName = (sequence: number): string => `s${sequence}.m4s`
export const partName = (sequence: number, index: number): string => `s${sequence}.${index}.m4s`
