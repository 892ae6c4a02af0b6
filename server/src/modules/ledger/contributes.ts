import type { PlaceFinders } from '../../kernel/bind.ts'
import { sql } from '../../kernel/sql.ts'
import type { VerifierCheck } from '../../kernel/verifier.ts'

export const places: PlaceFinders = {
  payoutId: async (ctx, id) => {
    const row = await ctx.maybe<{ shop_id: string }>(sql`select shop_id from ledger.payout where id = ${id}`)
    return row && { shopId: row.shop_id }
  },
}

/** Each recomputes from the entries alone, so that it also finds what a trigger could not have seen. */
export const verifierChecks: VerifierCheck[] = [
  {
    name: 'ledger: every transfer is whole and sums to zero',
    run: async (ctx) => {
      const rows = await ctx.rows<{ id: string; expected: number; found: number; sums: string }>(
        sql`select t.id, t.entry_count as expected, coalesce(e.found, 0)::int as found, coalesce(e.sums, '') as sums from ledger.transfer t
            left join (
              select transfer_id, sum(n)::int as found, string_agg(sum || ' ' || currency, ', ') filter (where sum <> 0) as sums
              from (select transfer_id, currency, count(*) as n, sum(amount) as sum from ledger.entry group by 1, 2) c group by 1
            ) e on e.transfer_id = t.id
            where coalesce(e.found, 0) <> t.entry_count or e.sums is not null limit 100`,
      )
      return rows.map((r) => `transfer ${r.id}: ${r.found} of ${r.expected} entries, off by ${r.sums || 'nothing'}`)
    },
  },
  {
    name: 'ledger: all accounts together sum to zero per currency',
    run: async (ctx) => {
      const rows = await ctx.rows<{ currency: string; sum: number }>(
        sql`select currency, sum(amount)::bigint as sum from ledger.entry group by 1 having sum(amount) <> 0`,
      )
      return rows.map((r) => `the ledger is off by ${r.sum} ${r.currency}`)
    },
  },
  {
    name: 'ledger: a reversal is the exact opposite of what it reverses',
    run: async (ctx) => {
      const rows = await ctx.rows<{ id: string }>(
        sql`select r.id from ledger.transfer r where r.reverses is not null and exists (
              select from (select account_id, amount from ledger.entry where transfer_id = r.id union all select account_id, amount from ledger.entry where transfer_id = r.reverses) b
              group by account_id having sum(amount) <> 0) limit 100`,
      )
      return rows.map((r) => `reversal ${r.id} is not the opposite of its original`)
    },
  },
  {
    name: 'ledger: payouts agree with the entries',
    run: async (ctx) => {
      const rows = await ctx.rows<{ shop_id: string; currency: string; waiting: number; transit: number }>(
        sql`select coalesce(p.shop_id, l.owner_id) as shop_id, coalesce(p.currency, l.currency) as currency, coalesce(p.waiting, 0)::bigint as waiting, coalesce(l.sum, 0)::bigint as transit
            from (select shop_id, currency, sum(amount) filter (where state = 'requested') as waiting from ledger.payout group by 1, 2) p
            full join (select a.owner_id, a.currency, sum(e.amount) as sum from ledger.account a join ledger.entry e on e.account_id = a.id where a.kind = 'transit' group by 1, 2) l
              on l.owner_id = p.shop_id and l.currency = p.currency
            where coalesce(p.waiting, 0) + coalesce(l.sum, 0) <> 0`,
      )
      return rows.map(
        (r) => `shop ${r.shop_id}: payouts waiting ${r.waiting} ${r.currency}, in transit by the ledger ${-r.transit}`,
      )
    },
  },
]
