import { money } from '@efir/contract/money.ts'
import type { PlaceFinders } from '../../kernel/bind.ts'
import type { Ctx } from '../../kernel/context.ts'
import { sql } from '../../kernel/sql.ts'
import type { VerifierCheck } from '../../kernel/verifier.ts'
import { countOrder } from './rules/totals.ts'
import type { LineRow, OrderRow } from './tables.ts'

const shopOfOrder = async (ctx: Ctx, id: string) => {
  const row = await ctx.maybe<{ shop_id: string; show_id: string | null }>(
    sql`select shop_id, show_id from orders.order where id = ${id}`,
  )
  return row && { shopId: row.shop_id, showId: row.show_id ?? undefined }
}
const shopOf = (table: 'parcel' | 'delivery_method') => async (ctx: Ctx, id: string) => {
  const row = await ctx.maybe<{ shop_id: string }>(
    table === 'parcel'
      ? sql`select shop_id from orders.parcel where id = ${id}`
      : sql`select shop_id from orders.delivery_method where id = ${id}`,
  )
  return row && { shopId: row.shop_id }
}

export const places: PlaceFinders = { orderId: shopOfOrder, parcelId: shopOf('parcel'), deliveryId: shopOf('delivery_method') }

const batch = 1000

async function recount(ctx: Ctx): Promise<string[]> {
  const wrong: string[] = []
  for (let after = ''; ; ) {
    const orders = await ctx.rows<OrderRow>(sql`select * from orders.order where id > ${after} order by id limit ${batch}`)
    const lines = Map.groupBy(
      await ctx.rows<LineRow>(sql`select * from orders.line where order_id = any(${orders.map((o) => o.id)}) order by position`),
      (l) => l.order_id,
    )
    for (const order of orders) wrong.push(...recountOne(order, lines.get(order.id) ?? []))
    const last = orders.at(-1)
    if (!last || orders.length < batch) return wrong
    after = last.id
  }
}

export function recountOne(order: OrderRow, lines: readonly LineRow[]): string[] {
  const goods = lines.filter((l) => l.kind !== 'delivery')
  const delivery = lines.find((l) => l.kind === 'delivery')
  const right = countOrder({
    currency: order.currency,
    taxIncluded: order.tax_included,
    lines: goods.map((l) => ({ unit: money(l.unit_amount, order.currency), quantity: l.quantity, taxRate: l.tax_rate })),
    delivery: { price: money(delivery?.total_amount ?? 0, order.currency), taxRate: delivery?.tax_rate ?? 0 },
  })
  const said = { goods: order.goods_amount, delivery: order.delivery_amount, tax: order.tax_amount, total: order.total_amount }
  const sums = (['goods', 'delivery', 'tax', 'total'] as const).flatMap((part) =>
    right[part].amount === said[part]
      ? []
      : [`order ${order.number}: ${part} is ${said[part]}, its lines say ${right[part].amount}`],
  )
  const each = goods.flatMap((l, i) =>
    right.lines[i]?.total.amount === l.total_amount && right.lines[i]?.tax.amount === l.tax_amount
      ? []
      : [`line ${l.id}: ${l.total_amount} with tax ${l.tax_amount} is counted wrong`],
  )
  return [...sums, ...each]
}

const words = <R>(ctx: Ctx, query: ReturnType<typeof sql>, say: (row: R) => string): Promise<string[]> =>
  ctx.rows<R>(query).then((rows) => rows.map(say))

