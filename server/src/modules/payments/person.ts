import { sql } from '../../kernel/sql.ts'
import type { PersonPart } from '../identity/ports.ts'

export const personPart: PersonPart = {
  name: 'payments',
  tell: async (ctx, { ids }) => ({
    payments: await ctx.rows(
      sql`select id, provider, method, amount, currency, state, captured_amount, refunded_amount, card, changed_at from payments.payment where person_id = any(${[...ids]}) order by id`,
    ),
  }),
  /** Amounts and the provider's references stay, for the books and for disputes; cards and what providers said of the payer go. */
  async erase(tx, { ids }) {
    const paid = await tx.rows<{ id: string }>(
      sql`update payments.payment set card = null, fingerprint = null, action = null where person_id = any(${[...ids]}) returning id`,
    )
    await tx.run(
      sql`update payments.inbox set body = '{}' where payment_id = any(${paid.map((p) => p.id)}) and state <> 'waiting'`,
    )
  },
}
