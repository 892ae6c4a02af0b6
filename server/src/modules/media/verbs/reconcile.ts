import type { Ctx, Tx } from '../../../kernel/context.ts'
import { at, sql } from '../../../kernel/sql.ts'
import { streamBack, streamEnded, streamLost } from '../events.ts'
import type { StreamOwner, WatchedMedia } from '../ports.ts'

interface OpenSession {
  id: string
  stream_id: string
  state: 'live' | 'grace'
}

const everyMs = 60_000
/** Whoever came in this moment is not yet in both lists. */
const settledMs = 30_000

export const reconcileLater = (tx: Tx): Promise<void> =>
  tx.addJob('media.reconcile', {}, { key: 'media.reconcile', runAt: tx.now + everyMs })

/**
 * A media process that is killed says nothing any more. What it carried is found missing here: the publisher counts as lost, and once
 * the stream is over for its owner, the session ends and its recording is finished. Repeats while any session is open.
 */
export const reconcile =
  (media: Pick<WatchedMedia, 'sessions'>, owners: readonly StreamOwner[]) =>
  async (ctx: Ctx): Promise<void> => {
    const living = await media.sessions()
    const since = ctx.now() - settledMs
    const open = await ctx.rows<OpenSession>(
      sql`select id, stream_id, state from media.session where state <> 'ended' and started_at < ${at(since)}
          and case state when 'grace' then grace_until < ${at(since)} else coalesce(last_picture_at, started_at) < ${at(since)} end order by id limit 500`,
    )
    for (const session of living ? open : []) {
      const there = living?.get(session.id)
      if (there === undefined) await missing(ctx, owners, session)
      else if (there === 'live' && session.state === 'grace') await found(ctx, session)
    }
    await ctx.transaction(async (tx) => {
      if (await tx.maybe(sql`select 1 from media.session where state <> 'ended' limit 1`)) await reconcileLater(tx)
    })
  }

async function missing(ctx: Ctx, owners: readonly StreamOwner[], session: OpenSession): Promise<void> {
  const orders = await Promise.all(owners.map((owner) => owner(ctx, session.stream_id)))
  const wanted = orders.some((order) => order !== null && !('refusal' in order))
  const of = { streamId: session.stream_id, sessionId: session.id }
  await ctx.transaction(async (tx) => {
    if (wanted && session.state === 'live') {
      const changed = await tx.run(
        sql`update media.session set state = 'grace', grace_until = ${at(tx.now)} where id = ${session.id} and state = 'live'`,
      )
      if (changed) await tx.announce(streamLost, { ...of, cause: 'media_lost', graceUntilAt: tx.now }, session.stream_id)
    }
    if (wanted) return
    const changed = await tx.run(
      sql`update media.session set state = 'ended', ended_at = ${at(tx.now)}, grace_until = null where id = ${session.id} and state <> 'ended'`,
    )
    if (!changed) return
    await tx.addJob('media.finishRecording', { sessionId: session.id }, { key: `media.finish.${session.id}` })
    await tx.announce(streamEnded, { ...of, cause: 'media_lost' }, session.stream_id)
  })
}

async function found(ctx: Ctx, session: OpenSession): Promise<void> {
  await ctx.transaction(async (tx) => {
    const changed = await tx.run(
      sql`update media.session set state = 'live', grace_until = null where id = ${session.id} and state = 'grace'`,
    )
    if (changed)
      await tx.announce(streamBack, { streamId: session.stream_id, sessionId: session.id, tookOver: false }, session.stream_id)
  })
}
