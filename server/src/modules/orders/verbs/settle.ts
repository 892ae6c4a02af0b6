import { money, split } from '@efir/contract/money.ts'
import type { Tx } from '../../../kernel/context.ts'
import { assert } from '../../../kernel/refusal.ts'
import { at, sql } from '../../../kernel/sql.ts'
import { buyer, fees, move, shop } from '../../ledger/verbs/accounts.ts'
import { post } from '../../ledger/verbs/transfers.ts'
import type { PaymentRow } from '../../payments/tables.ts'
import { askRefund, askVoid } from '../../payments/verbs/ask.ts'
import type { Within } from '../../payments/verbs/cashier.ts'
import { paymentRow } from '../../payments/views.ts'
import { payReservations, reacquire, releaseReservation } from '../../stock/verbs/reservations.ts'
import { type OrderBody, orderCancelled, orderConfirmed, orderPaid, orderPaidTooLate, type SoldLine } from '../events.ts'
import { challengeMs, mayMove } from '../rules/life.ts'
import type { CancelReason, CheckoutRow, LineRow, OrderRow } from '../tables.ts'

export const bodyOf = (order: OrderRow): OrderBody => ({
  orderId: order.id,
  number: order.number,
  checkoutId: order.checkout_id,
  shopId: order.shop_id,
  personId: order.person_id,
  showId: order.show_id,
  amount: order.total_amount,
  currency: order.currency,
})
export const topicOf = (order: OrderRow): string => order.show_id ?? order.shop_id

export const linesOf = (tx: Pick<Tx, 'rows'>, orderId: string) =>
  tx.rows<LineRow>(sql`select * from orders.line where order_id = ${orderId} order by position`)
const goodsOf = (lines: readonly LineRow[]) => lines.filter((l) => l.kind === 'goods')
export const soldLines = (lines: readonly LineRow[]): SoldLine[] =>
  goodsOf(lines).map((l) => ({
    variantId: l.variant_id ?? '',
    quantity: l.quantity - l.returned,
    source: { kind: l.source_kind, id: l.source_id },
  }))

interface Locked {
  readonly checkout: CheckoutRow
  readonly orders: OrderRow[]
}

/** Locks come in one order everywhere: checkout, orders, payment, stock. */
export async function lockCheckout(tx: Tx, checkoutId: string): Promise<Locked> {
  const checkout = await tx.one<CheckoutRow>(sql`select * from orders.checkout where id = ${checkoutId} for update`)
  const orders = await tx.rows<OrderRow>(sql`select * from orders.order where checkout_id = ${checkoutId} order by id for update`)
  return { checkout, orders }
}

/** The checkout a payment is for: its own subject, or the order paid at the door. */
export async function checkoutOf(tx: Pick<Tx, 'maybe'>, subjectId: string): Promise<string | null> {
  const row = await tx.maybe<{ id: string }>(
    sql`select id from orders.checkout where id = ${subjectId} union all select checkout_id as id from orders.order where id = ${subjectId}`,
  )
  return row?.id ?? null
}

/** The money has come: the sale stands, or, when it comes for nothing any more, it goes back. Safe to repeat. */
export async function settlePayment(tx: Tx, paymentId: string): Promise<void> {
  const { subject_id } = await paymentRow(tx, paymentId)
  const checkoutId = await checkoutOf(tx, subject_id)
  if (checkoutId === null) return
  await settleLocked(tx, await lockCheckout(tx, checkoutId), await paymentRow(tx, paymentId))
}

/** Takes in an answer under the lock of the purchase, and settles it in the same transaction. */
export const settling =
  (checkoutId: string, paymentId: string): Within =>
  async (tx, takeIn) => {
    const locked = await lockCheckout(tx, checkoutId)
    await takeIn()
    await settleLocked(tx, locked, await paymentRow(tx, paymentId))
  }

async function settleLocked(tx: Tx, { checkout, orders }: Locked, payment: PaymentRow): Promise<void> {
  if (payment.subject_id !== checkout.id) return await settleAtTheDoor(tx, orders, payment)
  if (payment.state !== 'captured' || orders.some((o) => o.confirmed_at !== null && o.payment_id === payment.id)) return
  const open = orders.filter((o) => o.state === 'placed' && o.confirmed_at === null)
  const lapsed = orders.filter((o) => o.state === 'cancelled' && o.cancel_reason === 'unpaid' && o.confirmed_at === null)
  const bought = open.length > 0 ? open : await revive(tx, lapsed, payment)
  if (checkout.attempts > 1) await giveUpOthers(tx, checkout, payment)
  const paidFor = bought.reduce((sum, o) => sum + o.total_amount, 0)
  const rest = payment.captured_amount - paidFor
  assert(rest >= 0, 'a capture covers the orders that it pays for')
  if (rest > 0) await sendBack(tx, orders, payment, rest)
  await confirm(tx, bought, payment)
}

