import type { In, Out } from '@efir/contract/act.ts'
import { money } from '@efir/contract/money.ts'
import type * as contract from '@efir/contract/orders.ts'
import type { LocalText } from '@efir/contract/scalars.ts'
import { type Actor, type Ctx, personOf } from '../../../kernel/context.ts'
import type { Queries } from '../../../kernel/db.ts'
import { found, Refusal } from '../../../kernel/refusal.ts'
import { at, nothing, type Sql, sql } from '../../../kernel/sql.ts'
import { paymentRow, paymentView, refundsOf } from '../../payments/views.ts'
import { buyerMayCancel, checkoutState, mayPack } from '../rules/life.ts'
import { readNumber } from '../rules/numbers.ts'
import type { CheckoutRow, LineRow, OrderRow, ParcelRow } from '../tables.ts'

export type OrderView = Out<typeof contract.order>
type Brief = Out<typeof contract.myOrders>['items'][number]

const given = <T>(value: T | null | undefined): T | undefined => value ?? undefined
const factsOf = (o: OrderRow) => ({ state: o.state, confirmed: o.confirmed_at !== null, payOnDelivery: o.pay_on_delivery })

/** Whose it is: the person's (or of the guest they were), or of who knows the e-mail it was placed with. Else there is no such order. */
async function isTheirs(
  q: Queries,
  actor: Actor,
  owner: { person_id: string; email: string },
  email: string | undefined,
): Promise<boolean> {
  if (email !== undefined && email.toLowerCase() === owner.email) return true
  if (actor.kind !== 'guest' && actor.kind !== 'account') return false
  if (actor.personId === owner.person_id) return true
  return (
    (await q.maybe(sql`select 1 from identity.person where id = ${owner.person_id} and claimed_by = ${actor.personId}`)) !== null
  )
}

interface Asked extends Queries {
  readonly actor: Actor
}

export async function myOrderRow(q: Asked, orderId: string, email: string | undefined): Promise<OrderRow> {
  const row = found(await q.maybe<OrderRow>(sql`select * from orders.order where id = ${orderId}`))
  if (!(await isTheirs(q, q.actor, row, email))) throw new Refusal('not_found')
  return row
}

export async function myCheckoutRow(q: Asked, checkoutId: string, email: string | undefined): Promise<CheckoutRow> {
  const row = found(await q.maybe<CheckoutRow>(sql`select * from orders.checkout where id = ${checkoutId}`))
  if (!(await isTheirs(q, q.actor, row, email))) throw new Refusal('not_found')
  return row
}

export async function shopOrderRow(q: Queries, shopId: string, orderId: string): Promise<OrderRow> {
  return found(await q.maybe<OrderRow>(sql`select * from orders.order where id = ${orderId} and shop_id = ${shopId}`))
}

type LineWithGoods = LineRow & { slug: string | null; picture: string | null }

export async function linesWithGoods(q: Queries, orderIds: readonly string[]): Promise<LineWithGoods[]> {
  return await q.rows<LineWithGoods>(
    sql`select l.*, p.slug,
          (select '/pictures/' || c.id from catalog.picture c where c.product_id = l.product_id order by (c.variant_id is not distinct from l.variant_id) desc, c.position limit 1) as picture
        from orders.line l left join catalog.product p on p.id = l.product_id where l.order_id = any(${[...orderIds]}) order by l.order_id, l.position`,
  )
}

export function orderLine(l: LineWithGoods, currency: string): OrderView['lines'][number] {
  return {
    id: l.id,
    kind: l.kind,
    variantId: given(l.variant_id),
    productId: given(l.product_id),
    productSlug: given(l.slug),
    title: l.title,
    options: l.options,
    sku: l.sku,
    picture: given(l.picture),
    quantity: l.quantity,
    unitPrice: money(l.unit_amount, currency),
    total: money(l.total_amount, currency),
    taxRate: l.tax_rate,
    tax: money(l.tax_amount, currency),
    returned: l.returned,
    source: { kind: l.source_kind, id: given(l.source_id), showId: given(l.show_id) },
  }
}

