import { eventType } from '../../kernel/events.ts'
import type { CancelReason } from './tables.ts'

export interface OrderBody {
  orderId: string
  number: string
  checkoutId: string
  shopId: string
  personId: string
  showId: string | null
  amount: number
  currency: string
}
export interface SoldLine {
  variantId: string
  quantity: number
  source: { kind: string; id: string | null }
}
export const orderPlaced = eventType<OrderBody & { payOnDelivery: boolean; lines: SoldLine[] }>('order.placed')
/** Paid, or promised at the door: the sale stands and the units have left the stock. */
export const orderConfirmed = eventType<OrderBody & { payOnDelivery: boolean; lines: SoldLine[] }>('order.confirmed')
export const orderPaid = eventType<OrderBody & { lines: SoldLine[] }>('order.paid')
export const orderCancelled = eventType<OrderBody & { reason: CancelReason; refunded: number; lines: SoldLine[] }>(
  'order.cancelled',
)
export const orderPacked = eventType<OrderBody & { parcelId: string }>('order.packed')
export const orderShipped = eventType<OrderBody & { parcelId: string; carrier: string; tracking: string }>('order.shipped')
export const orderDelivered = eventType<OrderBody & { parcelId: string }>('order.delivered')
export const orderRefunded = eventType<OrderBody & { refunded: number; whole: boolean; reason: string }>('order.refunded')
/** Money came after the units had gone to others: it goes back by itself. */
export const orderPaidTooLate = eventType<OrderBody & { refunded: number }>('order.paid_too_late')
/** The provider would not give the money back: somebody has to. */
export const orderRefundFailed = eventType<OrderBody & { refundId: string; failed: number }>('order.refund_failed')
