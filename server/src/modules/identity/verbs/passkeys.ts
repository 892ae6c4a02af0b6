import { randomBytes } from 'node:crypto'
import type * as contract from '@efir/contract/account.ts'
import type { In } from '@efir/contract/act.ts'
import {
  type AuthenticationResponseJSON,
  generateAuthenticationOptions,
  generateRegistrationOptions,
  type RegistrationResponseJSON,
  type VerifiedAuthenticationResponse,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
  type WebAuthnCredential,
} from '@simplewebauthn/server'
import type { Wire } from '../../../kernel/bind.ts'
import { type Ctx, personOf, type Tx } from '../../../kernel/context.ts'
import { found, Refusal, refuseIf } from '../../../kernel/refusal.ts'
import { seal, unseal } from '../../../kernel/sealed.ts'
import { at, sql } from '../../../kernel/sql.ts'
import { challengeMs, hashOf, mostPasskeys } from '../rules.ts'
import { passkeyHost, siteOf } from '../site.ts'
import { personRow } from '../views.ts'
import { enter } from './enter.ts'
import { provenSession } from './sessions.ts'

/** What a challenge is for: to make a key for one person, or to sign in. */
interface Challenge {
  readonly personId: string | null
  readonly random: string
}

interface PasskeyRow {
  id: string
  credential: string
  person_id: string
  public_key: Buffer
  counter: number
  transports: string[]
}

function hostOf(ctx: Ctx, wire: Wire): string {
  const host = passkeyHost(ctx, wire)
  if (host === null) throw new Refusal('passkeys_off')
  return host
}

/** Signed instead of kept, so that asking for challenges fills nothing (Web Authentication level 3, 13.4.3: unguessable, from here). */
function newChallenge(ctx: Ctx, personId: string | null) {
  const body: Challenge = { personId, random: randomBytes(16).toString('base64url') }
  return new Uint8Array(Buffer.from(seal(ctx.secret, 'passkey', body, ctx.now() + challengeMs)))
}

const challengeText = (challenge: string): string => Buffer.from(challenge, 'base64url').toString()

function isOurs(ctx: Ctx, challenge: string, personId: string | null): boolean {
  const body = unseal<Challenge>(ctx.secret, 'passkey', challengeText(challenge), ctx.now())
  return body !== null && body.personId === personId
}

/** Once: a recorded answer opens nothing a second time. */
async function useUp(tx: Tx, clientDataJson: string): Promise<void> {
  const { challenge } = JSON.parse(Buffer.from(clientDataJson, 'base64url').toString()) as { challenge: string }
  const fresh = await tx.run(
    sql`insert into identity.challenge_used values (${hashOf(challenge)}, ${at(tx.now + challengeMs)}) on conflict do nothing`,
  )
  refuseIf(fresh === 0, 'passkey_wrong')
}

/** What the library throws is about the input: wrong. */
async function judged<T>(work: Promise<T>): Promise<T> {
  return await work.catch(() => {
    throw new Refusal('passkey_wrong')
  })
}

export async function newPasskey(ctx: Ctx, _: In<typeof contract.newPasskey>, wire: Wire) {
  const { person } = await provenSession(ctx, wire)
  const mine = await ctx.rows<PasskeyRow>(sql`select * from identity.passkey where person_id = ${person.id}`)
  refuseIf(mine.length >= mostPasskeys, 'passkeys_full', { most: mostPasskeys })
  const options = await generateRegistrationOptions({
    rpName: 'Efir',
    rpID: hostOf(ctx, wire),
    userID: new Uint8Array(Buffer.from(person.id)),
    userName: person.email ?? person.name,
    userDisplayName: person.name,
    challenge: newChallenge(ctx, person.id),
    attestationType: 'none',
    excludeCredentials: mine.map((key) => ({ id: key.credential, transports: key.transports })),
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
  })
  return { options }
}

