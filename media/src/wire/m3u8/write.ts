/** Playlist texts of draft-pantos-hls-rfc8216bis section 4; which rules they follow is decided by hls/playlist.ts. */

export interface PartLine {
  readonly durationUs: number
  readonly uri: string
  readonly independent: boolean
}

export interface SegmentLines {
  /** Absent while the segment is still growing: only its parts are listed then. */
  readonly uri?: string
  readonly durationUs: number
  readonly programAt: number
  readonly discontinuity: boolean
  /** Set when it differs from that of the segment before. */
  readonly mapUri?: string
  readonly gap?: boolean
  readonly parts: readonly PartLine[]
}

export interface LivePlaylist {
  readonly targetDurationS: number
  readonly partTargetUs: number
  readonly partHoldBackUs: number
  readonly mediaSequence: number
  readonly discontinuitySequence: number
  readonly canSkipUntilS: number
  /** More than 0 in a delta update: so many segments are left out at the front. */
  readonly skipped: number
  readonly segments: readonly SegmentLines[]
  readonly hintUri?: string
  readonly ended: boolean
}

/** Microseconds exactly, so that EXTINF equals the sum of its parts. */
export const seconds = (us: number): string => (us / 1_000_000).toFixed(6).replace(/0{1,3}$/, '')

export function livePlaylist(playlist: LivePlaylist): string {
  const { targetDurationS, partTargetUs, partHoldBackUs, canSkipUntilS } = playlist
  const lines = [
    '#EXTM3U',
    '#EXT-X-VERSION:9',
    `#EXT-X-TARGETDURATION:${targetDurationS}`,
    `#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,CAN-SKIP-UNTIL=${canSkipUntilS.toFixed(1)},PART-HOLD-BACK=${seconds(partHoldBackUs)},HOLD-BACK=${(targetDurationS * 3).toFixed(1)}`,
    `#EXT-X-PART-INF:PART-TARGET=${seconds(partTargetUs)}`,
    `#EXT-X-MEDIA-SEQUENCE:${playlist.mediaSequence}`,
    `#EXT-X-DISCONTINUITY-SEQUENCE:${playlist.discontinuitySequence}`,
  ]
  if (playlist.skipped > 0) lines.push(`#EXT-X-SKIP:SKIPPED-SEGMENTS=${playlist.skipped}`)
  for (const segment of playlist.segments) pushSegment(lines, segment)
  if (playlist.hintUri !== undefined) lines.push(`#EXT-X-PRELOAD-HINT:TYPE=PART,URI="${playlist.hintUri}"`)
  if (playlist.ended) lines.push('#EXT-X-ENDLIST')
  return `${lines.join('\n')}\n`
}

export interface VodPlaylist {
  readonly targetDurationS: number
  readonly independent: boolean
  readonly segments: readonly SegmentLines[]
}

export function vodPlaylist({ targetDurationS, independent, segments }: VodPlaylist): string {
  const lines = [
    '#EXTM3U',
    '#EXT-X-VERSION:8',
    `#EXT-X-TARGETDURATION:${targetDurationS}`,
    '#EXT-X-PLAYLIST-TYPE:VOD',
    '#EXT-X-MEDIA-SEQUENCE:0',
  ]
  if (independent) lines.push('#EXT-X-INDEPENDENT-SEGMENTS')
  for (const segment of segments) pushSegment(lines, segment)
  lines.push('#EXT-X-ENDLIST')
  return `${lines.join('\n')}\n`
}

function pushSegment(lines: string[], segment: SegmentLines): void {
  if (segment.discontinuity) lines.push('#EXT-X-DISCONTINUITY')
  if (segment.mapUri !== undefined) lines.push(`#EXT-X-MAP:URI="${segment.mapUri}"`)
  if (segment.uri !== undefined || segment.parts.length > 0)
    lines.push(`#EXT-X-PROGRAM-DATE-TIME:${new Date(segment.programAt).toISOString()}`)
  for (const part of segment.parts) {
    lines.push(`#EXT-X-PART:DURATION=${seconds(part.durationUs)},URI="${part.uri}"${part.independent ? ',INDEPENDENT=YES' : ''}`)
  }
  if (segment.uri === undefined) return
  if (segment.gap === true) lines.push('#EXT-X-GAP')
  lines.push(`#EXTINF:${seconds(segment.durationUs)},`, segment.uri)
}

export interface Variant {
  readonly uri: string
  readonly bandwidth: number
  readonly averageBandwidth: number
  readonly codecs: readonly string[]
  readonly size: { readonly width: number; readonly height: number } | null
  readonly framesPerSecond: number | null
}

export function multivariantPlaylist(variants: readonly Variant[]): string {
  const lines = ['#EXTM3U', '#EXT-X-VERSION:9']
  for (const variant of variants) {
    const attributes = [
      `BANDWIDTH=${variant.bandwidth}`,
      `AVERAGE-BANDWIDTH=${variant.averageBandwidth}`,
      `CODECS="${variant.codecs.join(',')}"`,
    ]
    if (variant.size !== null) attributes.push(`RESOLUTION=${variant.size.width}x${variant.size.height}`)
    if (variant.framesPerSecond !== null) attributes.push(`FRAME-RATE=${variant.framesPerSecond.toFixed(3)}`)
    lines.push(`#EXT-X-STREAM-INF:${attributes.join(',')}`, variant.uri)
  }
  return `${lines.join('\n')}\n`
}
