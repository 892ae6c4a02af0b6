import type { Wire } from '../../../kernel/bind.ts'
import type { Tx } from '../../../kernel/context.ts'
import type { Queries } from '../../../kernel/db.ts'
import { at, sql } from '../../../kernel/sql.ts'
import { hashOf } from '../rules.ts'

export const deviceCookie = 'efir_browser'
export const deviceMs = 2 * 365 * 86_400_000
const mostDevices = 50

/** The secret that names this browser, when it has one. */
export const deviceOf = (wire: Wire): string | null => {
  const secret = wire.request.cookies[deviceCookie] ?? ''
  return /^[A-Za-z0-9_-]{43}$/.test(secret) ? secret : null
}

export async function knowsDevice(q: Queries, email: string, secret: string | null): Promise<boolean> {
  const known = await q.maybe(
    sql`select 1 from identity.device d join identity.person p on p.id = d.person_id
        where p.email = ${email} and p.kind = 'account' and d.secret_hash = ${hashOf(secret ?? '')}`,
  )
  return known !== null
}

/** True when this person has never signed in with this browser, but has with another. */
export async function noteDevice(tx: Tx, personId: string, secret: string): Promise<boolean> {
  const { others } = await tx.one<{ others: number }>(
    sql`select count(*)::int as others from identity.device where person_id = ${personId}`,
  )
  const { fresh } = await tx.one<{ fresh: boolean }>(
    sql`insert into identity.device values (${personId}, ${hashOf(secret)}, ${at(tx.now)}, ${at(tx.now)})
        on conflict (person_id, secret_hash) do update set seen_at = excluded.seen_at returning xmax = 0 as fresh`,
  )
  if (fresh && others >= mostDevices)
    await tx.run(
      sql`delete from identity.device where person_id = ${personId} and secret_hash in
          (select secret_hash from identity.device where person_id = ${personId} order by seen_at limit ${others + 1 - mostDevices})`,
    )
  return fresh && others > 0
}
