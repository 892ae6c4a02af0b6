import { createHash, randomBytes } from 'node:crypto'
import type { In } from '@efir/contract/act.ts'
import type * as contract from '@efir/contract/media.ts'
import { type Ctx, personOf, type Tx } from '../../../kernel/context.ts'
import { found } from '../../../kernel/refusal.ts'
import { at, sql } from '../../../kernel/sql.ts'
import type { MediaControl } from '../ports.ts'
import { publishTokenMs } from '../rules.ts'

const hashOf = (secret: string): Buffer => createHash('sha256').update(secret).digest()
/** Readable aloud and safe in an RTMP path. */
const newKey = (): string => randomBytes(20).toString('hex')

interface KeyOrder {
  streamId: string
  shopId: string
  label: string
  expiresAt?: number
}

export async function putKey(tx: Tx, order: KeyOrder): Promise<{ id: string; secret: string; hint: string }> {
  const id = tx.newId('streamKey')
  const secret = newKey()
  const hint = secret.slice(-4)
  const by = tx.actor.kind === 'guest' || tx.actor.kind === 'account' ? tx.actor.personId : null
  await tx.run(
    sql`insert into media.stream_key (id, stream_id, shop_id, secret_hash, label, hint, created_by, created_at, expires_at)
        values (${id}, ${order.streamId}, ${order.shopId}, ${hashOf(secret)}, ${order.label}, ${hint}, ${by}, ${at(tx.now)}, ${order.expiresAt === undefined ? null : at(order.expiresAt)})`,
  )
  return { id, secret, hint }
}

/** The shop of a stream, as its owner on the right tells. */
export type ShopOfStream = (q: Ctx | Tx, streamId: string) => Promise<string | null>

export const makeStreamKey =
  (shopOf: ShopOfStream, media: MediaControl) => async (ctx: Ctx, input: In<typeof contract.makeStreamKey>) => {
    const shopId = found(await shopOf(ctx, input.showId))
    const made = await ctx.transaction((tx) => putKey(tx, { streamId: input.showId, shopId, label: input.label ?? '' }))
    const key = { id: made.id, label: input.label ?? '', hint: made.hint, createdAt: ctx.now() }
    return { key, secret: made.secret, rtmpUrl: rtmpUrl(ctx, media), whipUrl: `/media/whip/${input.showId}` }
  }

function rtmpUrl(ctx: Ctx, media: MediaControl): string {
  const host = ctx.config.EFIR_ORIGIN ? new URL(ctx.config.EFIR_ORIGIN).hostname : ctx.config.HOST
  return `rtmp://${host}:${media.rtmpPort() ?? ctx.config.EFIR_RTMP_PORT}/live`
}

export const publishToken = (shopOf: ShopOfStream) => async (ctx: Ctx, input: In<typeof contract.publishToken>) => {
  const shopId = found(await shopOf(ctx, input.showId))
  const expiresAt = ctx.now() + publishTokenMs
  const made = await ctx.transaction(async (tx) => {
    await tx.run(sql`delete from media.stream_key where stream_id = ${input.showId} and expires_at < ${at(tx.now)}`)
    return await putKey(tx, { streamId: input.showId, shopId, label: `studio ${personOf(tx).slice(-6)}`, expiresAt })
  })
  return { token: made.secret, whipUrl: `/media/whip/${input.showId}`, expiresAt }
}

export const revokeStreamKey = (media: MediaControl) => async (tx: Tx, input: In<typeof contract.revokeStreamKey>) => {
  const key = found(
    await tx.maybe<{ id: string; used_at: number | null }>(
      sql`update media.stream_key set revoked_at = ${at(tx.now)} where id = ${input.keyId} and stream_id = ${input.showId} and revoked_at is null returning id, used_at`,
    ),
  )
  // Media does not keep which key let a publisher in, so a used key ends the present publisher; they come back with another.
  if (key.used_at !== null) tx.afterCommit(() => void media.kick(input.showId, 'stream_key_revoked'))
  return { done: true as const }
}

export async function keyOwner(ctx: Ctx, credential: string): Promise<{ id: string; stream_id: string; shop_id: string } | null> {
  if (credential.length < 16 || credential.length > 128) return null
  return await ctx.maybe(
    sql`update media.stream_key set used_at = ${at(ctx.now())} where secret_hash = ${hashOf(credential)} and revoked_at is null
        and (expires_at is null or expires_at > ${at(ctx.now())}) returning id, stream_id, shop_id`,
  )
}

/**
 * Who no longer runs a show knows keys to it: those they made open nothing any more. Each key is judged by whether its maker could
 * still make it.
 */
export const revokeKeysOf =
  (media: MediaControl) =>
  async (tx: Tx, gone: { personId: string; placeKind: 'shop' | 'show'; placeId: string }): Promise<void> => {
    const place = gone.placeKind === 'show' ? sql`k.stream_id = ${gone.placeId}` : sql`k.shop_id = ${gone.placeId}`
    const keys = await tx.rows<{ stream_id: string; used_at: number | null }>(
      sql`update media.stream_key k set revoked_at = ${at(tx.now)}
          where k.created_by = ${gone.personId} and ${place} and k.revoked_at is null and (k.expires_at is null or k.expires_at > ${at(tx.now)})
            and not exists (select from identity.role r where r.person_id = k.created_by
              and ((r.place_kind = 'show' and r.place_id = k.stream_id and r.role = 'host') or (r.place_kind = 'shop' and r.place_id = k.shop_id and r.role in ('owner', 'manager'))))
          returning k.stream_id, k.used_at`,
    )
    const kicked = new Set(keys.flatMap((k) => (k.used_at === null ? [] : [k.stream_id])))
    for (const streamId of kicked) tx.afterCommit(() => void media.kick(streamId, 'stream_key_revoked'))
  }
