import { createHash } from 'node:crypto'
import type { In } from '@efir/contract/act.ts'
import { compare } from '@efir/contract/money.ts'
import type * as contract from '@efir/contract/orders.ts'
import type { Tx } from '../../../kernel/context.ts'
import { found, Refusal, refuseIf } from '../../../kernel/refusal.ts'
import { at, json, sql } from '../../../kernel/sql.ts'
import { openPayment } from '../../payments/verbs/ask.ts'
import type { Cashier } from '../../payments/verbs/cashier.ts'
import { commitReservation, countBuyerKeys } from '../../stock/verbs/reservations.ts'
import { orderPlaced } from '../events.ts'
import { addressDigest, checkAddress } from '../rules/address.ts'
import { actMs, payUntil } from '../rules/life.ts'
import { orderNumber } from '../rules/numbers.ts'
import type { AddressValue, CheckoutRow, OrderRow } from '../tables.ts'
import { buildQuote, type FullQuote, fieldsOf, methodsOf, type ShopQuote, type TakenMethod } from './quote.ts'
import { bodyOf } from './settle.ts'
import { mailKeys } from './units.ts'

export type Placing = In<typeof contract.placeOrder>

export interface Placed {
  readonly checkoutId: string
  readonly replay: boolean
}

const digestOf = (input: Placing): string => {
  const { payment, locale: _, ...rest } = input
  return createHash('sha256')
    .update(JSON.stringify({ ...rest, method: payment.method }))
    .digest('base64url')
}

export async function replayOf(tx: Pick<Tx, 'maybe'>, personId: string, input: Placing): Promise<Placed | null> {
  const before = await tx.maybe<CheckoutRow>(
    sql`select * from orders.checkout where person_id = ${personId} and key = ${input.key}`,
  )
  refuseIf(before !== null && before.digest !== digestOf(input), 'key_reused')
  return before && { checkoutId: before.id, replay: true }
}

/** All in one transaction, with `items` as reserved by now: prices once more, orders, parcels, the commitment of the units, and the payment that will be asked for after it. */
export async function place(
  tx: Tx,
  asked: { cashier: Cashier; personId: string; input: Placing; items: Placing['items'] },
): Promise<Placed> {
  const { cashier, personId, input } = asked
  // Taps of one person take turns, so that a repeated key is a replay and two purchases of one show find each other's parcel.
  await tx.run(sql`select pg_advisory_xact_lock(hashtextextended(${`orders.place ${personId}`}, 0))`)
  const replay = await replayOf(tx, personId, input)
  if (replay) return replay
  const quote = await buildQuote({
    q: tx,
    now: tx.now,
    secret: tx.kernel.secret,
    personId,
    market: input.market,
    items: asked.items,
    country: input.address.country,
    delivery: input.delivery,
    address: input.address,
  })
  const taken = (await methodsOf(tx, quote, cashier)).find((m) => m.method === input.payment.method)
  if (!taken || (!taken.atTheDoor && !input.payment.token))
    throw new Refusal('payment_method_unavailable', { method: input.payment.method })
  if (quote.total.currency !== input.total.currency || compare(quote.total, input.total) !== 0) {
    throw new Refusal('price_changed', { amount: quote.total.amount, currency: quote.total.currency })
  }
  const payFirst = quote.shops.some((s) => s.lines.some((l) => !l.reservationId))
  // Nothing is held at the door, so the units must be reserved before.
  refuseIf(payFirst && taken.atTheDoor, 'payment_method_unavailable', { method: input.payment.method })
  const checkoutId = tx.newId('checkout')
  const holds = quote.shops.flatMap((s) => s.lines.flatMap((l) => (l.validUntil === undefined ? [] : [l.validUntil])))
  const until = payUntil(tx.now, holds)
  await tx.run(
    sql`insert into orders.checkout (id, person_id, key, digest, market, currency, locale, email, total_amount, method, pay_first, pay_until, placed_at)
        values (${checkoutId}, ${personId}, ${input.key}, ${digestOf(input)}, ${input.market}, ${quote.total.currency}, ${input.locale ?? tx.locale}, ${input.email.toLowerCase()},
                ${quote.total.amount}, ${input.payment.method}, ${payFirst}, ${at(until)}, ${at(tx.now)})`,
  )
  const orders: OrderRow[] = []
  for (const shop of quote.shops)
    orders.push(await placeOne(tx, { checkoutId, personId, input, quote, shop, atTheDoor: taken.atTheDoor }))
  await commitUnits(tx, personId, quote)
  await openPayments(tx, { checkoutId, personId, orders, quote, method: taken, payFirst })
  // What is promised at the door asks the buyer for nothing more: should this process die now, the promise is made by the job.
  if (taken.atTheDoor) await tx.addJob('orders.goOn', { checkoutId }, { runAt: tx.now + actMs, key: `orders.goOn:${checkoutId}` })
  else await tx.addJob('orders.lapse', { checkoutId }, { runAt: until, key: `orders.lapse:${checkoutId}` })
  await emptyCart(tx, personId, input)
  return { checkoutId, replay: false }
}

