import { at, sql } from '../../kernel/sql.ts'
import { nobodysName, type PersonPart } from '../identity/ports.ts'

export const personPart: PersonPart = {
  name: 'room',
  tell: async (ctx, { ids }) => ({
    said: await ctx.rows(
      sql`select show_id, name, text, at, deleted_at from room.message where person_id = any(${[...ids]}) order by id limit 100000`,
    ),
    muted: await ctx.rows(sql`select show_id, until_at from room.mute where person_id = any(${[...ids]})`),
    banned: await ctx.rows(sql`select show_id, at from room.ban where person_id = any(${[...ids]})`),
  }),
  /** Lines are taken down, name and words with them; mutes and bans go by id and stay, so that nobody erases a ban. */
  async erase(tx, { ids }) {
    const mine = sql`select id from room.message where person_id = any(${[...ids]})`
    await tx.run(sql`update room.settings set pinned_message_id = null where pinned_message_id in (${mine})`)
    await tx.run(
      sql`update kernel.event set body = body || '{"pinned": null}' where type = 'message.pinned' and body -> 'pinned' ->> 'id' in (${mine})`,
    )
    await tx.run(
      sql`update room.message set name = ${nobodysName}, text = '', deleted_at = coalesce(deleted_at, ${at(tx.now)}) where person_id = any(${[...ids]})`,
    )
  },
}