export const verifierChecks: VerifierCheck[] = [
  {
    name: 'orders: of who is erased there are amounts only',
    run: (ctx) =>
      words<{ number: string }>(
        ctx,
        sql`select o.number from orders.order o join identity.person p on p.id = o.person_id
            where p.closed_at is not null and (o.email <> '' or o.phone <> '' or o.address ? 'line1' or o.address ->> 'phone' <> '') limit 100`,
        (r) => `order ${r.number} is of an erased person and still names them`,
      ),
  },
  { name: 'orders: totals are the sum of their lines', run: recount },
  {
    name: 'orders: the ledger holds what each sold order is worth',
    run: (ctx) =>
      words<{ number: string; expected: number; booked: number; state: string }>(
        ctx,
        sql`select o.number, o.state, x.expected, coalesce(l.booked, 0)::bigint as booked from orders.order o
            cross join lateral (select case when o.confirmed_at is null or (o.state = 'cancelled' and o.paid_at is null) then 0 else o.total_amount - o.refunded_amount end as expected) x
            left join (
              select t.order_id, -sum(e.amount) as booked from ledger.transfer t left join ledger.transfer w on w.id = t.reverses join ledger.entry e on e.transfer_id = t.id
              join ledger.account a on a.id = e.account_id and a.kind = 'shop'
              where t.order_id is not null and coalesce(w.kind, t.kind) in ('sale', 'sale_return') group by 1
            ) l on l.order_id = o.id
            where x.expected <> coalesce(l.booked, 0) limit 100`,
        (r) => `order ${r.number} (${r.state}): worth ${r.expected}, the ledger holds ${r.booked}`,
      ),
  },
  {
    name: 'orders: a reservation belongs to one sold order, and is paid in it',
    run: (ctx) =>
      words<{ reservation_id: string; what: string }>(
        ctx,
        sql`select l.reservation_id, 'is sold in ' || o.number || ' but its state is ' || coalesce(r.state, 'missing') as what
            from orders.line l join orders.order o on o.id = l.order_id left join stock.reservation r on r.id = l.reservation_id
            where l.kind = 'goods' and o.confirmed_at is not null and (r.id is null or r.state <> 'paid' or r.quantity <> l.quantity or r.returned <> l.returned)
            union all
            select r.id, 'is paid but in no sold order' from stock.reservation r
            where r.state = 'paid' and not exists (select from orders.line l join orders.order o on o.id = l.order_id where l.reservation_id = r.id and o.confirmed_at is not null)
            union all
            select reservation_id, 'is in two orders' from orders.line where reservation_id is not null group by 1 having count(*) > 1 limit 100`,
        (r) => `reservation ${r.reservation_id} ${r.what}`,
      ),
  },
  {
    name: 'orders: what is not sold holds no units for ever',
    run: (ctx) =>
      words<{ number: string; id: string }>(
        ctx,
        sql`select o.number, r.id from orders.line l join orders.order o on o.id = l.order_id join stock.reservation r on r.id = l.reservation_id
            where o.state = 'cancelled' and o.confirmed_at is null and r.state in ('held', 'committed', 'paid') limit 100`,
        (r) => `order ${r.number} is cancelled but reservation ${r.id} still holds units`,
      ),
  },
  {
    name: 'orders: refunds agree with the payments',
    run: (ctx) =>
      words<{ number: string; said: number; asked: number }>(
        ctx,
        sql`select o.number, o.refunded_amount as said, coalesce(r.sum, 0)::bigint as asked from orders.order o
            left join (select order_id, sum(amount) as sum from payments.refund where state <> 'refused' and reason <> 'too_late' group by 1) r on r.order_id = o.id
            where o.refunded_amount <> coalesce(r.sum, 0) limit 100`,
        (r) => `order ${r.number}: refunded ${r.said}, refunds sum to ${r.asked}`,
      ),
  },
  {
    name: 'orders: one capture pays for what it took',
    run: (ctx) =>
      words<{ id: string; captured: number; used: number }>(
        ctx,
        sql`select p.id, p.captured_amount as captured, (coalesce(o.sum, 0) + coalesce(b.sum, 0))::bigint as used from payments.payment p
            left join (select payment_id, sum(total_amount) as sum from orders.order where confirmed_at is not null and (paid_at is not null) group by 1) o on o.payment_id = p.id
            left join (select payment_id, sum(amount) as sum from payments.refund where reason = 'too_late' and state <> 'refused' group by 1) b on b.payment_id = p.id
            where p.state = 'captured' and p.captured_amount <> coalesce(o.sum, 0) + coalesce(b.sum, 0) and p.changed_at < ${new Date(ctx.now() - 60_000).toISOString()} limit 100`,
        (r) => `payment ${r.id}: captured ${r.captured}, orders and returns of it sum to ${r.used}`,
      ),
  },
]