/** Promised at the door, the sale stands from then on; the money comes with the parcel. */
async function settleAtTheDoor(tx: Tx, orders: readonly OrderRow[], payment: PaymentRow): Promise<void> {
  const order = orders.find((o) => o.payment_id === payment.id && o.pay_on_delivery)
  if (!order) return
  const lines = await linesOf(tx, order.id)
  if (payment.state === 'authorised' && order.confirmed_at === null && order.state === 'placed') {
    await bookSale(tx, order)
    await tx.run(sql`update orders.order set confirmed_at = ${at(tx.now)} where id = ${order.id}`)
    await tx.announce(orderConfirmed, { ...bodyOf(order), payOnDelivery: true, lines: soldLines(lines) }, topicOf(order))
    await takeFromStock(tx, lines)
  }
  if (payment.state === 'captured' && order.paid_at === null) {
    await tx.run(sql`update orders.order set paid_at = ${at(tx.now)} where id = ${order.id}`)
    await tx.announce(orderPaid, { ...bodyOf(order), lines: soldLines(lines) }, topicOf(order))
  }
}

/** The units leave the stock and the sale enters the ledger; each shop bears its share of what the provider kept. */
async function confirm(tx: Tx, orders: readonly OrderRow[], payment: PaymentRow): Promise<void> {
  if (orders.length === 0) return
  const taken: LineRow[] = []
  await bookFees(tx, orders, payment)
  for (const order of orders) {
    assert(mayMove('placed', 'paid'), 'a placed order can be paid')
    const lines = await linesOf(tx, order.id)
    taken.push(...lines)
    await bookSale(tx, order)
    await tx.run(
      sql`update orders.order set state = 'paid', paid_at = ${at(tx.now)}, confirmed_at = ${at(tx.now)}, payment_id = ${payment.id} where id = ${order.id}`,
    )
    await tx.announce(orderConfirmed, { ...bodyOf(order), payOnDelivery: false, lines: soldLines(lines) }, topicOf(order))
    await tx.announce(orderPaid, { ...bodyOf(order), lines: soldLines(lines) }, topicOf(order))
  }
  await takeFromStock(tx, taken)
}

/** Of a shop's own account the fee is the shop's already. */
async function bookFees(tx: Tx, orders: readonly OrderRow[], payment: PaymentRow): Promise<void> {
  if (payment.shop_id !== null || orders.length === 0) return
  const shares = split(
    money(payment.fee_amount, payment.currency),
    orders.map((o) => o.total_amount),
  )
  for (const [index, order] of orders.entries()) {
    const share = shares[index]
    if (!share || share.amount === 0) continue
    await post(tx, {
      kind: 'shop_fee',
      cause: `order:${order.id}:fee`,
      orderId: order.id,
      shopId: order.shop_id,
      paymentId: payment.id,
      entries: move(share, fees(payment.provider), shop(order.shop_id)),
    })
  }
}

/** The provider told only now what it keeps; orders that are not confirmed yet bear their shares when they are. */
export async function onFeeKnown(tx: Tx, body: { paymentId: string }): Promise<void> {
  const orders = await tx.rows<OrderRow>(
    sql`select * from orders.order where payment_id = ${body.paymentId} and paid_at is not null order by id`,
  )
  await bookFees(tx, orders, await paymentRow(tx, body.paymentId))
}

/** Last in its transaction: everybody who buys this variant waits for its level. */
async function takeFromStock(tx: Tx, lines: readonly LineRow[]): Promise<void> {
  await payReservations(
    tx,
    goodsOf(lines).map((l) => {
      assert(l.reservation_id !== null, 'what is sold was reserved')
      return l.reservation_id
    }),
  )
}

async function bookSale(tx: Tx, order: OrderRow): Promise<void> {
  const total = money(order.total_amount, order.currency)
  await post(tx, {
    kind: 'sale',
    cause: `order:${order.id}:sale`,
    orderId: order.id,
    shopId: order.shop_id,
    entries: move(total, shop(order.shop_id), buyer(order.person_id)),
  })
}

/** Orders given up as unpaid live again when all their units can still be had; each by itself. */
async function revive(tx: Tx, lapsed: readonly OrderRow[], payment: PaymentRow): Promise<OrderRow[]> {
  const revived: OrderRow[] = []
  let left = payment.captured_amount
  for (const order of lapsed) {
    if (order.total_amount > left || !(await reacquireAll(tx, order))) continue
    left -= order.total_amount
    await tx.run(sql`update orders.order set state = 'placed', cancel_reason = null, cancelled_at = null where id = ${order.id}`)
    await tx.run(sql`update orders.parcel set state = 'open' where id = ${order.parcel_id} and state = 'empty'`)
    revived.push({ ...order, state: 'placed', cancel_reason: null })
  }
  return revived
}

async function reacquireAll(tx: Tx, order: OrderRow): Promise<boolean> {
  const lines = goodsOf(await linesOf(tx, order.id))
  await tx.run(sql`savepoint revive`)
  for (const line of lines.toSorted((a, b) => ((a.reservation_id ?? '') < (b.reservation_id ?? '') ? -1 : 1))) {
    if (line.reservation_id !== null && (await reacquire(tx, line.reservation_id))) continue
    await tx.run(sql`rollback to savepoint revive`)
    return false
  }
  await tx.run(sql`release savepoint revive`)
  return true
}

