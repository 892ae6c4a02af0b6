import type { Ctx } from '../../kernel/context.ts'
import { type JobSpec, job } from '../../kernel/reactions.ts'
import { at, raw, sql } from '../../kernel/sql.ts'
import type { PersonPart } from './ports.ts'
import { deviceMs } from './verbs/devices.ts'
import { dropOldArchives, makeArchive } from './verbs/leaving.ts'

const dayMs = 86_400_000
const everyMs = 6 * 3_600_000
const batch = 2_000
/** Long enough to see afterwards where somebody was signed in. */
const sessionsKeptMs = 30 * dayMs
const guestsKeptMs = 60 * dayMs
const triesKeptMs = dayMs

export const prunePeople = 'identity.prunePeople'

/** What nobody needs any more: sessions that are over, guests who left nothing behind, used challenges, old tries and archives. */
async function prune(ctx: Ctx): Promise<void> {
  const before = (ms: number) => at(ctx.now() - ms)
  await ctx.run(
    sql`delete from identity.session where id in (select id from identity.session where ended_at < ${before(sessionsKeptMs)} or expires_at < ${before(sessionsKeptMs)} limit ${batch})`,
  )
  await ctx.run(sql`delete from identity.challenge_used where expires_at < ${before(0)}`)
  await ctx.run(sql`delete from identity.trying where last_at < ${before(triesKeptMs)}`)
  await ctx.run(sql`delete from identity.device where seen_at < ${before(deviceMs)}`)
  await dropOldArchives(ctx)
  const gone = await pruneGuests(ctx)
  const runAt = ctx.now() + (gone === batch ? 60_000 : everyMs)
  await ctx.transaction((tx) => tx.addJob(prunePeople, {}, { key: prunePeople, runAt }))
}

/** Columns that name a person, found in the schema itself, so that a new table protects its guests without being listed. */
async function columnsOfPeople(ctx: Ctx): Promise<{ table: string; column: string }[]> {
  return await ctx.rows(
    sql`select format('%I.%I', c.table_schema, c.table_name) as "table", format('%I', c.column_name) as "column" from information_schema.columns c
        join information_schema.tables t on t.table_schema = c.table_schema and t.table_name = c.table_name and t.table_type = 'BASE TABLE'
        where c.table_schema || '.' || c.table_name <> 'identity.device' and c.data_type = 'text'
        and (c.column_name in ('person_id', 'host_id', 'claimed_by', 'owner_id', 'actor') or c.column_name like '%\\_by' or c.column_name like '%\\_person\\_id')`,
  )
}

async function pruneGuests(ctx: Ctx): Promise<number> {
  const old = await ctx.rows<{ id: string }>(
    sql`select p.id from identity.person p where p.kind = 'guest' and p.claimed_by is null and p.email is null and p.created_at < ${at(ctx.now() - guestsKeptMs)}
        and not exists (select from identity.session s where s.person_id = p.id) order by p.id limit ${batch}`,
  )
  let left = old.map((p) => p.id)
  for (const { table, column } of left.length > 0 ? await columnsOfPeople(ctx) : []) {
    const named = await ctx.rows<{ id: string }>(
      sql`select distinct ${raw(column)} as id from ${raw(table)} where ${raw(column)} = any(${left})`,
    )
    const used = new Set(named.map((n) => n.id))
    left = left.filter((id) => !used.has(id))
  }
  await ctx.run(sql`delete from identity.device where person_id = any(${left})`)
  return await ctx.run(sql`delete from identity.person where id = any(${left})`)
}

export const jobs = (parts: readonly PersonPart[]): JobSpec[] => [
  job(prunePeople, prune),
  job('identity.makeArchive', makeArchive(parts)),
]
