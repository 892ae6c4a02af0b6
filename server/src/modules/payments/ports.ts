import type { Money } from '@efir/contract/money.ts'
import type { DeclineReason } from '@efir/contract/payments.ts'
import type { Queries } from '../../kernel/db.ts'

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
  /** What the provider keeps of it, minor units; 0 also when it is not known yet. */
  readonly fee: number
  readonly declineReason?: DeclineReason
  readonly action?: PaymentAction
  /** Of providers that learn it only while the buyer pays. */
  readonly card?: { readonly brand: string; readonly last4: string }
}

export interface PaymentAction {
  readonly kind: 'challenge' | 'redirect' | 'element'
  readonly url?: string
  /** Lets the payer's browser answer for this payment, and nothing else. */
  readonly secret?: string
}

/** What a fiscal receipt says about one line. */
export interface ReceiptLine {
  readonly title: string
  readonly quantity: number
  /** Of the whole line, tax included. */
  readonly total: Money
  /** Basis points. */
  readonly taxRate: number
  readonly kind: 'goods' | 'delivery'
}
export interface Receipt {
  readonly email: string
  readonly lines: readonly ReceiptLine[]
}

export interface BeginAsk {
  /** Goes to the provider as metadata and comes back in callbacks. */
  readonly paymentId: string
  readonly idempotencyKey: string
  readonly amount: Money
  /** Of the provider's own card form; a fixed word for methods without one. */
  readonly token: string
  readonly capture: 'automatic' | 'manual'
  /** Where a bank's page sends the buyer back to. */
  readonly returnUrl: string
  /** What is paid for together; the provider groups by it. */
  readonly group: string
  readonly receipt?: Receipt
  /**
   * Told as soon as the provider has named the payment and before any money is asked for: from then on its outcome can be looked up,
   * whatever dies. False: it has been given up meanwhile, and nothing may be asked for.
   */
  readonly named: (ref: string) => Promise<boolean>
}

export interface LookUpAsk {
  readonly paymentId: string
  readonly ref: string | null
  /** Nobody waits any longer: what was begun but never asked for is closed there, so that nothing can come of it later. */
  readonly final: boolean
}

export interface RefundAsk {
  readonly refundId: string
  readonly ref: string
  /** Of an earlier answer, when it said that the refund is under way. */
  readonly refundRef: string | null
  readonly amount: Money
  readonly idempotencyKey: string
  /** Asked before: it may have been made, whatever became of the answer. */
  readonly repeated: boolean
}

/** What a callback says. `payment` null: nothing that may be believed before the provider is asked. */
export interface Callback {
  readonly eventId: string
  readonly paymentId: string
  readonly ref?: string
  readonly payment: ProviderPayment | null
  /** The state is only a hint: what is worth acting on is asked for. */
  readonly asks?: boolean
  readonly refundId?: string
}

export type Read = { readonly ok: true; readonly callback: Callback | null } | { readonly ok: false; readonly why: string }

/**
 * The outside that moves money. Shaped after payment intents: one call creates and confirms, the buyer may have to act,
 * money is taken at once or later, callbacks are signed or asked about, and every ask carries an idempotency key so that it can be repeated.
 */
export interface PaymentProvider {
  /** The kind alone, or `kind:account`. */
  readonly name: string
  readonly methods: readonly string[]
  /** clearing: the provider holds the money for the platform · shop: for the shop itself · cash: the shop takes it at the door. */
  readonly holds: 'clearing' | 'shop' | 'cash'
  readonly testOnly: boolean
  /** For the provider's form in the browser. */
  readonly publicKey?: string
  /** The law wants a fiscal receipt, which it writes. */
  readonly wantsReceipt?: boolean
  /** The card behind a token, before anything is asked of it. */
  inspect(token: string): Promise<Outcome<{ instrument: Instrument }>>
  begin(ask: BeginAsk): Promise<Outcome<{ payment: ProviderPayment }>>
  /** Takes the whole or less; the rest is let go. */
  capture(ask: { ref: string; amount: Money; idempotencyKey: string }): Promise<Outcome<{ payment: ProviderPayment }>>
  void(ask: { ref: string; idempotencyKey: string }): Promise<Outcome<{ payment: ProviderPayment }>>
  refund(ask: RefundAsk): Promise<Outcome<{ refundRef: string; state: 'done' | 'processing' }>>
  /** What became of it; null when no money was ever asked for. */
  lookUp(ask: LookUpAsk): Promise<Outcome<{ payment: ProviderPayment | null }>>
  /** Refused when the signature is wrong or too old; null when it is about nothing we follow. */
  readCallback(body: Buffer, headers: Readonly<Record<string, string | string[] | undefined>>, now: number): Read
}

export interface Providers {
  /** Those that need no account. */
  readonly list: readonly PaymentProvider[]
  named(q: Queries, name: string): Promise<PaymentProvider>
  /** Who takes money this way there for these shops together; null when nobody does. */
  forMethod(q: Queries, ask: MethodAsk): Promise<PaymentProvider | null>
}

export interface MethodAsk {
  readonly method: string
  readonly market: string
  readonly shopIds: readonly string[]
}

/** Accounts at outside providers: kept sealed, opened when money is asked for. */
export interface Accounts {
  named(q: Queries, name: string): Promise<PaymentProvider | null>
  choose(q: Queries, ask: MethodAsk): Promise<PaymentProvider | null>
}
