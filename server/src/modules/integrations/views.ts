import type { In } from '@efir/contract/act.ts'
import { scopesWithin } from '@efir/contract/api.ts'
import { keyLimits, type platformKeyCalls, type shopKeyCalls } from '@efir/contract/integrations.ts'
import type { Ctx } from '../../kernel/context.ts'
import type { Queries } from '../../kernel/db.ts'
import { found } from '../../kernel/refusal.ts'
import { nothing, sql } from '../../kernel/sql.ts'
import { keyStart } from './rules.ts'
import type { ApiKeyRow, KeyCallRow } from './tables.ts'

const given = <T>(value: T | null): T | undefined => value ?? undefined

/** Newest first; the revoked and the expired stay in sight, up to a bound. */
export async function keyViews(q: Queries, shopId: string | null) {
  const rows = await q.rows<ApiKeyRow & { made_by: string }>(
    sql`select k.*, p.name as made_by from integrations.api_key k join identity.person p on p.id = k.person_id
        where k.shop_id is not distinct from ${shopId} order by k.id desc limit ${keyLimits.active * 4}`,
  )
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    start: keyStart(row.id),
    scopes: row.scopes,
    madeBy: row.made_by,
    madeAt: row.made_at,
    expiresAt: row.expires_at,
    lastUsedAt: given(row.used_at),
    revokedAt: given(row.revoked_at),
  }))
}

export const shopKeys = async (ctx: Ctx, input: { shopId: string }) => ({
  keys: await keyViews(ctx, input.shopId),
  scopes: [...scopesWithin.shop],
})
export const platformKeys = async (ctx: Ctx) => ({ keys: await keyViews(ctx, null), scopes: [...scopesWithin.platform] })

async function calls(ctx: Ctx, shopId: string | null, input: { apiKeyId: string; after?: string; limit?: number }) {
  found(
    await ctx.maybe(
      sql`select 1 from integrations.api_key where id = ${input.apiKeyId} and shop_id is not distinct from ${shopId}`,
    ),
  )
  const limit = input.limit ?? keyLimits.callsShown
  const before = Number(input.after)
  const rows = await ctx.rows<KeyCallRow>(
    sql`select id, at, act, status, refusal, remote, request_id from integrations.key_call
        where key_id = ${input.apiKeyId} ${Number.isSafeInteger(before) && before > 0 ? sql`and id < ${before}` : nothing} order by id desc limit ${limit + 1}`,
  )
  return {
    items: rows.slice(0, limit).map((row) => ({
      at: row.at,
      act: row.act,
      status: row.status,
      refusal: given(row.refusal),
      from: row.remote,
      requestId: row.request_id,
    })),
    next: rows.length > limit ? String(rows[limit - 1]?.id) : undefined,
  }
}
export const callsOfShopKey = (ctx: Ctx, input: In<typeof shopKeyCalls>) => calls(ctx, input.shopId, input)
export const callsOfPlatformKey = (ctx: Ctx, input: In<typeof platformKeyCalls>) => calls(ctx, null, input)

export async function shopSites(q: Queries, input: { shopId: string }) {
  const rows = await q.rows<{ origin: string; added_at: number }>(
    sql`select origin, added_at from integrations.site where shop_id = ${input.shopId} order by origin`,
  )
  return { sites: rows.map((row) => ({ origin: row.origin, addedAt: row.added_at })) }
}
