import type { SegmentLines } from '../wire/m3u8/write.ts'
import { livePlaylist, multivariantPlaylist } from '../wire/m3u8/write.ts'
import type { Targets } from './measure.ts'
import type { Segment } from './segment.ts'
import { partName, segmentName } from './segment.ts'
import type { Window } from './window.ts'

export interface PlaylistOptions {
  readonly targets: Targets
  readonly partHoldBackUs: number
  /** `_HLS_skip=YES`: leave out what a client with a fresh playlist already knows. */
  readonly skip: boolean
  /** Appended to every URI: the signature of private shows. */
  readonly query: string
  /** Before the names of segments and parts. */
  readonly prefix?: string
}

/** Section 4.4.3.8: at least six target durations. */
export const SKIP_TARGETS = 6
/** Section 4.4.4.9: parts nearer to the end than this stay listed. */
const PART_TARGETS = 3

export function mediaPlaylist(window: Window, { targets, partHoldBackUs, skip, query, prefix = '' }: PlaylistOptions): string {
  const { segments } = window
  const first = segments[0]
  const targetUs = targets.targetDurationS * 1_000_000
  const endUs = segments.reduce((end, segment) => Math.max(end, segment.mediaUs + segment.durationUs), 0)
  const old = (segment: Segment) => segment.complete && endUs - (segment.mediaUs + segment.durationUs) >= SKIP_TARGETS * targetUs
  const skipped = skip ? segments.filter(old).length : 0
  let map = skipped > 0 ? segments[skipped - 1]?.init.name : undefined
  const lines = segments.slice(skipped).map((segment): SegmentLines => {
    const withParts = !window.ended && endUs - (segment.mediaUs + segment.durationUs) < PART_TARGETS * targetUs
    const changed = segment.init.name !== map
    map = segment.init.name
    return {
      ...(segment.complete ? { uri: prefix + segmentName(segment.sequence) + query } : {}),
      ...(changed ? { mapUri: map + query } : {}),
      durationUs: segment.durationUs,
      programAt: segment.programAt,
      discontinuity: segment.discontinuity,
      parts: withParts ? segment.parts.map((part) => partLine(segment, part.index, prefix, query)) : [],
    }
  })
  return livePlaylist({
    targetDurationS: targets.targetDurationS,
    partTargetUs: targets.partTargetUs,
    partHoldBackUs: Math.max(partHoldBackUs, 3 * targets.partTargetUs),
    canSkipUntilS: SKIP_TARGETS * targets.targetDurationS,
    mediaSequence: first?.sequence ?? 0,
    // The tag before the first segment listed counts on top of this number (section 4.4.3.3).
    discontinuitySequence: first === undefined ? 0 : first.discontinuitySequence - (first.discontinuity ? 1 : 0),
    skipped,
    segments: lines,
    ...(window.ended ? {} : { hintUri: prefix + hintName(window) + query }),
    ended: window.ended,
  })
}

function partLine(segment: Segment, index: number, prefix: string, query: string) {
  const part = segment.parts[index]
  return {
    durationUs: part?.durationUs ?? 0,
    independent: part?.independent ?? false,
    uri: prefix + partName(segment.sequence, index) + query,
  }
}

function hintName(window: Window): string {
  const { growing, newest } = window
  return growing === undefined ? partName((newest?.sequence ?? -1) + 1, 0) : partName(growing.sequence, growing.parts.length)
}

/** What the multivariant playlist needs to know of a rendition. */
export interface Variety {
  readonly playlistName: string
  readonly window: Window
  readonly packager: { readonly framesPerSecond: number | null }
}

export function indexPlaylist(renditions: readonly Variety[], query: string): string {
  const format = ({ window }: Variety) => `${window.newest?.init.audio?.codecString} ${window.newest?.init.video?.width}`
  const first = renditions.map(format)
  return multivariantPlaylist(
    renditions
      .filter((one, i) => first.indexOf(format(one)) === i)
      .map(({ playlistName, window, packager }) => {
        const init = window.newest?.init
        const video = init?.video ?? null
        const codecs = [video?.codecString, init?.audio?.codecString].filter((codec) => codec !== undefined)
        const average = window.averageBitsPerSecond
        return {
          uri: playlistName + query,
          // Section 4.4.6.2: an upper bound of what is to come; an encoder told a rate overshoots a little.
          bandwidth: Math.ceil(Math.max(window.peakBitsPerSecond, average) * 1.2),
          averageBandwidth: average,
          codecs,
          size: video === null ? null : { width: video.width, height: video.height },
          framesPerSecond: video === null ? null : packager.framesPerSecond,
        }
      }),
  )
}
