import type { Snapshot, Tick } from '@efir/contract/room/down.ts'
import fastify from 'fastify'
import { expect, test } from 'vitest'
import { RoomStore } from '../../../../../web/src/net/room-store.ts'
import { start, world } from '../hub/testing.ts'
import { PageDesk } from './desk.ts'
import { servePages } from './serve.ts'

interface Start {
  readonly epoch: string
  readonly slot: number
  readonly now: number
  readonly snapshot: Snapshot
}

function open(options: Parameters<typeof world>[0] = {}) {
  const it = world(options)
  const desk = new PageDesk(it.hub)
  const app = fastify()
  servePages(desk)(app)
  const get = async (path: string) => {
    const answer = await app.inject({ url: `/room/shw_1/${path}` })
    return { status: answer.statusCode, headers: answer.headers, text: answer.body }
  }
  const begin = async () => JSON.parse((await get('now')).text) as Start
  return { ...it, desk, get, begin }
}

test('[ROOM27] who reads snapshot and pages in order ends with what the room holds, each event once', async () => {
  const { hub, clock, begin, get } = open()
  const { epoch, slot, snapshot } = await begin()
  const store = new RoomStore()
  const events: number[] = []
  store.onEvent((event) => void events.push(event.seq))
  store.applySnapshot(snapshot, false)
  let seq = 10
  for (let step = 0; step < 200; step++) {
    seq++
    hub.apply('shw_1', seq, [
      { k: `lot:${step % 7}`, value: step },
      { e: 'sold', data: step },
    ])
    if (step % 9 === 0) hub.chat('shw_1', { id: `m${step}`, person: 'p', name: 'P', text: 'hi', at: clock.now() })
    clock.advance(37)
  }
  clock.advance(2_000)
  const last = Math.floor(clock.now() / 1_000)
  for (let page = slot; page < last; page++) {
    const { status, text } = await get(`${epoch}/${page}`)
    expect(status).toBe(200)
    expect(store.applyTick(JSON.parse(text) as Tick)).toBe(true)
  }
  expect(events).toEqual(Array.from({ length: 200 }, (_, i) => 11 + i))
  const now = (await begin()).snapshot
  expect(now.state.map(({ k, value }) => [k, value]).sort()).toEqual(store.keys('').map((k) => [k, store.value(k)]))
  expect(store.chat.length).toBe(23)
})

test('[ROOM27] a page that is over never changes and may be kept; one that is not, or is gone, must not be', async () => {
  const { hub, clock, begin, get } = open()
  const { epoch, slot } = await begin()
  hub.apply('shw_1', 11, [{ e: 'sold', data: 1 }])
  const early = await get(`${epoch}/${slot}`)
  expect([early.status, early.headers['cache-control'], early.headers['retry-after']]).toEqual([404, 'no-store', '1'])
  clock.advance(1_000)
  const first = await get(`${epoch}/${slot}`)
  expect([first.status, first.headers['cache-control']]).toEqual([200, 'public, max-age=86400, immutable'])
  expect(first.headers['set-cookie']).toBeUndefined()
  hub.apply('shw_1', 12, [{ e: 'sold', data: 2 }])
  clock.advance(5_000)
  expect((await get(`${epoch}/${slot}`)).text).toBe(first.text)
  expect((await get('now')).headers['cache-control']).toBe('public, max-age=1')
  for (const path of [`other/${slot}`, `${epoch}/${slot - 40}`, `${epoch}/0`]) {
    const gone = await get(path)
    expect([gone.status, gone.headers['cache-control']]).toEqual([410, 'no-store'])
  }
  for (const path of [`${epoch}/x`, `${epoch}/-1`]) expect((await get(path)).status).toBe(404)
  clock.advance(60_000)
  expect((await get(`${epoch}/${slot}`)).status).toBe(410)
})

test('[ROOM27] pages of two processes fit together though their clocks differ', async () => {
  const { hub, clock, begin, get } = open()
  const { epoch, slot, snapshot } = await begin()
  const ahead = new PageDesk(hub, { ...clock, now: () => clock.now() + 700 })
  const other = async (page: number) => (await ahead.page('shw_1', epoch, page)) as { body: string }
  await ahead.start('shw_1')
  const store = new RoomStore()
  const events: number[] = []
  store.onEvent((event) => void events.push(event.seq))
  store.applySnapshot(snapshot, false)
  for (let seq = 11; seq <= 60; seq++) {
    hub.apply('shw_1', seq, [{ e: 'sold', data: seq }])
    clock.advance(100)
  }
  clock.advance(2_000)
  for (let page = slot; page < slot + 6; page++) {
    const text = page % 2 ? (await get(`${epoch}/${page}`)).text : (await other(page)).body
    expect(store.applyTick(JSON.parse(text) as Tick)).toBe(true)
  }
  expect(events).toEqual(Array.from({ length: events.length }, (_, i) => 11 + i))
  expect(events.length).toBeGreaterThan(40)
})

test('[ROOM28] from a size on a room sends further viewers to its pages, its team and those who read for many not', async () => {
  const { join, begin, seenBy } = withSize()
  await join()
  await join({ token: 'b' })
  const third = await join()
  expect(third.seen.code).toBe(4006)
  const host = await join({ token: 'host', desk: true })
  expect(host.seen.code).toBe(0)
  expect((await begin()).snapshot.t).toBe('snapshot')
  expect(seenBy(third)).toMatchObject({ t: 'bye', code: 4006 })
})

function withSize() {
  const it = open({ limits: { cachedFrom: 2 }, open: async () => start({ marks: new Map([['host', 'host']]) }) })
  return { ...it, seenBy: (viewer: Awaited<ReturnType<typeof it.join>>) => viewer.said().at(-1) }
}

test('[ROOM27] a room for its team only has no pages, nor has one that does not exist', async () => {
  const team = open({ open: async () => start({ entry: 'team' }) })
  expect((await team.get('now')).status).toBe(404)
  const none = open({ open: async () => null })
  const answer = await none.get('now')
  expect([answer.status, answer.headers['cache-control']]).toEqual([404, 'no-store'])
})

test('[ROOM27] pages that nobody asks for are no longer made', async () => {
  const { hub, clock, begin, desk } = open()
  await begin()
  expect(hub.size).toBe(1)
  clock.advance(29_000)
  desk.tidy()
  expect(hub.size).toBe(1)
  clock.advance(2_000)
  desk.tidy()
  expect(hub.size).toBe(0)
})
