import { type Ctx, personOf } from '../../kernel/context.ts'
import { sql } from '../../kernel/sql.ts'
import { vapidKeys } from './vapid.ts'

export async function pushKey(ctx: Ctx): Promise<{ publicKey: string }> {
  return { publicKey: (await vapidKeys(ctx)).publicKey }
}

export async function myPush(ctx: Ctx) {
  const devices = await ctx.rows<{ mark: string; shows: boolean; orders: boolean; since: number }>(
    sql`select mark, shows, orders, created_at as since from notifications.push where person_id = ${personOf(ctx)} order by created_at desc limit 20`,
  )
  return { devices }
}
