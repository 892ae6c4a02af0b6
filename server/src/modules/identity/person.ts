import { at, sql } from '../../kernel/sql.ts'
import { nobodysName, type PersonPart } from './ports.ts'

export const personPart: PersonPart = {
  name: 'identity',
  async tell(ctx, { ids, email }) {
    const mine = sql`person_id = any(${[...ids]})`
    return {
      people: await ctx.rows(
        sql`select id, kind, name, email, email_verified_at, locale, country, picture, bio, created_at from identity.person where id = any(${[...ids]}) order by id`,
      ),
      roles: await ctx.rows(sql`select place_kind, place_id, role, given_at from identity.role where ${mine}`),
      sessions: await ctx.rows(
        sql`select way, agent, address, created_at, seen_at, expires_at, ended_at from identity.session where ${mine} order by id`,
      ),
      browsers: await ctx.rows(sql`select first_at, seen_at from identity.device where ${mine}`),
      passkeys: await ctx.rows(sql`select name, synced, created_at, used_at from identity.passkey where ${mine}`),
      accountsElsewhere: await ctx.rows(
        sql`select provider, subject, email, linked_at, used_at from identity.outside where ${mine}`,
      ),
      invitations: await ctx.rows(
        sql`select place_kind, place_id, role, created_at, used_at from identity.invitation where lower(email) = ${email} or used_by = any(${[...ids]})`,
      ),
      pictures: (
        await ctx.rows<{ picture: string }>(
          sql`select picture from identity.person where id = any(${[...ids]}) and picture is not null`,
        )
      ).map((p) => p.picture),
    }
  },
  async holds(q, { ids }) {
    const alone = await q.maybe(
      sql`select 1 from identity.role r join identity.shop s on s.id = r.place_id and s.closed_at is null
          where r.place_kind = 'shop' and r.role = 'owner' and r.person_id = any(${[...ids]})
          and not exists (select from identity.role o where o.place_kind = 'shop' and o.place_id = r.place_id and o.role = 'owner' and o.person_id <> all(${[...ids]})) limit 1`,
    )
    const lastOperator = await q.maybe(
      sql`select 1 from identity.person where operator and id = any(${[...ids]})
          and not exists (select from identity.person where operator and closed_at is null and id <> all(${[...ids]}))`,
    )
    return alone || lastOperator ? 'last_owner' : null
  },
  async erase(tx, { ids, email }) {
    const mine = sql`person_id = any(${[...ids]})`
    for (const table of [sql`role`, sql`session`, sql`device`, sql`passkey`, sql`outside`, sql`archive`])
      await tx.run(sql`delete from identity.${table} where ${mine}`)
    await tx.run(
      sql`update identity.invitation set email = null, revoked_at = coalesce(revoked_at, ${at(tx.now)}) where lower(email) = ${email}`,
    )
    await tx.run(
      sql`update identity.person set name = ${nobodysName}, email = null, email_verified_at = null, country = null, picture = null, bio = '{}', locale = 'en', operator = false,
            closed_at = ${at(tx.now)} where id = any(${[...ids]})`,
    )
    // What was announced is read by nobody any more, except for the name in it.
    await tx.run(
      sql`update kernel.event set body = body - 'name' where type = 'person.renamed' and body ->> 'personId' = any(${[...ids]})`,
    )
  },
}
