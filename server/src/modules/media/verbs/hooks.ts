import type { HookEvent, NumberedEvent, SegmentFacts } from '@efir/media/hook-events.ts'
import type { AdmitAnswer, AdmitRequest } from '@efir/media/hooks.ts'
import type { Ctx, Tx } from '../../../kernel/context.ts'
import { at, json, sql } from '../../../kernel/sql.ts'
import * as events from '../events.ts'
import type { StreamOwner } from '../ports.ts'
import { maxRecordingBytes, recordingPrefix } from '../rules.ts'
import { keyOwner } from './keys.ts'
import { reconcileLater } from './reconcile.ts'

/** Asked before a byte of a publisher is accepted. */
export const admitPublisher =
  (owners: readonly StreamOwner[]) =>
  async (ctx: Ctx, request: AdmitRequest): Promise<AdmitAnswer> => {
    const key = await keyOwner(ctx, request.credential)
    if (!key) return { ok: false, code: 'stream_key_unknown' }
    if (request.streamHint && request.streamHint !== key.stream_id) return { ok: false, code: 'stream_key_unknown' }
    for (const owner of owners) {
      const order = await owner(ctx, key.stream_id)
      if (order === null) continue
      if ('refusal' in order) return { ok: false, code: order.refusal }
      return await admitted(ctx, key, order)
    }
    return { ok: false, code: 'stream_key_unknown' }
  }

async function admitted(
  ctx: Ctx,
  key: { stream_id: string; shop_id: string },
  order: Exclude<Awaited<ReturnType<StreamOwner>>, null | { refusal: string }>,
): Promise<AdmitAnswer> {
  const open = await ctx.maybe<{ id: string }>(
    sql`select id from media.session where stream_id = ${key.stream_id} and state <> 'ended' order by started_at desc limit 1`,
  )
  const sessionId = open?.id ?? ctx.ids.make('stream')
  const prefix = recordingPrefix(key.stream_id, sessionId)
  const dir = order.recordingDays > 0 ? await ctx.storage.folder(prefix) : null
  if (dir) {
    await ctx.run(
      sql`insert into media.recording (session_id, stream_id, shop_id, prefix, state, started_at, keep_until, disk)
          values (${sessionId}, ${key.stream_id}, ${key.shop_id}, ${prefix}, 'on', ${at(ctx.now())}, ${at(ctx.now() + order.recordingDays * 86_400_000)}, ${ctx.storage.disk}) on conflict do nothing`,
    )
  }
  return {
    ok: true,
    streamId: key.stream_id,
    sessionId,
    title: order.title,
    graceMs: order.graceMs,
    playbackKey: order.playbackKey,
    record: dir ? { dir, maxBytes: maxRecordingBytes } : null,
  }
}

/** A batch of what happened in media, in order; the same number twice changes nothing. */
export async function takeMediaEvents(tx: Tx, batch: { bootId: string; events: readonly NumberedEvent[] }): Promise<void> {
  await tx.run(sql`insert into media.inbox values (${batch.bootId}, -1, ${at(tx.now)}) on conflict do nothing`)
  const { last_n } = await tx.one<{ last_n: number }>(
    sql`select last_n from media.inbox where boot_id = ${batch.bootId} for update`,
  )
  for (const event of batch.events) if (event.n > last_n) await takeOne(tx, event)
  const end = batch.events.at(-1)?.n
  if (end !== undefined && end > last_n)
    await tx.run(sql`update media.inbox set last_n = ${end}, seen_at = ${at(tx.now)} where boot_id = ${batch.bootId}`)
}

