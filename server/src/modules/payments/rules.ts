import type { PaymentState } from '@efir/contract/payments.ts'
import type { ProviderPayment } from './ports.ts'

/** The state of ours that a provider's state stands for. */
const stateFor: Readonly<Record<ProviderPayment['state'], PaymentState>> = {
  processing: 'unknown',
  requires_action: 'requires_action',
  authorised: 'authorised',
  captured: 'captured',
  declined: 'declined',
  voided: 'voided',
}

/**
 * Where a payment may go. Whatever is not listed is older news and changes nothing: so repeated and reordered answers are harmless.
 * Money wins: a payment given up that was captured after all is captured (and what it paid for decides what to do).
 */
export const paymentMoves: Readonly<Record<PaymentState, readonly PaymentState[]>> = {
  created: ['unknown', 'requires_action', 'authorised', 'captured', 'declined', 'voided'],
  unknown: ['requires_action', 'authorised', 'captured', 'declined', 'voided'],
  requires_action: ['unknown', 'authorised', 'captured', 'declined', 'voided'],
  authorised: ['captured', 'declined', 'voided'],
  declined: ['authorised', 'captured'],
  voided: ['captured'],
  captured: [],
}

export interface Move {
  readonly to: PaymentState
  /** It had been given up before. */
  readonly late: boolean
}

/** Null when the news is old. An authorised payment is only declined by a refused capture, never by a callback that came late. */
export function moveFor(current: PaymentState, told: ProviderPayment): Move | null {
  const to = stateFor[told.state]
  if (!paymentMoves[current].includes(to)) return null
  if (current === 'authorised' && to === 'declined' && told.declineReason !== 'capture_refused') return null
  return { to, late: current === 'declined' || current === 'voided' }
}

/** The provider may still take money for it, or has: what it pays for must not be let go. */
export const isPending = (state: PaymentState): boolean =>
  state === 'unknown' || state === 'requires_action' || state === 'authorised'

/** A payment the provider does not know is given up only when a request on its way would have arrived. */
export const neverArrivedAfterMs = 60_000

/** When to ask again about an unknown outcome: 5 s, doubling, at most an hour. */
export const askAgainMs = (asked: number): number => Math.min(5_000 * 2 ** Math.min(asked, 20), 3_600_000)

/** What may still be given back. */
export const refundable = (payment: { captured_amount: number; refunded_amount: number }): number =>
  payment.captured_amount - payment.refunded_amount
