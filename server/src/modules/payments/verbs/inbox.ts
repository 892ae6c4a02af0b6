import type { Ctx, Tx } from '../../../kernel/context.ts'
import { at, json, sql } from '../../../kernel/sql.ts'
import type { Callback, Providers } from '../ports.ts'
import { moveFor } from '../rules.ts'
import type { InboxRow, PaymentRow, RefundRow } from '../tables.ts'
import { applyNews } from './apply.ts'
import type { Cashier } from './cashier.ts'

/** Keeps a provider's callback, once per event of theirs, and reads it soon after. Refused when it is not from them. */
export async function receiveCallback(
  ctx: Ctx,
  providers: Providers,
  input: { provider: string; body: Buffer; headers: Readonly<Record<string, string | string[] | undefined>> },
): Promise<{ ok: true } | { ok: false; why: string }> {
  const provider = await providers.named(ctx, input.provider)
  const read = provider.readCallback(input.body, input.headers, ctx.now())
  if (!read.ok) return read
  const { callback } = read
  if (callback) await ctx.transaction((tx) => keep(tx, provider.name, callback))
  return { ok: true }
}

/** What nobody has signed may be sent by anybody, any number of times: copies of it ask again, ever later, one question at a time. */
const copyPauseMs = (copies: number): number => Math.min(copies, 60) * 1_000

async function keep(tx: Tx, provider: string, callback: Callback): Promise<void> {
  const unsigned = callback.asks === true && callback.payment === null
  const { copies } = await tx.one<{ copies: number }>(
    sql`insert into payments.inbox (provider, event_id, payment_id, body, refund_id, asks, ref, received_at)
        values (${provider}, ${callback.eventId}, ${callback.paymentId}, ${json(callback.payment)}, ${callback.refundId ?? null}, ${callback.asks ?? false}, ${callback.ref ?? null}, ${at(tx.now)})
        on conflict (provider, event_id) do update set copies = payments.inbox.copies + 1, state = case when ${unsigned} then 'waiting' else payments.inbox.state end returning copies`,
  )
  if (copies > 1 && !unsigned) return
  await tx.addJob(
    'payments.readInbox',
    { provider, eventId: callback.eventId },
    { key: `payments.readInbox:${provider}:${callback.eventId}`, runAt: tx.now + copyPauseMs(copies - 1) },
  )
}

/** A state that was signed is applied as it stands; a hint asks the provider, unless it tells what is known already. */
export async function readInbox(ctx: Ctx, cashier: Cashier, input: { provider: string; eventId: string }): Promise<void> {
  const row = await ctx.maybe<InboxRow>(
    sql`select * from payments.inbox where provider = ${input.provider} and event_id = ${input.eventId} and state = 'waiting'`,
  )
  if (!row) return
  const state = row.refund_id !== null ? await readRefund(ctx, cashier, row, row.refund_id) : await readPayment(ctx, cashier, row)
  await ctx.run(
    sql`update payments.inbox set state = ${state}, done_at = ${at(ctx.now())} where provider = ${row.provider} and event_id = ${row.event_id} and state = 'waiting'`,
  )
}

async function readPayment(ctx: Ctx, cashier: Cashier, row: InboxRow): Promise<InboxRow['state']> {
  const payment = await ctx.maybe<PaymentRow>(
    sql`select * from payments.payment where id = ${row.payment_id} and provider = ${row.provider}`,
  )
  if (!payment) return 'orphan'
  const news = row.body as Callback['payment']
  if (row.asks) {
    const known =
      news !== null && moveFor(payment.state, news) === null && (payment.state !== 'captured' || payment.fee_amount > 0)
    return !known && (await cashier.look(ctx, payment.id)) ? 'applied' : 'stale'
  }
  const provider = await cashier.providers.named(ctx, row.provider)
  const applied = news !== null && (await ctx.transaction((tx) => applyNews(tx, { paymentId: payment.id, provider, news })))
  return applied ? 'applied' : 'stale'
}

async function readRefund(ctx: Ctx, cashier: Cashier, row: InboxRow, refundId: string): Promise<InboxRow['state']> {
  const before = await ctx.maybe<RefundRow>(
    sql`select r.* from payments.refund r join payments.payment p on p.id = r.payment_id where r.id = ${refundId} and p.provider = ${row.provider}`,
  )
  if (!before) return 'orphan'
  await cashier.refund(ctx, refundId, 1)
  const after = await ctx.one<RefundRow>(sql`select * from payments.refund where id = ${refundId}`)
  return after.state === before.state ? 'stale' : 'applied'
}
