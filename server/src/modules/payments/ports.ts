import type { Money } from '@efir/contract/money.ts'
import type { DeclineReason } from '@efir/contract/payments.ts'

/** "Failed" and "don't know" are data: an adapter throws only for its own defects. */
export type Outcome<T> =
  | ({ readonly kind: 'ok' } & T)
  | { readonly kind: 'refused'; readonly reason: DeclineReason }
  | { readonly kind: 'unknown'; readonly why: string }

export interface Instrument {
  /** The same for one card whoever pays with it; null when the provider does not tell. */
  readonly fingerprint: string | null
  readonly card: { readonly brand: string; readonly last4: string } | null
}

/** A payment as the provider has it now: absolute, so that answers and callbacks may come in any order and any number. */
export interface ProviderPayment {
  readonly ref: string
  readonly state: 'processing' | 'requires_action' | 'authorised' | 'captured' | 'declined' | 'voided'
  /** Minor units; 0 unless captured. */
  readonly captured: number
  /** What the provider keeps of it, minor units. */
  readonly fee: number
  readonly declineReason?: DeclineReason
  readonly action?: { readonly kind: 'challenge' | 'redirect'; readonly url?: string }
}

export interface BeginAsk {
  /** Goes to the provider as metadata and comes back in callbacks. */
  readonly paymentId: string
  readonly idempotencyKey: string
  readonly amount: Money
  /** Of the provider's own card form; empty for methods without one. */
  readonly token: string
  readonly capture: 'automatic' | 'manual'
  /** Where a bank's page sends the buyer back to. */
  readonly returnUrl: string
}

export interface Callback {
  readonly eventId: string
  readonly paymentId: string
  readonly payment: ProviderPayment
}

/**
 * The outside that moves money. Shaped after payment intents: one call creates and confirms, the buyer may have to act,
 * money is taken at once or later, callbacks are signed, and every ask carries an idempotency key so that it can be repeated.
 */
export interface PaymentProvider {
  readonly name: string
  readonly methods: readonly string[]
  /** clearing: the provider holds the money · cash: the shop takes it at the door. */
  readonly holds: 'clearing' | 'cash'
  readonly testOnly: boolean
  /** For the provider's form in the browser. */
  readonly publicKey?: string
  /** The card behind a token, before anything is asked of it. */
  inspect(token: string): Promise<Outcome<{ instrument: Instrument }>>
  begin(ask: BeginAsk): Promise<Outcome<{ payment: ProviderPayment }>>
  /** Takes the whole or less; the rest is let go. */
  capture(ask: { ref: string; amount: Money; idempotencyKey: string }): Promise<Outcome<{ payment: ProviderPayment }>>
  void(ask: { ref: string; idempotencyKey: string }): Promise<Outcome<{ payment: ProviderPayment }>>
  refund(ask: {
    ref: string
    amount: Money
    idempotencyKey: string
  }): Promise<Outcome<{ refundRef: string; state: 'done' | 'processing' }>>
  /** What became of it; null when the provider never heard of it. */
  lookUp(ask: { paymentId: string; ref: string | null }): Promise<Outcome<{ payment: ProviderPayment | null }>>
  /** Refused when the signature is wrong or too old; null when it is about nothing we follow. */
  readCallback(
    body: Buffer,
    headers: Readonly<Record<string, string | string[] | undefined>>,
    now: number,
  ): { ok: true; callback: Callback | null } | { ok: false; why: string }
}

export interface Providers {
  readonly list: readonly PaymentProvider[]
  named(name: string): PaymentProvider
  /** Null when nobody offers the method here. */
  forMethod(method: string): PaymentProvider | null
}
