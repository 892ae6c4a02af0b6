import type * as contract from '@efir/contract/account.ts'
import type { In } from '@efir/contract/act.ts'
import type { FastifyInstance } from 'fastify'
import type { Wire } from '../../../kernel/bind.ts'
import { type Ctx, type Kernel, openCtx, systemActor } from '../../../kernel/context.ts'
import type { Queries } from '../../../kernel/db.ts'
import { found, Refusal, refuseIf } from '../../../kernel/refusal.ts'
import { at, sql } from '../../../kernel/sql.ts'
import type { Credentials, PersonPart, Whole } from '../ports.ts'
import { archiveMs } from '../rules.ts'
import type { PersonRow } from '../tables.ts'
import { normalEmail, personRow } from '../views.ts'
import { clearCookies, endSessions, provenSession, sessionCookie, sessionOf } from './sessions.ts'

const keyOf = (archiveId: string): string => `archives/${archiveId}.json`

/** The account and the guests it claimed. */
async function wholeOf(q: Queries, person: PersonRow): Promise<Whole> {
  const rows = await q.rows<{ id: string }>(sql`select id from identity.person where claimed_by = ${person.id}`)
  return { ids: [person.id, ...rows.map((r) => r.id)], email: normalEmail(person.email ?? '') }
}

export async function askArchive(ctx: Ctx, _: In<typeof contract.askArchive>, wire: Wire) {
  const { person } = await provenSession(ctx, wire)
  await ctx.transaction(async (tx) => {
    await tx.maybe(sql`select 1 from identity.person where id = ${person.id} for update`)
    const waiting = await tx.maybe(sql`select 1 from identity.archive where person_id = ${person.id} and ready_at is null`)
    refuseIf(waiting !== null, 'export_waiting')
    const archiveId = tx.newId('export')
    await tx.run(sql`insert into identity.archive (id, person_id, asked_at) values (${archiveId}, ${person.id}, ${at(tx.now)})`)
    await tx.addJob('identity.makeArchive', { archiveId }, { key: `archive ${archiveId}` })
  })
  return { done: true as const }
}

/** One part after the other, so that a long life here holds no long transaction. */
export const makeArchive = (parts: readonly PersonPart[]) => async (ctx: Ctx, payload: Record<string, unknown>) => {
  const archiveId = String(payload['archiveId'])
  const asked = await ctx.maybe<{ person_id: string }>(
    sql`select person_id from identity.archive where id = ${archiveId} and ready_at is null`,
  )
  const person = asked && (await personRow(ctx, asked.person_id))
  if (!person) return
  const who = await wholeOf(ctx, person)
  const told: Record<string, unknown> = { format: 'efir.person.1', personId: person.id, madeAt: ctx.now() }
  for (const part of parts) told[part.name] = await part.tell(ctx, who)
  await ctx.storage.put(keyOf(archiveId), Buffer.from(JSON.stringify(told, null, 1)))
  await ctx.transaction(async (tx) => {
    await tx.run(
      sql`update identity.archive set ready_at = ${at(tx.now)}, expires_at = ${at(tx.now + archiveMs)} where id = ${archiveId}`,
    )
    await tx.addJob('notifications.sendArchive', { personId: person.id, archiveId }, { maxAttempts: 8 })
  })
}

/** A download, opened from a letter: who is not signed in is sent to do so. */
export function serveArchives(app: FastifyInstance, kernel: Kernel): void {
  app.get('/api/me/archives/:archiveId', async (request, reply) => {
    const ctx = openCtx(kernel, { actor: systemActor, requestId: request.id, remote: request.ip })
    const session = await sessionOf(ctx, request.cookies[sessionCookie])
    reply.header('cache-control', 'no-store')
    if (session?.person.kind !== 'account') return await reply.redirect('/sign-in?to=/account')
    const { archiveId } = request.params as { archiveId: string }
    const row = await ctx.maybe<{ id: string }>(
      sql`select id from identity.archive where id = ${archiveId.slice(0, 60)} and person_id = ${session.person.id} and expires_at > ${at(ctx.now())}`,
    )
    const bytes = row && (await ctx.storage.get(keyOf(row.id)))
    if (!bytes) throw new Refusal('not_found')
    return await reply
      .type('application/json; charset=utf-8')
      .header('content-disposition', 'attachment; filename="efir-account.json"')
      .send(Buffer.from(bytes))
  })
}

/** Everything personal goes in one transaction; the books keep their amounts. */
export const eraseMe =
  ({ credentials, parts }: { credentials: Credentials; parts: readonly PersonPart[] }) =>
  async (ctx: Ctx, _: In<typeof contract.eraseMe>, wire: Wire) => {
    const { person } = await provenSession(ctx, wire)
    refuseIf(person.demo, 'not_allowed')
    const { email, locale } = person
    const archives = await ctx.rows<{ id: string }>(sql`select id from identity.archive where person_id = ${person.id}`)
    await ctx.transaction(async (tx) => {
      found(await tx.maybe(sql`select 1 from identity.person where id = ${person.id} and closed_at is null for update`))
      const who = await wholeOf(tx, person)
      for (const part of parts) {
        const held = await part.holds?.(tx, who)
        if (held) throw new Refusal(held)
      }
      for (const personId of who.ids) await endSessions(tx, { personId })
      for (const part of parts) await part.erase(tx, who)
      if (email) await tx.addJob('notifications.sendErased', { email, locale }, { maxAttempts: 4 })
    })
    await credentials.forget(person.id, email ?? '')
    for (const { id } of archives) await ctx.storage.delete(keyOf(id))
    clearCookies(ctx, wire)
    return { done: true as const }
  }

/** Archives whose week is over. */
export async function dropOldArchives(ctx: Ctx): Promise<void> {
  const old = await ctx.rows<{ id: string }>(
    sql`select id from identity.archive where expires_at < ${at(ctx.now())} order by id limit 200`,
  )
  for (const { id } of old) {
    await ctx.storage.delete(keyOf(id))
    await ctx.run(sql`delete from identity.archive where id = ${id}`)
  }
}
