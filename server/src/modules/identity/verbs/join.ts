import type { Wire } from '../../../kernel/bind.ts'
import type { Ctx, Tx } from '../../../kernel/context.ts'
import { isUniqueViolation } from '../../../kernel/db.ts'
import { Refusal } from '../../../kernel/refusal.ts'
import { seal, unseal } from '../../../kernel/sealed.ts'
import { at, sql } from '../../../kernel/sql.ts'
import type { PersonRow } from '../tables.ts'
import { cookieOptions } from './sessions.ts'

const joinCookie = 'efir_join'
const waitMs = 15 * 60_000

/** An account elsewhere that waits until its address's account is signed in to. */
interface Waiting {
  readonly provider: string
  readonly subject: string
  readonly email: string
}

export function letWait(ctx: Ctx, wire: Wire, waiting: Waiting): void {
  const sealed = seal(ctx.secret, 'join', waiting, ctx.now() + waitMs)
  wire.reply.setCookie(joinCookie, sealed, { ...cookieOptions(ctx), maxAge: waitMs / 1000 })
}

/** Who has just proven to be the account's person joins what waits for that very address. */
export async function joinWaiting(ctx: Ctx, wire: Wire, person: PersonRow): Promise<void> {
  const sealed = wire.request.cookies[joinCookie]
  if (sealed === undefined) return
  wire.reply.clearCookie(joinCookie, cookieOptions(ctx))
  const waiting = unseal<Waiting>(ctx.secret, 'join', sealed, ctx.now())
  if (!waiting || waiting.email !== person.email) return
  await ctx.transaction((tx) => link(tx, { ...waiting, personId: person.id }))
}

/** `outside_taken`: it signs somebody else in, or the person has another account of this provider. */
export async function link(
  tx: Tx,
  given: { provider: string; subject: string; email: string | null; personId: string },
): Promise<void> {
  const { provider, subject, email, personId } = given
  try {
    const fresh = await tx.maybe<{ fresh: boolean }>(
      sql`insert into identity.outside values (${provider}, ${subject}, ${personId}, ${email}, ${at(tx.now)}, ${at(tx.now)})
          on conflict (provider, subject) do update set used_at = excluded.used_at where identity.outside.person_id = excluded.person_id returning xmax = 0 as fresh`,
    )
    if (!fresh) throw new Refusal('outside_taken')
    if (fresh.fresh) await tx.addJob('notifications.sendNewWay', { personId, way: provider }, { maxAttempts: 8 })
  } catch (problem) {
    if (isUniqueViolation(problem, 'outside_of_person')) throw new Refusal('outside_taken')
    throw problem
  }
}
