/** Decisions of the player without a browser: how far behind live, what after a stall, when to try again. */

/** Live pictures run at most this much faster while catching up: voices stay natural. */
export const catchUpRate = 1.08
/** One stall earns this much more distance, once; more would let a bad minute spoil the hour. */
export const stallStepMs = 600
const calmBeforeDecayMs = 30_000
const decayStepMs = 100
const decayEveryMs = 10_000

export interface Distance {
  /** What the server asks for: PART-HOLD-BACK, else HOLD-BACK. */
  readonly baseMs: number
  readonly extraMs: number
  /** Of the last stall or the last step back. */
  readonly changedAt: number
  readonly stalls: number
}

export const startDistance = (baseMs: number): Distance => ({ baseMs, extraMs: 0, changedAt: 0, stalls: 0 })
export const targetMs = (distance: Distance): number => distance.baseMs + distance.extraMs

export const afterStall = (distance: Distance, at: number): Distance => ({
  ...distance,
  extraMs: stallStepMs,
  changedAt: at,
  stalls: distance.stalls + 1,
})

/** While it is calm the extra distance goes back in small steps, which the catch-up rate hides. */
export function afterCalm(distance: Distance, at: number): Distance {
  if (distance.extraMs === 0) return distance
  const stepping = distance.extraMs < stallStepMs
  if (at - distance.changedAt < (stepping ? decayEveryMs : calmBeforeDecayMs)) return distance
  return { ...distance, extraMs: Math.max(0, distance.extraMs - decayStepMs), changedAt: at }
}

const firstPauseMs = 400
const longestPauseMs = 8_000

/** Pause before the next whole restart: doubles, with jitter, so that a thousand viewers do not return in one beat. */
export const restartPauseMs = (attempt: number, random: number): number =>
  Math.min(longestPauseMs, firstPauseMs * 2 ** attempt) * (0.6 + 0.8 * random)

/** A try that showed moving pictures for this long counts as a new beginning. */
export const healthyAfterMs = 15_000
/** Without a moving picture for so long the player says so and waits for the viewer. */
export const giveUpAfterMs = 45_000

/** No frame for so long is a stall in front of people; less is the browser catching its breath. */
export const stuckAfterMs = 700
/** Standing still with data there: a nudge to the live point helps; later only a restart. */
export const nudgeAfterMs = 4_000
export const restartAfterMs = 10_000

/** After no seat, no way or a picture that stopped: until WebRTC is tried again. */
export const nearAgainAfterMs = 30_000
/** How long the near picture stays when nothing counts seconds any more. */
export const nearFarewellMs = 8_000
