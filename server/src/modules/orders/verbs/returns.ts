import { money } from '@efir/contract/money.ts'
import type { Tx } from '../../../kernel/context.ts'
import { assert, found, Refusal, refuseIf } from '../../../kernel/refusal.ts'
import { at, sql } from '../../../kernel/sql.ts'
import { buyer, move, shop } from '../../ledger/verbs/accounts.ts'
import { post, reverse } from '../../ledger/verbs/transfers.ts'
import { askRefund, askVoid } from '../../payments/verbs/ask.ts'
import { mayStillTake, paymentRow } from '../../payments/views.ts'
import { returnSold } from '../../stock/verbs/reservations.ts'
import { orderCancelled, orderRefunded, orderRefundFailed } from '../events.ts'
import { buyerMayCancel, mayRefund, shopMayCancel } from '../rules/life.ts'
import { returnValue } from '../rules/totals.ts'
import type { LineRow, OrderRow } from '../tables.ts'
import { abandon, bodyOf, closeEmptyParcel, linesOf, lockCheckout, soldLines, topicOf } from './settle.ts'

const factsOf = (o: OrderRow) => ({
  state: o.state,
  confirmed: o.confirmed_at !== null,
  payOnDelivery: o.pay_on_delivery,
  paid: o.paid_at !== null,
})

async function locked(tx: Tx, orderId: string): Promise<{ order: OrderRow; orders: OrderRow[] }> {
  const at = found(await tx.maybe<{ checkout_id: string }>(sql`select checkout_id from orders.order where id = ${orderId}`))
  const { orders } = await lockCheckout(tx, at.checkout_id)
  return { order: found(orders.find((o) => o.id === orderId)), orders }
}

/** Before it is sold, the whole purchase is taken back; after that, this order with its money. */
export async function cancel(tx: Tx, input: { orderId: string; by: 'buyer' | 'shop' }): Promise<void> {
  const { order, orders } = await locked(tx, input.orderId)
  const may = input.by === 'buyer' ? buyerMayCancel : shopMayCancel
  refuseIf(!may(factsOf(order)), 'order_state', { state: order.state })
  if (order.confirmed_at === null) return await cancelUnsold(tx, order, orders, input.by)
  const lines = await linesOf(tx, order.id)
  for (const line of byReservation(lines)) {
    if (line.reservation_id !== null && line.quantity > line.returned)
      await returnSold(tx, { reservationId: line.reservation_id, quantity: line.quantity - line.returned, cause: 'cancelled' })
  }
  await tx.run(sql`update orders.line set returned = quantity where order_id = ${order.id} and kind = 'goods'`)
  const back = order.pay_on_delivery ? await letGo(tx, order) : await giveBackAll(tx, order)
  await tx.run(
    sql`update orders.order set state = 'cancelled', cancel_reason = ${input.by}, cancelled_at = ${at(tx.now)} where id = ${order.id}`,
  )
  await closeEmptyParcel(tx, order.parcel_id)
  await tx.announce(
    orderCancelled,
    { ...bodyOf(order), reason: input.by, refunded: back, lines: soldLines(lines) },
    topicOf(order),
  )
}

const byReservation = (lines: readonly LineRow[]): LineRow[] =>
  lines.toSorted((a, b) => ((a.reservation_id ?? '') < (b.reservation_id ?? '') ? -1 : 1))

async function cancelUnsold(tx: Tx, order: OrderRow, orders: readonly OrderRow[], by: 'buyer' | 'shop'): Promise<void> {
  if (order.payment_id !== null) {
    const payment = await paymentRow(tx, order.payment_id)
    refuseIf(mayStillTake(payment), 'payment_pending')
    await askVoid(tx, { paymentId: payment.id })
  }
  for (const one of orders) if (one.state === 'placed' && one.confirmed_at === null) await abandon(tx, one, by)
}

