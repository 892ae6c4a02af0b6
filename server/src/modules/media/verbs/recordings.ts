import { recoverRecording } from '@efir/media/record/recover.ts'
import type { Ctx, Tx } from '../../../kernel/context.ts'
import { at, sql } from '../../../kernel/sql.ts'
import { recordingDeleted, recordingReady } from '../events.ts'
import { recordingPrefix } from '../rules.ts'

interface RecordingRow {
  session_id: string
  stream_id: string
  prefix: string
  state: string
  bytes: number
  duration_ms: number
  disk: string | null
}

/** The same job for the process that has the disk. */
export const finishOn = (disk: string): string => `media.finishRecording.${disk}`

/** After the end, or after a crash: closes the playlist over what is whole on disk. Safe to repeat. */
export async function finishRecording(ctx: Ctx, payload: { sessionId?: unknown }): Promise<void> {
  const row = await ctx.maybe<RecordingRow>(
    sql`select session_id, stream_id, prefix, state, bytes, duration_ms, disk from media.recording where session_id = ${String(payload.sessionId)}`,
  )
  if (!row || row.state === 'ready' || row.state === 'deleted') return
  if (row.disk !== null && row.disk !== ctx.storage.disk) {
    const { session_id: sessionId, disk } = row
    await ctx.transaction((tx) => tx.addJob(finishOn(disk), { sessionId }, { key: `media.finish.${sessionId}` }))
    return
  }
  const found = await recoverRecording(await ctx.storage.folder(row.prefix))
  await ctx.storage.keep(row.prefix)
  const durationMs = Math.round(found?.durationMs ?? 0)
  const firstAt = found?.segments[0]?.programAt
  await ctx.transaction(async (tx) => {
    const state = durationMs > 0 ? 'ready' : 'empty'
    await tx.run(
      sql`update media.recording set state = ${state}, duration_ms = ${durationMs}, bytes = ${found?.bytes ?? 0}, first_picture_at = ${firstAt === undefined ? null : at(firstAt)} where session_id = ${row.session_id}`,
    )
    if (state === 'ready')
      await tx.announce(recordingReady, { streamId: row.stream_id, sessionId: row.session_id, durationMs }, row.stream_id)
  })
}

/** Retention: deletes what nobody keeps any more; runs each hour. */
export async function deleteOldRecordings(ctx: Ctx): Promise<void> {
  const rows = await ctx.rows<RecordingRow>(
    sql`select session_id, stream_id, prefix, state, bytes, duration_ms, disk from media.recording where state <> 'deleted' and state <> 'on' and keep_until < ${at(ctx.now())} limit 50`,
  )
  for (const row of rows) {
    await ctx.storage.deleteBelow(row.prefix)
    await ctx.transaction(async (tx) => {
      await tx.run(sql`update media.recording set state = 'deleted' where session_id = ${row.session_id}`)
      await tx.announce(recordingDeleted, { streamId: row.stream_id, sessionId: row.session_id }, row.stream_id)
    })
  }
  await ctx.transaction((tx) =>
    tx.addJob('media.deleteOldRecordings', {}, { key: 'media.deleteOldRecordings', runAt: tx.now + 3_600_000 }),
  )
}

/** A recording made without a publisher: its files lie below `recordingPrefix` already. It becomes ready by the usual job. */
export async function takeRecording(
  tx: Tx,
  made: { streamId: string; shopId: string; sessionId: string; startedAt: number; endedAt: number },
): Promise<void> {
  const { streamId, shopId, sessionId } = made
  await tx.run(
    sql`insert into media.session (id, stream_id, protocol, state, started_at, ended_at, first_picture_at, last_picture_at)
        values (${sessionId}, ${streamId}, 'rtmp', 'ended', ${at(made.startedAt)}, ${at(made.endedAt)}, ${at(made.startedAt)}, ${at(made.endedAt)}) on conflict do nothing`,
  )
  await tx.run(
    sql`insert into media.recording (session_id, stream_id, shop_id, prefix, state, started_at, disk)
        values (${sessionId}, ${streamId}, ${shopId}, ${recordingPrefix(streamId, sessionId)}, 'stopped', ${at(made.startedAt)}, ${tx.kernel.storage.disk}) on conflict do nothing`,
  )
  await tx.addJob('media.finishRecording', { sessionId }, { key: `media.finish.${sessionId}` })
}
