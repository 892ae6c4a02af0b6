import { type Money, money } from '@efir/contract/money.ts'
import { type DeclineReason, stripeZeros } from '@efir/contract/payments.ts'
import type Stripe from 'stripe'
import type { ProviderPayment } from '../ports.ts'

export function fromStripe(amount: number, currency: string): Money {
  const code = currency.toUpperCase()
  return money(stripeZeros.has(code) ? Math.round(amount / 100) : amount, code)
}

/** Stripe names many reasons; a buyer can act on few. */
export function reasonOf(code: string | undefined, declineCode: string | undefined): DeclineReason {
  if (declineCode === 'insufficient_funds') return 'insufficient_funds'
  if (code === 'expired_card' || declineCode === 'expired_card') return 'card_expired'
  if (code === 'payment_intent_authentication_failure' || code === 'authentication_required') return 'not_confirmed'
  if (code === 'payment_method_customer_decline') return 'not_confirmed'
  if (code === 'card_declined' || code?.startsWith('incorrect_') || code?.startsWith('invalid_')) return 'card_refused'
  return 'provider_refused'
}

type Intent = Pick<
  Stripe.PaymentIntent,
  'id' | 'status' | 'amount_received' | 'currency' | 'last_payment_error' | 'next_action' | 'client_secret' | 'latest_charge'
>

/** Null: begun, and never asked for any money. */
export function paymentOf(intent: Intent): ProviderPayment | null {
  const state = stateOf(intent)
  if (state === null) return null
  const captured = state === 'captured' ? fromStripe(intent.amount_received, intent.currency).amount : 0
  const error = intent.last_payment_error
  return {
    ref: intent.id,
    state,
    captured,
    fee: state === 'captured' ? feeOf(intent) : 0,
    ...(state === 'declined' ? { declineReason: reasonOf(error?.code, error?.decline_code) } : {}),
    ...(state === 'requires_action' ? { action: actionOf(intent) } : {}),
  }
}

function stateOf(intent: Intent): ProviderPayment['state'] | null {
  switch (intent.status) {
    case 'succeeded':
      return 'captured'
    case 'requires_capture':
      return 'authorised'
    case 'requires_action':
      return 'requires_action'
    case 'processing':
      return 'processing'
    case 'canceled':
      return 'voided'
    case 'requires_payment_method':
      return intent.last_payment_error ? 'declined' : null
    default:
      return null
  }
}

/** In the money of the payment; an account that settles in another one is booked from its balance report. */
function feeOf(intent: Intent): number {
  const charge = intent.latest_charge
  if (!charge || typeof charge === 'string') return 0
  const counted = charge.balance_transaction
  if (!counted || typeof counted === 'string') return 0
  return counted.currency === intent.currency ? fromStripe(counted.fee, counted.currency).amount : 0
}

function actionOf(intent: Intent): ProviderPayment['action'] {
  const url = intent.next_action?.redirect_to_url?.url
  if (intent.next_action?.type === 'redirect_to_url' && url) return { kind: 'redirect', url }
  return { kind: 'element', secret: intent.client_secret ?? '' }
}
