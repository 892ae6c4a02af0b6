import { at, sql } from '../../kernel/sql.ts'
import { nobodysName, type PersonPart } from '../identity/ports.ts'

export const personPart: PersonPart = {
  name: 'integrations',
  tell: async (ctx, { ids }) => ({
    keys: await ctx.rows(
      sql`select id, shop_id, name, scopes, expires_at, revoked_at from integrations.api_key where person_id = any(${[...ids]})`,
    ),
  }),
  async erase(tx, { ids }) {
    const keys = sql`select id from integrations.api_key where person_id = any(${[...ids]})`
    await tx.run(sql`update integrations.key_call set remote = '' where key_id in (${keys})`)
    await tx.run(
      sql`update integrations.api_key set name = ${nobodysName}, revoked_at = coalesce(revoked_at, ${at(tx.now)}) where id in (${keys})`,
    )
  },
}
