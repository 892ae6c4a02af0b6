import type { In, Out } from '@efir/contract/act.ts'
import type * as contract from '@efir/contract/lots.ts'
import type { LocalText } from '@efir/contract/scalars.ts'
import { type Ctx, personOf } from '../../kernel/context.ts'
import type { Queries } from '../../kernel/db.ts'
import { found } from '../../kernel/refusal.ts'
import { type Sql, sql } from '../../kernel/sql.ts'
import { positionInReplay, replayOf } from '../media/views.ts'
import { showRow, visibleShow } from '../shows/views.ts'
import { countsOf, openUnits, reservationsOfPerson, unitsOfPerson } from '../stock/views.ts'
import { fairCountdownMs, hasUnits, type Slot } from './rules.ts'
import type { DealRow, LotRow, PinRow } from './tables.ts'

type Card = Out<typeof contract.shelf>['lots'][number]
type DeskLot = Out<typeof contract.createLot>

interface CardRow extends LotRow, Pick<DealRow, 'amount' | 'currency' | 'reference_amount' | 'reference_basis'> {
  title: LocalText
  picture: string | null
  rating_count: number | null
  rating_sum: number | null
  pay_first: boolean | null
  shop_name: string
  paying: number
  variants:
    | { variantId: string; options: Record<string, string>; allotmentId: string | null; left: number; free: number }[]
    | null
}

async function cardRows(q: Queries, which: Sql): Promise<CardRow[]> {
  return await q.rows<CardRow>(
    sql`select l.*, d.amount, d.currency, d.reference_amount, d.reference_basis, coalesce(p.title, l.link_title) as title, p.rating_count, p.rating_sum,
          coalesce(l.link_picture, (select i.id from catalog.picture i where i.product_id = l.product_id order by i.position, i.id limit 1)) as picture,
          (s.settings ->> 'payFirst')::boolean as pay_first, s.name as shop_name,
          case when l.state in ('armed', 'counting', 'open') then (select coalesce(sum(${openUnits}), 0)::int from lots.variant v join stock.allotment a on a.id = v.allotment_id where v.lot_id = l.id) else 0 end as paying,
          (select jsonb_agg(jsonb_build_object('variantId', v.variant_id, 'options', c.options, 'allotmentId', v.allotment_id, 'left', coalesce(a.left_units, 0), 'free', coalesce(f.left_units, 0)) order by v.position)
           from lots.variant v join catalog.variant c on c.id = v.variant_id left join stock.allotment a on a.id = v.allotment_id
           left join stock.allotment f on f.variant_id = v.variant_id and f.use = 'shelf' where v.lot_id = l.id) as variants
        from lots.lot l join lots.deal d on d.lot_id = l.id and d.version = l.version join identity.shop s on s.id = l.shop_id
        left join catalog.product p on p.id = l.product_id where ${which} and l.removed_at is null order by l.position, l.number`,
  )
}

const given = <T>(value: T | null): T | undefined => value ?? undefined
const leftOf = (row: CardRow): number =>
  hasUnits(row.state) ? (row.variants ?? []).reduce((sum, v) => sum + v.left, 0) : row.state === 'draft' ? row.quota : 0

function cardView(row: CardRow): Card {
  return {
    id: row.id,
    showId: row.show_id,
    shopId: row.shop_id,
    shopName: row.shop_name,
    number: row.number,
    productId: given(row.product_id),
    title: row.title,
    picture: row.picture ? `/pictures/${row.picture}` : undefined,
    rating: row.rating_count ? { average: (row.rating_sum ?? 0) / row.rating_count, count: row.rating_count } : undefined,
    variants: (row.variants ?? []).map(({ variantId, options }) => ({ variantId, options })),
    price: { amount: row.amount, currency: row.currency },
    reference:
      row.reference_amount !== null && row.reference_basis !== null
        ? { price: { amount: row.reference_amount, currency: row.currency }, basis: row.reference_basis }
        : undefined,
    state: row.state,
    dealVersion: row.version,
    opensAt: given(row.opens_at),
    closesAt: given(row.closes_at),
    perBuyer: row.per_buyer,
    quota: row.quota,
    left: leftOf(row),
    paying: row.paying,
    payFirst: row.pay_first ?? false,
    guard: row.guard,
    link: row.link_url !== null && row.link_seller !== null ? { url: row.link_url, seller: row.link_seller } : undefined,
  }
}