/** The whole page of an order in one answer. */
export async function orderPage(q: Queries, row: OrderRow, now: number): Promise<OrderView> {
  const sum = (amount: number) => money(amount, row.currency)
  const shop = await q.one<{ id: string; name: string; slug: string }>(
    sql`select id, name, slug from identity.shop where id = ${row.shop_id}`,
  )
  const parcel = await q.one<ParcelRow & { numbers: string[] }>(
    sql`select p.*, array(select number from orders.order where parcel_id = p.id and state <> 'cancelled' order by id) as numbers from orders.parcel p where p.id = ${row.parcel_id}`,
  )
  const { pay_until } = await q.one<{ pay_until: number }>(
    sql`select pay_until from orders.checkout where id = ${row.checkout_id}`,
  )
  const payment = row.payment_id ? await paymentRow(q, row.payment_id) : null
  const lines = await linesWithGoods(q, [row.id])
  const waiting = row.state === 'placed' && row.confirmed_at === null
  const mayPay =
    waiting &&
    !row.pay_on_delivery &&
    now < pay_until &&
    (payment === null || ['created', 'declined', 'voided'].includes(payment.state))
  const settled = waiting && payment !== null && !['created', 'declined', 'voided'].includes(payment.state)
  return {
    id: row.id,
    number: row.number,
    checkoutId: row.checkout_id,
    state: row.state,
    shop,
    taxIncluded: row.tax_included,
    goods: sum(row.goods_amount),
    delivery: sum(row.delivery_amount),
    tax: sum(row.tax_amount),
    total: sum(row.total_amount),
    refunded: sum(row.refunded_amount),
    lines: lines.map((l) => orderLine(l, row.currency)),
    email: row.email,
    phone: row.phone,
    address: row.address,
    deliveryMethod: { methodId: row.method_id, kind: row.method_kind, name: row.method_name },
    parcel: { id: parcel.id, state: parcel.state, carrier: parcel.carrier, tracking: parcel.tracking, numbers: parcel.numbers },
    payOnDelivery: row.pay_on_delivery,
    payment: payment ? paymentView(payment) : undefined,
    payUntilAt: waiting ? pay_until : undefined,
    refunds: await refundsOf(q, row.id),
    showId: given(row.show_id),
    locale: row.locale,
    placedAt: row.placed_at,
    paidAt: given(row.paid_at),
    packedAt: given(row.packed_at),
    shippedAt: given(row.shipped_at),
    deliveredAt: given(row.delivered_at),
    cancelledAt: given(row.cancelled_at),
    cancelReason: given(row.cancel_reason),
    canCancel: buyerMayCancel(factsOf(row)) && !settled,
    canPayAgain: mayPay,
  }
}

interface BriefRow extends OrderRow {
  shop_name: string
  units: number
  title: LocalText | null
  picture: string | null
}

/** `after` is the id of the last order of the page before. */
export async function briefs(
  q: Queries,
  where: Sql,
  page: { after?: string; limit?: number },
): Promise<{ items: Brief[]; next?: string }> {
  const limit = page.limit ?? 50
  const rows = await q.rows<BriefRow>(
    sql`select o.*, s.name as shop_name, (select coalesce(sum(quantity), 0)::int from orders.line where order_id = o.id and kind = 'goods') as units, f.title, f.picture
        from orders.order o join identity.shop s on s.id = o.shop_id
        left join lateral (
          select l.title, (select '/pictures/' || c.id from catalog.picture c where c.product_id = l.product_id order by (c.variant_id is not distinct from l.variant_id) desc, c.position limit 1) as picture
          from orders.line l where l.order_id = o.id and l.kind = 'goods' order by l.position limit 1
        ) f on true
        where ${where} ${page.after === undefined ? nothing : sql`and o.id < ${page.after}`} order by o.id desc limit ${limit + 1}`,
  )
  const items = rows.slice(0, limit).map((r) => ({
    id: r.id,
    number: r.number,
    state: r.state,
    shopId: r.shop_id,
    shopName: r.shop_name,
    buyer: r.address.name,
    total: money(r.total_amount, r.currency),
    units: r.units,
    title: r.title ?? { en: r.number },
    picture: given(r.picture),
    payOnDelivery: r.pay_on_delivery,
    toPack: mayPack(factsOf(r)),
    parcelId: r.parcel_id,
    country: r.address.country,
    showId: given(r.show_id),
    placedAt: r.placed_at,
  }))
  return { items, next: rows.length > limit ? items.at(-1)?.id : undefined }
}

