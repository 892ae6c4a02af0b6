import type { Ctx } from '../../kernel/context.ts'
import { OutboundRefused } from '../../kernel/outbound.ts'
import { at, sql } from '../../kernel/sql.ts'
import { endpointDisabled } from './events.ts'
import {
  answerBytes,
  answerShown,
  inOrderTries,
  leaseMs,
  outcomeOf,
  pausesMs,
  perRun,
  signaturesOf,
  tryMs,
} from './hook-rules.ts'
import { hookSealer, wake } from './verbs/hooks.ts'

interface Target {
  id: string
  shop_id: string
  url: string
  secret: string
  old_secret: string | null
  old_until: number | null
}
interface Due {
  id: string
  type: string
  body: string
  tries: number
  next_at: number
}

/**
 * Sends what waits at one endpoint, oldest first, a bounded number in a run. One process at a time holds the endpoint, by a lease:
 * should it die, the next one sends the last event again under the same id.
 */
export async function deliverTo(ctx: Ctx, payload: Record<string, unknown>): Promise<void> {
  const endpointId = String(payload['endpointId'])
  const target = await claim(ctx, endpointId)
  if (!target) return await comeBack(ctx, endpointId)
  for (let n = 0; n < perRun; n++) {
    const due = await nextDue(ctx, endpointId)
    if (!due || due.next_at > ctx.now()) break
    if (!(await tryOne(ctx, target, due))) break
  }
  await ctx.transaction(async (tx) => {
    await tx.run(sql`update integrations.endpoint set busy_until = null where id = ${endpointId}`)
    const due = await nextDue(tx, endpointId)
    if (due) await wake(tx, endpointId, Math.max(tx.now, due.next_at))
  })
}

const claim = (ctx: Ctx, endpointId: string) =>
  ctx.maybe<Target>(
    sql`update integrations.endpoint set busy_until = ${at(ctx.now() + leaseMs)}
        where id = ${endpointId} and state = 'active' and (busy_until is null or busy_until <= ${at(ctx.now())})
        returning id, shop_id, url, secret, old_secret, old_until`,
  )

/** Another process holds it, or held it when it died. */
async function comeBack(ctx: Ctx, endpointId: string): Promise<void> {
  const held = await ctx.maybe<{ busy_until: number }>(
    sql`select busy_until from integrations.endpoint where id = ${endpointId} and state = 'active' and busy_until is not null`,
  )
  if (held) await ctx.transaction((tx) => wake(tx, endpointId, Math.max(ctx.now() + 1_000, held.busy_until)))
}

/** The oldest one goes first as long as it has hope; one that keeps failing steps aside for those behind it. */
const nextDue = (q: Pick<Ctx, 'maybe'>, endpointId: string) =>
  q.maybe<Due>(
    sql`select id, type, body, tries, next_at from (
          (select *, 0 as turn from integrations.dispatch where endpoint_id = ${endpointId} and state = 'waiting' and tries < ${inOrderTries} order by id limit 1)
          union all
          (select *, 1 as turn from integrations.dispatch where endpoint_id = ${endpointId} and state = 'waiting' and tries >= ${inOrderTries} order by next_at limit 1)
        ) d where exists (select from integrations.endpoint where id = ${endpointId} and state = 'active')
        order by next_at, turn limit 1`,
  )

interface Tried {
  readonly status: number | null
  readonly problem: string | null
  readonly answer: string
  readonly ms: number
}

/** False: nothing more is sent in this run. */
async function tryOne(ctx: Ctx, target: Target, due: Due): Promise<boolean> {
  const tried = await send(ctx, target, due)
  const outcome = outcomeOf(tried.status)
  const pauseMs = pausesMs[due.tries]
  const over = outcome === 'never' || (outcome === 'later' && pauseMs === undefined)
  await ctx.transaction(async (tx) => {
    await tx.run(sql`update integrations.endpoint set busy_until = ${at(tx.now + leaseMs)} where id = ${target.id}`)
    await tx.run(
      sql`insert into integrations.attempt (dispatch_id, at, ms, status, problem, answer)
          select ${due.id}, ${at(tx.now)}, ${tried.ms}, ${tried.status}, ${tried.problem}, ${tried.answer} where exists (select from integrations.dispatch where id = ${due.id})`,
    )
    if (outcome === 'taken')
      await tx.run(
        sql`update integrations.dispatch set state = 'taken', tries = tries + 1, taken_at = ${at(tx.now)} where id = ${due.id}`,
      )
    else
      await tx.run(
        sql`update integrations.dispatch set state = ${over ? 'given_up' : 'waiting'}, tries = tries + 1, next_at = ${at(tx.now + (pauseMs ?? 0))} where id = ${due.id}`,
      )
    if (!over) return
    await tx.run(sql`update integrations.endpoint set state = 'disabled' where id = ${target.id}`)
    await tx.announce(endpointDisabled, { endpointId: target.id, shopId: target.shop_id, url: target.url }, target.shop_id)
  })
  return outcome === 'taken'
}

async function send(ctx: Ctx, target: Target, due: Due): Promise<Tried> {
  const startedAt = ctx.now()
  const timestamp = Math.floor(startedAt / 1_000)
  const sealer = hookSealer(ctx)
  const old = target.old_secret !== null && (target.old_until ?? 0) > startedAt ? [target.old_secret] : []
  const secrets = [target.secret, ...old].map((sealed) => sealer.open(sealed, target.id))
  try {
    const answer = await ctx.outbound.fetch(target.url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'user-agent': 'Efir-Webhooks/1',
        'webhook-id': due.id,
        'webhook-timestamp': String(timestamp),
        'webhook-signature': signaturesOf(secrets, due.id, timestamp, due.body),
      },
      body: due.body,
      timeoutMs: tryMs,
      maxAnswerBytes: answerBytes,
    })
    // PostgreSQL keeps no NUL, and halves of surrogate pairs neither.
    const text = (await answer.text()).slice(0, answerShown).replaceAll('\0', '').toWellFormed()
    return { status: answer.status, problem: null, answer: text, ms: ctx.now() - startedAt }
  } catch (problem) {
    const why =
      problem instanceof OutboundRefused ? problem.reason : ((problem as NodeJS.ErrnoException).code ?? (problem as Error).name)
    return { status: null, problem: String(why).slice(0, 100), answer: '', ms: ctx.now() - startedAt }
  }
}
