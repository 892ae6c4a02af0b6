/** What lies in the books of the stand-in for Stripe, in its own words. */
export interface Intent {
  id: string
  object: 'payment_intent'
  amount: number
  amount_capturable: number
  amount_received: number
  capture_method: string
  client_secret: string
  created: number
  currency: string
  last_payment_error: ErrorBody | null
  latest_charge: string | null
  livemode: boolean
  metadata: Record<string, string>
  next_action: Record<string, unknown> | null
  status: string
  transfer_group: string | null
}
export interface Charge {
  id: string
  object: 'charge'
  amount: number
  amount_captured: number
  amount_refunded: number
  balance_transaction: string | null
  captured: boolean
  created: number
  currency: string
  metadata: Record<string, string>
  payment_intent: string
  /** Of the card it was made with; not on the wire. */
  card: string
}
export interface Refund {
  id: string
  object: 'refund'
  amount: number
  charge: string
  created: number
  currency: string
  metadata: Record<string, string>
  payment_intent: string
  status: 'pending' | 'succeeded' | 'failed'
  failure_reason?: string
}
export interface Transfer {
  id: string
  object: 'transfer'
  amount: number
  amount_reversed: number
  created: number
  currency: string
  destination: string
  metadata: Record<string, string>
  source_transaction: string
  transfer_group: string
}
export interface Reversal {
  id: string
  object: 'transfer_reversal'
  amount: number
  currency: string
  metadata: Record<string, string>
  transfer: string
}
export interface BalanceLine {
  id: string
  object: 'balance_transaction'
  amount: number
  fee: number
  net: number
  currency: string
  created: number
  reporting_category: string
  source: string
  payment_intent: string
}
export interface ErrorBody {
  type: string
  code?: string
  decline_code?: string
  message: string
  param?: string
  payment_intent?: unknown
}

export class StripeNo extends Error {
  readonly status: number
  readonly body: ErrorBody
  constructor(status: number, body: ErrorBody) {
    super(body.message)
    this.status = status
    this.body = body
  }
}

/** What each test card does; numbers as the provider documents them. */
export const cards = {
  success: '4242424242424242',
  insufficient: '4000000000009995',
  expired: '4000000000000069',
  declined: '4000000000000002',
  confirm: '4000002500003155',
  refundFailsLater: '4000000000005126',
  refundPending: '4000000000007726',
  /** Not of the provider: stays in processing until told. */
  processing: '4000000000000077',
} as const

export function declineOf(number: string): ErrorBody | null {
  const card = (code: string, decline_code?: string): ErrorBody => ({
    type: 'card_error',
    code,
    ...(decline_code ? { decline_code } : {}),
    message: 'Your card was declined.',
  })
  if (number === cards.insufficient) return card('card_declined', 'insufficient_funds')
  if (number === cards.expired) return card('expired_card', 'expired_card')
  if (number === cards.declined) return card('card_declined', 'generic_decline')
  return null
}

/** 1.5 % and a quarter, at most the amount. */
export const feeFor = (amount: number): number => Math.min(amount, Math.round(amount * 0.015) + 25)

const zeroDecimals = new Set(['jpy', 'krw', 'vnd', 'clp', 'pyg', 'xof', 'xaf'])
const threeDecimals = new Set(['bhd', 'kwd', 'jod', 'omr', 'tnd'])
export const major = (amount: number, currency: string): string => {
  const decimals = zeroDecimals.has(currency) ? 0 : threeDecimals.has(currency) ? 3 : 2
  return (amount / 10 ** decimals).toFixed(decimals)
}

/** The itemised balance report, as it is downloaded. */
export function balanceCsv(lines: readonly BalanceLine[]): string {
  const head =
    'balance_transaction_id,created_utc,available_on_utc,currency,gross,fee,net,reporting_category,source_id,description,payment_intent_id'
  const when = (seconds: number) => new Date(seconds * 1000).toISOString().slice(0, 19).replace('T', ' ')
  const rows = lines.map((line) =>
    [
      line.id,
      when(line.created),
      when(line.created + 172_800),
      line.currency,
      major(line.amount, line.currency),
      major(line.fee, line.currency),
      major(line.net, line.currency),
      line.reporting_category,
      line.source,
      `"About ""${line.source}"", as sent"`,
      line.payment_intent,
    ].join(','),
  )
  return [head, ...rows, ''].join('\n')
}
