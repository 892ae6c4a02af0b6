import type { Tx } from '../../../kernel/context.ts'
import { found, refuseIf } from '../../../kernel/refusal.ts'
import { at, sql } from '../../../kernel/sql.ts'
import { askCapture } from '../../payments/verbs/ask.ts'
import { orderDelivered, orderPacked, orderShipped } from '../events.ts'
import { mayMove, mayPack } from '../rules/life.ts'
import type { OrderRow, ParcelRow } from '../tables.ts'
import { bodyOf, lockCheckout } from './settle.ts'

interface OfParcel {
  readonly shopId: string
  readonly parcelId: string
}

/** Checkouts before the parcel, as everywhere; whoever joined in between is seen by the second look. */
async function locked(tx: Tx, input: OfParcel): Promise<{ parcel: ParcelRow; orders: OrderRow[] }> {
  const checkouts = await tx.rows<{ id: string }>(
    sql`select distinct checkout_id as id from orders.order where parcel_id = ${input.parcelId} order by 1`,
  )
  for (const checkout of checkouts) await lockCheckout(tx, checkout.id)
  const parcel = found(
    await tx.maybe<ParcelRow>(
      sql`select * from orders.parcel where id = ${input.parcelId} and shop_id = ${input.shopId} for update`,
    ),
  )
  const orders = await tx.rows<OrderRow>(sql`select * from orders.order where parcel_id = ${parcel.id} order by id`)
  return { parcel, orders }
}

const factsOf = (o: OrderRow) => ({ state: o.state, confirmed: o.confirmed_at !== null, payOnDelivery: o.pay_on_delivery })

/** What is paid goes; what is still being paid gets a parcel of its own. */
export async function packParcel(tx: Tx, input: OfParcel): Promise<void> {
  const { parcel, orders } = await locked(tx, input)
  const ready = orders.filter((o) => mayPack(factsOf(o)))
  refuseIf(parcel.state !== 'open' || ready.length === 0, 'order_state', { state: parcel.state })
  const waiting = orders.filter((o) => o.state === 'placed' && !ready.includes(o))
  if (waiting.length > 0) {
    const id = tx.newId('parcel')
    await tx.run(
      sql`insert into orders.parcel (id, shop_id, person_id, show_id, method_id, address_digest, currency, opened_at)
          select ${id}, shop_id, person_id, show_id, method_id, address_digest, currency, ${at(tx.now)} from orders.parcel where id = ${parcel.id}`,
    )
    await tx.run(sql`update orders.order set parcel_id = ${id} where id = any(${waiting.map((o) => o.id)})`)
  }
  await tx.run(sql`update orders.parcel set state = 'packed', packed_at = ${at(tx.now)} where id = ${parcel.id}`)
  await tx.run(sql`update orders.order set state = 'packed', packed_at = ${at(tx.now)} where id = any(${ready.map((o) => o.id)})`)
  for (const order of ready) await tx.announce(orderPacked, { ...bodyOf(order), parcelId: parcel.id }, order.shop_id)
}

export async function shipParcel(tx: Tx, input: OfParcel & { carrier: string; tracking: string }): Promise<void> {
  const { parcel, orders } = await locked(tx, input)
  const ready = orders.filter((o) => mayMove(o.state, 'shipped'))
  refuseIf(parcel.state !== 'packed' || ready.length === 0, 'order_state', { state: parcel.state })
  const { carrier, tracking } = input
  await tx.run(
    sql`update orders.parcel set state = 'shipped', carrier = ${carrier}, tracking = ${tracking}, shipped_at = ${at(tx.now)} where id = ${parcel.id}`,
  )
  await tx.run(
    sql`update orders.order set state = 'shipped', shipped_at = ${at(tx.now)} where id = any(${ready.map((o) => o.id)})`,
  )
  for (const order of ready)
    await tx.announce(orderShipped, { ...bodyOf(order), parcelId: parcel.id, carrier, tracking }, order.shop_id)
}

/** Also straight from packed: handed over in person. Money promised at the door has been taken. */
export async function deliverParcel(tx: Tx, input: OfParcel): Promise<void> {
  const { parcel, orders } = await locked(tx, input)
  const ready = orders.filter((o) => mayMove(o.state, 'delivered'))
  refuseIf((parcel.state !== 'shipped' && parcel.state !== 'packed') || ready.length === 0, 'order_state', {
    state: parcel.state,
  })
  await tx.run(sql`update orders.parcel set state = 'delivered', delivered_at = ${at(tx.now)} where id = ${parcel.id}`)
  await tx.run(
    sql`update orders.order set state = 'delivered', delivered_at = ${at(tx.now)} where id = any(${ready.map((o) => o.id)})`,
  )
  for (const order of ready) {
    if (order.pay_on_delivery && order.payment_id !== null)
      await askCapture(tx, { paymentId: order.payment_id, amount: order.total_amount - order.refunded_amount })
    await tx.announce(orderDelivered, { ...bodyOf(order), parcelId: parcel.id }, order.shop_id)
  }
}