async function takeOne(tx: Tx, event: HookEvent): Promise<void> {
  switch (event.type) {
    case 'started':
      return await started(tx, event)
    case 'publisherLost':
      await tx.run(
        sql`update media.session set state = 'grace', grace_until = ${at(event.graceUntilAt)} where id = ${event.sessionId} and state <> 'ended'`,
      )
      return await tx.announce(
        events.streamLost,
        pick(event, { cause: event.cause, graceUntilAt: event.graceUntilAt }),
        event.streamId,
      )
    case 'publisherBack':
      await tx.run(
        sql`update media.session set state = 'live', grace_until = null, protocol = ${event.protocol} where id = ${event.sessionId} and state <> 'ended'`,
      )
      return await tx.announce(events.streamBack, pick(event, { tookOver: event.tookOver }), event.streamId)
    case 'refused':
      return await refused(tx, event)
    case 'segment':
      return await segment(tx, event.sessionId, event)
    case 'recordingStopped':
      await tx.run(
        sql`update media.recording set state = 'stopped', reason = ${event.reason} where session_id = ${event.sessionId} and state = 'on'`,
      )
      return await tx.announce(events.recordingStopped, pick(event, { reason: event.reason }), event.streamId)
    case 'ended':
      return await ended(tx, event)
    case 'advice':
      await tx.run(
        sql`update media.session set advice = ${json({ code: event.code, detail: event.detail })} where id = ${event.sessionId}`,
      )
      return
    case 'stats':
      await tx.run(sql`update media.session set stats = ${json(event.stats)} where id = ${event.sessionId}`)
  }
}

const pick = <T extends object>(event: { streamId: string; sessionId: string }, more: T) => ({
  streamId: event.streamId,
  sessionId: event.sessionId,
  ...more,
})

async function started(tx: Tx, event: Extract<HookEvent, { type: 'started' }>): Promise<void> {
  // A media process that died without a word leaves its session open; the new one takes its place.
  await tx.run(
    sql`update media.session set state = 'ended', ended_at = ${at(tx.now)} where stream_id = ${event.streamId} and state <> 'ended' and id <> ${event.sessionId}`,
  )
  await tx.run(
    sql`insert into media.session (id, stream_id, protocol, state, started_at) values (${event.sessionId}, ${event.streamId}, ${event.protocol}, 'live', ${at(tx.now)})
        on conflict (id) do update set state = 'live', grace_until = null, protocol = excluded.protocol`,
  )
  await tx.run(sql`delete from media.refused where stream_id = ${event.streamId}`)
  await reconcileLater(tx)
  await tx.announce(events.streamStarted, pick(event, { protocol: event.protocol }), event.streamId)
}

async function refused(tx: Tx, event: Extract<HookEvent, { type: 'refused' }>): Promise<void> {
  if (!event.streamId) return
  await tx.run(
    sql`insert into media.refused values (${event.streamId}, ${event.code}, ${json(event.detail)}, ${at(tx.now)})
        on conflict (stream_id) do update set code = excluded.code, detail = excluded.detail, at = excluded.at`,
  )
  await tx.announce(
    events.streamRefused,
    { streamId: event.streamId, code: event.code, detail: { ...event.detail } },
    event.streamId,
  )
}

async function segment(tx: Tx, sessionId: string, facts: SegmentFacts): Promise<void> {
  const end = facts.startAt + facts.durationMs
  await tx.run(
    sql`update media.session set first_picture_at = coalesce(first_picture_at, ${at(facts.startAt)}), last_picture_at = ${at(end)} where id = ${sessionId}`,
  )
  await tx.run(
    sql`update media.recording set first_picture_at = coalesce(first_picture_at, ${at(facts.startAt)}), duration_ms = duration_ms + ${Math.round(facts.durationMs)}, bytes = bytes + ${facts.bytes}
        where session_id = ${sessionId} and state = 'on'`,
  )
}

async function ended(tx: Tx, event: Extract<HookEvent, { type: 'ended' }>): Promise<void> {
  await tx.run(
    sql`update media.session set state = 'ended', ended_at = ${at(tx.now)}, grace_until = null where id = ${event.sessionId}`,
  )
  await tx.addJob('media.finishRecording', { sessionId: event.sessionId }, { key: `media.finish.${event.sessionId}` })
  await tx.announce(events.streamEnded, pick(event, { cause: event.cause }), event.streamId)
}
