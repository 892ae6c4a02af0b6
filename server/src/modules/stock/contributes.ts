import type { Ctx } from '../../kernel/context.ts'
import type { Sql } from '../../kernel/sql.ts'
import { sql } from '../../kernel/sql.ts'
import type { VerifierCheck } from '../../kernel/verifier.ts'

/** Each query selects what differs, in words. */
const check = (name: string, query: Sql): VerifierCheck => ({
  name,
  run: async (ctx: Ctx) => (await ctx.rows<{ difference: string }>(query)).map((r) => r.difference),
})

const live = sql`r.state in ('held', 'committed', 'paid')`

export const verifierChecks: VerifierCheck[] = [
  check(
    'stock: levels from the journal',
    sql`select format('variant %s: level %s on hand, %s allotted; journal %s, %s', l.variant_id, l.on_hand, l.allotted, coalesce(m.on_hand, 0), coalesce(m.allotted, 0)) as difference
        from stock.level l left join (select variant_id, sum(on_hand_delta) as on_hand, sum(allotted_delta) as allotted from stock.movement group by 1) m using (variant_id)
        where l.on_hand <> coalesce(m.on_hand, 0) or l.allotted <> coalesce(m.allotted, 0)`,
  ),
  check(
    'stock: each movement follows the one before',
    sql`select format('movement %s of variant %s: after it %s on hand, %s allotted; recomputed %s, %s', id, variant_id, on_hand_after, allotted_after, on_hand, allotted) as difference
        from (select id, variant_id, on_hand_after, allotted_after, sum(on_hand_delta) over w as on_hand, sum(allotted_delta) over w as allotted
              from stock.movement window w as (partition by variant_id order by seq)) m
        where on_hand_after <> on_hand or allotted_after <> allotted`,
  ),
  check(
    'stock: quotas from reservations',
    sql`select format('allotment %s: quota %s, left %s, reserved %s', a.id, a.quota, a.left_units, coalesce(r.units, 0)) as difference
        from stock.allotment a left join (select allotment_id, sum(quantity - returned) as units from stock.reservation r where ${live} group by 1) r on r.allotment_id = a.id
        where a.quota - a.left_units <> coalesce(r.units, 0)`,
  ),
  check(
    'stock: levels from quotas',
    sql`select format('variant %s: level %s on hand, %s allotted; quotas less sales %s, %s', l.variant_id, l.on_hand, l.allotted, q.units, q.allotted) as difference
        from stock.level l join (
          select a.variant_id, sum(a.quota - coalesce(p.units, 0)) as units, coalesce(sum(a.quota - coalesce(p.units, 0)) filter (where a.use <> 'shelf'), 0) as allotted
          from stock.allotment a left join (select allotment_id, sum(quantity - returned) as units from stock.reservation where state = 'paid' group by 1) p on p.allotment_id = a.id
          group by 1) q on q.variant_id = l.variant_id
        where l.on_hand <> q.units or l.allotted <> q.allotted`,
  ),
  check(
    'stock: nobody has more than the limit',
    sql`select format('allotment %s: person %s has %s of %s', a.limit_group, r.person_id, sum(r.quantity - r.returned), max(a.per_buyer)) as difference
        from stock.reservation r join stock.allotment a on a.id = r.allotment_id
        where ${live} and a.per_buyer is not null group by a.limit_group, r.person_id having sum(r.quantity - r.returned) > max(a.per_buyer)`,
  ),
  check(
    'stock: every reservation has its allotment',
    sql`select format('reservation %s: no allotment %s', r.id, r.allotment_id) as difference
        from stock.reservation r left join stock.allotment a on a.id = r.allotment_id and a.shop_id = r.shop_id where a.id is null`,
  ),
]
