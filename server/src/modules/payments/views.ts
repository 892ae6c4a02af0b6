import type { In, Out } from '@efir/contract/act.ts'
import { money } from '@efir/contract/money.ts'
import type * as contract from '@efir/contract/payments.ts'
import { testCards } from '@efir/contract/payments.ts'
import type { Ctx } from '../../kernel/context.ts'
import type { Queries } from '../../kernel/db.ts'
import { found } from '../../kernel/refusal.ts'
import { sql } from '../../kernel/sql.ts'
import type { Providers } from './ports.ts'
import { isPending, providerOf } from './rules.ts'
import type { PaymentRow, RefundRow } from './tables.ts'

export const paymentRow = async (q: Queries, paymentId: string): Promise<PaymentRow> =>
  found(await q.maybe<PaymentRow>(sql`select * from payments.payment where id = ${paymentId}`))

/** Money has been or may still be taken: what it pays for must not be let go. */
export const mayStillTake = (row: PaymentRow): boolean => isPending(row.state) || row.state === 'captured'

export function paymentView(row: PaymentRow): Out<typeof contract.reconcilePayment> {
  return {
    id: row.id,
    state: row.state,
    method: row.method,
    ...shownProvider(row.provider),
    capture: row.capture,
    amount: money(row.amount, row.currency),
    card: row.card ?? undefined,
    action: row.action ?? undefined,
    declineReason: row.decline_reason ?? undefined,
  }
}

/** As buyers see it: the kind, how it asks, and the account whose page asks. */
export function shownProvider(name: string) {
  const { kind, form, account } = providerOf(name)
  return { provider: kind, form, ...(account ? { account } : {}) }
}

export async function refundsOf(q: Queries, orderId: string) {
  const rows = await q.rows<RefundRow>(sql`select * from payments.refund where order_id = ${orderId} order by id`)
  return rows.map((r) => ({
    id: r.id,
    amount: money(r.amount, r.currency),
    state: r.state,
    reason: r.reason,
    at: r.asked_at,
    doneAt: r.done_at ?? undefined,
  }))
}

export function setupOf(providers: Providers): Out<typeof contract.paymentSetup> {
  return {
    methods: providers.list.flatMap((p) =>
      p.methods.map((method) => ({ method, provider: p.name, publicKey: p.publicKey, atTheDoor: p.holds === 'cash' })),
    ),
    testCards: providers.list.some((p) => p.name === 'test') ? testCards.map((c) => ({ ...c })) : [],
  }
}

export async function openPayments(
  ctx: Ctx,
  input: In<typeof contract.openPayments>,
): Promise<Out<typeof contract.openPayments>> {
  const limit = input.limit ?? 50
  const rows = await ctx.rows<PaymentRow & { refunds_waiting: number }>(
    sql`select p.*, (select count(*)::int from payments.refund r where r.payment_id = p.id and r.state = 'asked') as refunds_waiting from payments.payment p
        where (p.state in ('unknown', 'requires_action') or p.wanted is not null or exists (select from payments.refund r where r.payment_id = p.id and r.state = 'asked'))
          and ${input.after === undefined ? sql`true` : sql`p.id > ${input.after}`} order by p.id limit ${limit + 1}`,
  )
  return {
    items: rows.slice(0, limit).map((r) => ({
      id: r.id,
      state: r.state,
      wanted: r.wanted ?? undefined,
      provider: providerOf(r.provider).kind,
      amount: money(r.amount, r.currency),
      since: r.changed_at,
      asked: r.asked_count,
      refundsWaiting: r.refunds_waiting,
    })),
    next: rows.length > limit ? rows[limit - 1]?.id : undefined,
  }
}
