import type { Tx } from '../../../kernel/context.ts'
import { at, sql } from '../../../kernel/sql.ts'
import { showChanged } from '../events.ts'

/** Sets the covers to pictures by their base address; every show of the series gets them. */
export async function coverShow(tx: Tx, input: { showId: string; cover?: string; coverWide?: string }): Promise<void> {
  const changed = await tx.rows<{ id: string }>(
    sql`update shows.show set cover = coalesce(${input.cover ?? null}, cover), cover_wide = coalesce(${input.coverWide ?? null}, cover_wide), changed_at = ${at(tx.now)}
        where id = ${input.showId} or series_id = (select series_id from shows.show where id = ${input.showId}) returning id`,
  )
  for (const { id } of changed) await tx.announce(showChanged, { showId: id }, id)
}
