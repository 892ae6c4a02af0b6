import { sql } from '../../kernel/sql.ts'
import type { VerifierCheck } from '../../kernel/verifier.ts'

export const verifierChecks: VerifierCheck[] = [
  {
    name: 'payments: the ledger holds every capture and refund',
    run: async (ctx) => {
      const rows = await ctx.rows<{ id: string; expected: number; booked: number }>(
        sql`select p.id, p.captured_amount - coalesce(r.done, 0)::bigint as expected, coalesce(l.booked, 0)::bigint as booked from payments.payment p
            left join (select payment_id, sum(amount) as done from payments.refund where state = 'done' group by 1) r on r.payment_id = p.id
            left join (
              select t.payment_id, -sum(e.amount) as booked from ledger.transfer t join ledger.entry e on e.transfer_id = t.id join ledger.account a on a.id = e.account_id and a.kind = 'buyer'
              where t.kind in ('capture', 'refund', 'cash') group by 1
            ) l on l.payment_id = p.id
            where p.captured_amount - coalesce(r.done, 0) <> coalesce(l.booked, 0) limit 100`,
      )
      return rows.map((r) => `payment ${r.id}: took ${r.expected} after refunds, the ledger holds ${r.booked}`)
    },
  },
  {
    name: 'payments: refunds sum to what a payment says was given back',
    run: async (ctx) => {
      const rows = await ctx.rows<{ id: string; said: number; sum: number }>(
        sql`select p.id, p.refunded_amount as said, coalesce(r.sum, 0)::bigint as sum from payments.payment p
            left join (select payment_id, sum(amount) as sum from payments.refund where state <> 'refused' group by 1) r on r.payment_id = p.id
            where p.refunded_amount <> coalesce(r.sum, 0) limit 100`,
      )
      return rows.map((r) => `payment ${r.id}: says ${r.said} given back, refunds sum to ${r.sum}`)
    },
  },
  {
    name: 'payments: what providers kept stands in the ledger',
    run: async (ctx) => {
      const rows = await ctx.rows<{ id: string; fee: number; booked: number }>(
        sql`select p.id, p.fee_amount as fee, coalesce(l.booked, 0)::bigint as booked from payments.payment p
            left join (
              select t.payment_id, sum(e.amount) as booked from ledger.transfer t join ledger.entry e on e.transfer_id = t.id join ledger.account a on a.id = e.account_id and a.kind = 'fees'
              where t.kind = 'provider_fee' group by 1
            ) l on l.payment_id = p.id
            where p.fee_amount <> coalesce(l.booked, 0) limit 100`,
      )
      return rows.map((r) => `payment ${r.id}: fee ${r.fee}, the ledger holds ${r.booked}`)
    },
  },
]
