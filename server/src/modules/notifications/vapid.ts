import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'
import webPush from 'web-push'
import type { Config } from '../../config.ts'
import type { Ctx } from '../../kernel/context.ts'
import { json, sql } from '../../kernel/sql.ts'

export interface VapidKeys {
  readonly publicKey: string
  readonly privateKey: string
}
interface Stored {
  readonly publicKey: string
  /** AES-256-GCM under a key of the platform's secret: nonce, tag and text, base64url. */
  readonly sealed: string
}

const keyOf = (secret: string): Buffer => Buffer.from(hkdfSync('sha256', secret, '', 'efir push keys', 32))

function sealed(secret: string, text: string): string {
  const nonce = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', keyOf(secret), nonce)
  const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
  return Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64url')
}
function opened(secret: string, given: string): string | null {
  const bytes = Buffer.from(given, 'base64url')
  const decipher = createDecipheriv('aes-256-gcm', keyOf(secret), bytes.subarray(0, 12)).setAuthTag(bytes.subarray(12, 28))
  try {
    return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8')
  } catch {
    return null
  }
}

/** Of the platform (RFC 8292): made once, the same in every process. Browsers subscribe to this pair and to no other. */
export async function vapidKeys(ctx: Ctx): Promise<VapidKeys> {
  const stored = () => ctx.maybe<{ value: Stored }>(sql`select value from kernel.setting where name = 'push.vapid'`)
  const known = await stored()
  const privateKey = known ? opened(ctx.secret, known.value.sealed) : null
  if (known && privateKey) return { publicKey: known.value.publicKey, privateKey }
  const fresh = webPush.generateVAPIDKeys()
  const value: Stored = { publicKey: fresh.publicKey, sealed: sealed(ctx.secret, fresh.privateKey) }
  await ctx.transaction(async (tx) => {
    // The platform has another secret than before: what subscribed to the old pair cannot be told any more.
    if (known) await tx.run(sql`delete from kernel.setting where name = 'push.vapid' and value = ${json(known.value)}::jsonb`)
    const mine = await tx.run(sql`insert into kernel.setting values ('push.vapid', ${json(value)}) on conflict (name) do nothing`)
    if (known && mine > 0) await tx.run(sql`delete from notifications.push`)
  })
  const kept = await stored()
  const its = kept ? opened(ctx.secret, kept.value.sealed) : null
  if (!kept || !its) throw new Error('defect: the push keys were neither found nor kept')
  return { publicKey: kept.value.publicKey, privateKey: its }
}

/** Whom a push service writes to when something is wrong (RFC 8292, 2.1). */
export function contactOf(config: Pick<Config, 'EFIR_ORIGIN' | 'EFIR_MAIL_FROM'>): string {
  if (config.EFIR_ORIGIN?.startsWith('https://')) return config.EFIR_ORIGIN
  return `mailto:${/<([^>]+)>/.exec(config.EFIR_MAIL_FROM)?.[1] ?? config.EFIR_MAIL_FROM}`
}
