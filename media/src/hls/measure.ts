/** Looks at the first GOPs of a show: from them come the two targets that may never change afterwards. */
import type { Frame } from './cutter.ts'

export interface Targets {
  readonly targetDurationS: number
  readonly partTargetUs: number
}

/** Longer GOPs would make joining, seeking and every hold-back longer than a live sale can bear. */
export const MAX_GOP_US = 4_000_000
/** Encoders are a frame off now and then. */
const GOP_TOLERANCE_US = 50_000
const ENOUGH_US = 1_900_000
const MIN_TARGET_S = 2
const MAX_TARGET_S = 4
const WANTED_PART_US = 320_000
const MIN_PART_US = 200_000
const MAX_PART_US = 333_000
/** Room for frames that come a little unevenly, still above 85 % of the target when they do not. */
const PART_SLACK = 1.04

export type Measured =
  | { readonly state: 'measuring' }
  | { readonly state: 'ready' }
  | { readonly state: 'too_far'; readonly gopMs: number }

export function measure(frames: readonly Frame[]): Measured {
  const first = frames[0]
  const last = frames[frames.length - 1]
  if (first === undefined || last === undefined) return { state: 'measuring' }
  const longestUs = Math.max(...gops(frames, last.dtsUs))
  if (longestUs > MAX_GOP_US + GOP_TOLERANCE_US) return { state: 'too_far', gopMs: Math.round(longestUs / 1000) }
  return { state: last.key && last.dtsUs - first.dtsUs >= ENOUGH_US ? 'ready' : 'measuring' }
}

export function targetsFor(frames: readonly Frame[]): Targets {
  const last = frames[frames.length - 1]
  const longestUs = last === undefined ? 0 : Math.max(...gops(frames, last.dtsUs))
  const seconds = Math.floor(longestUs / 1_000_000 + 0.75)
  return {
    targetDurationS: Math.min(MAX_TARGET_S, Math.max(MIN_TARGET_S, seconds)),
    partTargetUs: partTarget(frameInterval(frames)),
  }
}

export function partTarget(frameUs: number): number {
  const wholeFrames = Math.max(1, Math.floor(WANTED_PART_US / frameUs)) * frameUs * PART_SLACK
  return Math.ceil(Math.min(MAX_PART_US, Math.max(MIN_PART_US, wholeFrames)) / 1000) * 1000
}

/** The median: a frame lost on the way must not count as the rule. */
export function frameInterval(frames: readonly Frame[]): number {
  const steps = frames.slice(1).map((frame, i) => frame.dtsUs - (frames[i]?.dtsUs ?? 0))
  return Math.max(1, steps.sort((a, b) => a - b)[steps.length >> 1] ?? 33_333)
}

function gops(frames: readonly Frame[], untilUs: number): number[] {
  const keys = frames.filter(({ key }) => key).map(({ dtsUs }) => dtsUs)
  return keys.map((at, i) => (keys[i + 1] ?? untilUs) - at)
}
