import { type JobSpec, job } from '../../kernel/reactions.ts'
import { at, sql } from '../../kernel/sql.ts'
import { callsKeptMs } from './rules.ts'
import { pruneCalls } from './verbs/keys.ts'

const batch = 20_000

export const jobs: JobSpec[] = [
  job(pruneCalls, async (ctx) => {
    const gone = await ctx.run(
      sql`delete from integrations.key_call where id in (select id from integrations.key_call where at < ${at(ctx.now() - callsKeptMs)} order by at limit ${batch})`,
    )
    const runAt = ctx.now() + (gone === batch ? 1_000 : 86_400_000)
    await ctx.transaction((tx) => tx.addJob(pruneCalls, {}, { key: pruneCalls, runAt }))
  }),
]
