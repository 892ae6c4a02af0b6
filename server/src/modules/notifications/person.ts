import { sql } from '../../kernel/sql.ts'
import type { PersonPart } from '../identity/ports.ts'

export const personPart: PersonPart = {
  name: 'notifications',
  tell: async (ctx, { email }) => ({
    calledToShows: await ctx.rows(sql`select show_id, at from notifications.called where email = ${email}`),
  }),
  async erase(tx, { email }) {
    await tx.run(sql`delete from notifications.called where email = ${email}`)
  },
}
