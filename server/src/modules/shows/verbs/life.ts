import type { In } from '@efir/contract/act.ts'
import type * as contract from '@efir/contract/shows.ts'
import type { Ctx, Tx } from '../../../kernel/context.ts'
import { found, Refusal, refuseIf } from '../../../kernel/refusal.ts'
import { at, sql } from '../../../kernel/sql.ts'
import type { MediaControl } from '../../media/ports.ts'
import * as events from '../events.ts'
import { nextState, onAir, pausedTooLongMs, type ShowAct } from '../rules.ts'
import type { ShowRow } from '../tables.ts'
import { cardOf } from '../views.ts'

export async function lockShow(tx: Tx, showId: string): Promise<ShowRow> {
  return found(await tx.maybe<ShowRow>(sql`select * from shows.show where id = ${showId} for update`))
}

/** One step of the state table, or `show_state`. */
export async function stepShow(tx: Tx, showId: string, act: ShowAct): Promise<ShowRow> {
  const show = await lockShow(tx, showId)
  const to = nextState(show.state, act)
  if (to === null) throw new Refusal('show_state', { state: show.state, act })
  if (to === show.state) return show
  const started = to === 'live' && show.started_at === null ? tx.now : show.started_at
  const ended = to === 'ended' ? tx.now : show.ended_at
  await tx.run(
    sql`update shows.show set state = ${to}, started_at = ${started === null ? null : at(started)}, ended_at = ${ended === null ? null : at(ended)}, changed_at = ${at(tx.now)} where id = ${showId}`,
  )
  await tx.announce(events.showStateChanged, { showId, shopId: show.shop_id, from: show.state, to, at: tx.now }, showId)
  if (show.started_at === null && started !== null)
    await tx.announce(events.showStarted, { showId, shopId: show.shop_id }, showId)
  if (to === 'ended') await tx.announce(events.showEnded, { showId, shopId: show.shop_id }, showId)
  return { ...show, state: to, started_at: started, ended_at: ended }
}

export async function scheduleShow(tx: Tx, input: In<typeof contract.scheduleShow>) {
  refuseIf(input.startsAt < tx.now - 60_000, 'bad_input', { field: 'startsAt', problem: 'lies in the past' })
  const show = await stepShow(tx, input.showId, 'schedule')
  await tx.run(sql`update shows.show set starts_at = ${at(input.startsAt)} where id = ${input.showId}`)
  await tx.announce(events.showScheduled, { showId: show.id, shopId: show.shop_id, startsAt: input.startsAt }, show.id)
  return await cardOf(tx, input.showId)
}

export async function cancelShow(tx: Tx, input: In<typeof contract.cancelShow>) {
  const show = await stepShow(tx, input.showId, 'cancel')
  await tx.announce(events.showCancelled, { showId: show.id, shopId: show.shop_id }, show.id)
  return await cardOf(tx, input.showId)
}

export const endShow = (media: MediaControl) => async (tx: Tx, input: In<typeof contract.endShow>) => {
  await stepShow(tx, input.showId, 'end')
  await tx.run(sql`update shows.show set slate = false where id = ${input.showId}`)
  await tx.run(
    sql`update shows.item set ended_at = ${at(tx.now)} where show_id = ${input.showId} and started_at is not null and ended_at is null`,
  )
  tx.afterCommit(() => void media.endStream(input.showId))
  await tellMediaAgain(tx, input.showId)
  return await cardOf(tx, input.showId)
}

/** After a cut the show waits for its publisher, who was sent away: only pictures put it on air. */
export const cutShow = (media: MediaControl) => async (tx: Tx, input: In<typeof contract.cutShow>) => {
  await stepShow(tx, input.showId, input.on ? 'cut' : 'uncut')
  await tx.run(sql`update shows.show set cut_reason = ${input.on ? input.reason : null} where id = ${input.showId}`)
  if (input.on) {
    tx.afterCommit(() => void media.kick(input.showId, 'cut'))
    await tellMediaAgain(tx, input.showId)
  } else await endLater(tx, input.showId, tx.now + pausedTooLongMs)
  return await cardOf(tx, input.showId)
}

