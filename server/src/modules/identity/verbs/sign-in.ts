import type { In, Out } from '@efir/contract/act.ts'
import type * as contract from '@efir/contract/identity.ts'
import type { Wire } from '../../../kernel/bind.ts'
import { type Ctx, personOf, type Tx } from '../../../kernel/context.ts'
import { found, Refusal, refuseIf } from '../../../kernel/refusal.ts'
import { at, json, sql } from '../../../kernel/sql.ts'
import { personRenamed } from '../events.ts'
import type { Credentials } from '../ports.ts'
import { hashOf, nameFromEmail, newSecret, passwordWeakness } from '../rules.ts'
import { meOf, needsOperator, normalEmail, personRow } from '../views.ts'
import { deviceOf } from './devices.ts'
import { enter, makePerson } from './enter.ts'
import { countTry } from './guard.ts'
import { clearCookies, endSessions, provenSession, sessionCookie, sessionOf, setTokenCookie } from './sessions.ts'

type Me = Out<typeof contract.me>

export async function me(ctx: Ctx, _: In<typeof contract.me>, wire: Wire): Promise<Me> {
  const session = await sessionOf(ctx, wire.request.cookies[sessionCookie])
  if (session) setTokenCookie(ctx, wire, session)
  const bearer = ctx.actor.kind === 'guest' || ctx.actor.kind === 'account' ? ctx.actor.personId : null
  return await meOf(ctx, session?.person.id ?? (wire.request.headers.authorization ? bearer : null))
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
  return await enter(ctx, wire, id, 'guest')
}

/** The mail leaves by a job; the answer is the same for known and unknown addresses. */
export const startCode = (credentials: Credentials) => async (_: Ctx, input: In<typeof contract.startCode>) => {
  await credentials.startCode(normalEmail(input.email))
  return { done: true as const }
}

export const enterCode = (credentials: Credentials) => async (ctx: Ctx, input: In<typeof contract.enterCode>, wire: Wire) => {
  const email = normalEmail(input.email)
  const counted = await countTry(ctx, 'code', email, deviceOf(wire))
  const proof = await credentials.enterCode(email, input.code, input.name ?? nameFromEmail(email))
  if (proof === 'wrong') throw new Refusal('code_wrong')
  if (proof === 'expired') throw new Refusal('code_expired')
  await counted.right()
  const personId = await accountFor(ctx, proof)
  // The code came by mail to that address.
  await ctx.run(
    sql`update identity.person set email_verified_at = ${at(ctx.now())} where id = ${personId} and email = ${email} and email_verified_at is null`,
  )
  return await enter(ctx, wire, personId, 'code')
}

export const enterPassword =
  (credentials: Credentials) => async (ctx: Ctx, input: In<typeof contract.enterPassword>, wire: Wire) => {
    const email = normalEmail(input.email)
    const counted = await countTry(ctx, 'password', email, deviceOf(wire))
    const proof = await credentials.enterPassword(email, input.password)
    if (proof === 'wrong') throw new Refusal('password_wrong')
    await counted.right()
    return await enter(ctx, wire, await accountFor(ctx, proof), 'password')
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

/** Whoever knows the password or has just signed in; every other browser is signed out. */
export const setPassword = (credentials: Credentials) => async (ctx: Ctx, input: In<typeof contract.setPassword>, wire: Wire) => {
  const person = found(await personRow(ctx, personOf(ctx)))
  const session = await sessionOf(ctx, wire.request.cookies[sessionCookie])
  if (input.current === undefined) await provenSession(ctx, wire)
  else {
    const counted = await countTry(ctx, 'password', person.email ?? '', deviceOf(wire))
    refuseIf((await credentials.checkPassword(person.id, input.current)) !== 'right', 'password_wrong')
    await counted.right()
  }
  refuseWeak(input.password, person.email ?? '', person.name)
  await credentials.setPassword(person.id, input.password)
  await ctx.transaction((tx) => endSessions(tx, { personId: person.id, butId: session?.id }))
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
  return await enter(ctx, wire, input.personId, 'demo')
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
      return await makePerson(tx, {
        kind: 'account',
        name: input.name,
        email,
        unverified: true,
        locale: ctx.locale,
        operator: true,
      })
    })
    await credentials.create(personId, email, input.name)
    await credentials.setPassword(personId, input.password)
    return await enter(ctx, wire, personId, 'setup')
  }
