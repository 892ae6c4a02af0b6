import { type JobSpec, job, type Reaction } from '../../kernel/reactions.ts'
import { at, sql } from '../../kernel/sql.ts'
import { deliverTo } from './deliver.ts'
import { keptMs } from './hook-rules.ts'
import { allNews } from './news.ts'
import { callsKeptMs } from './rules.ts'
import { deliver, pruneHooks, spread } from './verbs/hooks.ts'
import { pruneCalls } from './verbs/keys.ts'

const batch = 20_000

export const reactions: Reaction[] = allNews.map((news) => ({
  type: news.type,
  run: (tx, _body, event) => spread(tx, news, event),
}))

export const jobs: JobSpec[] = [
  job(deliver, deliverTo, 'hooks'),
  job(pruneHooks, async (ctx) => {
    const gone = await ctx.run(
      sql`delete from integrations.dispatch where id in (select id from integrations.dispatch where at < ${at(ctx.now() - keptMs)} order by at limit ${batch})`,
    )
    const runAt = ctx.now() + (gone === batch ? 1_000 : 86_400_000)
    await ctx.transaction((tx) => tx.addJob(pruneHooks, {}, { key: pruneHooks, runAt }))
  }),
  job(pruneCalls, async (ctx) => {
    const gone = await ctx.run(
      sql`delete from integrations.key_call where id in (select id from integrations.key_call where at < ${at(ctx.now() - callsKeptMs)} order by at limit ${batch})`,
    )
    const runAt = ctx.now() + (gone === batch ? 1_000 : 86_400_000)
    await ctx.transaction((tx) => tx.addJob(pruneCalls, {}, { key: pruneCalls, runAt }))
  }),
]
