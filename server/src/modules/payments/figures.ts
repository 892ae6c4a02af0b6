import type { Kernel } from '../../kernel/context.ts'
import { type Figure, level } from '../../kernel/figures.ts'
import { sql } from '../../kernel/sql.ts'

/** What waits for a provider's word; the same in every process. Each has an index of its own and stays short. */
export const paymentFigures = (kernel: Kernel): readonly Figure[] => [
  level({ name: 'efir_payments_open', help: 'Payments whose outcome is open, by state', labels: ['state'] }, async (put) => {
    const rows = await kernel.db.rows<{ state: string; count: number }>(
      sql`select s.state, count(p.id) as count from unnest(array['unknown', 'requires_action']) s(state) left join payments.payment p on p.state = s.state group by 1`,
    )
    for (const { state, count } of rows) put(count, { state })
  }),
  level({ name: 'efir_refunds_open', help: 'Refunds asked of a provider and not answered' }, async (put) => {
    const { count } = await kernel.db.one<{ count: number }>(
      sql`select count(*) as count from payments.refund where state = 'asked'`,
    )
    put(count)
  }),
  level({ name: 'efir_provider_messages_waiting', help: 'Messages of payment providers that are not applied' }, async (put) => {
    const { count } = await kernel.db.one<{ count: number }>(
      sql`select count(*) as count from payments.inbox where state = 'waiting'`,
    )
    put(count)
  }),
]
