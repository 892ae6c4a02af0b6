import type { In, Out } from '@efir/contract/act.ts'
import { money } from '@efir/contract/money.ts'
import type * as contract from '@efir/contract/orders.ts'
import type { Ctx } from '../../../kernel/context.ts'
import type { Queries } from '../../../kernel/db.ts'
import { assert, found } from '../../../kernel/refusal.ts'
import { nothing, sql } from '../../../kernel/sql.ts'
import type { OrderRow, ParcelRow } from '../tables.ts'
import { linesWithGoods, orderLine } from './orders.ts'

type Packing = Out<typeof contract.packParcel>

async function parcelViews(q: Queries, parcels: readonly ParcelRow[]): Promise<Packing[]> {
  const orders = await q.rows<OrderRow>(
    sql`select * from orders.order where parcel_id = any(${parcels.map((p) => p.id)}) and confirmed_at is not null and state not in ('cancelled', 'refunded') order by id`,
  )
  const lines = Map.groupBy(
    await linesWithGoods(
      q,
      orders.map((o) => o.id),
    ),
    (l) => l.order_id,
  )
  const inParcel = Map.groupBy(orders, (o) => o.parcel_id)
  return parcels.flatMap((parcel) => {
    const mine = inParcel.get(parcel.id) ?? []
    const first = mine[0]
    if (!first) return []
    const toCollect = mine
      .filter((o) => o.pay_on_delivery && o.paid_at === null)
      .reduce((sum, o) => sum + o.total_amount - o.refunded_amount, 0)
    return [
      {
        id: parcel.id,
        state: parcel.state,
        carrier: parcel.carrier,
        tracking: parcel.tracking,
        numbers: mine.map((o) => o.number),
        openedAt: parcel.opened_at,
        method: { kind: first.method_kind, name: first.method_name },
        address: first.address,
        orders: mine.map((o) => ({
          id: o.id,
          number: o.number,
          state: o.state,
          buyer: o.address.name,
          total: money(o.total_amount, o.currency),
          payOnDelivery: o.pay_on_delivery,
          placedAt: o.placed_at,
          lines: (lines.get(o.id) ?? []).filter((l) => l.kind === 'goods').map((l) => orderLine(l, o.currency)),
        })),
        toCollect: toCollect > 0 ? money(toCollect, first.currency) : undefined,
      },
    ]
  })
}

export async function packing(ctx: Ctx, input: In<typeof contract.packing>): Promise<Out<typeof contract.packing>> {
  const limit = input.limit ?? 50
  const parcels = await ctx.rows<ParcelRow>(
    sql`select p.* from orders.parcel p where p.shop_id = ${input.shopId} and p.state = ${input.state} ${input.after === undefined ? nothing : sql`and p.id > ${input.after}`}
          and exists (select from orders.order o where o.parcel_id = p.id and o.confirmed_at is not null and o.state not in ('cancelled', 'refunded'))
        order by p.id limit ${limit + 1}`,
  )
  return {
    items: await parcelViews(ctx, parcels.slice(0, limit)),
    next: parcels.length > limit ? parcels[limit - 1]?.id : undefined,
  }
}

export async function packingOf(q: Queries, parcelId: string): Promise<Packing> {
  const parcel = found(await q.maybe<ParcelRow>(sql`select * from orders.parcel where id = ${parcelId}`))
  const view = (await parcelViews(q, [parcel]))[0]
  assert(view, 'a parcel that was acted on has orders')
  return view
}
