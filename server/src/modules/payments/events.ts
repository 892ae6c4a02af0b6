import type { DeclineReason } from '@efir/contract/payments.ts'
import { eventType } from '../../kernel/events.ts'

export interface PaymentBody {
  paymentId: string
  /** The checkout or order that is paid. */
  subjectId: string
  personId: string
  amount: number
  currency: string
  /** The outcome came after the payment had been given up. */
  late: boolean
}
export const paymentNeedsAction = eventType<PaymentBody>('payment.needs_action')
export const paymentUnknown = eventType<PaymentBody>('payment.unknown')
export const paymentAuthorised = eventType<PaymentBody>('payment.authorised')
export const paymentCaptured = eventType<PaymentBody & { captured: number; fee: number }>('payment.captured')
/** Learned after the capture had been booked without it. */
export const paymentFeeKnown = eventType<PaymentBody & { fee: number }>('payment.fee_known')
export const paymentDeclined = eventType<PaymentBody & { reason: DeclineReason }>('payment.declined')
export const paymentVoided = eventType<PaymentBody>('payment.voided')

/** Never a key in it: what changed, and who did it. */
export const payAccountSaved = eventType<{
  accountId: string
  shopId: string | null
  provider: string
  active: boolean
  personId: string
}>('pay_account.saved')

export interface RefundBody {
  refundId: string
  paymentId: string
  orderId: string
  personId: string
  amount: number
  currency: string
}
export const refundDone = eventType<RefundBody>('payment.refunded')
export const refundRefused = eventType<RefundBody & { problem: string }>('payment.refund_refused')
