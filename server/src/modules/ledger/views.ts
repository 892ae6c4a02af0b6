import type { In, Out } from '@efir/contract/act.ts'
import type * as contract from '@efir/contract/ledger.ts'
import { money, negate } from '@efir/contract/money.ts'
import type { Ctx } from '../../kernel/context.ts'
import type { Queries } from '../../kernel/db.ts'
import { type Sql, sql } from '../../kernel/sql.ts'
import { owedOf } from './rules.ts'
import type { PayoutRow, TransferKind } from './tables.ts'

/** The sum of the entries of one order on one kind of account, in minor units; debit positive. */
export async function orderBalance(q: Queries, orderId: string, kind: string): Promise<number> {
  const row = await q.one<{ sum: number }>(
    sql`select coalesce(sum(e.amount), 0)::bigint as sum from ledger.transfer t join ledger.entry e on e.transfer_id = t.id join ledger.account a on a.id = e.account_id
        where t.order_id = ${orderId} and a.kind = ${kind}`,
  )
  return row.sum
}

export async function shopBalances(
  ctx: Ctx,
  input: In<typeof contract.shopBalances>,
): Promise<Out<typeof contract.shopBalances>> {
  // A reversal counts as what it reverses, with the opposite sign.
  const rows = await ctx.rows<{ currency: string; kind: TransferKind; sum: number }>(
    sql`select e.currency, coalesce(o.kind, t.kind) as kind, sum(e.amount)::bigint as sum
        from ledger.account a join ledger.entry e on e.account_id = a.id join ledger.transfer t on t.id = e.transfer_id left join ledger.transfer o on o.id = t.reverses
        where a.kind = 'shop' and a.owner_id = ${input.shopId} group by 1, 2`,
  )
  const transits = await ctx.rows<{ currency: string; waiting: number; paid: number }>(
    sql`select currency, coalesce(sum(amount) filter (where state = 'requested'), 0)::bigint as waiting, coalesce(sum(amount) filter (where state = 'paid'), 0)::bigint as paid
        from ledger.payout where shop_id = ${input.shopId} group by 1`,
  )
  const currencies = [...new Set(rows.map((r) => r.currency))].sort()
  return {
    balances: currencies.map((currency) => {
      const of = (...kinds: TransferKind[]) =>
        rows.filter((r) => r.currency === currency && kinds.includes(r.kind)).reduce((a, r) => a + r.sum, 0)
      const payouts = transits.find((t) => t.currency === currency)
      const owed = rows.filter((r) => r.currency === currency).reduce((a, r) => a + r.sum, 0)
      return {
        currency,
        owed: owedOf(owed, currency),
        inTransit: money(payouts?.waiting ?? 0, currency),
        paidOut: money(payouts?.paid ?? 0, currency),
        sales: owedOf(of('sale'), currency),
        returned: money(of('sale_return'), currency),
        fees: money(of('shop_fee'), currency),
        cash: money(of('cash_kept'), currency),
        passedOn: money(of('passed_on'), currency),
        platformShare: money(0, currency),
      }
    }),
  }
}

export async function shopStatement(
  ctx: Ctx,
  input: In<typeof contract.shopStatement>,
): Promise<Out<typeof contract.shopStatement>> {
  const limit = input.limit ?? 50
  const rows = await ctx.rows<{ id: string; at: number; kind: string; amount: number; after: number; order_id: string | null }>(
    // The page by its index; what stood before it is one sum over the same index.
    sql`with account as (
          select id from ledger.account where kind = 'shop' and owner_id = ${input.shopId} and currency = ${input.currency}
        ), page as (
          select e.id, e.amount, e.transfer_id from ledger.entry e join account a on a.id = e.account_id
          where ${input.after === undefined ? sql`true` : sql`e.id < ${input.after}`} order by e.id desc limit ${limit + 1}
        ), until_here as (
          select coalesce(sum(e.amount), 0) as sum from ledger.entry e join account a on a.id = e.account_id where e.id <= (select max(id) from page)
        )
        select p.id, t.at, t.kind, p.amount, t.order_id,
          ((select sum from until_here) - coalesce(sum(p.amount) over (order by p.id desc rows between unbounded preceding and 1 preceding), 0))::bigint as after
        from page p join ledger.transfer t on t.id = p.transfer_id order by p.id desc`,
  )
  return {
    items: rows.slice(0, limit).map((r) => ({
      id: r.id,
      at: r.at,
      kind: r.kind as 'sale',
      amount: negate(money(r.amount, input.currency)),
      after: owedOf(r.after, input.currency),
      orderId: r.order_id ?? undefined,
    })),
    next: rows.length > limit ? rows[limit - 1]?.id : undefined,
  }
}

type Payout = Out<typeof contract.requestPayout>

async function payoutRows(q: Queries, where: Sql, order: Sql, limit: number): Promise<Payout[]> {
  const rows = await q.rows<PayoutRow & { shop_name: string }>(
    sql`select p.*, s.name as shop_name from ledger.payout p join identity.shop s on s.id = p.shop_id where ${where} ${order} limit ${limit}`,
  )
  return rows.map((r) => ({
    id: r.id,
    shopId: r.shop_id,
    shopName: r.shop_name,
    amount: money(r.amount, r.currency),
    state: r.state,
    reference: r.reference,
    requestedAt: r.requested_at,
    settledAt: r.settled_at ?? undefined,
  }))
}

const page = (items: Payout[], limit: number) => ({
  items: items.slice(0, limit),
  next: items.length > limit ? items[limit - 1]?.id : undefined,
})

export async function payoutView(q: Queries, payoutId: string): Promise<Payout> {
  return (await payoutRows(q, sql`p.id = ${payoutId}`, sql``, 1))[0] as Payout
}

export async function shopPayouts(ctx: Ctx, input: In<typeof contract.shopPayouts>): Promise<Out<typeof contract.shopPayouts>> {
  const limit = input.limit ?? 50
  const from = input.after === undefined ? sql`true` : sql`p.id < ${input.after}`
  return page(await payoutRows(ctx, sql`p.shop_id = ${input.shopId} and ${from}`, sql`order by p.id desc`, limit + 1), limit)
}

export async function openPayouts(ctx: Ctx, input: In<typeof contract.openPayouts>): Promise<Out<typeof contract.openPayouts>> {
  const limit = input.limit ?? 50
  const from = input.after === undefined ? sql`true` : sql`p.id > ${input.after}`
  return page(await payoutRows(ctx, sql`p.state = 'requested' and ${from}`, sql`order by p.id`, limit + 1), limit)
}

export async function platformBalances(ctx: Ctx): Promise<Out<typeof contract.platformBalances>> {
  const rows = await ctx.rows<{ kind: string; currency: string; sum: number; accounts: number }>(
    sql`select a.kind, a.currency, coalesce(sum(e.amount), 0)::bigint as sum, count(distinct a.id)::int as accounts
        from ledger.account a left join ledger.entry e on e.account_id = a.id group by 1, 2 order by 2, 1`,
  )
  return {
    balances: rows.map((r) => ({ kind: r.kind, currency: r.currency, amount: money(r.sum, r.currency), accounts: r.accounts })),
  }
}
