import type { Ctx } from '../../../kernel/context.ts'
import type { AnyEvent } from '../../../kernel/events.ts'
import { sql } from '../../../kernel/sql.ts'
import { type AllotmentState, reservationExpired, reservationReleased, stockChanged, stockReserved } from '../../stock/events.ts'
import { type News, type RoomContribution, tell, toPerson } from '../contribution.ts'

interface Units {
  readonly lotId: string
  readonly showId: string
  readonly left: number
  readonly quota: number
}

/** Units of a lot are those of its variants together. */
const unitsOf = (ctx: Ctx, lotIds: readonly string[]): Promise<Units[]> =>
  ctx.rows<Units>(
    sql`select l.id as "lotId", l.show_id as "showId", l.quota, case when l.state in ('armed', 'counting', 'open') then coalesce(sum(a.left_units), 0)::int else 0 end as left
        from lots.lot l join lots.variant v on v.lot_id = l.id left join stock.allotment a on a.id = v.allotment_id
        where l.id = any(${[...lotIds]}) and l.removed_at is null group by l.id order by l.id`,
  )

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
  return async (allotments: readonly AllotmentState[], ctx: Ctx): Promise<News> => {
    const lotIds = new Set(allotments.flatMap((one) => (one.use === 'lot' && one.useId !== null ? [one.useId] : [])))
    if (lotIds.size === 0) return {}
    const units = await read(ctx, [...lotIds])
    return {
      rooms: units.map(({ lotId, showId, left, quota }) => ({
        showId,
        messages: [{ k: `stock:${lotId}`, value: { left, quota } }],
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
