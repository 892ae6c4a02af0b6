import type { Ctx, Kernel } from '../../kernel/context.ts'
import { type JobSpec, job, on, type Reaction } from '../../kernel/reactions.ts'
import { stockReserved } from './events.ts'
import { sweepAt } from './rules.ts'
import { expireDue } from './verbs/reservations.ts'

/** Latest sweep that this process knows to be scheduled: a rush asks for the same second thousands of times. */
const scheduled = new WeakMap<Kernel, Set<number>>()

export const reactions: Reaction[] = [
  on(stockReserved, async (tx, body) => {
    const known = scheduled.get(tx.kernel) ?? new Set()
    scheduled.set(tx.kernel, known)
    for (const at of new Set(body.expiresAt.map(sweepAt))) {
      if (known.has(at)) continue
      await tx.addJob('stock.expire', {}, { runAt: at, key: `stock.expire ${at}` })
      tx.afterCommit(() => {
        if (known.size > 10_000) known.clear()
        known.add(at)
      })
    }
  }),
]

export const jobs: JobSpec[] = [
  job(
    'stock.expire',
    async (ctx: Ctx) => {
      while (await ctx.transaction(expireDue));
    },
    'clock',
  ),
]
