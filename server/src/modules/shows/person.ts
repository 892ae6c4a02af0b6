import { sql } from '../../kernel/sql.ts'
import type { PersonPart } from '../identity/ports.ts'

export const personPart: PersonPart = {
  name: 'shows',
  tell: async (ctx, { ids }) => ({
    reminders: await ctx.rows(sql`select show_id, email, locale, sent_at from shows.reminder where person_id = any(${[...ids]})`),
    follows: await ctx.rows(sql`select host_id from shows.follow where person_id = any(${[...ids]})`),
  }),
  async erase(tx, { ids, email }) {
    await tx.run(sql`delete from shows.reminder where person_id = any(${[...ids]}) or lower(email) = ${email}`)
    await tx.run(sql`delete from shows.follow where person_id = any(${[...ids]}) or host_id = any(${[...ids]})`)
  },
}