/** The delivery kind decides which fields are needed. */
function addressFor(input: Placing, shop: ShopQuote): AddressValue {
  const answer = checkAddress(fieldsOf(input.address.country), input.address, shop.chosen?.method.kind ?? 'courier')
  if (!answer.ok) throw new Refusal('address_invalid', { field: answer.field, problem: answer.problem })
  return answer.address
}

interface PlacingOne {
  readonly checkoutId: string
  readonly personId: string
  readonly input: Placing
  readonly quote: FullQuote
  readonly shop: ShopQuote
  readonly atTheDoor: boolean
}

async function placeOne(tx: Tx, asked: PlacingOne): Promise<OrderRow> {
  const { input, shop, quote } = asked
  const chosen = found(shop.chosen, 'delivery_unavailable')
  const address = addressFor(input, shop)
  const id = tx.newId('order')
  const number = await freeNumber(tx, id)
  const parcelId = await parcelFor(tx, asked, address)
  const { totals } = shop
  const search = [number, number.replace('-', ''), input.email, address.name, address.phone, ...shop.lines.map((l) => l.sku)]
    .join(' ')
    .toLowerCase()
  const order = await tx.one<OrderRow>(
    sql`insert into orders.order (id, number, checkout_id, shop_id, person_id, show_id, state, currency, tax_included, goods_amount, delivery_amount, tax_amount, total_amount,
          pay_on_delivery, parcel_id, method_id, method_kind, method_name, email, phone, locale, address, search, placed_at)
        values (${id}, ${number}, ${asked.checkoutId}, ${shop.shop.id}, ${asked.personId}, ${shop.showId}, 'placed', ${totals.total.currency}, ${quote.profile.taxIncluded},
          ${totals.goods.amount}, ${totals.delivery.amount}, ${totals.tax.amount}, ${totals.total.amount}, ${asked.atTheDoor}, ${parcelId}, ${chosen.method.id}, ${chosen.method.kind},
          ${json(chosen.method.name)}, ${input.email.toLowerCase()}, ${address.phone}, ${input.locale ?? tx.locale}, ${json(address)}, ${search}, ${at(tx.now)}) returning *`,
  )
  await writeLines(tx, order.id, shop)
  await tx.announce(
    orderPlaced,
    {
      ...bodyOf(order),
      payOnDelivery: order.pay_on_delivery,
      lines: shop.lines.map((l) => ({
        variantId: l.variantId,
        quantity: l.quantity,
        source: { kind: l.source.kind, id: l.source.id ?? null },
      })),
    },
    order.show_id ?? order.shop_id,
  )
  return order
}

async function freeNumber(tx: Tx, orderId: string): Promise<string> {
  for (let attempt = 0; attempt < 20; attempt++) {
    const number = orderNumber(tx.kernel.secret, orderId, attempt)
    if (!(await tx.maybe(sql`select 1 from orders.order where number = ${number}`))) return number
  }
  throw new Error('defect: twenty order numbers in a row were taken')
}

async function parcelFor(tx: Tx, asked: PlacingOne, address: AddressValue): Promise<string> {
  const { shop } = asked
  const chosen = found(shop.chosen, 'delivery_unavailable')
  if (chosen.parcelId) {
    // Locked, so that it is not packed between finding it and joining it.
    const open = await tx.maybe(
      sql`select 1 from orders.parcel where id = ${chosen.parcelId} and state = 'open' and address_digest = ${addressDigest(address)} for update`,
    )
    if (open) return chosen.parcelId
    throw new Refusal('price_changed', { amount: asked.quote.total.amount, currency: asked.quote.total.currency })
  }
  const id = tx.newId('parcel')
  await tx.run(
    sql`insert into orders.parcel (id, shop_id, person_id, show_id, method_id, address_digest, currency, opened_at)
        values (${id}, ${shop.shop.id}, ${asked.personId}, ${shop.showId}, ${chosen.method.id}, ${addressDigest(address)}, ${shop.totals.total.currency}, ${at(tx.now)})`,
  )
  return id
}