/** Nothing was paid yet: the sale is undone and nobody comes for the money. */
async function letGo(tx: Tx, order: OrderRow): Promise<number> {
  assert(order.payment_id !== null && order.paid_at === null, 'money taken at the door comes after the last moment to cancel')
  await reverse(tx, { cause: `order:${order.id}:sale` })
  await askVoid(tx, { paymentId: order.payment_id })
  return 0
}

/** All that is left, but for a delivery that other orders of the parcel still use. */
async function giveBackAll(tx: Tx, order: OrderRow): Promise<number> {
  const left = order.total_amount - order.refunded_amount - (await deliveryStillUsed(tx, order))
  if (left > 0) await giveBack(tx, order, { key: `${order.id}:cancelled`, amount: left, reason: 'cancelled' })
  return Math.max(left, 0)
}

/** Also by one that is still to be paid: else the delivery would be given back first and ridden on afterwards. */
async function deliveryStillUsed(tx: Tx, order: OrderRow): Promise<number> {
  const others = await tx.maybe(
    sql`select 1 from orders.order where parcel_id = ${order.parcel_id} and id <> ${order.id} and state not in ('cancelled', 'refunded') limit 1`,
  )
  return others ? await deliveryOf(tx, order) : 0
}

/** What the buyer paid for delivery, with its tax. */
async function deliveryOf(tx: Tx, order: OrderRow): Promise<number> {
  const row = await tx.one<{ sum: number }>(
    sql`select coalesce(sum(total_amount + case when ${order.tax_included} then 0 else tax_amount end), 0)::bigint as sum from orders.line where order_id = ${order.id} and kind = 'delivery'`,
  )
  return row.sum
}

/** The last order of a parcel that never left is gone: the delivery that a cancelled one had kept for it goes back too. */
export async function giveDeliveryBack(tx: Tx, body: { orderId: string }): Promise<void> {
  const { parcel_id } = await tx.one<OrderRow>(sql`select parcel_id from orders.order where id = ${body.orderId}`)
  const rows = await tx.rows<{ checkout_id: string }>(
    sql`select distinct checkout_id from orders.order where parcel_id = ${parcel_id} and state = 'cancelled' and paid_at is not null and refunded_amount < total_amount order by 1`,
  )
  const orders: OrderRow[] = []
  for (const { checkout_id } of rows) orders.push(...(await lockCheckout(tx, checkout_id)).orders)
  // Two that were cancelled at once each saw the other still living.
  await closeEmptyParcel(tx, parcel_id)
  if (!(await tx.maybe(sql`select 1 from orders.parcel where id = ${parcel_id} and state = 'empty'`))) return
  for (const order of orders.filter((o) => o.parcel_id === parcel_id && o.state === 'cancelled' && o.paid_at !== null)) {
    const kept = order.total_amount - order.refunded_amount
    if (kept === 0 || kept !== (await deliveryOf(tx, order))) continue
    if (!(await giveBack(tx, order, { key: `${order.id}:delivery`, amount: kept, reason: 'cancelled' }))) continue
    await tx.announce(orderRefunded, { ...bodyOf(order), refunded: kept, whole: true, reason: 'cancelled' }, order.shop_id)
  }
}

async function giveBack(
  tx: Tx,
  order: OrderRow,
  input: { key: string; amount: number; reason: string; askedBy?: string },
): Promise<boolean> {
  assert(order.payment_id !== null, 'what was paid has a payment')
  const { refundId, replay } = await askRefund(tx, { ...input, paymentId: order.payment_id, orderId: order.id })
  if (replay) return false
  const amount = money(input.amount, order.currency)
  await post(tx, {
    kind: 'sale_return',
    cause: `refund:${refundId}:return`,
    orderId: order.id,
    shopId: order.shop_id,
    paymentId: order.payment_id,
    entries: move(amount, buyer(order.person_id), shop(order.shop_id)),
  })
  await tx.run(sql`update orders.order set refunded_amount = refunded_amount + ${input.amount} where id = ${order.id}`)
  return true
}

