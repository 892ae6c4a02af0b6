import { closeCodes } from '@efir/contract/room/close-codes.ts'
import { expect, test } from 'vitest'
import { world } from './testing.ts'

test('[ROOM8] a late viewer gets frames without droppables, then none, then one conflated catch-up', async () => {
  const { join, hub, clock } = world()
  const [viewer, healthy] = [await join(), await join()]
  let seq = 10
  const second = () => {
    hub.apply('shw_1', ++seq, [{ e: 'sold', data: seq }])
    hub.apply('shw_1', ++seq, [{ k: 'stock:1', value: seq }])
    hub.room('shw_1')?.drops.react('heart', 1)
    clock.advance(1_000)
    healthy.ack()
  }
  for (let i = 0; i < 32; i++) second()
  viewer.forget()
  for (let i = 0; i < 5; i++) second()
  expect(viewer.of('tick').length).toBeGreaterThan(3)
  expect(viewer.said().every((one) => one.d === undefined)).toBe(true)
  expect(healthy.said().at(-1)?.d).toBeDefined()
  for (let i = 0; i < 5; i++) second()
  viewer.forget()
  for (let i = 0; i < 10; i++) second()
  expect(viewer.frames).toHaveLength(0)
  expect(healthy.frames.length).toBeGreaterThan(40)
  viewer.ack()
  clock.advance(1_000)
  const [catchUp, ...more] = viewer.of('tick')
  expect(more).toEqual([])
  const m = catchUp?.m as { e?: string; k?: string; seq?: number }[]
  expect(m.filter((one) => one.k).length).toBe(1)
  expect(m.filter((one) => one.e).map((one) => one.seq)).toEqual(
    Array.from({ length: m.length - 1 }, (_, i) => (catchUp?.prev as number) + 1 + 2 * i),
  )
  expect(catchUp?.seq).toBe(seq)
  viewer.forget()
  second()
  expect(viewer.said()).toMatchObject([{ t: 'tick', prev: seq - 2, seq }])
  expect(viewer.said()[0]?.d).toBeDefined()
})

test('[ROOM8] who never acknowledges is closed with a code that says come back; a viewer who acknowledges stays', async () => {
  const { join, hub, clock } = world()
  const [silent, healthy] = [await join(), await join()]
  for (let i = 0; i < 80; i++) {
    hub.apply('shw_1', 11 + i, [{ e: 'sold', data: i }])
    clock.advance(1_000)
    healthy.ack()
  }
  expect(silent.seen.code).toBe(closeCodes.too_slow)
  expect(silent.said().at(-1)).toMatchObject({ t: 'bye', code: closeCodes.too_slow, reconnect: { minMs: 0 } })
  expect(healthy.seen.code).toBe(0)
  expect(hub.size).toBe(1)
})

test('[ROOM9] a socket whose runtime queues is held at once', async () => {
  const { join, hub, clock } = world()
  const viewer = await join()
  viewer.seen.takes = false
  viewer.seen.queued = 10_000_000
  for (let i = 0; i < 100; i++) {
    hub.apply('shw_1', 11 + i, [{ e: 'sold', data: i }])
    clock.advance(100)
  }
  expect(viewer.of('tick').length).toBeLessThanOrEqual(2)
})

test('[ROOM11] personal news reach all windows of the person and nobody else; who may have missed some is told', async () => {
  const { join, hub } = world()
  const [a, b, other] = [
    await join({ token: 'per_1' }),
    await join({ token: 'per_1', room: 'shw_2' }),
    await join({ token: 'per_2' }),
  ]
  hub.personal.send('per_1', 15, 'order.paid', { orderId: 'ord_1' })
  hub.advance(15)
  for (const window of [a, b]) expect(window.of('personal')).toMatchObject([{ seq: 15, type: 'order.paid' }])
  expect(other.of('personal')).toEqual([])
  const stale = async (pos: object) => (await join({ token: 'per_1', pos: { epoch: 'e1', seq: 10, ...pos } })).said()[0]?.stale
  expect(await stale({ personal: 14 })).toBe(true)
  expect(await stale({ personal: 15 })).toBe(false)
  expect(await stale({ epoch: 'e0', personal: 15 })).toBe(true)
  expect(await stale({})).toBe(true)
})

