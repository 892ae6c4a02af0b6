import type { In } from '@efir/contract/act.ts'
import type * as contract from '@efir/contract/integrations.ts'
import { endpointLimits } from '@efir/contract/integrations.ts'
import { publicTypes } from '@efir/contract/webhooks.ts'
import type { Kernel, Tx } from '../../../kernel/context.ts'
import type { AnyEvent } from '../../../kernel/events.ts'
import { Refusal, refuseIf } from '../../../kernel/refusal.ts'
import { at, nothing, sql } from '../../../kernel/sql.ts'
import { openSealer, type Sealer } from '../../../kernel/vault.ts'
import { newHookSecret, oldSecretMs } from '../hook-rules.ts'
import { endpointRow, endpointView } from '../hook-views.ts'
import type { News } from '../news.ts'

export const deliver = 'integrations.deliver'
export const pruneHooks = 'integrations.pruneHooks'
const dayMs = 86_400_000

export const hookSealer = (kernel: Pick<Kernel, 'secret' | 'config'>): Sealer => {
  const before = (kernel.config.EFIR_SECRETS_BEFORE ?? '').split(',').map((secret) => secret.trim())
  return openSealer([kernel.secret, ...before.filter((secret) => secret !== '')])
}

export const wake = (tx: Tx, endpointId: string, runAt?: number) =>
  tx.addJob(deliver, { endpointId }, { key: `${deliver} ${endpointId}`, ...(runAt === undefined ? {} : { runAt }) })

function judge(tx: Tx, given: { readonly url?: string; readonly types?: readonly string[] }): void {
  const reason = given.url === undefined ? null : tx.kernel.outbound.refuses(given.url)
  refuseIf(reason !== null, 'address_not_public')
  const strange = given.types?.find((type) => !publicTypes.includes(type))
  if (strange !== undefined) throw new Refusal('event_unknown', { type: strange })
}

export async function addEndpoint(tx: Tx, input: In<typeof contract.addEndpoint>) {
  judge(tx, input)
  await tx.run(sql`select pg_advisory_xact_lock(hashtext(${`endpoints ${input.shopId}`}))`)
  const { there } = await tx.one<{ there: number }>(
    sql`select count(*) as there from integrations.endpoint where shop_id = ${input.shopId}`,
  )
  refuseIf(there >= endpointLimits.perShop, 'integration_limit', { most: endpointLimits.perShop })
  const id = tx.newId('endpoint')
  const secret = newHookSecret()
  await tx.run(
    sql`insert into integrations.endpoint (id, shop_id, url, about, types, secret, state, made_at)
        values (${id}, ${input.shopId}, ${input.url}, ${input.about ?? ''}, ${[...input.types]}, ${hookSealer(tx.kernel).seal(secret, id)}, 'active', ${at(tx.now)})`,
  )
  await tx.addJob(pruneHooks, {}, { key: pruneHooks, runAt: tx.now + dayMs })
  return { endpoint: endpointView(await endpointRow(tx, input.shopId, id)), secret }
}

export async function changeEndpoint(tx: Tx, input: In<typeof contract.changeEndpoint>) {
  judge(tx, input)
  const before = await endpointRow(tx, input.shopId, input.endpointId)
  await tx.run(
    sql`update integrations.endpoint set url = ${input.url ?? before.url}, about = ${input.about ?? before.about},
          types = ${[...(input.types ?? before.types)]}, state = ${input.state ?? before.state} where id = ${before.id}`,
  )
  // Switched on again: what was given up stays so until it is replayed; what waits goes at once.
  if (input.state === 'active') {
    await tx.run(
      sql`update integrations.dispatch set next_at = ${at(tx.now)} where endpoint_id = ${before.id} and state = 'waiting'`,
    )
    await wake(tx, before.id)
  }
  return endpointView(await endpointRow(tx, input.shopId, before.id))
}

export async function removeEndpoint(tx: Tx, input: In<typeof contract.removeEndpoint>) {
  const gone = await tx.run(sql`delete from integrations.endpoint where id = ${input.endpointId} and shop_id = ${input.shopId}`)
  refuseIf(gone === 0, 'not_found')
  return { done: true as const }
}

export async function rotateEndpointSecret(tx: Tx, input: In<typeof contract.rotateEndpointSecret>) {
  const { id } = await endpointRow(tx, input.shopId, input.endpointId)
  const secret = newHookSecret()
  await tx.run(
    sql`update integrations.endpoint set old_secret = secret, old_until = ${at(tx.now + oldSecretMs)}, secret = ${hookSealer(tx.kernel).seal(secret, id)} where id = ${id}`,
  )
  return { endpoint: endpointView(await endpointRow(tx, input.shopId, id)), secret }
}

interface Queued {
  readonly endpointId: string
  readonly shopId: string
  readonly pos: number | null
  readonly type: string
  readonly version: number
  readonly at: number
  readonly data: object
}

/** Written down with the event's position, so the same event is never queued twice. */
async function queue(tx: Tx, one: Queued): Promise<void> {
  const id = tx.newId('dispatch')
  const { type, version, shopId, data } = one
  const body = JSON.stringify({ id, type, version, shopId, at: one.at, data })
  await tx.run(
    sql`insert into integrations.dispatch (id, endpoint_id, pos, type, body, at, state, next_at)
        values (${id}, ${one.endpointId}, ${one.pos}, ${type}, ${body}, ${at(one.at)}, 'waiting', ${at(tx.now)}) on conflict (endpoint_id, pos) do nothing`,
  )
  await wake(tx, one.endpointId)
}

export async function pingEndpoint(tx: Tx, input: In<typeof contract.pingEndpoint>) {
  const { id, shop_id } = await endpointRow(tx, input.shopId, input.endpointId)
  await queue(tx, { endpointId: id, shopId: shop_id, pos: null, type: 'ping', version: 1, at: tx.now, data: {} })
  return { done: true as const }
}

/** What was announced, to everybody of the shop who asked for it. */
export async function spread(tx: Tx, news: News, event: AnyEvent): Promise<void> {
  const { shopId, showId, data } = news.tell(event.body)
  const endpoints = await tx.rows<{ id: string; shop_id: string }>(
    sql`select id, shop_id from integrations.endpoint where state <> 'disabled' and ${news.type} = any(types)
        and shop_id = ${shopId === undefined ? sql`(select shop_id from shows.show where id = ${showId ?? ''})` : sql`${shopId}`}`,
  )
  for (const one of endpoints)
    await queue(tx, {
      endpointId: one.id,
      shopId: one.shop_id,
      pos: event.pos,
      type: news.type,
      version: news.version,
      at: event.at,
      data,
    })
}

export async function replayEvents(tx: Tx, input: In<typeof contract.replayEvents>) {
  const { id } = await endpointRow(tx, input.shopId, input.endpointId)
  const which = input.dispatchId
    ? sql`id = ${input.dispatchId}`
    : input.sinceAt !== undefined
      ? sql`at >= ${at(input.sinceAt)}`
      : nothing
  if (which === nothing) throw new Refusal('bad_input', { field: 'sinceAt', problem: 'name an event or an instant' })
  const again = await tx.run(
    sql`update integrations.dispatch set state = 'waiting', tries = 0, next_at = ${at(tx.now)}, taken_at = null where endpoint_id = ${id} and ${which}`,
  )
  refuseIf(again === 0 && input.dispatchId !== undefined, 'not_found')
  await wake(tx, id)
  return { again }
}
