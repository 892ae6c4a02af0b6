/** What a sender knows of its own picture: from WebRTC's statistics or, for OBS, from the server. */
export interface SignalFacts {
  readonly kbps: number
  readonly fps: number
  readonly width: number
  readonly height: number
  /** What the camera gives; 0 when nobody knows. */
  readonly wantedHeight: number
  /** 0..1 */
  readonly lossRatio: number
  readonly rttMs: number | null
  /** The encoder lowers the picture because of this. */
  readonly limitedBy: 'none' | 'bandwidth' | 'cpu'
}

export type Bars = 0 | 1 | 2 | 3 | 4

/** Four is good; two means that viewers see less than the camera gives; zero means that they see nothing. */
export function barsOf(facts: SignalFacts | null): Bars {
  if (!facts || facts.fps < 1 || facts.kbps < 1) return 0
  if (facts.lossRatio >= 0.12 || facts.fps < 10) return 1
  const smaller = facts.wantedHeight > 0 && Math.min(facts.width, facts.height) < facts.wantedHeight * 0.9
  if (facts.lossRatio >= 0.05 || smaller || facts.fps < 14) return 2
  if (facts.lossRatio >= 0.02 || facts.limitedBy !== 'none' || (facts.rttMs ?? 0) > 300) return 3
  return 4
}

/** Short side of the picture, as people say it: 720. */
export const linesOf = (facts: Pick<SignalFacts, 'width' | 'height'>): number => Math.min(facts.width, facts.height)

/** Two readings of growing counters, made into rates. */
export interface Counters {
  readonly atMs: number
  readonly bytes: number
  readonly frames: number
}

export function ratesOf(before: Counters | null, now: Counters): { readonly kbps: number; readonly fps: number } {
  if (!before || now.atMs <= before.atMs) return { kbps: 0, fps: 0 }
  const seconds = (now.atMs - before.atMs) / 1000
  // A new connection begins to count anew.
  const grown = (from: number, to: number) => Math.max(0, to - from)
  return {
    kbps: Math.round((grown(before.bytes, now.bytes) * 8) / 1000 / seconds),
    fps: grown(before.frames, now.frames) / seconds,
  }
}