/** Public state of lots, as the shelf and the room show it. */
export const lotCards = async (q: Queries, lotIds: readonly string[]): Promise<Card[]> =>
  (await cardRows(q, sql`l.id = any(${[...lotIds]})`)).map(cardView)
export const cardsOfShow = async (q: Queries, showId: string): Promise<Card[]> =>
  (await cardRows(q, sql`l.show_id = ${showId}`)).map(cardView)

async function deskViews(q: Queries, rows: readonly CardRow[]): Promise<DeskLot[]> {
  const ids = rows.map((r) => r.id)
  const allotments = await q.rows<{ id: string; use_id: string }>(
    sql`select id, use_id from stock.allotment where use = 'lot' and use_id = any(${ids})`,
  )
  const counts = await countsOf(
    q,
    allotments.map((a) => a.id),
  )
  /** The allotments of the present opening: sold, paying and left speak of one quota. */
  const present = new Set(
    (
      await q.rows<{ allotment_id: string }>(
        sql`select allotment_id from lots.variant where lot_id = any(${ids}) and allotment_id is not null`,
      )
    ).map((v) => v.allotment_id),
  )
  const pins = new Map(
    (await q.rows<PinRow>(sql`select * from lots.pin where lot_id = any(${ids}) and end_at is null`)).map((p) => [
      p.lot_id,
      p.slot,
    ]),
  )
  return rows.map((row) => {
    const mine = allotments.filter((a) => a.use_id === row.id)
    const sum = (list: typeof mine, of: 'paid' | 'held' | 'committed' | 'takings') =>
      list.reduce((total, a) => total + (counts.get(a.id)?.[of] ?? 0), 0)
    const now = mine.filter((a) => present.has(a.id))
    return {
      ...cardView(row),
      position: row.position,
      sold: sum(now, 'paid'),
      paying: sum(now, 'held') + sum(now, 'committed'),
      stockFree: (row.variants ?? []).reduce((total, v) => total + v.free, 0),
      clicks: row.clicks,
      windowMs: given(row.window_ms),
      pinned: pins.get(row.id),
      takings: { amount: sum(mine, 'takings'), currency: row.currency },
    }
  })
}

export const deskLot = async (q: Queries, lotId: string): Promise<DeskLot> =>
  found((await deskViews(q, await cardRows(q, sql`l.id = ${lotId}`)))[0])

export async function lotBoard(ctx: Ctx, input: In<typeof contract.lotBoard>): Promise<Out<typeof contract.lotBoard>> {
  const show = found(await showRow(ctx, input.showId))
  return {
    lots: await deskViews(ctx, await cardRows(ctx, sql`l.show_id = ${show.id}`)),
    countdownMinMs: fairCountdownMs(show.room_delay_ms),
    now: ctx.now(),
  }
}

export interface PinView {
  lotId: string
  slot: Slot
  startAt: number
  endAt?: number
}

/** Pins of a show in video time, oldest first. */
export async function pinsOf(q: Queries, showId: string): Promise<PinView[]> {
  const rows = await q.rows<PinRow>(
    sql`select p.* from lots.pin p join lots.lot l on l.id = p.lot_id where p.show_id = ${showId} and l.removed_at is null order by p.start_at, array_position(array['primary', 'second', 'third'], p.slot), p.id limit 2000`,
  )
  return rows.map((p) => ({ lotId: p.lot_id, slot: p.slot, startAt: p.start_at, endAt: given(p.end_at) }))
}

export async function shelf(ctx: Ctx, input: In<typeof contract.shelf>): Promise<Out<typeof contract.shelf>> {
  const { row: show } = await visibleShow(ctx, input.showId)
  return { lots: await cardsOfShow(ctx, show.id), pins: await pinsOf(ctx, show.id), now: ctx.now() }
}

/** Shorter ones were slips of a finger. */
const shortestChapterMs = 5_000

