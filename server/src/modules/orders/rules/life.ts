import type { Out } from '@efir/contract/act.ts'
import type { OrderState } from '@efir/contract/orders/shapes.ts'
import type * as contract from '@efir/contract/orders.ts'
import type { PaymentState } from '@efir/contract/payments.ts'

/**
 * The life of an order. `draft` is a quote and is never stored. An order paid at the door is packed from `placed`;
 * one cancelled because it was not paid in time lives again when its money comes late and the units are still there.
 */
export const orderMoves: Readonly<Record<'draft' | OrderState, readonly OrderState[]>> = {
  draft: ['placed'],
  placed: ['paid', 'packed', 'cancelled'],
  paid: ['packed', 'cancelled', 'refunded'],
  packed: ['shipped', 'delivered', 'cancelled', 'refunded'],
  shipped: ['delivered', 'refunded'],
  delivered: ['refunded'],
  cancelled: ['placed'],
  refunded: [],
}

export interface Facts {
  readonly state: OrderState
  readonly confirmed: boolean
  readonly payOnDelivery: boolean
}

export const mayMove = (from: 'draft' | OrderState, to: OrderState): boolean => orderMoves[from].includes(to)

/** Only what is paid, or promised at the door, is packed. */
export const mayPack = (o: Facts): boolean => o.confirmed && (o.state === 'paid' || (o.state === 'placed' && o.payOnDelivery))
/** The buyer until it is packed, the shop until it is shipped. */
export const buyerMayCancel = (o: Facts): boolean => o.state === 'placed' || o.state === 'paid'
export const shopMayCancel = (o: Facts): boolean => buyerMayCancel(o) || o.state === 'packed'
/** Money that has come can go back, wherever the goods are; of a cancelled order only what it kept, or what its provider refused to give. */
export const mayRefund = (o: Facts & { paid: boolean }): boolean =>
  o.paid && ['paid', 'packed', 'shipped', 'delivered', 'cancelled'].includes(o.state)

export type CheckoutState = Out<typeof contract.checkout>['state']

/** How far a purchase is, as its buyer sees it. */
export function checkoutState(payment: PaymentState | null, orders: readonly Facts[]): CheckoutState {
  const living = orders.filter((o) => o.state !== 'cancelled')
  if (living.length === 0) return 'cancelled'
  if (living.every((o) => o.confirmed)) return living.some((o) => o.payOnDelivery) ? 'at_the_door' : 'paid'
  switch (payment) {
    case 'requires_action':
      return 'needs_action'
    case 'declined':
    case 'voided':
      return 'declined'
    case 'unknown':
    case 'authorised':
    case 'captured':
      return 'unknown'
    case 'created':
    case null:
      return 'to_pay'
  }
}

/** Gives an act that is under way the time to finish by itself, before a job goes on with it. */
export const actMs = 3_000
/** The units wait for another card as long as they were promised, and at least this long after placing. */
export const leastPayMs = 3 * 60_000
/** How long a bank's question stays open; then it is withdrawn. */
export const challengeMs = 10 * 60_000
export const maxAttempts = 8

export const payUntil = (now: number, holds: readonly number[]): number =>
  Math.max(now + leastPayMs, ...(holds.length > 0 ? [Math.min(...holds)] : []))
