import { decimalsOf, type Money, majorToMoney, money } from '@efir/contract/money.ts'
import type { DeclineReason } from '@efir/contract/payments.ts'
import type { ProviderPayment, Receipt } from '../ports.ts'

/** Amounts are texts in major units. */
export interface Amount {
  readonly value: string
  readonly currency: string
}

export interface YooPayment {
  readonly id: string
  readonly status: 'pending' | 'waiting_for_capture' | 'succeeded' | 'canceled'
  readonly amount: Amount
  readonly income_amount?: Amount
  readonly confirmation?: { readonly type: string; readonly confirmation_url?: string }
  readonly cancellation_details?: { readonly party: string; readonly reason: string }
  readonly payment_method?: { readonly card?: { readonly last4: string; readonly card_type?: string } }
  readonly metadata?: Readonly<Record<string, string>>
}
export interface YooRefund {
  readonly id: string
  readonly payment_id: string
  readonly status: 'pending' | 'succeeded' | 'canceled'
  readonly amount: Amount
  readonly description?: string
}

export function toAmount(of: Money): Amount {
  const decimals = decimalsOf(of.currency)
  const digits = String(of.amount).padStart(decimals + 1, '0')
  const value = decimals === 0 ? digits : `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`
  return { value, currency: of.currency }
}
export function fromAmount(amount: Amount): Money {
  const read = majorToMoney(amount.value, amount.currency)
  if (read === null) throw new Error('the provider answered with an amount that is none')
  return read
}

const reasons: Readonly<Record<string, DeclineReason>> = {
  insufficient_funds: 'insufficient_funds',
  card_expired: 'card_expired',
  '3d_secure_failed': 'not_confirmed',
  expired_on_confirmation: 'not_confirmed',
  expired_on_capture: 'capture_refused',
  invalid_card_number: 'card_refused',
  invalid_csc: 'card_refused',
  fraud_suspected: 'card_refused',
  general_decline: 'card_refused',
  call_issuer: 'card_refused',
}

export function paymentOf(told: YooPayment): ProviderPayment {
  const seen = told.payment_method?.card
  const card = seen ? { card: { brand: (seen.card_type ?? 'card').toLowerCase(), last4: seen.last4 } } : {}
  const base = { ref: told.id, captured: 0, fee: 0, ...card }
  switch (told.status) {
    case 'pending': {
      const url = told.confirmation?.confirmation_url
      return url ? { ...base, state: 'requires_action', action: { kind: 'redirect', url } } : { ...base, state: 'processing' }
    }
    case 'waiting_for_capture':
      return { ...base, state: 'authorised' }
    case 'succeeded': {
      const captured = fromAmount(told.amount)
      const fee = told.income_amount ? captured.amount - fromAmount(told.income_amount).amount : 0
      return { ...base, state: 'captured', captured: captured.amount, fee }
    }
    case 'canceled': {
      const { party, reason = '' } = told.cancellation_details ?? {}
      if (party === 'merchant' || reason === 'canceled_by_merchant') return { ...base, state: 'voided' }
      return { ...base, state: 'declined', declineReason: reasons[reason] ?? 'provider_refused' }
    }
  }
}

/** Codes of VAT rates of a fiscal receipt, by basis points. */
const vatCodes: Readonly<Record<number, number>> = { 0: 1, 500: 7, 700: 8, 1000: 3, 2000: 4, 2200: 11 }
/** "VAT not included": for rates that the tax service has no code for. */
const withoutVat = 1

/** Federal law 54-FZ: what was bought, line by line; the sum of the lines is the payment. */
export function receiptOf(receipt: Receipt) {
  return {
    customer: { email: receipt.email },
    items: receipt.lines.map((line) => ({
      description: line.title.slice(0, 128),
      // Totals that do not divide by the quantity become one piece, named with its number.
      ...(line.total.amount % line.quantity === 0
        ? { quantity: String(line.quantity), amount: toAmount(money(line.total.amount / line.quantity, line.total.currency)) }
        : { quantity: '1', amount: toAmount(line.total), description: `${line.title.slice(0, 118)} × ${line.quantity}` }),
      vat_code: vatCodes[line.taxRate] ?? withoutVat,
      payment_subject: line.kind === 'delivery' ? 'service' : 'commodity',
      payment_mode: 'full_payment',
    })),
  }
}