/** An earlier or later try of the same purchase must not take money too. */
async function giveUpOthers(tx: Tx, checkout: CheckoutRow, payment: PaymentRow): Promise<void> {
  const others = await tx.rows<{ id: string }>(
    sql`select id from payments.payment where subject_id = ${checkout.id} and id <> ${payment.id} and state in ('created', 'unknown', 'requires_action', 'authorised') order by id`,
  )
  for (const other of others) await askVoid(tx, { paymentId: other.id })
}

/** True when nothing is left to do about what a payment came to: what the acts themselves bring about. Reads only. */
export async function isSettled(tx: Pick<Tx, 'maybe'>, paymentId: string, came: 'authorised' | 'captured'): Promise<boolean> {
  const done = came === 'captured' ? sql`paid_at is not null` : sql`(confirmed_at is not null or state = 'cancelled')`
  return (await tx.maybe(sql`select 1 from orders.order where payment_id = ${paymentId} and ${done} limit 1`)) !== null
}

/** Money held by a try that was given up, or for a purchase that has ended, is let go. */
export async function voidStray(tx: Tx, input: { paymentId: string; checkoutId: string }): Promise<boolean> {
  const { checkout, orders } = await lockCheckout(tx, input.checkoutId)
  const open = orders.some((o) => o.state === 'placed' && o.confirmed_at === null)
  if (open && checkout.payment_id === input.paymentId) return false
  await askVoid(tx, { paymentId: input.paymentId })
  return true
}

/** Money that pays for nothing goes back by itself, and the buyer is told. */
async function sendBack(tx: Tx, orders: readonly OrderRow[], payment: PaymentRow, amount: number): Promise<void> {
  const about = orders.find((o) => o.state === 'cancelled') ?? orders[0]
  assert(about, 'a checkout has orders')
  const { replay } = await askRefund(tx, {
    key: `${payment.id}:too_late`,
    paymentId: payment.id,
    orderId: about.id,
    amount,
    reason: 'too_late',
  })
  if (!replay) await tx.announce(orderPaidTooLate, { ...bodyOf(about), refunded: amount }, topicOf(about))
}

/** Ends an order that was never confirmed: its units go back. */
export async function abandon(tx: Tx, order: OrderRow, reason: CancelReason): Promise<void> {
  assert(order.confirmed_at === null && mayMove(order.state, 'cancelled'), 'only what was not sold is abandoned')
  const lines = goodsOf(await linesOf(tx, order.id))
  for (const line of lines.toSorted((a, b) => ((a.reservation_id ?? '') < (b.reservation_id ?? '') ? -1 : 1))) {
    if (line.reservation_id !== null) await releaseReservation(tx, { reservationId: line.reservation_id })
  }
  await tx.run(
    sql`update orders.order set state = 'cancelled', cancel_reason = ${reason}, cancelled_at = ${at(tx.now)} where id = ${order.id}`,
  )
  await closeEmptyParcel(tx, order.parcel_id)
  await tx.announce(orderCancelled, { ...bodyOf(order), reason, refunded: 0, lines: soldLines(lines) }, topicOf(order))
}

export async function closeEmptyParcel(tx: Tx, parcelId: string): Promise<void> {
  await tx.run(
    sql`update orders.parcel set state = 'empty' where id = ${parcelId} and state in ('open', 'packed')
        and not exists (select from orders.order where parcel_id = ${parcelId} and state not in ('cancelled', 'refunded'))`,
  )
}

/** The time to pay is over. What is being asked of a bank, or is not known, keeps its units; a question left open is withdrawn first. */
export async function lapse(tx: Tx, checkoutId: string): Promise<void> {
  const { checkout, orders } = await lockCheckout(tx, checkoutId)
  const open = orders.filter((o) => o.state === 'placed' && o.confirmed_at === null && !o.pay_on_delivery)
  if (open.length === 0 || checkout.payment_id === null) return
  const again = (runAt: number) => tx.addJob('orders.lapse', { checkoutId }, { runAt, key: `orders.lapse:${checkoutId}` })
  if (tx.now < checkout.pay_until) return await again(checkout.pay_until)
  const payment = await paymentRow(tx, checkout.payment_id)
  if (payment.state === 'requires_action') {
    const until = (payment.begun_at ?? tx.now) + challengeMs
    if (tx.now < until) return await again(until)
    await askVoid(tx, { paymentId: payment.id })
    return await again(tx.now + 60_000)
  }
  if (payment.state === 'unknown' || payment.state === 'authorised' || payment.state === 'captured')
    return await again(tx.now + 60_000)
  if (payment.state === 'created') await askVoid(tx, { paymentId: payment.id })
  for (const order of open) await abandon(tx, order, 'unpaid')
}
