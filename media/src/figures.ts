/** Running totals of this process, for whoever watches it. */
export interface MediaFigures {
  partsMade: number
  /** Parts that were finished later than players hold back: they saw the picture stand still. */
  partsLate: number
  segmentsMade: number
  /** Answers of the origin by kind of file and whether they were given. */
  readonly requests: Record<RequestKind, { ok: number; refused: number }>
}
export const requestKinds = ['playlist', 'part', 'segment', 'init'] as const
export type RequestKind = (typeof requestKinds)[number]

export const openFigures = (): MediaFigures => ({
  partsMade: 0,
  partsLate: 0,
  segmentsMade: 0,
  requests: {
    playlist: { ok: 0, refused: 0 },
    part: { ok: 0, refused: 0 },
    segment: { ok: 0, refused: 0 },
    init: { ok: 0, refused: 0 },
  },
})

export function kindOf(file: string): RequestKind {
  if (file.endsWith('.m3u8')) return 'playlist'
  if (/^(\w+-)?s\d+\.\d+\.m4s$/.test(file)) return 'part'
  return /^(\w+-)?s\d+\.m4s$/.test(file) ? 'segment' : 'init'
}