/** Should this process die right after the commit, the stream of a show that was cut or is over ends all the same. */
const tellMediaAgain = (tx: Tx, showId: string) =>
  tx.addJob('shows.tellMedia', { showId }, { runAt: tx.now + 2_000, key: `shows.tellMedia.${showId}` })

/** A media process that does not answer carries nothing, and asks who may publish before it carries again. */
export const tellMedia =
  (media: MediaControl) =>
  async (ctx: Ctx, payload: { showId?: unknown }): Promise<void> => {
    const show = await ctx.maybe<ShowRow>(sql`select * from shows.show where id = ${String(payload.showId)}`)
    if (show?.state === 'cut') await media.kick(show.id, 'cut')
    else if (show && !onAir(show.state) && show.ended_at !== null) await media.endStream(show.id)
  }

export async function archiveShow(tx: Tx, input: In<typeof contract.archiveShow>) {
  await stepShow(tx, input.showId, 'archive')
  return await cardOf(tx, input.showId)
}

export async function setSlate(tx: Tx, input: In<typeof contract.setSlate>) {
  const show = await lockShow(tx, input.showId)
  refuseIf(!onAir(show.state), 'show_state', { state: show.state, act: 'slate' })
  await tx.run(sql`update shows.show set slate = ${input.on} where id = ${input.showId}`)
  if (show.slate !== input.on) await tx.announce(events.slateSet, { showId: input.showId, on: input.on }, input.showId)
  return { done: true as const }
}

/** Pictures arrive: the show is on air. */
export async function onStreamStarted(tx: Tx, streamId: string): Promise<void> {
  const show = await tx.maybe<ShowRow>(sql`select * from shows.show where id = ${streamId}`)
  if (!show) return
  if (nextState(show.state, 'start')) await stepShow(tx, streamId, 'start')
  else if (nextState(show.state, 'resume')) await stepShow(tx, streamId, 'resume')
}

export async function onStreamLost(tx: Tx, streamId: string): Promise<void> {
  const show = await tx.maybe<ShowRow>(sql`select * from shows.show where id = ${streamId}`)
  if (!show || !nextState(show.state, 'pause')) return
  await stepShow(tx, streamId, 'pause')
  await endLater(tx, streamId, tx.now + pausedTooLongMs)
}

const endLater = (tx: Tx, showId: string, runAt: number) =>
  tx.addJob('shows.endForgotten', { showId }, { runAt, key: `shows.endForgotten.${showId}` })

/** A paused show that nobody came back to is over. */
export const endForgotten =
  (media: MediaControl) =>
  async (ctx: Ctx, payload: { showId?: unknown }): Promise<void> => {
    await ctx.transaction(async (tx) => {
      const showId = String(payload.showId)
      const show = await tx.maybe<{ state: string; touched: number }>(
        sql`select s.state, extract(epoch from s.changed_at) * 1000 as touched from shows.show s where s.id = ${showId} for update`,
      )
      if (show?.state !== 'paused') return
      // Somebody was at it since, if only at its texts.
      if (tx.now - show.touched < pausedTooLongMs - 1000) await endLater(tx, showId, show.touched + pausedTooLongMs)
      else await endShow(media)(tx, { showId })
    })
  }

export async function onRecordingReady(tx: Tx, streamId: string, url: string): Promise<void> {
  const show = await tx.maybe<ShowRow>(sql`select * from shows.show where id = ${streamId}`)
  if (!show) return
  if (nextState(show.state, 'keep')) await stepShow(tx, streamId, 'keep')
  await tx.announce(events.replayReady, { showId: streamId, url }, streamId)
}

/** Written by the room on the right: how late its viewers' pictures are, and how many watch. */
export async function noteRoom(tx: Tx, facts: { showId: string; delayP95Ms: number; viewers: number }): Promise<void> {
  const delay = Math.min(60_000, Math.max(0, Math.round(facts.delayP95Ms)))
  await tx.run(
    sql`update shows.show set room_delay_ms = ${delay}, viewers = ${facts.viewers}, viewers_peak = greatest(viewers_peak, ${facts.viewers}) where id = ${facts.showId}`,
  )
}