export interface Refunding {
  readonly orderId: string
  readonly key: string
  readonly reason: string
  readonly amount?: { amount: number; currency: string }
  readonly returned?: readonly { lineId: string; quantity: number }[]
  readonly askedBy: string
}

/** An amount, the value of returned units, or all that is left. */
export async function refund(tx: Tx, input: Refunding): Promise<void> {
  const { order } = await locked(tx, input.orderId)
  const key = `${order.id}:${input.key}`
  if (await tx.maybe(sql`select 1 from payments.refund where key = ${key}`)) return
  refuseIf(!mayRefund(factsOf(order)), 'order_state', { state: order.state })
  refuseIf(input.amount !== undefined && input.amount.currency !== order.currency, 'bad_input', {
    field: 'amount',
    problem: 'another currency',
  })
  const lines = await linesOf(tx, order.id)
  const left = order.total_amount - order.refunded_amount
  const value = input.returned ? await takeBack(tx, order, lines, input.returned) : left
  const amount = input.amount?.amount ?? Math.min(value, left)
  if (amount < 1 || amount > left) throw new Refusal('refund_too_large', { left, currency: order.currency })
  await giveBack(tx, order, { key, amount, reason: input.reason, askedBy: input.askedBy })
  const whole = amount === left
  if (whole && order.state !== 'cancelled') {
    await tx.run(sql`update orders.order set state = 'refunded' where id = ${order.id}`)
    await closeEmptyParcel(tx, order.parcel_id)
  }
  await tx.announce(orderRefunded, { ...bodyOf(order), refunded: amount, whole, reason: input.reason }, order.shop_id)
}

async function takeBack(
  tx: Tx,
  order: OrderRow,
  lines: readonly LineRow[],
  returned: readonly { lineId: string; quantity: number }[],
): Promise<number> {
  let value = 0
  for (const back of returned.toSorted((a, b) => (a.lineId < b.lineId ? -1 : 1))) {
    const line = lines.find((l) => l.id === back.lineId && l.kind === 'goods')
    refuseIf(!line || line.returned + back.quantity > line.quantity, 'bad_input', {
      field: 'returned',
      problem: 'more units than were bought',
    })
    assert(line && line.reservation_id !== null, 'what was sold was reserved')
    value += returnValue(
      { unit: line.unit_amount, quantity: line.quantity, tax: line.tax_amount, returned: line.returned },
      back.quantity,
      order.tax_included,
    )
    await tx.run(sql`update orders.line set returned = returned + ${back.quantity} where id = ${line.id}`)
    await returnSold(tx, { reservationId: line.reservation_id, quantity: back.quantity, cause: 'returned' })
  }
  return value
}

/** The provider did not give it back: the books say so again, and somebody is told. */
export async function refundFailed(tx: Tx, input: { refundId: string; orderId: string; amount: number }): Promise<void> {
  const { order } = await locked(tx, input.orderId)
  const posted = await tx.maybe(sql`select 1 from ledger.transfer where cause = ${`refund:${input.refundId}:return`}`)
  if (posted) {
    const { replay } = await reverse(tx, { cause: `refund:${input.refundId}:return` })
    if (replay) return
    await tx.run(sql`update orders.order set refunded_amount = refunded_amount - ${input.amount} where id = ${order.id}`)
    await tx.run(sql`update orders.order set state = ${afterFailure(order)} where id = ${order.id} and state = 'refunded'`)
  }
  await tx.announce(orderRefundFailed, { ...bodyOf(order), refundId: input.refundId, failed: input.amount }, order.shop_id)
}

const afterFailure = (o: OrderRow): OrderRow['state'] =>
  o.delivered_at !== null ? 'delivered' : o.shipped_at !== null ? 'shipped' : o.packed_at !== null ? 'packed' : 'paid'
