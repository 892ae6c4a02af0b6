import { createShow, endShow, scheduleShow, showPage } from '@efir/contract/shows.ts'
import type { HookEvent } from '@efir/media/hook-events.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openWorld, type World } from '../../../test/world.ts'
import { at, sql } from '../../kernel/sql.ts'
import { noMedia, type StreamOwner, type WatchedMedia } from './ports.ts'
import { takeMediaEvents } from './verbs/hooks.ts'
import { reconcile } from './verbs/reconcile.ts'

let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world[Symbol.asyncDispose]())

const carrying = (...sessions: [string, 'live' | 'grace'][]): WatchedMedia => ({
  ...noMedia,
  sessions: async () => new Map(sessions),
})

async function onAir() {
  const shop = await world.shop()
  const show = await world.must(shop.owner, createShow, { shopId: shop.id, title: { en: 'Cut off' } })
  await world.must(shop.owner, scheduleShow, { showId: show.id, startsAt: world.clock.now() })
  const sessionId = world.kernel.ids.make('stream')
  const tell = (event: HookEvent, n: number) =>
    world.tx((tx) => takeMediaEvents(tx, { bootId: sessionId, events: [{ ...event, n, at: world.clock.now() }] }))
  await world.kernel.db.run(
    sql`insert into media.recording (session_id, stream_id, shop_id, prefix, state, started_at) values (${sessionId}, ${show.id}, ${shop.id}, ${`recordings/${show.id}/${sessionId}`}, 'on', ${at(world.clock.now())})`,
  )
  const of = { streamId: show.id, sessionId }
  await tell({ ...of, type: 'started', protocol: 'whip', remote: '', video: null, audio: null }, 1)
  await world.settle()
  const look = async () => ({
    show: (await world.must(shop.owner, showPage, { showId: show.id })).show.state,
    session: (await world.ctx.one<{ state: string }>(sql`select state from media.session where id = ${sessionId}`)).state,
    recording: (await world.ctx.one<{ state: string }>(sql`select state from media.recording where session_id = ${sessionId}`))
      .state,
  })
  const end = () => world.must(shop.owner, endShow, { showId: show.id })
  return { look, end, sessionId }
}

/** One look around, as the show's owner says whether it goes on. */
async function lookAround(media: WatchedMedia, goesOn: boolean): Promise<void> {
  const owner: StreamOwner = async () =>
    goesOn ? { title: '', recordingDays: 1, playbackKey: null, graceMs: 1 } : { refusal: 'show_over' }
  await reconcile(media, [owner])(world.ctx)
  await world.settle()
}

test('a show whose media process died pauses, and when it is over its recording is finished', async () => {
  const { look, end } = await onAir()
  expect(await look()).toEqual({ show: 'live', session: 'live', recording: 'on' })
  await lookAround(carrying(), true)
  expect((await look()).session).toBe('live')
  await world.advance(40_000)
  await lookAround(noMedia, true)
  expect((await look()).session).toBe('live')
  await lookAround(carrying(), true)
  expect(await look()).toEqual({ show: 'paused', session: 'grace', recording: 'on' })
  await end()
  await world.advance(60_000)
  await lookAround(carrying(), false)
  expect(await look()).toEqual({ show: 'ended', session: 'ended', recording: 'empty' })
})

test('what media still carries is left alone, and comes back when it was thought lost', async () => {
  const { look, sessionId } = await onAir()
  await world.advance(40_000)
  await lookAround(carrying([sessionId, 'live']), true)
  expect(await look()).toMatchObject({ show: 'live', session: 'live' })
  await lookAround(carrying(), true)
  expect(await look()).toMatchObject({ show: 'paused', session: 'grace' })
  await world.advance(40_000)
  await lookAround(carrying([sessionId, 'live']), true)
  expect(await look()).toMatchObject({ show: 'live', session: 'live' })
})
