import { cutAudit } from './audit.ts'
import { type JobSpec, job } from './reactions.ts'

const everyMs = 3_600_000
const eventsKeptMs = 90 * 86_400_000
const batch = 20_000

export const pruneEvents = 'kernel.pruneEvents'

/** What was announced long ago and read by all who react to it is let go; the journals of the modules are what lasts. */
export const keepingJobs: JobSpec[] = [
  job(pruneEvents, async (ctx) => {
    await ctx.transaction((tx) => cutAudit(tx, ctx.now() - ctx.config.EFIR_AUDIT_DAYS * 86_400_000))
    const gone = await ctx.events.prune(ctx.now() - eventsKeptMs, batch)
    // More than a batch at once would hold a long transaction.
    const runAt = ctx.now() + (gone === batch ? 1_000 : everyMs)
    await ctx.transaction((tx) => tx.addJob(pruneEvents, {}, { key: pruneEvents, runAt }))
  }),
]