/** One chapter for each time a lot was the primary one. */
export async function chapters(ctx: Ctx, input: In<typeof contract.chapters>): Promise<Out<typeof contract.chapters>> {
  const { row: show } = await visibleShow(ctx, input.showId)
  const replay = await replayOf(ctx, show.id)
  const positionOf = (at: number) => (replay ? positionInReplay(replay, at) : Math.max(0, at - (show.started_at ?? 0)))
  const titles = new Map((await cardsOfShow(ctx, show.id)).map((l) => [l.id, l.title]))
  const pins = (await pinsOf(ctx, show.id)).filter(
    (p) => p.slot === 'primary' && (p.endAt === undefined || p.endAt - p.startAt >= shortestChapterMs),
  )
  return {
    chapters: pins.flatMap(({ lotId, startAt, endAt }) => {
      const title = titles.get(lotId)
      return title ? [{ title, lotId, startAt, endAt, offsetMs: positionOf(startAt) }] : []
    }),
  }
}

export async function myReservations(
  ctx: Ctx,
  input: In<typeof contract.myReservations>,
): Promise<Out<typeof contract.myReservations>> {
  // Before anything is read: what came later may be missing here.
  const now = ctx.now()
  const lots = input.showId
    ? sql`select id from lots.lot where show_id = ${input.showId}`
    : sql`select id from lots.lot where state in ('open', 'sold_out', 'expired') order by changed_at desc limit 500`
  const allotments = await ctx.rows<{ id: string }>(
    sql`select id from stock.allotment where use = 'lot' and use_id in (${lots}) order by id desc limit 1000`,
  )
  const rows = await reservationsOfPerson(
    ctx,
    personOf(ctx),
    allotments.map((a) => a.id),
  )
  return {
    reservations: rows
      .filter((r) => r.state !== 'held' || r.expires_at > now)
      .map((r) => ({
        id: r.id,
        lotId: given(r.use_id),
        variantId: r.variant_id,
        quantity: r.quantity,
        price: { amount: r.amount, currency: r.currency },
        takenAt: r.created_at,
        expiresAt: r.expires_at,
        state: r.state,
      })),
    lots: input.showId ? await myLots(ctx, input.showId) : [],
    now,
  }
}

interface MyOrder {
  lotId: string
  id: string
  number: string
  quantity: number
  placedAt: number
  paid: boolean
  open: boolean
}

/** What this person, and the guests they were, have of the lots of a show: their newest order, and what counts against the limit. */
async function myLots(ctx: Ctx, showId: string): Promise<Out<typeof contract.myReservations>['lots']> {
  const me = personOf(ctx)
  const present = await ctx.rows<{ lot_id: string; allotment_id: string }>(
    sql`select v.lot_id, v.allotment_id from lots.variant v join lots.lot l on l.id = v.lot_id
        where l.show_id = ${showId} and l.removed_at is null and v.allotment_id is not null`,
  )
  const units = await unitsOfPerson(
    ctx,
    me,
    present.map((v) => v.allotment_id),
  )
  const orders = await ctx.rows<MyOrder>(
    sql`select distinct on (l.id) l.id as "lotId", o.id, o.number, o.placed_at as "placedAt",
          sum(n.quantity - n.returned) over (partition by l.id, o.id)::int as quantity,
          o.paid_at is not null as paid, (o.confirmed_at is null and not o.pay_on_delivery) as open
        from orders.order o join orders.line n on n.order_id = o.id and n.source_kind = 'lot' join lots.lot l on l.id = n.source_id
        where l.show_id = ${showId} and l.removed_at is null and o.state not in ('cancelled', 'refunded')
          and (o.person_id = ${me} or o.person_id in (select id from identity.person where claimed_by = ${me}))
        order by l.id, o.placed_at desc, o.id desc`,
  )
  const orderOf = new Map(orders.map(({ lotId, ...order }) => [lotId, order]))
  const taken = new Map<string, number>()
  for (const { lot_id, allotment_id } of present) taken.set(lot_id, (taken.get(lot_id) ?? 0) + (units.get(allotment_id) ?? 0))
  return [...new Set([...taken.keys(), ...orderOf.keys()])].flatMap((lotId) => {
    const mine = { lotId, units: taken.get(lotId) ?? 0, order: orderOf.get(lotId) }
    return mine.units > 0 || mine.order ? [mine] : []
  })
}
