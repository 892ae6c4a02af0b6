import type { Ctx } from '../../../kernel/context.ts'
import type { AnyEvent } from '../../../kernel/events.ts'
import { sql } from '../../../kernel/sql.ts'
import { type AllotmentState, reservationExpired, reservationReleased, stockChanged, stockReserved } from '../../stock/events.ts'
import { openUnits } from '../../stock/views.ts'
import { type News, type RoomContribution, tell, toPerson } from '../contribution.ts'

interface Units {
  readonly lotId: string
  readonly showId: string
  readonly left: number
  readonly quota: number
  /** Reserved, paid or not. */
  readonly taken: number
}

/** Units of a lot are those of its variants together. */
const unitsOf = (ctx: Ctx, lotIds: readonly string[]): Promise<Units[]> =>
  ctx.rows<Units>(
    sql`select u."lotId", u."showId", u.quota, case when u.open then u.left else 0 end as left, case when u.open then u.allotted - u.left else 0 end as taken
        from (select l.id as "lotId", l.show_id as "showId", l.quota, l.state in ('armed', 'counting', 'open') as open,
                coalesce(sum(a.left_units), 0)::int as left, coalesce(sum(a.quota), 0)::int as allotted
              from lots.lot l join lots.variant v on v.lot_id = l.id left join stock.allotment a on a.id = v.allotment_id
              where l.id = any(${[...lotIds]}) and l.removed_at is null group by l.id) u order by u."lotId"`,
  )

/** Counting what is being paid reads every reservation of a lot: once in this time is enough. */
const countedMs = 1_000
const mostCounted = 1_000

/** Of the units taken, those that are not paid yet. Between two countings what is paid stays as it was. */
function openPaying() {
  const paid = new Map<string, { units: number; at: number }>()
  return async (ctx: Ctx, units: readonly Units[]): Promise<Map<string, number>> => {
    const now = ctx.now()
    const due = units.filter(({ lotId, taken }) => taken > 0 && now - (paid.get(lotId)?.at ?? 0) >= countedMs)
    if (due.length > 0) {
      if (paid.size > mostCounted) paid.clear()
      const rows = await ctx.rows<{ lotId: string; paying: number }>(
        sql`select v.lot_id as "lotId", sum(${openUnits})::int as paying from lots.variant v join stock.allotment a on a.id = v.allotment_id
            where v.lot_id = any(${due.map((one) => one.lotId)}) group by v.lot_id`,
      )
      for (const { lotId, paying } of rows)
        paid.set(lotId, { units: (due.find((one) => one.lotId === lotId)?.taken ?? 0) - paying, at: now })
    }
    return new Map(units.map(({ lotId, taken }) => [lotId, Math.max(0, taken - Math.max(0, paid.get(lotId)?.units ?? 0))]))
  }
}

/** Reads for all events that came while the last reading ran: under a rush one query serves many. */
function openReader(read: (ctx: Ctx, lotIds: readonly string[]) => Promise<Units[]>) {
  let next: { ids: Set<string>; units: Promise<Units[]> } | null = null
  let running: Promise<unknown> = Promise.resolve()
  return async (ctx: Ctx, lotIds: readonly string[]): Promise<Units[]> => {
    if (!next) {
      const ids = new Set<string>()
      const units = running.then(() => {
        next = null
        return read(ctx, [...ids])
      })
      next = { ids, units }
      running = units.catch(() => undefined)
    }
    const { ids, units } = next
    for (const lotId of lotIds) ids.add(lotId)
    return (await units).filter((one) => lotIds.includes(one.lotId))
  }
}

function leftTeller() {
  const read = openReader(unitsOf)
  const payingOf = openPaying()
  return async (allotments: readonly AllotmentState[], ctx: Ctx): Promise<News> => {
    const lotIds = new Set(allotments.flatMap((one) => (one.use === 'lot' && one.useId !== null ? [one.useId] : [])))
    if (lotIds.size === 0) return {}
    const units = await read(ctx, [...lotIds])
    const paying = await payingOf(ctx, units)
    return {
      rooms: units.map(({ lotId, showId, left, quota }) => ({
        showId,
        messages: [{ k: `stock:${lotId}`, value: { left, quota, paying: paying.get(lotId) ?? 0 } }],
      })),
    }
  }
}

const shows = (event: AnyEvent): string[] => {
  const { allotments } = event.body as { allotments: AllotmentState[] }
  return allotments.flatMap((one) => one.topic ?? [])
}

export function openStockTells(): RoomContribution {
  const left = leftTeller()
  return {
    name: 'stock',
    tellers: [
      { ...tell(stockReserved, ({ allotments }, _, ctx) => left(allotments, ctx)), shows },
      { ...tell(stockChanged, ({ allotments }, _, ctx) => left(allotments, ctx)), shows },
      tell(reservationExpired, ({ reservations }) => ({
        persons: reservations.map(({ personId, reservationId }) => ({
          personId,
          type: 'reservation.expired',
          data: { reservationId },
        })),
      })),
      tell(reservationReleased, ({ personId, reservationId }) => toPerson(personId, 'reservation.released', { reservationId })),
    ],
  }
}
