import type { Tx } from '../../../kernel/context.ts'
import { json, sql } from '../../../kernel/sql.ts'

/** What others see of a host or buyer besides the name; undefined leaves as it is. */
export interface Description {
  readonly personId: string
  readonly country?: string
  readonly bio?: Readonly<Record<string, string>>
  /** Base address of a picture, see contract/src/pictures.ts. */
  readonly picture?: string
}

export async function describePerson(tx: Tx, { personId, country, bio, picture }: Description): Promise<void> {
  await tx.run(
    sql`update identity.person set country = coalesce(${country ?? null}, country), picture = coalesce(${picture ?? null}, picture),
          bio = coalesce(${bio ? json(bio) : null}::jsonb, bio) where id = ${personId}`,
  )
}
