import { randomBytes } from 'node:crypto'
import type { In } from '@efir/contract/act.ts'
import { scopesWithin } from '@efir/contract/api.ts'
import type * as contract from '@efir/contract/integrations.ts'
import { keyLimits } from '@efir/contract/integrations.ts'
import { personOf, type Tx } from '../../../kernel/context.ts'
import { found, Refusal, refuseIf } from '../../../kernel/refusal.ts'
import { at, sql } from '../../../kernel/sql.ts'
import { keyMade, keyRevoked } from '../events.ts'
import { hashOf, keyText } from '../rules.ts'
import { keyViews } from '../views.ts'

export const pruneCalls = 'integrations.pruneCalls'
const dayMs = 86_400_000

interface Wanted {
  readonly shopId: string | null
  readonly name: string
  readonly scopes: readonly string[]
  readonly days: number
}

async function make(tx: Tx, wanted: Wanted) {
  const offered: readonly string[] = scopesWithin[wanted.shopId ? 'shop' : 'platform']
  const strange = wanted.scopes.find((scope) => !offered.includes(scope))
  if (strange !== undefined) throw new Refusal('scope_unknown', { scope: strange })
  // Two at once would both see room for one more.
  await tx.run(sql`select pg_advisory_xact_lock(hashtext(${`keys ${wanted.shopId ?? ''}`}))`)
  const { active } = await tx.one<{ active: number }>(
    sql`select count(*) as active from integrations.api_key where shop_id is not distinct from ${wanted.shopId} and revoked_at is null and expires_at > ${at(tx.now)}`,
  )
  refuseIf(active >= keyLimits.active, 'integration_limit', { most: keyLimits.active })
  const id = tx.newId('apiKey')
  const secret = randomBytes(32).toString('base64url')
  const personId = personOf(tx)
  await tx.run(
    sql`insert into integrations.api_key (id, shop_id, person_id, name, secret_hash, scopes, made_at, expires_at)
        values (${id}, ${wanted.shopId}, ${personId}, ${wanted.name.trim()}, ${hashOf(secret)}, ${[...wanted.scopes].toSorted()}, ${at(tx.now)}, ${at(tx.now + wanted.days * dayMs)})`,
  )
  await tx.announce(
    keyMade,
    { keyId: id, shopId: wanted.shopId, personId, scopes: [...wanted.scopes] },
    wanted.shopId ?? undefined,
  )
  await tx.addJob(pruneCalls, {}, { key: pruneCalls, runAt: tx.now + dayMs })
  const key = found((await keyViews(tx, wanted.shopId)).find((one) => one.id === id))
  return { key, secret: keyText(id, secret) }
}

export const makeShopKey = (tx: Tx, input: In<typeof contract.makeShopKey>) => make(tx, input)
export const makePlatformKey = (tx: Tx, input: In<typeof contract.makePlatformKey>) => make(tx, { ...input, shopId: null })

async function revoke(tx: Tx, shopId: string | null, keyId: string) {
  const personId = personOf(tx)
  const gone = await tx.run(
    sql`update integrations.api_key set revoked_at = ${at(tx.now)}, revoked_by = ${personId}
        where id = ${keyId} and shop_id is not distinct from ${shopId} and revoked_at is null`,
  )
  refuseIf(gone === 0, 'not_found')
  await tx.announce(keyRevoked, { keyId, shopId, personId }, shopId ?? undefined)
  return { done: true as const }
}

export const revokeShopKey = (tx: Tx, input: { shopId: string; apiKeyId: string }) => revoke(tx, input.shopId, input.apiKeyId)
export const revokePlatformKey = (tx: Tx, input: { apiKeyId: string }) => revoke(tx, null, input.apiKeyId)