test('[ROOM8] what was waiting to be sent when a viewer was held is in its catch-up', async () => {
  const { join, hub, clock } = world()
  const viewer = await join()
  let seq = 10
  const talk = (ms: number) => {
    for (let i = 0; i < ms; i += 25) {
      hub.apply('shw_1', ++seq, [{ e: 'sold', data: seq }])
      clock.advance(25)
    }
  }
  talk(45_000)
  const before = viewer.frames.length
  talk(2_000)
  expect(viewer.frames.length).toBe(before)
  viewer.ack()
  talk(2_000)
  clock.advance(300)
  const seqs = viewer.of('tick').flatMap((one) => ((one.m as { seq: number }[]) ?? []).map((m) => m.seq))
  // The frame behind a catch-up may begin before its end: viewers leave out what they have.
  expect([...new Set(seqs)]).toEqual(Array.from({ length: seq - 10 }, (_, i) => 11 + i))
})

test('[ROOM11] a held viewer is told that personal news were left out', async () => {
  const { join, hub, clock } = world()
  const viewer = await join({ token: 'per_1' })
  viewer.seen.takes = false
  viewer.seen.queued = 10_000_000
  hub.apply('shw_1', 11, [{ e: 'sold', data: 1 }])
  clock.advance(1_200)
  hub.personal.send('per_1', 12, 'order.paid', {})
  expect(viewer.of('personal')).toEqual([])
  Object.assign(viewer.seen, { takes: true, queued: 0 })
  viewer.ack()
  clock.advance(1_200)
  expect(viewer.of('personal')).toMatchObject([{ type: 'stale', seq: 12 }])
})

test('[ROOM12] leaving tells everyone a window that grows with the room', async () => {
  const { join, hub } = world({ limits: { reconnectMinMs: 100, reconnectMaxMs: 250 } })
  const first = await join()
  expect(first.said()[0]).toMatchObject({ reconnect: { minMs: 0, maxMs: 100 } })
  const viewers = []
  for (let i = 0; i < 299; i++) viewers.push(await join())
  hub.leaveAll()
  expect(first.said().at(-1)).toEqual({ t: 'bye', code: closeCodes.server_leaving, reconnect: { minMs: 0, maxMs: 250 } })
  expect(viewers.every((viewer) => viewer.seen.code === closeCodes.server_leaving)).toBe(true)
  expect(hub.connect({ write: () => true, queued: () => 0, close: () => undefined })).toBeNull()
})

test('[ROOM13] a quiet room sends a heartbeat every ten seconds and nothing else', async () => {
  const { join, clock } = world()
  const viewer = await join()
  clock.advance(3_000)
  viewer.forget()
  clock.advance(40_000)
  viewer.ack()
  expect(viewer.said().map((one) => one.t)).toEqual(['heartbeat', 'heartbeat', 'heartbeat', 'heartbeat'])
  expect(viewer.said()[0]).toMatchObject({ seq: 10 })
})

test('[ROOM14] beyond each limit there is a refusal with its own code', async () => {
  const { join, hub } = world({ limits: { viewersPerRoom: 2, rooms: 2, connections: 5, upBurst: 5, upPerSecond: 1 } })
  await join()
  const talker = await join()
  expect((await join()).seen.code).toBe(closeCodes.room_full)
  await join({ room: 'shw_2' })
  expect((await join({ room: 'shw_3' })).seen.code).toBe(closeCodes.overloaded)
  for (let i = 0; i < 10; i++) talker.tell({ t: 'ping', sentAt: i })
  expect(talker.seen.code).toBe(closeCodes.too_many_messages)
  const odd = await join()
  odd.tell({ t: 'delay', ms: -1 })
  expect(odd.seen.code).toBe(closeCodes.message_wrong)
  while (hub.size < 5) await join({ silent: true })
  expect(hub.connect({ write: () => true, queued: () => 0, close: () => undefined })).toBeNull()
})

test('[ROOM14] a room that everybody left is forgotten after a minute', async () => {
  const { join, hub, clock } = world()
  const viewer = await join()
  hub.lost(viewer.connection)
  clock.advance(59_000)
  expect(hub.room('shw_1')).toBeDefined()
  clock.advance(2_000)
  expect(hub.room('shw_1')).toBeUndefined()
})

test('[ROOM20] the delay of a room is the p95 of its present viewers and is told when it changes', async () => {
  const told: unknown[] = []
  const { join, hub, clock } = world({ onCrowd: (room, crowd) => void told.push([room, crowd]) })
  const viewers = []
  for (let i = 1; i <= 20; i++) viewers.push(await join({ delayMs: i * 1_000 }))
  expect(hub.delayOf('shw_1')).toBe(19_000)
  viewers[18]?.tell({ t: 'delay', ms: 500 })
  hub.lost(viewers[19]!.connection)
  expect(hub.delayOf('shw_1')).toBe(18_000)
  clock.advance(11_000)
  expect(told[0]).toEqual(['shw_1', { viewers: 20, delayP95Ms: 18_000 }])
  expect(told).toHaveLength(2)
})
