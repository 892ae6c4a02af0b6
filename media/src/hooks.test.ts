import { rm } from 'node:fs/promises'
import { afterEach, expect, test } from 'vitest'
import { systemClock } from './clock.ts'
import type { HookEvent, StreamStats } from './hook-events.ts'
import { createHookQueue } from './hook-queue.ts'
import type { Hooks } from './hooks.ts'
import { createHooks } from './hooks.ts'
import { silentLog } from './log.ts'
import { fakeClock } from './testing/fake-clock.ts'
import type { HookServer } from './testing/hook-server.ts'
import { openHookServer } from './testing/hook-server.ts'
import { until } from './testing/sink.ts'

const open: { close(): unknown }[] = []
afterEach(async () => {
  for (const each of open.splice(0).reverse()) await each.close()
})

const stats = (streamId: string): HookEvent => ({ type: 'stats', streamId, sessionId: 'x', stats: {} as StreamStats })
const ended = (streamId: string): HookEvent => ({ type: 'ended', streamId, sessionId: 'x', cause: 'grace_over', durationMs: 1 })
const segment = (streamId: string, sequence: number, discontinuity = false): HookEvent => ({
  type: 'segment',
  streamId,
  sessionId: 'x',
  firstSequence: sequence,
  lastSequence: sequence,
  startAt: sequence * 2000,
  mediaMs: sequence * 2000,
  durationMs: 2000,
  bytes: 10,
  discontinuity,
})

async function world(): Promise<{ server: HookServer; hooks: Hooks }> {
  const server = await openHookServer()
  const hooks = createHooks({ target: server, bootId: 'boot', clock: systemClock, log: silentLog })
  open.push(server, hooks)
  return { server, hooks }
}

test('[ING18] of stats only the newest per stream waits, and under pressure they go first', () => {
  const queue = createHookQueue({ maxEvents: 4 })
  queue.push(stats('a'), 1)
  queue.push(stats('a'), 2)
  queue.push(stats('b'), 3)
  expect(queue.peek(9).map((event) => event.n)).toEqual([2, 3])
  const pressed = createHookQueue({ maxEvents: 2 })
  for (const event of [stats('a'), ended('a'), stats('b'), ended('b')]) pressed.push(event, 0)
  expect(pressed.peek(9).map((event) => event.type)).toEqual(['ended', 'ended'])
})

test('[ING18] under pressure neighbouring segments merge, but not over a break or another event of the stream', () => {
  const queue = createHookQueue({ maxEvents: 3 })
  const events = [
    segment('a', 1),
    segment('b', 7),
    segment('a', 2),
    segment('a', 3),
    ended('a'),
    segment('a', 4),
    segment('a', 5, true),
  ]
  for (const event of events) queue.push(event, 0)
  const kept = queue
    .peek(20)
    .map((event) =>
      event.type === 'segment' ? `${event.streamId}${event.firstSequence}-${event.lastSequence} ${event.durationMs}` : event.type,
    )
  expect(kept).toEqual(['a1-3 6000', 'b7-7 2000', 'ended', 'a4-4 2000', 'a5-5 2000'])
})

test('[ING18] what may be under way is not changed any more, and numbers only grow', () => {
  const queue = createHookQueue({ maxEvents: 100 })
  queue.push(stats('a'), 0)
  queue.peek(1)
  queue.push(stats('a'), 0)
  expect(queue.peek(9).map((event) => event.n)).toEqual([1, 2])
  queue.acknowledge(1)
  expect(queue.peek(9).map((event) => event.n)).toEqual([2])
})

test('[ING18] events wait for a server that is away and arrive once, in order', async () => {
  const { server, hooks } = await world()
  server.eventStatus = 503
  for (let i = 0; i < 5; i += 1) hooks.emit(ended(`s${i}`))
  await until('a post was turned away', () => server.posts.length > 1)
  server.eventStatus = 204
  await until('all have come', () => server.events.length === 5)
  expect(server.events.map((event) => [event.n, 'streamId' in event && event.streamId])).toEqual([
    [1, 's0'],
    [2, 's1'],
    [3, 's2'],
    [4, 's3'],
    [5, 's4'],
  ])
})

test('[ING18] an event that the server can never read does not hold up the others', async () => {
  const { server, hooks } = await world()
  server.eventStatus = 422
  hooks.emit(ended('bad'))
  await until('it was refused', () => server.posts.length > 0)
  server.eventStatus = 204
  hooks.emit(ended('good'))
  await until('the next one has come', () => server.events.length === 1)
})

test('an admission is read with its defaults; no server and no sense are refusals', async () => {
  const { server, hooks } = await world()
  const request = { protocol: 'rtmp', credential: 'k', remote: '::1' } as const
  server.admit = () => ({ ok: true, streamId: 's' }) as never
  expect(await hooks.admit(request)).toEqual({ ok: true, streamId: 's', record: null, playbackKey: null, graceMs: 30_000 })
  server.admit = () => ({ ok: false, code: 'credential_unknown' })
  expect(await hooks.admit(request)).toEqual({ ok: false, code: 'credential_unknown' })
  server.admit = () => 'nonsense' as never
  expect(await hooks.admit(request)).toMatchObject({ ok: false, code: 'server_unreachable' })
  await rm(server.socketPath)
  expect(await hooks.admit(request)).toMatchObject({ ok: false, code: 'server_unreachable', retryAfterS: 2 })
})

test('[ING25] an event that the server breaks on is let go when the one behind it is taken, and not while the server is ill', async () => {
  const server = await openHookServer()
  const clock = fakeClock()
  const hooks = createHooks({ target: server, bootId: 'boot', clock, log: silentLog })
  open.push(server, hooks)
  server.eventStatus = 500
  for (const event of [segment('a', 1), segment('poison', 2), segment('a', 3), ended('a')]) hooks.emit(event)
  const posts = async (count: number) => {
    while (server.posts.length < count) {
      clock.advance(5_000)
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
  }
  await posts(20)
  expect(server.events).toEqual([])
  server.poisoned = (event) => event.type === 'segment' && event.streamId === 'poison'
  server.eventStatus = 204
  for (let tries = 0; tries < 500 && server.of('ended').length === 0; tries += 1) {
    clock.advance(5_000)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  expect(server.events.map(({ type }) => type)).toEqual(['segment', 'segment', 'ended'])
  expect(server.of('segment').map(({ firstSequence }) => firstSequence)).toEqual([1, 3])
  hooks.emit(segment('a', 4))
  await until('the next one arrives', () => server.of('segment').length === 3)
})
