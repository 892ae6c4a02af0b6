import { sql } from '../../../kernel/sql.ts'
import { type AllotmentState, reservationExpired, reservationReleased, stockChanged, stockReserved } from '../../stock/events.ts'
import { type News, type RoomContribution, tell, toPerson } from '../contribution.ts'

/** What is left of each lot on show; absolute, so the newest wins whatever was missed. */
function left(allotments: readonly AllotmentState[]): News {
  const lots = allotments.filter((one) => one.topic !== null && one.use === 'lot' && one.useId !== null)
  return {
    rooms: lots.map((one) => ({
      showId: one.topic as string,
      messages: [{ k: `stock:${one.useId}`, value: { left: one.left, quota: one.quota } }],
    })),
  }
}

export const stockTells: RoomContribution = {
  name: 'stock',
  tellers: [
    tell(stockReserved, ({ allotments }) => left(allotments)),
    tell(stockChanged, ({ allotments }) => left(allotments)),
    tell(reservationExpired, ({ reservations }) => ({
      persons: reservations.map(({ personId, reservationId }) => ({
        personId,
        type: 'reservation.expired',
        data: { reservationId },
      })),
    })),
    tell(reservationReleased, ({ personId, reservationId }) => toPerson(personId, 'reservation.released', { reservationId })),
  ],
  snapshotPart: async (ctx, showId) => {
    const rows = await ctx.rows<{ use_id: string; left: number; quota: number }>(
      sql`select distinct on (use_id) use_id, left_units as left, quota from stock.allotment
          where topic = ${showId} and use = 'lot' and use_id is not null order by use_id, created_at desc limit 300`,
    )
    return rows.map((row) => ({ k: `stock:${row.use_id}`, value: { left: row.left, quota: row.quota } }))
  },
}
