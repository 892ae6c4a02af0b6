import type { Lot, Mine } from './lot.ts'

/** What the lot card shows, in one word each; what is left out is not shown at all. */
export type Moment =
  | { readonly at: 'loading' }
  | { readonly at: 'offline' }
  | { readonly at: 'elsewhere'; readonly url: string; readonly seller: string }
  /** `opensAt` is null until the host has begun to count. */
  | { readonly at: 'soon'; readonly opensAt: number | null; readonly fullMs: number }
  | { readonly at: 'buy'; readonly closesAt: number | null; readonly fullMs: number }
  | { readonly at: 'asking'; readonly closesAt: number | null; readonly fullMs: number }
  | { readonly at: 'yours'; readonly untilAt: number; readonly fullMs: number; readonly quantity: number }
  | { readonly at: 'declined'; readonly untilAt: number; readonly fullMs: number; readonly card: string | null }
  | { readonly at: 'checking'; readonly number?: string }
  /** `more`: this buyer may take another one now; `full`: the lot is open, but not for more of theirs. */
  | {
      readonly at: 'bought'
      readonly number: string
      readonly orderId: string
      readonly boughtAt: number
      readonly paid: boolean
      readonly more: boolean
      readonly full: boolean
    }
  | { readonly at: 'sold_out' }
  | { readonly at: 'ended' }

/** The window closes for each viewer with a grace of their own delay, and not more than this. */
export const mostGraceMs = 10_000

export interface Seen {
  /** Null while nothing is known of the lot. */
  readonly lot: Lot | null
  readonly mine: Mine
  /** By the server's clock. */
  readonly now: number
  /** When the viewer first saw the countdown: what a full ring means. */
  readonly countingSince?: number
  readonly online: boolean
  /** How far the viewer's picture is behind. */
  readonly delayMs: number
  /** The show can still sell: on air, paused, or its replay. */
  readonly selling: boolean
}

/** Mine comes before the deal's state: what is reserved for me or bought by me does not depend on it. */
export function momentOf(seen: Seen): Moment {
  const { lot, mine, now, online } = seen
  if (!lot) return { at: online ? 'loading' : 'offline' }
  if (mine.at === 'bought') return boughtMoment(lot, mine, seen)
  if (mine.at === 'checking') return mine
  if (!online) return { at: 'offline' }
  if (mine.at === 'held' && mine.held.reservation.expiresAt > now)
    return {
      at: 'yours',
      untilAt: mine.held.reservation.expiresAt,
      fullMs: mine.held.heldMs,
      quantity: mine.held.reservation.quantity,
    }
  if (mine.at === 'declined' && mine.untilAt > now)
    return { at: 'declined', untilAt: mine.untilAt, fullMs: mine.heldMs, card: mine.card }
  if (lot.link) return lot.state === 'revoked' ? { at: 'ended' } : { at: 'elsewhere', ...lot.link }
  const open = windowOf(lot, seen)
  const closesAt = lot.closesAt ?? null
  if (open === 'before') return { at: 'soon', opensAt: lot.opensAt ?? null, fullMs: countedMs(seen) }
  // A press that the server is still thinking about keeps the button, also over the end of the window.
  if (mine.at === 'asking') return { at: 'asking', closesAt, fullMs: openMs(lot) }
  if (open === 'after' || !seen.selling) return { at: 'ended' }
  if (lot.state === 'sold_out' || lot.left === 0) return { at: 'sold_out' }
  return { at: 'buy', closesAt, fullMs: openMs(lot) }
}

function boughtMoment(lot: Lot, mine: Extract<Mine, { at: 'bought' }>, seen: Seen): Moment {
  const { units, ...order } = mine
  const sells = seen.online && seen.selling && !lot.link && windowOf(lot, seen) === 'open' && lot.state !== 'sold_out'
  return {
    ...order,
    more: sells && lot.left > 0 && units !== null && units < lot.perBuyer,
    full: sells && units !== null && units >= lot.perBuyer,
  }
}

function windowOf(lot: Lot, { now, delayMs }: Seen): 'before' | 'open' | 'after' {
  if (lot.state === 'expired' || lot.state === 'revoked') return 'after'
  if (lot.closesAt !== undefined && now >= lot.closesAt + graceOf(delayMs)) return 'after'
  if (lot.state === 'draft' || lot.state === 'armed') return 'before'
  // The count is a fact of the server's clock: the button wakes at zero, not when a message arrives.
  if (lot.state === 'counting') return lot.opensAt !== undefined && now >= lot.opensAt ? 'open' : 'before'
  return 'open'
}

const graceOf = (delayMs: number): number => Math.min(Math.max(0, delayMs), mostGraceMs)
const usualCountMs = 15_000

function countedMs({ lot, countingSince }: Seen): number {
  if (lot?.opensAt === undefined) return 0
  return countingSince === undefined ? usualCountMs : Math.max(1, lot.opensAt - countingSince)
}

const openMs = (lot: Lot): number =>
  lot.closesAt === undefined || lot.opensAt === undefined ? 60_000 : Math.max(1, lot.closesAt - lot.opensAt)

/** When the moment changes by itself; null when only news can change it. */
export function nextChangeAt(moment: Moment, delayMs: number): number | null {
  switch (moment.at) {
    case 'soon':
      return moment.opensAt
    case 'buy':
      return moment.closesAt === null ? null : moment.closesAt + graceOf(delayMs)
    case 'yours':
    case 'declined':
      return moment.untilAt
    default:
      return null
  }
}
