import type { Ctx, Tx } from '../../../kernel/context.ts'
import { at, json, sql } from '../../../kernel/sql.ts'
import type { Callback, Providers } from '../ports.ts'
import type { InboxRow } from '../tables.ts'
import { applyNews } from './apply.ts'

/** Keeps a provider's callback, once per event of theirs, and reads it soon after. Refused when it is not from them. */
export async function receiveCallback(
  ctx: Ctx,
  providers: Providers,
  input: { provider: string; body: Buffer; headers: Readonly<Record<string, string | string[] | undefined>> },
): Promise<{ ok: true } | { ok: false; why: string }> {
  const provider = providers.list.find((p) => p.name === input.provider)
  if (!provider) return { ok: false, why: 'no such provider' }
  const read = provider.readCallback(input.body, input.headers, ctx.now())
  if (!read.ok) return read
  const { callback } = read
  if (callback) await ctx.transaction((tx) => keep(tx, provider.name, callback))
  return { ok: true }
}

async function keep(tx: Tx, provider: string, callback: Callback): Promise<void> {
  const { copies } = await tx.one<{ copies: number }>(
    sql`insert into payments.inbox (provider, event_id, payment_id, body, received_at) values (${provider}, ${callback.eventId}, ${callback.paymentId}, ${json(callback.payment)}, ${at(tx.now)})
        on conflict (provider, event_id) do update set copies = payments.inbox.copies + 1 returning copies`,
  )
  if (copies > 1) return
  await tx.addJob(
    'payments.readInbox',
    { provider, eventId: callback.eventId },
    { key: `payments.readInbox:${provider}:${callback.eventId}` },
  )
}

export async function readInbox(tx: Tx, providers: Providers, input: { provider: string; eventId: string }): Promise<void> {
  const row = await tx.maybe<InboxRow>(
    sql`select * from payments.inbox where provider = ${input.provider} and event_id = ${input.eventId} and state = 'waiting' for update`,
  )
  if (!row) return
  const known = await tx.maybe(sql`select 1 from payments.payment where id = ${row.payment_id} and provider = ${row.provider}`)
  const news = row.body as Callback['payment']
  const state = !known
    ? 'orphan'
    : (await applyNews(tx, { paymentId: row.payment_id, provider: providers.named(row.provider), news }))
      ? 'applied'
      : 'stale'
  await tx.run(
    sql`update payments.inbox set state = ${state}, done_at = ${at(tx.now)} where provider = ${row.provider} and event_id = ${row.event_id}`,
  )
}
