import type {
  ReferenceBasis as BasisSchema,
  DealState as DealStateSchema,
  LotGuard as GuardSchema,
  Pin,
} from '@efir/contract/lots.ts'
import type { Static } from 'typebox'

export type DealState = Static<typeof DealStateSchema>
export type ReferenceBasis = Static<typeof BasisSchema>
export type LotGuard = Static<typeof GuardSchema>
export type Slot = Static<typeof Pin>['slot']
export type CloseReason = 'hand' | 'time' | 'sold_out' | 'revoked' | 'show_ended'
export type DealStep = 'arm' | 'count' | 'open' | 'sellOut' | 'expire' | 'revoke' | 'renew'

/** The life of a deal. `renew` begins the next one of the same lot. */
export const dealSteps: Readonly<Record<DealStep, Partial<Record<DealState, DealState>>>> = {
  arm: { draft: 'armed' },
  count: { draft: 'counting', armed: 'counting' },
  open: { draft: 'open', armed: 'open', counting: 'open' },
  sellOut: { open: 'sold_out' },
  expire: { counting: 'expired', open: 'expired' },
  revoke: { draft: 'revoked', armed: 'revoked', counting: 'revoked', open: 'revoked' },
  renew: { sold_out: 'draft', expired: 'draft', revoked: 'draft' },
}
export const nextState = (state: DealState, step: DealStep): DealState | null => dealSteps[step][state] ?? null
export const isOver = (state: DealState): boolean => state === 'sold_out' || state === 'expired' || state === 'revoked'
/** Units are set aside for it. */
export const hasUnits = (state: DealState): boolean => state === 'armed' || state === 'counting' || state === 'open'

/** A viewer's picture is late; so may their tap be, up to this. */
export const maxGraceMs = 10_000
export const graceOf = (delayMs: number | undefined): number => Math.min(maxGraceMs, Math.max(0, Math.round(delayMs ?? 0)))

export const shortestCountdownMs = 3_000
export const longestFairCountdownMs = 15_000
/** The shortest countdown that lets nearly everybody see the same opening: the room's p95 delay, within 3 to 15 s. */
export const fairCountdownMs = (roomDelayMs: number): number =>
  Math.min(longestFairCountdownMs, Math.max(shortestCountdownMs, Math.round(roomDelayMs)))

export interface VersionTerms {
  readonly version: number
  readonly amount: number
  /** When the next version took its place. */
  readonly untilAt: number | null
}

/**
 * The terms that a tap may buy by: those it saw. An older version counts while the picture of that viewer can still have shown it;
 * and always when its price is the present one. Null: the price has changed.
 */
export function termsSeen<T extends VersionTerms>(
  versions: readonly T[],
  seen: number | undefined,
  now: number,
  graceMs: number,
): T | null {
  const current = versions.reduce<T | null>((best, v) => (best === null || v.version > best.version ? v : best), null)
  if (!current || seen === undefined || seen === current.version) return current
  const old = versions.find((v) => v.version === seen)
  if (!old) return null
  if (old.amount === current.amount) return current
  return old.untilAt !== null && now < old.untilAt + graceMs ? old : null
}

export interface PastPrice {
  readonly amount: number
  readonly fromAt: number
}
const days30Ms = 30 * 86_400_000

/**
 * The lowest price asked during the 30 days before (Directive 98/6/EC, article 6a), from the price history, oldest first. Null when
 * the history does not cover these days.
 */
export function lowestIn30Days(history: readonly PastPrice[], now: number): number | null {
  const since = now - days30Ms
  const before = history.findLast((p) => p.fromAt <= since)
  if (!before) return null
  return Math.min(before.amount, ...history.filter((p) => p.fromAt > since && p.fromAt <= now).map((p) => p.amount))
}

export interface Reference {
  readonly amount: number
  readonly basis: ReferenceBasis
}

/**
 * The price that the live price is held against. A seller may name the maker's price; the others are recomputed, so that a wish for a
 * higher one changes nothing. Without a real saving there is none.
 */
export function referenceFor(
  asked: Reference | null | undefined,
  history: readonly PastPrice[],
  live: number,
  now: number,
): Reference | null {
  if (asked === null) return null
  const usual = history.findLast((p) => p.fromAt <= now)?.amount ?? null
  const lowest = lowestIn30Days(history, now)
  const found: Reference | null =
    asked?.basis === 'makers_price'
      ? asked
      : lowest !== null && asked?.basis !== 'usual_price'
        ? { amount: lowest, basis: 'lowest_30_days' }
        : usual !== null
          ? { amount: usual, basis: 'usual_price' }
          : null
  return found && found.amount > live ? found : null
}

/** Shares a quota among variants by what each could give, largest remainders first; never more than a variant has. Sums to the quota when it can. */
export function shareQuota(quota: number, free: readonly number[]): number[] {
  const total = free.reduce((a, b) => a + b, 0)
  const wanted = Math.min(quota, total)
  if (total === 0) return free.map(() => 0)
  const shares = free.map((f) => Math.floor((wanted * f) / total))
  const order = free
    .map((f, index) => ({ index, rest: (wanted * f) % total }))
    .toSorted((a, b) => b.rest - a.rest || a.index - b.index)
  let left = wanted - shares.reduce((a, b) => a + b, 0)
  for (const { index } of [...order, ...order]) {
    if (left === 0) break
    if ((shares[index] as number) >= (free[index] as number)) continue
    shares[index] = (shares[index] as number) + 1
    left--
  }
  return shares
}

export const slots: readonly Slot[] = ['primary', 'second', 'third']

/** Where a pin goes, and whom it moves. A named slot takes its place; else it becomes the primary one and the old primary steps aside. */
export function placePin(
  open: ReadonlyMap<Slot, string>,
  lotId: string,
  asked: Slot | undefined,
): { slot: Slot; moved?: Slot } | null {
  const mine = slots.find((s) => open.get(s) === lotId)
  if (asked !== undefined) return { slot: asked }
  if (mine === 'primary') return { slot: 'primary' }
  if (!open.has('primary')) return { slot: 'primary' }
  const aside = mine ?? slots.find((s) => !open.has(s))
  return aside ? { slot: 'primary', moved: aside } : null
}
