import type { Tx } from '../../../kernel/context.ts'
import { found } from '../../../kernel/refusal.ts'
import { sql } from '../../../kernel/sql.ts'
import type { LotRow } from '../tables.ts'

/** Everything that changes a lot takes its row first. */
export async function lockLot(tx: Tx, lotId: string): Promise<LotRow> {
  return found(await tx.maybe<LotRow>(sql`select * from lots.lot where id = ${lotId} and removed_at is null for update`))
}
