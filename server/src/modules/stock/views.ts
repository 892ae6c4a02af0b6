import type { In, Out } from '@efir/contract/act.ts'
import type * as contract from '@efir/contract/stock.ts'
import type { Ctx } from '../../kernel/context.ts'
import type { Queries } from '../../kernel/db.ts'
import { found } from '../../kernel/refusal.ts'
import { nothing, sql } from '../../kernel/sql.ts'
import type { AllotmentState } from './events.ts'
import { buyerPrefix, liveStates } from './rules.ts'
import type { ReservationRow } from './tables.ts'

type Level = Out<typeof contract.receiveStock>

const levelColumns = sql`v.id as "variantId", coalesce(l.on_hand, 0) as "onHand", coalesce(l.allotted, 0) as allotted, coalesce(s.left_units, 0) as free, l.changed_at as "changedAt"`
const levelJoin = sql`left join stock.level l on l.variant_id = v.id left join stock.allotment s on s.id = l.shelf_id`

/** Zero for a variant that never had any; not found for another shop's. */
export async function levelOf(q: Queries, input: { shopId: string; variantId: string }): Promise<Level> {
  return found(
    await q.maybe<Level>(
      sql`select ${levelColumns} from catalog.variant v ${levelJoin} where v.id = ${input.variantId} and v.shop_id = ${input.shopId}`,
    ),
  )
}

export async function stockOf(ctx: Ctx, input: In<typeof contract.stockOf>): Promise<Out<typeof contract.stockOf>> {
  const level = await levelOf(ctx, input)
  const uses = await ctx.rows<{ id: string; use: string; use_id: string | null; open: boolean }>(
    sql`select id, use, use_id, open from stock.allotment where variant_id = ${input.variantId} order by open desc, id desc limit 50`,
  )
  const counts = await countsOf(
    ctx,
    uses.map((u) => u.id),
  )
  const quotas = uses.flatMap((u) => {
    const count = counts.get(u.id)
    if (!count) return []
    const { takings: _, ...units } = count
    return [{ ...units, use: u.use, useId: u.use_id, open: u.open }]
  })
  return { level, quotas, journal: await journalOf(ctx, input) }
}

async function journalOf(ctx: Ctx, input: In<typeof contract.stockOf>): Promise<Out<typeof contract.stockOf>['journal']> {
  const limit = input.limit ?? 50
  const rows = await ctx.rows<Out<typeof contract.stockOf>['journal']['items'][number] & { seq: number; by: string | null }>(
    sql`select m.seq, m.id, m.cause, m.on_hand_delta as "onHandDelta", m.allotted_delta as "allottedDelta", m.on_hand_after as "onHandAfter", m.allotted_after as "allottedAfter",
          m.allotment_id as "allotmentId", m.reservation_id as "reservationId", p.name as by, m.note, m.at
        from stock.movement m left join identity.person p on p.id = m.actor
        where m.variant_id = ${input.variantId} ${input.after && /^[0-9]{1,15}$/.test(input.after) ? sql`and m.seq < ${input.after}` : nothing} order by m.seq desc limit ${limit}`,
  )
  const items = rows.map(
    ({ seq: _, ...row }) => Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null)) as typeof row,
  )
  return { items, next: rows.length === limit ? String(rows.at(-1)?.seq) : undefined }
}

export async function stockList(ctx: Ctx, input: In<typeof contract.stockList>): Promise<Out<typeof contract.stockList>> {
  const limit = input.limit ?? 100
  const items = await ctx.rows<Out<typeof contract.stockList>['items'][number]>(
    sql`select ${levelColumns}, v.sku, p.title, v.options from catalog.variant v join catalog.product p on p.id = v.product_id ${levelJoin}
        where v.shop_id = ${input.shopId} and v.sku > ${input.after ?? ''} order by v.sku limit ${limit}`,
  )
  return { items, next: items.length === limit ? items.at(-1)?.sku : undefined }
}

const mostTold = 20

export async function availability(
  ctx: Ctx,
  input: In<typeof contract.availability>,
): Promise<Out<typeof contract.availability>> {
  const shown = await ctx.rows<{ id: string }>(
    sql`select v.id from catalog.variant v join catalog.product p on p.id = v.product_id where v.id = any(${[...input.variantIds]}) and p.state = 'published'`,
  )
  const shelves = await shelvesOf(
    ctx,
    shown.map((v) => v.id),
  )
  return {
    variants: input.variantIds.map((variantId) => ({ variantId, left: Math.min(mostTold, shelves.get(variantId)?.left ?? 0) })),
  }
}

/** Rows of allotment `a`, found by the primary key: ids begin with the allotment's time. */
const ofAllotment = sql`r.id >= 'rsv_' || substr(a.id, 5, 10) and r.id < 'rsv_' || substr(a.id, 5, 10) || '~' and r.allotment_id = a.id`

/** Units of allotment `a` that are reserved and not paid: they may come back. Reads every reservation of it. */
export const openUnits = sql`(select coalesce(sum(r.quantity), 0) from stock.reservation r where ${ofAllotment} and r.state in ('held', 'committed'))`

