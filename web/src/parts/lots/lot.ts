import type { LotCard as LotCardSchema, MyReservation as MyReservationSchema } from '@efir/contract/lots.ts'
import type { Static } from 'typebox'

/** A lot as everybody sees it, from the shelf or from the room. */
export type Lot = Static<typeof LotCardSchema>
export type Reservation = Static<typeof MyReservationSchema>

/** Units taken for me: mine until then. */
export interface Held {
  readonly reservation: Reservation
  /** From the grant to the lapse: what a full ring means. */
  readonly heldMs: number
}

/** How far my purchase of a lot is. */
export type Mine =
  | { readonly at: 'nothing' }
  | { readonly at: 'asking' }
  | { readonly at: 'held'; readonly held: Held }
  | { readonly at: 'declined'; readonly untilAt: number; readonly heldMs: number; readonly card: string | null }
  /** The bank has not said yet: nothing is offered twice. `number` of the order, where it is known. */
  | { readonly at: 'checking'; readonly number?: string }
  | {
      readonly at: 'bought'
      readonly number: string
      readonly orderId: string
      readonly boughtAt: number
      readonly paid: boolean
      /** Counted against the limit for each buyer in this opening; null until the server has said. */
      readonly units: number | null
    }

export const nothing: Mine = { at: 'nothing' }

/** Where the room says more than the card: units move by themselves. */
export interface Stock {
  readonly left: number
  readonly quota: number
  readonly paying: number
}

export const withStock = (lot: Lot, stock: Stock | null): Lot =>
  stock && !lot.link ? { ...lot, left: stock.left, quota: stock.quota, paying: stock.paying } : lot

export interface PinOf {
  readonly lotId: string
  readonly slot: 'primary' | 'second' | 'third'
}

const slots = ['primary', 'second', 'third'] as const
export const bySlot = (one: PinOf, other: PinOf): number => slots.indexOf(one.slot) - slots.indexOf(other.slot)

/** Pins that hold at an instant of the video. */
export function pinsAt(
  pins: readonly (PinOf & { readonly startAt: number; readonly endAt?: number })[],
  at: number,
): readonly PinOf[] {
  return pins.filter((pin) => pin.startAt <= at && (pin.endAt === undefined || at < pin.endAt)).toSorted(bySlot)
}