export async function keepPasskey(ctx: Ctx, input: In<typeof contract.keepPasskey>, wire: Wire) {
  const { person } = await provenSession(ctx, wire)
  const response = input.credential as unknown as RegistrationResponseJSON
  const { verified, registrationInfo } = await judged(
    verifyRegistrationResponse({
      response,
      expectedChallenge: (challenge) => isOurs(ctx, challenge, person.id),
      expectedOrigin: siteOf(ctx, wire).origin,
      expectedRPID: hostOf(ctx, wire),
      requireUserVerification: true,
    }),
  )
  if (!verified || !registrationInfo) throw new Refusal('passkey_wrong')
  const { credential, credentialBackedUp } = registrationInfo
  const transports = (credential.transports ?? []).filter((t) => /^[a-z-]{1,20}$/.test(t)).slice(0, 10)
  await ctx.transaction(async (tx) => {
    await useUp(tx, response.response.clientDataJSON)
    await tx.maybe(sql`select 1 from identity.person where id = ${person.id} for update`)
    const { count } = await tx.one<{ count: number }>(
      sql`select count(*)::int as count from identity.passkey where person_id = ${person.id}`,
    )
    refuseIf(count >= mostPasskeys, 'passkeys_full', { most: mostPasskeys })
    const kept = await tx.run(
      sql`insert into identity.passkey (id, credential, person_id, public_key, counter, transports, synced, name, created_at)
          values (${tx.newId('passkey')}, ${credential.id}, ${person.id}, ${Buffer.from(credential.publicKey)}, ${credential.counter}, ${transports}, ${credentialBackedUp}, ${input.name}, ${at(tx.now)})
          on conflict (credential) do nothing`,
    )
    refuseIf(kept === 0, 'passkey_wrong')
    await tx.addJob('notifications.sendNewWay', { personId: person.id, way: 'passkey' }, { maxAttempts: 8 })
  })
  return { done: true as const }
}

export async function startPasskey(ctx: Ctx, _: In<typeof contract.startPasskey>, wire: Wire) {
  const options = await generateAuthenticationOptions({
    rpID: hostOf(ctx, wire),
    challenge: newChallenge(ctx, null),
    userVerification: 'required',
  })
  return { options }
}

export async function enterPasskey(ctx: Ctx, input: In<typeof contract.enterPasskey>, wire: Wire) {
  const response = input.credential as unknown as AuthenticationResponseJSON
  const row = found(
    await ctx.maybe<PasskeyRow>(sql`select * from identity.passkey where credential = ${input.credential.id}`),
    'passkey_wrong',
  )
  const credential: WebAuthnCredential = {
    id: row.credential,
    publicKey: new Uint8Array(row.public_key),
    counter: row.counter,
    transports: row.transports,
  }
  const answer = await judged(
    verifyAuthenticationResponse({
      response,
      expectedChallenge: (challenge) => isOurs(ctx, challenge, null),
      expectedOrigin: siteOf(ctx, wire).origin,
      expectedRPID: hostOf(ctx, wire),
      credential,
      requireUserVerification: true,
    }),
  )
  await noteUse(ctx, row, response, answer)
  found(await personRow(ctx, row.person_id), 'passkey_wrong')
  return await enter(ctx, wire, row.person_id, 'passkey')
}

/** The counter only goes up (7.2, step 22): one that does not is a copy of the key, unless the authenticator never counts. */
async function noteUse(ctx: Ctx, row: PasskeyRow, response: AuthenticationResponseJSON, answer: VerifiedAuthenticationResponse) {
  const { verified, authenticationInfo } = answer
  const handle = response.response.userHandle
  refuseIf(!verified, 'passkey_wrong')
  refuseIf(handle !== undefined && Buffer.from(handle, 'base64url').toString() !== row.person_id, 'passkey_wrong')
  const { newCounter, credentialBackedUp } = authenticationInfo
  await ctx.transaction(async (tx) => {
    await useUp(tx, response.response.clientDataJSON)
    const used = await tx.run(
      sql`update identity.passkey set counter = ${newCounter}, synced = ${credentialBackedUp}, used_at = ${at(tx.now)}
          where id = ${row.id} and (counter < ${newCounter} or (counter = 0 and ${newCounter} = 0))`,
    )
    refuseIf(used === 0, 'passkey_wrong')
  })
}

export async function renamePasskey(tx: Tx, input: In<typeof contract.renamePasskey>) {
  const changed = await tx.run(
    sql`update identity.passkey set name = ${input.name} where id = ${input.passkeyId} and person_id = ${personOf(tx)}`,
  )
  refuseIf(changed === 0, 'not_found')
  return { done: true as const }
}

export async function removePasskey(ctx: Ctx, input: In<typeof contract.removePasskey>, wire: Wire) {
  const mine = sql`id = ${input.passkeyId} and person_id = ${personOf(ctx)}`
  found(await ctx.maybe(sql`select 1 from identity.passkey where ${mine}`))
  await provenSession(ctx, wire)
  await ctx.run(sql`delete from identity.passkey where ${mine}`)
  return { done: true as const }
}
