import type { In, Out } from '@efir/contract/act.ts'
import type * as contract from '@efir/contract/identity.ts'
import type { Wire } from '../../../kernel/bind.ts'
import { type Ctx, personOf, type Tx } from '../../../kernel/context.ts'
import { found, Refusal, refuseIf } from '../../../kernel/refusal.ts'
import { at, json, sql } from '../../../kernel/sql.ts'
import { guestClaimed, personRenamed } from '../events.ts'
import type { Credentials } from '../ports.ts'
import { hashOf, nameFromEmail, newSecret, passwordWeakness } from '../rules.ts'
import type { PersonRow } from '../tables.ts'
import { meOf, needsOperator, normalEmail, personRow } from '../views.ts'
import {
  clearCookies,
  endSessions,
  sessionCookie,
  sessionOf,
  setSessionCookie,
  setTokenCookie,
  startSession,
} from './sessions.ts'

type Me = Out<typeof contract.me>

export async function me(ctx: Ctx, _: In<typeof contract.me>, wire: Wire): Promise<Me> {
  const session = await sessionOf(ctx, wire.request.cookies[sessionCookie])
  if (session) setTokenCookie(ctx, wire, session)
  const bearer = ctx.actor.kind === 'guest' || ctx.actor.kind === 'account' ? ctx.actor.personId : null
  return await meOf(ctx, session?.person.id ?? (wire.request.headers.authorization ? bearer : null))
}

export async function makePerson(
  tx: Tx,
  given: {
    kind: 'guest' | 'account'
    id?: string
    name: string
    email?: string
    locale: string
    operator?: boolean
    demo?: boolean
  },
): Promise<string> {
  const id = given.id ?? tx.newId('person')
  await tx.run(
    sql`insert into identity.person (id, kind, name, email, email_verified_at, locale, operator, demo, created_at)
        values (${id}, ${given.kind}, ${given.name}, ${given.email ?? null}, ${given.email ? at(tx.now) : null}, ${given.locale}, ${given.operator ?? false}, ${given.demo ?? false}, ${at(tx.now)})`,
  )
  return id
}

/** Signs this browser in as the person, whatever it was before. */
async function enter(ctx: Ctx, wire: Wire, personId: string): Promise<Me> {
  const before = await sessionOf(ctx, wire.request.cookies[sessionCookie])
  const session = await ctx.transaction(async (tx) => {
    if (before) await endSessions(tx, { sessionId: before.id })
    if (before?.person.kind === 'guest' && before.person.id !== personId) await claimGuest(tx, before.person, personId)
    return await startSession(tx, personId, wire.request.headers['user-agent'] ?? '')
  })
  const person = found(await personRow(ctx, personId))
  setSessionCookie(ctx, wire, session)
  setTokenCookie(ctx, wire, { id: session.id, person })
  return await meOf(ctx, personId)
}

async function claimGuest(tx: Tx, guest: PersonRow, personId: string): Promise<void> {
  await tx.run(sql`update identity.person set claimed_by = ${personId} where id = ${guest.id} and claimed_by is null`)
  await tx.announce(guestClaimed, { guestId: guest.id, personId })
}

export async function beGuest(ctx: Ctx, input: In<typeof contract.beGuest>, wire: Wire): Promise<Me> {
  const session = await sessionOf(ctx, wire.request.cookies[sessionCookie])
  if (session) {
    setTokenCookie(ctx, wire, session)
    return await meOf(ctx, session.person.id)
  }
  const id = await ctx.transaction((tx) =>
    makePerson(tx, {
      kind: 'guest',
      name: input.name ?? `Guest ${tx.newId('person').slice(-4)}`,
      locale: input.locale ?? ctx.locale,
    }),
  )
  return await enter(ctx, wire, id)
}

/** The mail leaves by a job; the answer is the same for known and unknown addresses. */
export const startCode = (credentials: Credentials) => async (_: Ctx, input: In<typeof contract.startCode>) => {
  await credentials.startCode(normalEmail(input.email))
  return { done: true as const }
}

export const enterCode = (credentials: Credentials) => async (ctx: Ctx, input: In<typeof contract.enterCode>, wire: Wire) => {
  const email = normalEmail(input.email)
  const proof = await credentials.enterCode(email, input.code, input.name ?? nameFromEmail(email))
  if (proof === 'wrong') throw new Refusal('code_wrong')
  if (proof === 'expired') throw new Refusal('code_expired')
  return await enter(ctx, wire, await accountFor(ctx, proof))
}

