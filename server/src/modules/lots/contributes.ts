import type { PlaceFinders } from '../../kernel/bind.ts'
import type { Ctx } from '../../kernel/context.ts'
import { type Sql, sql } from '../../kernel/sql.ts'
import type { VerifierCheck } from '../../kernel/verifier.ts'

/** A lot is run by the team of its show. */
export const places: PlaceFinders = {
  lotId: (ctx, lotId) =>
    ctx.maybe<{ shopId: string; showId: string }>(
      sql`select s.shop_id as "shopId", s.id as "showId" from lots.lot l join shows.show s on s.id = l.show_id where l.id = ${lotId} and l.removed_at is null`,
    ),
}

const check = (name: string, query: Sql): VerifierCheck => ({
  name,
  run: async (ctx: Ctx) => (await ctx.rows<{ difference: string }>(query)).map((r) => r.difference),
})

export const verifierChecks: VerifierCheck[] = [
  check(
    'lots: units are set aside exactly while the deal has them',
    sql`select format('lot %s is %s but allotment %s is %s', l.id, l.state, a.id, case when a.open then 'open' else 'closed' end) as difference
        from lots.lot l join stock.allotment a on a.use = 'lot' and a.use_id = l.id where a.open <> (l.state in ('armed', 'counting', 'open') and exists
          (select from lots.variant v where v.lot_id = l.id and v.allotment_id = a.id))`,
  ),
  check(
    'lots: buyers paid a price that was shown',
    sql`select format('reservation %s of lot %s at %s %s: deal %s said %s %s', r.id, a.use_id, r.amount, r.currency, r.source, d.amount, d.currency) as difference
        from stock.reservation r join stock.allotment a on a.id = r.allotment_id and a.use = 'lot' and a.use_id like 'lot\\_%'
        left join lots.deal d on d.id = r.source and d.lot_id = a.use_id where d.id is null or d.amount <> r.amount or d.currency <> r.currency`,
  ),
]
