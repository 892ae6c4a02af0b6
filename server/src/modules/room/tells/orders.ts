import type { EventType } from '../../../kernel/events.ts'
import * as orders from '../../orders/events.ts'
import * as payments from '../../payments/events.ts'
import { type RoomContribution, type Teller, tell, toPerson } from '../contribution.ts'

/** A buyer's own news: only that something changed; the order and the payment are read again. */
const order = (type: EventType<orders.OrderBody>): Teller =>
  tell(type, ({ personId, orderId, number, checkoutId }) => toPerson(personId, type.type, { orderId, number, checkoutId }))
const payment = (type: EventType<payments.PaymentBody>): Teller =>
  tell(type, ({ personId, paymentId, subjectId }) => toPerson(personId, type.type, { paymentId, subjectId }))

export const orderTells: RoomContribution = {
  name: 'orders',
  tellers: [
    ...[
      orders.orderPlaced,
      orders.orderConfirmed,
      orders.orderPaid,
      orders.orderCancelled,
      orders.orderPacked,
      orders.orderShipped,
      orders.orderDelivered,
      orders.orderRefunded,
      orders.orderPaidTooLate,
    ].map((type) => order(type)),
    ...[payments.paymentNeedsAction, payments.paymentUnknown, payments.paymentDeclined].map((type) => payment(type)),
  ],
}