export const enterPassword =
  (credentials: Credentials) => async (ctx: Ctx, input: In<typeof contract.enterPassword>, wire: Wire) => {
    const proof = await credentials.enterPassword(normalEmail(input.email), input.password)
    if (proof === 'wrong') throw new Refusal('password_wrong')
    return await enter(ctx, wire, await accountFor(ctx, proof))
  }

async function accountFor(ctx: Ctx, proof: { userId: string; email: string; name: string }): Promise<string> {
  if (await personRow(ctx, proof.userId)) return proof.userId
  return await ctx.transaction((tx) =>
    makePerson(tx, {
      kind: 'account',
      id: proof.userId,
      name: (proof.name || nameFromEmail(proof.email)).slice(0, 60),
      email: proof.email,
      locale: ctx.locale,
    }),
  )
}

export const setPassword = (credentials: Credentials) => async (ctx: Ctx, input: In<typeof contract.setPassword>) => {
  const person = found(await personRow(ctx, personOf(ctx)))
  const now = await credentials.checkPassword(person.id, input.current ?? '')
  refuseIf(now === 'wrong', 'password_wrong')
  refuseWeak(input.password, person.email ?? '', person.name)
  await credentials.setPassword(person.id, input.password)
  return { done: true as const }
}

function refuseWeak(password: string, email: string, name: string): void {
  const why = passwordWeakness(password, email, name)
  if (why) throw new Refusal('password_weak', { why })
}

export async function changeMe(ctx: Ctx, input: In<typeof contract.changeMe>): Promise<Me> {
  const personId = personOf(ctx)
  await ctx.transaction(async (tx) => {
    await tx.run(
      sql`update identity.person set name = coalesce(${input.name ?? null}, name), locale = coalesce(${input.locale ?? null}, locale), country = coalesce(${input.country ?? null}, country) where id = ${personId}`,
    )
    if (input.name) await tx.announce(personRenamed, { personId, name: input.name })
  })
  return await meOf(ctx, personId)
}

export async function signOut(ctx: Ctx, input: In<typeof contract.signOut>, wire: Wire) {
  const session = await sessionOf(ctx, wire.request.cookies[sessionCookie])
  if (session)
    await ctx.transaction((tx) => endSessions(tx, input.everywhere ? { personId: session.person.id } : { sessionId: session.id }))
  clearCookies(ctx, wire)
  return { done: true as const }
}

export async function demoLogin(ctx: Ctx, input: In<typeof contract.demoLogin>, wire: Wire): Promise<Me> {
  refuseIf(ctx.config.production, 'demo_off')
  const known = await ctx.maybe(
    sql`select 1 from kernel.setting where name like 'demo.login.%' and value ->> 'personId' = ${input.personId}`,
  )
  found(known)
  return await enter(ctx, wire, input.personId)
}

/** An empty platform prints a one-time set-up code at its start; who reads it becomes the operator. */
export async function offerSetUp(tx: Tx): Promise<string | null> {
  if (!(await needsOperator(tx))) return null
  const code = newSecret().slice(0, 16)
  await tx.run(
    sql`insert into kernel.setting values ('set-up', ${json({ hash: hashOf(code).toString('hex') })}) on conflict (name) do update set value = excluded.value`,
  )
  return code
}

export const setUpOperator =
  (credentials: Credentials) => async (ctx: Ctx, input: In<typeof contract.setUpOperator>, wire: Wire) => {
    refuseIf(!(await needsOperator(ctx)), 'already_set_up')
    const right = await ctx.maybe<{ value: { hash: string } }>(sql`select value from kernel.setting where name = 'set-up'`)
    refuseIf(right?.value.hash !== hashOf(input.setUpCode).toString('hex'), 'code_wrong')
    const email = normalEmail(input.email)
    refuseWeak(input.password, email, input.name)
    const personId = await ctx.transaction(async (tx) => {
      // One code makes one operator, however many use it at once.
      refuseIf((await tx.run(sql`delete from kernel.setting where name = 'set-up'`)) === 0, 'already_set_up')
      refuseIf((await tx.maybe(sql`select 1 from auth."user" where email = ${email}`)) !== null, 'email_taken')
      return await makePerson(tx, { kind: 'account', name: input.name, email, locale: ctx.locale, operator: true })
    })
    await credentials.create(personId, email, input.name)
    await credentials.setPassword(personId, input.password)
    return await enter(ctx, wire, personId)
  }
