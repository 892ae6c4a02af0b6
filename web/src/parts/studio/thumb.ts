import type { Out } from '@efir/contract/act.ts'
import type { lotBoard } from '@efir/contract/lots.ts'
import type { rundown } from '@efir/contract/shows.ts'

export type DeskLot = Out<typeof lotBoard>['lots'][number]
export type PlanItem = Out<typeof rundown>['items'][number]

/** The one thing the thumb does now. */
export type Thumb =
  | { readonly does: 'wait_network' }
  | { readonly does: 'back_on_air' }
  | { readonly does: 'quick_lot' }
  | { readonly does: 'open'; readonly lot: DeskLot }
  | { readonly does: 'soon'; readonly lot: DeskLot; readonly opensAt: number }
  | { readonly does: 'close'; readonly lot: DeskLot }
  | { readonly does: 'next'; readonly lot: DeskLot }
  /** Nothing is left to sell: the last lot is over. */
  | { readonly does: 'all_sold' }

const over = (lot: DeskLot): boolean => lot.state === 'sold_out' || lot.state === 'expired' || lot.state === 'revoked'
const running = (lot: DeskLot): boolean => lot.state === 'open' || lot.state === 'counting'
export const isOver = over

/** Lots in the order of the plan; those that it does not name come after it. */
export function inOrder(lots: readonly DeskLot[], items: readonly PlanItem[]): readonly DeskLot[] {
  const place = new Map(items.flatMap((item, index) => (item.lotId ? [[item.lotId, index] as const] : [])))
  const rank = (lot: DeskLot) => place.get(lot.id) ?? items.length
  return lots.toSorted((a, b) => rank(a) - rank(b) || a.position - b.position || a.number - b.number)
}

/** The lot in the host's hand: the one pinned first, else the one that runs, else the plan's, else the first to come. */
export function lotInHand(lots: readonly DeskLot[], items: readonly PlanItem[], now: number): DeskLot | null {
  const sorted = inOrder(lots, items)
  const on = items.find((item) => item.startedAt !== undefined && item.endedAt === undefined)
  return (
    sorted.find((lot) => lot.pinned === 'primary') ??
    sorted.find((lot) => running(lot) && !closedByClock(lot, now)) ??
    sorted.find((lot) => lot.id === on?.lotId && !over(lot)) ??
    sorted.find((lot) => !over(lot) && !closedByClock(lot, now)) ??
    sorted.at(-1) ??
    null
  )
}

/** What comes after it: the next one of the plan that was not opened, else any that was not. */
export function lotAfter(lots: readonly DeskLot[], items: readonly PlanItem[], hand: DeskLot | null): DeskLot | null {
  const sorted = inOrder(lots, items)
  const at = hand ? sorted.findIndex((lot) => lot.id === hand.id) : -1
  const fresh = (lot: DeskLot) => !over(lot) && !running(lot) && lot.id !== hand?.id && !lot.link
  return sorted.slice(at + 1).find(fresh) ?? sorted.slice(0, Math.max(0, at)).find(fresh) ?? null
}

export interface Hand {
  readonly lots: readonly DeskLot[]
  readonly items: readonly PlanItem[]
  readonly online: boolean
  readonly slate: boolean
  /** By the server's clock. */
  readonly now: number
}

export function thumbOf({ lots, items, online, slate, now }: Hand): Thumb {
  if (!online) return { does: 'wait_network' }
  if (slate) return { does: 'back_on_air' }
  const hand = lotInHand(lots, items, now)
  if (!hand) return { does: 'quick_lot' }
  const next = lotAfter(lots, items, hand)
  // A lot that sells elsewhere has no window: it is only shown.
  if (hand.link || over(hand) || closedByClock(hand, now)) return next ? { does: 'next', lot: next } : { does: 'all_sold' }
  if (hand.state === 'counting' && hand.opensAt !== undefined && hand.opensAt > now)
    return { does: 'soon', lot: hand, opensAt: hand.opensAt }
  if (running(hand))
    return hand.left === 0 && hand.paying === 0 && next ? { does: 'next', lot: next } : { does: 'close', lot: hand }
  return { does: 'open', lot: hand }
}

/** The window has run out, by time or by hand; late pictures may still tap within their grace. */
const closedByClock = (lot: DeskLot, now: number): boolean => lot.closesAt !== undefined && now >= lot.closesAt

export interface PlanAt {
  /** From 1; 0 before the first. */
  readonly number: number
  readonly of: number
  readonly now: PlanItem | null
  readonly next: PlanItem | null
  /** Behind the plan when positive. */
  readonly lateMs: number
  readonly elapsedMs: number
  /** When the next one begins, as things go. */
  readonly nextAt: number | null
  /** When each item begins: as it did, or as things go. */
  readonly startsAt: ReadonlyMap<string, number>
  readonly endsAt: number
  readonly plannedEndAt: number
}

export function planAt(items: readonly PlanItem[], showStartedAt: number, now: number): PlanAt {
  const index = items.findLastIndex((item) => item.startedAt !== undefined)
  const at = items[index]
  const running = at && at.endedAt === undefined ? at : null
  const plannedMs = (upTo: number) => items.slice(0, upTo).reduce((sum, item) => sum + item.plannedSeconds * 1000, 0)
  const elapsedMs = running?.startedAt === undefined ? 0 : Math.max(0, now - running.startedAt)
  const startsAt = new Map<string, number>()
  let clock = showStartedAt
  for (const [place, item] of items.entries()) {
    if (item.startedAt !== undefined) clock = item.startedAt
    else if (place === index + 1) clock = Math.max(clock, now)
    startsAt.set(item.id, clock)
    clock += item.plannedSeconds * 1000
  }
  const endsAt = Math.max(clock, now)
  const plannedEndAt = showStartedAt + plannedMs(items.length)
  const next = items[index + 1] ?? null
  return {
    number: index + 1,
    of: items.length,
    now: running,
    next,
    lateMs: endsAt - plannedEndAt,
    elapsedMs,
    nextAt: next ? (startsAt.get(next.id) ?? null) : null,
    startsAt,
    endsAt,
    plannedEndAt,
  }
}
