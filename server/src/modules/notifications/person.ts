import { sql } from '../../kernel/sql.ts'
import type { PersonPart } from '../identity/ports.ts'

export const personPart: PersonPart = {
  name: 'notifications',
  tell: async (ctx, { ids, email }) => ({
    browsersThatAreTold: await ctx.rows(
      sql`select locale, shows, orders, created_at from notifications.push where person_id = any(${[...ids]})`,
    ),
    calledToShows: await ctx.rows(sql`select show_id, at from notifications.called where email = ${email}`),
  }),
  async erase(tx, { ids, email }) {
    await tx.run(sql`delete from notifications.push where person_id = any(${[...ids]})`)
    await tx.run(sql`delete from notifications.called where email = ${email}`)
  },
}
