import { timingSafeEqual } from 'node:crypto'
import type * as contract from '@efir/contract/account.ts'
import type { In } from '@efir/contract/act.ts'
import type { Wire } from '../../../kernel/bind.ts'
import { type Ctx, personOf, type Tx } from '../../../kernel/context.ts'
import { found, Refusal, refuseIf } from '../../../kernel/refusal.ts'
import { at, sql } from '../../../kernel/sql.ts'
import { signToken } from '../../../kernel/token.ts'
import { tokenCookie } from '../access.ts'
import { sessionsEnded } from '../events.ts'
import { hashOf, newSecret, provenMs, sessionMs, tokenMs } from '../rules.ts'
import type { PersonRow, SessionRow, Way } from '../tables.ts'
import { personRow } from '../views.ts'
import { deviceCookie, deviceMs, deviceOf } from './devices.ts'

export const sessionCookie = 'efir_session'

export interface OpenSession {
  readonly id: string
  readonly person: PersonRow
  /** Until when dangerous acts may be done; epoch ms. */
  readonly provenUntilAt: number
}

export interface NewSession {
  readonly personId: string
  readonly way: Way
  readonly agent: string
  readonly address: string
}

export async function startSession(tx: Tx, given: NewSession): Promise<{ id: string; secret: string }> {
  const id = tx.newId('session')
  const secret = newSecret()
  const now = at(tx.now)
  await tx.run(
    sql`insert into identity.session (id, person_id, secret_hash, agent, way, address, created_at, seen_at, proven_at, expires_at)
        values (${id}, ${given.personId}, ${hashOf(secret)}, ${given.agent.slice(0, 200)}, ${given.way}, ${given.address.slice(0, 60)}, ${now}, ${now},
          ${given.way === 'guest' ? null : now}, ${at(tx.now + sessionMs)})`,
  )
  return { id, secret }
}

/** The session of the cookie, when it is open; its end moves on at most once a day. */
export async function sessionOf(ctx: Ctx, cookie: string | undefined): Promise<OpenSession | null> {
  const [id, secret] = (cookie ?? '').split('.')
  if (!id || !secret || id.length > 60) return null
  const row = await ctx.maybe<SessionRow & { seen_at: number; proven_at: number | null }>(
    sql`select id, person_id, secret_hash, expires_at, ended_at, seen_at, proven_at from identity.session where id = ${id}`,
  )
  const now = ctx.now()
  if (!row || row.ended_at !== null || row.expires_at <= now || !timingSafeEqual(row.secret_hash, hashOf(secret))) return null
  if (now - row.seen_at > 86_400_000)
    await ctx.run(
      sql`update identity.session set seen_at = ${at(now)}, address = ${ctx.remote.slice(0, 60)}, expires_at = ${at(now + sessionMs)} where id = ${id}`,
    )
  const person = await personRow(ctx, row.person_id)
  return person ? { id: row.id, person, provenUntilAt: (row.proven_at ?? 0) + (row.proven_at === null ? 0 : provenMs) } : null
}

/** The session behind a dangerous act: begun by its person a short while ago. Tokens alone are not enough. */
export async function provenSession(ctx: Ctx, wire: Wire): Promise<OpenSession> {
  const session = await sessionOf(ctx, wire.request.cookies[sessionCookie])
  if (!session || session.person.id !== personOf(ctx) || session.provenUntilAt <= ctx.now()) throw new Refusal('prove_again')
  return session
}

export interface WhichSessions {
  readonly sessionId?: string
  readonly personId?: string
  /** Of the person, all but this one. */
  readonly butId?: string
}

/** At once: tokens of ended sessions are refused although they are not over (access.ts). */
export async function endSessions(tx: Tx, which: WhichSessions): Promise<number> {
  const ended = await tx.rows<{ id: string }>(
    sql`update identity.session set ended_at = ${at(tx.now)}
        where ended_at is null and id <> ${which.butId ?? ''} and (id = ${which.sessionId ?? ''} or person_id = ${which.personId ?? ''}) returning id`,
  )
  for (let from = 0; from < ended.length; from += 500)
    await tx.announce(sessionsEnded, { sessionIds: ended.slice(from, from + 500).map((s) => s.id) })
  return ended.length
}

export async function endSession(tx: Tx, input: In<typeof contract.endSession>) {
  found(
    await tx.maybe(
      sql`select 1 from identity.session where id = ${input.sessionId} and person_id = ${personOf(tx)} and ended_at is null`,
    ),
  )
  refuseIf((await endSessions(tx, { sessionId: input.sessionId })) === 0, 'not_found')
  return { done: true as const }
}

export function tokenFor(ctx: Ctx, session: Pick<OpenSession, 'id' | 'person'>): string {
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

export const cookieOptions = (ctx: Ctx) => ({
  path: '/',
  httpOnly: true,
  sameSite: 'lax' as const,
  secure: ctx.config.production || ctx.config.flags.lan,
})

export function setTokenCookie(ctx: Ctx, wire: Wire, session: Pick<OpenSession, 'id' | 'person'>): void {
  wire.reply.setCookie(tokenCookie, tokenFor(ctx, session), { ...cookieOptions(ctx), maxAge: tokenMs / 1000 })
}
export function setSessionCookie(ctx: Ctx, wire: Wire, session: { id: string; secret: string }): void {
  wire.reply.setCookie(sessionCookie, `${session.id}.${session.secret}`, { ...cookieOptions(ctx), maxAge: sessionMs / 1000 })
}
/** This browser is recognised at the next sign-in; it proves nothing by itself. */
export function setDeviceCookie(ctx: Ctx, wire: Wire): string {
  const secret = deviceOf(wire) ?? newSecret()
  wire.reply.setCookie(deviceCookie, secret, { ...cookieOptions(ctx), maxAge: deviceMs / 1000 })
  return secret
}
export function clearCookies(ctx: Ctx, wire: Wire): void {
  wire.reply.clearCookie(tokenCookie, cookieOptions(ctx))
  wire.reply.clearCookie(sessionCookie, cookieOptions(ctx))
}
