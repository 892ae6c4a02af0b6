import type * as contract from '@efir/contract/account.ts'
import type { In, Out } from '@efir/contract/act.ts'
import type { Wire } from '../../kernel/bind.ts'
import { type Ctx, personOf } from '../../kernel/context.ts'
import { found } from '../../kernel/refusal.ts'
import { at, sql } from '../../kernel/sql.ts'
import type { Credentials, Outside } from './ports.ts'
import { passkeyHost } from './site.ts'
import type { Way } from './tables.ts'
import { sessionCookie, sessionOf } from './verbs/sessions.ts'
import { browserOf, personRow, systemOf } from './views.ts'

export const signInWays =
  (outside: Outside) =>
  async (ctx: Ctx, _: In<typeof contract.signInWays>, wire: Wire): Promise<Out<typeof contract.signInWays>> => ({
    providers: outside.providers.map(({ id, name }) => ({ id, name })),
    passkeyHost: passkeyHost(ctx, wire),
  })

interface Row {
  id: string
  agent: string
  way: Way
  address: string
  created_at: number
  seen_at: number
}

export const mySecurity =
  (outside: Outside, credentials: Credentials) =>
  async (ctx: Ctx, _: In<typeof contract.mySecurity>, wire: Wire): Promise<Out<typeof contract.mySecurity>> => {
    const person = found(await personRow(ctx, personOf(ctx)))
    const session = await sessionOf(ctx, wire.request.cookies[sessionCookie])
    const own = session?.person.id === person.id ? session : null
    const sessions = await ctx.rows<Row>(
      sql`select id, agent, way, address, created_at, seen_at from identity.session
          where person_id = ${person.id} and ended_at is null and expires_at > ${at(ctx.now())} order by id = ${own?.id ?? ''} desc, seen_at desc, id desc limit 100`,
    )
    const passkeys = await ctx.rows<{ id: string; name: string; synced: boolean; createdAt: number; usedAt: number | null }>(
      sql`select id, name, synced, created_at as "createdAt", used_at as "usedAt" from identity.passkey where person_id = ${person.id} order by id`,
    )
    const linked = await ctx.rows<{ provider: string; email: string | null; linked_at: number }>(
      sql`select provider, email, linked_at from identity.outside where person_id = ${person.id} order by linked_at`,
    )
    const archives = await ctx.rows<{ id: string; askedAt: number; readyAt: number | null; untilAt: number | null }>(
      sql`select id, asked_at as "askedAt", ready_at as "readyAt", expires_at as "untilAt" from identity.archive
          where person_id = ${person.id} and (expires_at is null or expires_at > ${at(ctx.now())}) order by id desc limit 5`,
    )
    return {
      archives: archives.map((a) => ({ ...a, readyAt: a.readyAt ?? undefined, untilAt: a.untilAt ?? undefined })),
      email: person.email ?? '',
      password: (await credentials.checkPassword(person.id, '')) !== 'none',
      provenUntilAt: own && own.provenUntilAt > ctx.now() ? own.provenUntilAt : null,
      sessions: sessions.map((s) => ({
        id: s.id,
        browser: browserOf(s.agent),
        system: systemOf(s.agent),
        address: s.address,
        way: s.way,
        startedAt: s.created_at,
        seenAt: s.seen_at,
        current: s.id === own?.id,
      })),
      passkeys: passkeys.map((key) => ({ ...key, usedAt: key.usedAt ?? undefined })),
      outside: linked.map((l) => ({
        provider: l.provider,
        name: outside.providers.find((p) => p.id === l.provider)?.name ?? l.provider,
        email: l.email ?? undefined,
        linkedAt: l.linked_at,
      })),
    }
  }
