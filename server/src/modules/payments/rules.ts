import type { PayForm, PaymentState, PayProvider } from '@efir/contract/payments.ts'
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

const forms: Readonly<Record<string, PayForm>> = { test: 'card', stripe: 'element', yookassa: 'redirect' }

/** A provider's name is its kind, or `kind:account`. */
export function providerOf(name: string): { kind: string; form: PayForm; account?: string } {
  const [kind = '', account] = name.split(':')
  return { kind, form: forms[kind] ?? 'none', ...(account ? { account } : {}) }
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

/** Keys have shapes; one in the wrong field would be shown to everybody. */
const shapes: Readonly<Record<PayProvider, Readonly<Record<'publicKey' | 'secretKey' | 'webhookSecret', RegExp>>>> = {
  stripe: {
    publicKey: /^pk_(test|live)_\w+$/,
    secretKey: /^(sk|rk)_(test|live)_\w+$/,
    webhookSecret: /^whsec_[\w+/=]+$/,
  },
  yookassa: { publicKey: /^\d{3,20}$/, secretKey: /^(test|live)_[\w-]+$/, webhookSecret: /^$/ },
}

export function keyProblem(input: {
  provider: PayProvider
  publicKey: string
  secretKey?: string
  webhookSecret?: string
}): { field: string; problem: string } | null {
  for (const field of ['publicKey', 'secretKey', 'webhookSecret'] as const) {
    const value = input[field]
    if (value !== undefined && !shapes[input.provider][field].test(value)) return { field, problem: 'is no such key' }
  }
  const [, mode] = /^pk_(test|live)_/.exec(input.publicKey) ?? []
  const other = mode !== undefined && input.secretKey !== undefined && !input.secretKey.includes(`_${mode}_`)
  return other ? { field: 'secretKey', problem: 'one key is for tests, the other is not' } : null
}

/** Enough to tell keys apart, too little to use. */
export const endsOf = (secrets: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(secrets).map(([name, value]) => [
      name,
      `${/^[a-z]+_(?:(?:test|live)_)?/.exec(value)?.[0] ?? ''}…${value.slice(-4)}`,
    ]),
  )

export const isLive = (publicKey: string, ends: Readonly<Record<string, string>>): boolean =>
  publicKey.startsWith('pk_live_') || (ends['secretKey'] ?? '').startsWith('live_')