export async function checkoutView(q: Queries, checkoutId: string): Promise<Out<typeof contract.checkout>> {
  const row = await q.one<CheckoutRow>(sql`select * from orders.checkout where id = ${checkoutId}`)
  const orders = await q.rows<OrderRow>(sql`select * from orders.order where checkout_id = ${checkoutId} order by id`)
  const paymentId = row.payment_id ?? orders[0]?.payment_id
  const payment = paymentId ? await paymentRow(q, paymentId) : null
  const { items } = await briefs(q, sql`o.checkout_id = ${checkoutId}`, { limit: 200 })
  return {
    id: row.id,
    state: checkoutState(payment?.state ?? null, orders.map(factsOf)),
    total: money(row.total_amount, row.currency),
    payUntilAt: row.pay_until,
    payment: payment ? paymentView(payment) : undefined,
    orders: items.toReversed(),
  }
}

export const checkout = async (ctx: Ctx, input: In<typeof contract.checkout>) =>
  checkoutView(ctx, (await myCheckoutRow(ctx, input.checkoutId, input.email)).id)
export const order = async (ctx: Ctx, input: In<typeof contract.order>) =>
  orderPage(ctx, await myOrderRow(ctx, input.orderId, input.email), ctx.now())
export const shopOrder = async (ctx: Ctx, input: In<typeof contract.shopOrder>) =>
  orderPage(ctx, await shopOrderRow(ctx, input.shopId, input.orderId), ctx.now())

/** One answer for a wrong number, a wrong e-mail and both. */
export async function findOrder(ctx: Ctx, input: In<typeof contract.findOrder>): Promise<OrderView> {
  const number = found(readNumber(input.number))
  const row = found(
    await ctx.maybe<OrderRow>(sql`select * from orders.order where number = ${number} and email = ${input.email.toLowerCase()}`),
  )
  return await orderPage(ctx, row, ctx.now())
}

export async function myOrders(ctx: Ctx, input: In<typeof contract.myOrders>) {
  const personId = personOf(ctx)
  return await briefs(
    ctx,
    sql`o.person_id in (select ${personId} union all select id from identity.person where claimed_by = ${personId})`,
    input,
  )
}

/** `mayPack` as a condition. */
const waitsToBePacked = sql`o.confirmed_at is not null and (o.state = 'paid' or (o.state = 'placed' and o.pay_on_delivery))`

/** Words of the search must all be found; a number is found with or without its dash. */
export async function shopOrders(ctx: Ctx, input: In<typeof contract.shopOrders>) {
  const words = (input.search ?? '')
    .toLowerCase()
    .split(/\s+/)
    .filter((w) => w !== '')
    .slice(0, 6)
  const like = words.map((w) => sql`and o.search like ${`%${w.replace(/[\\%_]/g, '\\$&')}%`}`)
  const where = sql`o.shop_id = ${input.shopId} ${input.state && input.state.length > 0 ? sql`and o.state = any(${input.state})` : nothing}
    ${input.toPack ? sql`and ${waitsToBePacked}` : nothing} ${input.showId ? sql`and o.show_id = ${input.showId}` : nothing} ${input.fromAt === undefined ? nothing : sql`and o.placed_at >= ${at(input.fromAt)}`}
    ${input.toAt === undefined ? nothing : sql`and o.placed_at < ${at(input.toAt)}`} ${like.reduce((a, b) => sql`${a} ${b}`, nothing)}`
  return await briefs(ctx, where, input)
}

export async function orderCounts(ctx: Ctx, input: In<typeof contract.orderCounts>): Promise<Out<typeof contract.orderCounts>> {
  const counts = await ctx.rows<{ state: OrderView['state']; count: number; to_pack: number }>(
    sql`select o.state, count(*)::int as count, (count(*) filter (where ${waitsToBePacked}))::int as to_pack from orders.order o where o.shop_id = ${input.shopId} group by o.state order by o.state`,
  )
  return {
    counts: counts.map(({ state, count }) => ({ state, count })),
    toPack: counts.reduce((sum, one) => sum + one.to_pack, 0),
  }
}
