import type { Out } from '@efir/contract/act.ts'
import type * as contract from '@efir/contract/identity.ts'
import type { Wire } from '../../../kernel/bind.ts'
import type { Ctx, Tx } from '../../../kernel/context.ts'
import { found } from '../../../kernel/refusal.ts'
import { at, sql } from '../../../kernel/sql.ts'
import { guestClaimed } from '../events.ts'
import type { PersonRow, Way } from '../tables.ts'
import { meOf, personRow } from '../views.ts'
import { noteDevice } from './devices.ts'
import { joinWaiting } from './join.ts'
import {
  endSessions,
  sessionCookie,
  sessionOf,
  setDeviceCookie,
  setSessionCookie,
  setTokenCookie,
  startSession,
} from './sessions.ts'

/** Signs this browser in as the person, whatever it was before. */
export async function enter(ctx: Ctx, wire: Wire, personId: string, way: Way): Promise<Out<typeof contract.me>> {
  const before = await sessionOf(ctx, wire.request.cookies[sessionCookie])
  const person = found(await personRow(ctx, personId))
  const device = way === 'guest' ? null : setDeviceCookie(ctx, wire)
  const session = await ctx.transaction(async (tx) => {
    if (before) await endSessions(tx, { sessionId: before.id })
    if (before?.person.kind === 'guest' && before.person.id !== personId) await claimGuest(tx, before.person, personId)
    const agent = wire.request.headers['user-agent'] ?? ''
    const started = await startSession(tx, { personId, way, agent, address: ctx.remote })
    const strange = device !== null && (await noteDevice(tx, personId, device))
    if (strange && !person.demo)
      await tx.addJob('notifications.sendNewDevice', { personId, sessionId: started.id }, { maxAttempts: 8 })
    return started
  })
  setSessionCookie(ctx, wire, session)
  setTokenCookie(ctx, wire, { id: session.id, person })
  if (way !== 'guest') await joinWaiting(ctx, wire, person)
  return await meOf(ctx, personId)
}

async function claimGuest(tx: Tx, guest: PersonRow, personId: string): Promise<void> {
  await tx.run(sql`update identity.person set claimed_by = ${personId} where id = ${guest.id} and claimed_by is null`)
  await tx.announce(guestClaimed, { guestId: guest.id, personId })
}

export async function makePerson(
  tx: Tx,
  given: {
    kind: 'guest' | 'account'
    id?: string
    name: string
    email?: string
    /** Nobody has proven that the address is theirs. */
    unverified?: boolean
    locale: string
    operator?: boolean
    demo?: boolean
  },
): Promise<string> {
  const id = given.id ?? tx.newId('person')
  const verifiedAt = given.email && !given.unverified ? at(tx.now) : null
  await tx.run(
    sql`insert into identity.person (id, kind, name, email, email_verified_at, locale, operator, demo, created_at)
        values (${id}, ${given.kind}, ${given.name}, ${given.email ?? null}, ${verifiedAt}, ${given.locale}, ${given.operator ?? false}, ${given.demo ?? false}, ${at(tx.now)})`,
  )
  return id
}