/** One for each allotment; left and quota are those of its group. */
export async function allotmentStates(q: Queries, allotmentIds: readonly string[]): Promise<AllotmentState[]> {
  return await q.rows<AllotmentState>(
    sql`select a.id as "allotmentId", a.use, a.use_id as "useId", a.topic, sum(x.left_units)::int as left, sum(x.quota)::int as quota
        from stock.allotment a join stock.allotment x on x.limit_group = a.limit_group where a.id = any(${[...allotmentIds]}) group by a.id order by a.id`,
  )
}

export type ReservationView = ReservationRow & { variant_id: string; use: string; use_id: string | null }

export async function reservationsOf(q: Queries, reservationIds: readonly string[]): Promise<ReservationView[]> {
  return await q.rows<ReservationView>(
    sql`select r.*, a.variant_id, a.use, a.use_id from stock.reservation r join stock.allotment a on a.id = r.allotment_id where r.id = any(${[...reservationIds]})`,
  )
}
export const reservationOf = async (q: Queries, reservationId: string): Promise<ReservationView> =>
  found((await reservationsOf(q, [reservationId]))[0], 'reservation_gone')

/** Shelves by variant: where a plain purchase reserves, and what is left there. */
export async function shelvesOf(
  q: Queries,
  variantIds: readonly string[],
): Promise<Map<string, { allotmentId: string; left: number }>> {
  const rows = await q.rows<{ variant_id: string; id: string; left_units: number }>(
    sql`select a.variant_id, a.id, a.left_units from stock.allotment a where a.use = 'shelf' and a.variant_id = any(${[...variantIds]})`,
  )
  return new Map(rows.map((r) => [r.variant_id, { allotmentId: r.id, left: r.left_units }]))
}

export interface AllotmentCount {
  allotmentId: string
  quota: number
  left: number
  /** Reserved and not yet paying; paying; paid (less what came back). */
  held: number
  committed: number
  paid: number
  /** Minor units of what is paid. */
  takings: number
}

/** What the studio sees of quotas. */
export async function countsOf(q: Queries, allotmentIds: readonly string[]): Promise<Map<string, AllotmentCount>> {
  const rows = await q.rows<AllotmentCount>(
    sql`select a.id as "allotmentId", a.quota, a.left_units as left,
          coalesce(sum(r.quantity) filter (where r.state = 'held'), 0)::int as held,
          coalesce(sum(r.quantity) filter (where r.state = 'committed'), 0)::int as committed,
          coalesce(sum(r.quantity - r.returned) filter (where r.state = 'paid'), 0)::int as paid,
          coalesce(sum((r.quantity - r.returned) * r.amount) filter (where r.state = 'paid'), 0)::bigint as takings
        from stock.allotment a left join stock.reservation r on ${ofAllotment} where a.id = any(${[...allotmentIds]}) group by a.id`,
  )
  return new Map(rows.map((r) => [r.allotmentId, r]))
}

/** A person and the guests they were; where their reservations in these allotments lie. */
async function placesOfPerson(q: Queries, personId: string, allotmentIds: readonly string[]) {
  const people = [
    personId,
    ...(await q.rows<{ id: string }>(sql`select id from identity.person where claimed_by = ${personId}`)).map((r) => r.id),
  ]
  // Several allotments may share a prefix.
  const prefixes = [...new Set(allotmentIds.flatMap((id) => people.map((person) => buyerPrefix(id, person))))]
  const theirs = sql`from unnest(${prefixes}::text[]) p (prefix) join stock.reservation r on r.id >= p.prefix and r.id < p.prefix || '~'
      join stock.allotment a on a.id = r.allotment_id where r.person_id = any(${people}) and r.allotment_id = any(${[...allotmentIds]})`
  return theirs
}

/** Live reservations of a person (and the guests they were) in these allotments. */
export async function reservationsOfPerson(
  q: Queries,
  personId: string,
  allotmentIds: readonly string[],
): Promise<ReservationView[]> {
  const theirs = await placesOfPerson(q, personId, allotmentIds)
  return await q.rows<ReservationView>(
    sql`select r.*, a.variant_id, a.use, a.use_id ${theirs} and r.state in ('held', 'committed') order by r.created_at, r.id`,
  )
}

/** Units that count against a person's limit, by allotment. */
export async function unitsOfPerson(q: Queries, personId: string, allotmentIds: readonly string[]): Promise<Map<string, number>> {
  const theirs = await placesOfPerson(q, personId, allotmentIds)
  const rows = await q.rows<{ id: string; units: number }>(
    sql`select a.id, sum(r.quantity - r.returned)::int as units ${theirs} and r.state = any(${[...liveStates]}) group by a.id`,
  )
  return new Map(rows.map((r) => [r.id, r.units]))
}

/** True while somebody may still pay, or give back, units of this allotment. */
export async function hasOpenReservations(q: Queries, allotmentId: string): Promise<boolean> {
  return (
    await q.one<{ some: boolean }>(
      sql`select exists (select from stock.allotment a join stock.reservation r on ${ofAllotment} where a.id = ${allotmentId} and r.state in ('held', 'committed')) as some`,
    )
  ).some
}
