import { timingSafeEqual } from 'node:crypto'
import type { Wire } from '../../../kernel/bind.ts'
import type { Ctx, Tx } from '../../../kernel/context.ts'
import { at, sql } from '../../../kernel/sql.ts'
import { signToken } from '../../../kernel/token.ts'
import { tokenCookie } from '../access.ts'
import { hashOf, newSecret, sessionMs, tokenMs } from '../rules.ts'
import type { PersonRow, SessionRow } from '../tables.ts'
import { personRow } from '../views.ts'

export const sessionCookie = 'efir_session'

export interface OpenSession {
  readonly id: string
  readonly person: PersonRow
}

export async function startSession(tx: Tx, personId: string, agent: string): Promise<{ id: string; secret: string }> {
  const id = tx.newId('session')
  const secret = newSecret()
  await tx.run(
    sql`insert into identity.session (id, person_id, secret_hash, agent, created_at, seen_at, expires_at)
        values (${id}, ${personId}, ${hashOf(secret)}, ${agent.slice(0, 200)}, ${at(tx.now)}, ${at(tx.now)}, ${at(tx.now + sessionMs)})`,
  )
  return { id, secret }
}

/** The session of the cookie, when it is open; its end moves on at most once a day. */
export async function sessionOf(ctx: Ctx, cookie: string | undefined): Promise<OpenSession | null> {
  const [id, secret] = (cookie ?? '').split('.')
  if (!id || !secret || id.length > 60) return null
  const row = await ctx.maybe<SessionRow & { seen_at: number }>(
    sql`select id, person_id, secret_hash, expires_at, ended_at, seen_at from identity.session where id = ${id}`,
  )
  const now = ctx.now()
  if (!row || row.ended_at !== null || row.expires_at <= now || !timingSafeEqual(row.secret_hash, hashOf(secret))) return null
  if (now - row.seen_at > 86_400_000)
    await ctx.run(sql`update identity.session set seen_at = ${at(now)}, expires_at = ${at(now + sessionMs)} where id = ${id}`)
  const person = await personRow(ctx, row.person_id)
  return person ? { id: row.id, person } : null
}

export async function endSessions(tx: Tx, which: { sessionId?: string; personId?: string }): Promise<void> {
  await tx.run(
    sql`update identity.session set ended_at = ${at(tx.now)} where ended_at is null and (id = ${which.sessionId ?? ''} or person_id = ${which.personId ?? ''})`,
  )
}

export function tokenFor(ctx: Ctx, session: OpenSession): string {
  const { person } = session
  return signToken(ctx.secret, {
    p: person.id,
    k: person.kind,
    n: person.name,
    s: session.id,
    e: ctx.now() + tokenMs,
    ...(person.operator ? { o: 1 as const } : {}),
    ...(person.demo ? { d: 1 as const } : {}),
  })
}

const cookieOptions = (ctx: Ctx) => ({
  path: '/',
  httpOnly: true,
  sameSite: 'lax' as const,
  secure: ctx.config.production || ctx.config.flags.lan,
})

export function setTokenCookie(ctx: Ctx, wire: Wire, session: OpenSession): void {
  wire.reply.setCookie(tokenCookie, tokenFor(ctx, session), { ...cookieOptions(ctx), maxAge: tokenMs / 1000 })
}
export function setSessionCookie(ctx: Ctx, wire: Wire, session: { id: string; secret: string }): void {
  wire.reply.setCookie(sessionCookie, `${session.id}.${session.secret}`, { ...cookieOptions(ctx), maxAge: sessionMs / 1000 })
}
export function clearCookies(ctx: Ctx, wire: Wire): void {
  wire.reply.clearCookie(tokenCookie, cookieOptions(ctx))
  wire.reply.clearCookie(sessionCookie, cookieOptions(ctx))
}