async function writeLines(tx: Tx, orderId: string, shop: ShopQuote): Promise<void> {
  const { totals } = shop
  for (const [position, line] of shop.lines.entries()) {
    const counted = totals.lines[position]
    await tx.run(
      sql`insert into orders.line (id, order_id, shop_id, kind, position, variant_id, product_id, title, options, sku, quantity, unit_amount, total_amount, tax_rate, tax_amount,
            reservation_id, allotment_id, terms, source_kind, source_id, show_id)
          values (${tx.newId('line')}, ${orderId}, ${shop.shop.id}, 'goods', ${position}, ${line.variantId}, ${line.productId}, ${json(line.title)}, ${json(line.options)}, ${line.sku},
            ${line.quantity}, ${line.price.amount}, ${counted?.total.amount ?? 0}, ${line.rate}, ${counted?.tax.amount ?? 0}, ${line.reservationId ?? null},
            ${line.reservationId ? null : (line.allotmentId ?? null)}, ${line.reservationId ? null : (line.terms ?? null)}, ${line.source.kind}, ${line.source.id ?? null}, ${line.source.showId ?? null})`,
    )
  }
  if (totals.delivery.amount === 0) return
  await tx.run(
    sql`insert into orders.line (id, order_id, shop_id, kind, position, title, quantity, unit_amount, total_amount, tax_rate, tax_amount, source_kind)
        values (${tx.newId('line')}, ${orderId}, ${shop.shop.id}, 'delivery', ${shop.lines.length}, ${json(shop.chosen?.method.name ?? {})}, 1, ${totals.delivery.amount},
          ${totals.delivery.amount}, ${shop.deliveryTaxRate}, ${totals.deliveryTax.amount}, 'delivery')`,
  )
}

/** From here the units cannot lapse. The verified address counts for the limit like the person does. */
async function commitUnits(tx: Tx, personId: string, quote: FullQuote): Promise<void> {
  const keys = await mailKeys(tx, personId)
  const ids = quote.shops.flatMap((s) => s.lines.flatMap((l) => (l.reservationId ? [l.reservationId] : []))).toSorted()
  for (const reservationId of ids) {
    await commitReservation(tx, { reservationId, personId })
    if (keys.length > 0) await countBuyerKeys(tx, { reservationId, keys })
  }
}

interface Paying {
  readonly checkoutId: string
  readonly personId: string
  readonly orders: readonly OrderRow[]
  readonly quote: FullQuote
  readonly method: TakenMethod
  readonly payFirst: boolean
}

/** One payment for all by card; at the door each shop takes its own. */
async function openPayments(tx: Tx, asked: Paying): Promise<void> {
  const common = { personId: asked.personId, provider: asked.method.provider, method: asked.method.method }
  if (asked.method.atTheDoor) {
    for (const order of asked.orders) {
      const amount = { amount: order.total_amount, currency: order.currency }
      const payment = await openPayment(tx, {
        ...common,
        key: `${order.id}:door`,
        subjectId: order.id,
        capture: 'manual',
        shopId: order.shop_id,
        amount,
      })
      await tx.run(sql`update orders.order set payment_id = ${payment.id} where id = ${order.id}`)
    }
    return
  }
  const capture = asked.payFirst ? 'manual' : 'automatic'
  const payment = await openPayment(tx, {
    ...common,
    key: `${asked.checkoutId}:1`,
    subjectId: asked.checkoutId,
    capture,
    // A shop's own account takes money for it alone.
    shopId: asked.method.holds === 'shop' ? asked.orders[0]?.shop_id : undefined,
    amount: asked.quote.total,
  })
  await tx.run(sql`update orders.checkout set payment_id = ${payment.id} where id = ${asked.checkoutId}`)
  await tx.run(sql`update orders.order set payment_id = ${payment.id} where checkout_id = ${asked.checkoutId}`)
}

async function emptyCart(tx: Tx, personId: string, input: Placing): Promise<void> {
  const reservations = input.items.flatMap((i) => (i.reservationId ? [i.reservationId] : []))
  const variants = input.items.flatMap((i) => (i.variantId ? [i.variantId] : []))
  await tx.run(
    sql`delete from orders.cart_line where person_id = ${personId} and (reservation_id = any(${reservations}) or (reservation_id is null and market = ${input.market} and variant_id = any(${variants})))`,
  )
}
