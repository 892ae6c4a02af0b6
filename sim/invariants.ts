import { at, compiled, sql } from '../server/src/kernel/sql.ts'
import type { World } from '../server/test/world.ts'
import type { Story } from './story.ts'

const live = sql`r.state in ('held', 'committed', 'paid')`

/** What must hold after every step, whatever happened. */
export async function invariants(story: Story): Promise<string[]> {
  const { shopId } = story.shelf
  // Named, so that it is planned once and not after every step.
  const { rows } = await story.world.kernel.db.pool.query<{ wrong: string }>({
    name: 'sim.invariants',
    ...compiled(sql`with mine as materialized (select * from stock.allotment where shop_id = ${shopId}),
          taken as materialized (select r.*, a.limit_group, a.per_buyer, a.use, a.use_id from mine a join stock.reservation r on r.allotment_id = a.id)
        select 'stock below zero' as wrong from stock.level where shop_id = ${shopId} and (on_hand < 0 or allotted < 0 or allotted > on_hand)
        union all select format('allotment %s: %s left of %s, but %s are reserved', a.id, a.left_units, a.quota, coalesce(sum(r.quantity - r.returned), 0))
          from mine a left join taken r on r.allotment_id = a.id and ${live} group by a.id, a.left_units, a.quota
          having a.left_units < 0 or a.quota - a.left_units <> coalesce(sum(r.quantity - r.returned), 0)
        union all select format('person %s has %s of limit %s in %s', r.person_id, sum(r.quantity - r.returned), max(r.per_buyer), r.limit_group)
          from taken r where r.per_buyer is not null and ${live} group by r.limit_group, r.person_id having sum(r.quantity - r.returned) > max(r.per_buyer)
        union all select format('reservation %s at %s %s: deal %s said %s', r.id, r.amount, r.currency, r.source, d.amount)
          from taken r left join lots.deal d on d.id = r.source and d.lot_id = r.use_id
          where r.use = 'lot' and (d.id is null or d.amount <> r.amount or d.currency <> r.currency or r.created_at < d.from_at)
        union all select format('lot %s is %s with units set aside %s times', l.id, l.state, count(a.id)) from lots.lot l
          left join lots.variant v on v.lot_id = l.id left join mine a on a.id = v.allotment_id and a.open where l.shop_id = ${shopId} group by l.id, l.state
          having (count(a.id) > 0) <> (l.state in ('armed', 'counting', 'open'))
        union all select format('lot %s of %s: its quotas sum to %s', l.id, l.quota, sum(a.quota)) from lots.lot l join lots.variant v on v.lot_id = l.id
          join mine a on a.id = v.allotment_id and a.open where l.shop_id = ${shopId} group by l.id, l.quota having sum(a.quota) > l.quota
        union all select 'ledger of ' || currency || ' sums to ' || sum(amount) from ledger.entry group by currency having sum(amount) <> 0
        union all select 'a reservation in two sold orders: ' || n.reservation_id from orders.line n join orders.order o on o.id = n.order_id
          where o.shop_id = ${shopId} and n.reservation_id is not null and o.paid_at is not null and o.cancelled_at is null group by n.reservation_id having count(*) > 1`),
  })
  return rows.map((w) => w.wrong)
}

/** What should have ended by itself and did not, so long after its time. Purchases may wait for a bank a while longer. */
export async function leftovers(world: World, after: { heldMs: number }): Promise<string[]> {
  const held = at(world.clock.now() - after.heldMs)
  const late = at(world.clock.now() - 3_600_000)
  const wrong = await world.kernel.db.rows<{ wrong: string }>(
    sql`select format('reservation %s is held past its time', id) as wrong from stock.reservation where state = 'held' and expires_at < ${held}
        union all select format('lot %s is %s past its end', id, state) from lots.lot where state in ('counting', 'open') and closes_at < ${held}
        union all select format('lot %s counts past its opening', id) from lots.lot where state = 'counting' and opens_at < ${held}
        union all select format('order %s is unpaid past its time', o.number) from orders.order o join orders.checkout c on c.id = o.checkout_id
          where o.state = 'placed' and o.confirmed_at is null and c.pay_until < ${late}
        union all select format('%s was given up by %s: %s', e.type, f.reader, f.problem) from kernel.event_failed f join kernel.event e using (pos)
        union all select format('job %s waits since %s', name, run_at) from kernel.stepped_job where run_at < ${late}`,
  )
  return wrong.map((w) => w.wrong)
}
