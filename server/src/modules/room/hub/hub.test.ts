import { closeCodes } from '@efir/contract/room/close-codes.ts'
import { expect, test } from 'vitest'
import type { RoomStart } from './room.ts'
import { start, world } from './testing.ts'

test('[ROOM1] another version, another first message or silence ends the connection with its own code', async () => {
  const { join, clock } = world()
  expect((await join({ v: 2 })).seen.code).toBe(closeCodes.version_unknown)
  const rude = await join({ silent: true })
  rude.tell({ t: 'ack', frame: 1, seq: 1 })
  expect(rude.seen.code).toBe(closeCodes.message_wrong)
  const garbled = await join({ silent: true })
  garbled.connection.receive('{"t":')
  expect(garbled.seen.code).toBe(closeCodes.message_wrong)
  const silent = await join({ silent: true })
  clock.advance(4_900)
  expect(silent.seen.code).toBe(0)
  clock.advance(200)
  expect(silent.seen.code).toBe(closeCodes.join_late)
})

test('[ROOM1] the welcome says version, time and who one is, and the snapshot follows', async () => {
  const { join, clock } = world({
    open: async () => start({ state: [{ k: 'show', value: { state: 'live' } }], marks: new Map([['per_h', 'host']]) }),
  })
  const host = await join({ token: 'per_h', desk: true, sentAt: 5 })
  expect(host.said()).toMatchObject([
    {
      t: 'welcome',
      v: 1,
      now: clock.now(),
      sentAt: 5,
      epoch: 'e1',
      how: 'snapshot',
      you: { person: 'per_h', name: 'PER_H', mark: 'host', desk: true },
      stale: false,
    },
    { t: 'snapshot', seq: 10, state: [{ k: 'show', v: 10, value: { state: 'live' } }], chat: [] },
  ])
  expect((await join()).said()[0]).toMatchObject({ you: null })
  expect((await join({ token: 'per_x', desk: true })).said()[0]).toMatchObject({ you: { desk: false } })
})

test('[ROOM2] banned persons are turned away, a team lets in its team, an old token is sent for a fresh one', async () => {
  const { join } = world({
    open: async () => start({ entry: 'team', marks: new Map([['per_h', 'host']]), banned: new Set(['per_b']) }),
  })
  expect((await join({ token: 'per_b' })).seen.code).toBe(closeCodes.banned)
  expect((await join({ token: 'per_x' })).seen.code).toBe(closeCodes.not_allowed)
  expect((await join()).seen.code).toBe(closeCodes.not_allowed)
  expect((await join({ token: 'old' })).seen.code).toBe(closeCodes.token_expired)
  expect((await join({ token: 'per_h' })).seen.code).toBe(0)
})

test('[ROOM2] joining an open room reads nothing, an unknown room is asked for once', async () => {
  let reads = 0
  const { join } = world({
    open: async (room) => {
      reads++
      return room === 'shw_1' ? start() : null
    },
  })
  for (let i = 0; i < 5; i++) await join()
  expect(reads).toBe(1)
  for (let i = 0; i < 5; i++) expect((await join({ room: 'shw_none' })).seen.code).toBe(closeCodes.room_unknown)
  expect(reads).toBe(2)
})

test('[ROOM2] a ban sends the person out of this room at once, from all windows', async () => {
  const { join, hub } = world()
  const [one, two, other] = [
    await join({ token: 'per_1' }),
    await join({ token: 'per_1' }),
    await join({ token: 'per_1', room: 'shw_2' }),
  ]
  hub.ban('shw_1', 'per_1', true)
  expect([one.seen.code, two.seen.code, other.seen.code]).toEqual([closeCodes.banned, closeCodes.banned, 0])
  expect((await join({ token: 'per_1' })).seen.code).toBe(closeCodes.banned)
  hub.ban('shw_1', 'per_1', false)
  expect((await join({ token: 'per_1' })).seen.code).toBe(0)
})

test('[ROOM2] who loses the desk gets the sampled chat, who may no longer see a team room leaves', async () => {
  const { join, hub, clock } = world({ open: async () => start({ marks: new Map([['per_m', 'moderator']]) }) })
  const moderator = await join({ token: 'per_m', desk: true })
  hub.admit('shw_1', 'all', new Map())
  for (let i = 0; i < 20; i++) hub.chat('shw_1', { id: `m${i}`, person: 'p', name: 'n', text: 't', at: 1 })
  clock.advance(500)
  expect((moderator.of('tick')[0] as unknown as { d: { chat: unknown[] } }).d.chat.length).toBeLessThan(20)
  hub.admit('shw_1', 'team', new Map())
  expect(moderator.seen.code).toBe(closeCodes.not_allowed)
})

test('[ROOM4] the whole gap is resumed, nothing missed is nothing sent, anything else is a snapshot', async () => {
  const { join, hub } = world({ limits: { ringEntries: 3 } })
  await join()
  for (let seq = 11; seq <= 20; seq++) hub.apply('shw_1', seq, [{ e: 'sold', data: seq }])
  const resumed = await join({ pos: { epoch: 'e1', seq: 17 } })
  expect(resumed.said()).toMatchObject([
    { t: 'welcome', how: 'resume' },
    { t: 'tick', prev: 17, seq: 20, m: [{ seq: 18 }, { seq: 19 }, { seq: 20 }] },
  ])
  expect((await join({ pos: { epoch: 'e1', seq: 20 } })).said()).toMatchObject([{ t: 'welcome', how: 'resume' }])
  for (const pos of [
    { epoch: 'e1', seq: 16 },
    { epoch: 'e0', seq: 20 },
    { epoch: 'e1', seq: 21 },
  ]) {
    expect((await join({ pos })).said(), JSON.stringify(pos)).toMatchObject([
      { t: 'welcome', how: 'snapshot' },
      { t: 'snapshot', seq: 20 },
    ])
  }
})

test('[ROOM4] old values of a key do not push events out of the ring', async () => {
  const { join, hub } = world({ limits: { ringEntries: 3 } })
  await join()
  hub.apply('shw_1', 11, [{ e: 'sold', data: 1 }])
  for (let seq = 12; seq <= 500; seq++) hub.apply('shw_1', seq, [{ k: 'stock:1', value: seq }])
  expect((await join({ pos: { epoch: 'e1', seq: 10 } })).of('tick')).toMatchObject([
    { prev: 10, seq: 500, m: [{ e: 'sold' }, { k: 'stock:1', value: 500 }] },
  ])
})

test('[ROOM5] what is announced while a room opens is applied behind the position that was taken first', async () => {
  let opened: (begin: RoomStart) => void = () => undefined
  const { join, hub, clock } = world({
    open: () =>
      new Promise((resolve) => {
        opened = resolve
      }),
  })
  const viewer = await join()
  viewer.tell({ t: 'ping', sentAt: 1 })
  hub.apply('shw_1', 11, [{ k: 'pin:1', value: 'a' }])
  hub.advance(11)
  hub.apply('shw_1', 12, [{ e: 'sold', data: null }])
  opened(start({ state: [{ k: 'pin:1', value: 'old' }] }))
  await new Promise((resolve) => setImmediate(resolve))
  expect(viewer.of('snapshot')).toMatchObject([{ seq: 12, state: [{ k: 'pin:1', v: 11, value: 'a' }] }])
  expect(viewer.of('pong')).toHaveLength(1)
  clock.advance(200)
  expect(viewer.of('tick')).toMatchObject([{ prev: 10, seq: 12 }])
})

test('[ROOM6] events of a tick go out as one frame, the same bytes to all', async () => {
  const { join, hub, clock } = world()
  const viewers = [await join(), await join(), await join({ token: 'per_1' })]
  clock.advance(1_000)
  for (const viewer of viewers) viewer.forget()
  for (let seq = 11; seq <= 14; seq++) hub.apply('shw_1', seq, [{ e: 'sold', data: seq }])
  clock.advance(100)
  expect(viewers[0]?.of('tick')).toMatchObject([{ prev: 10, seq: 14, m: [{ seq: 11 }, { seq: 12 }, { seq: 13 }, { seq: 14 }] }])
  expect(viewers[1]?.frames[0]).toBe(viewers[0]?.frames[0])
  expect(viewers[2]?.frames[0]).toBe(viewers[0]?.frames[0])
  for (let i = 0; i < 40; i++) {
    hub.apply('shw_1', 15 + i, [{ e: 'sold', data: i }])
    clock.advance(25)
  }
  expect(viewers[0]?.of('tick').length).toBeLessThanOrEqual(12)
})

test('[ROOM6] a large room ticks slower, but never slower than the slowest tick', async () => {
  const perSecond = async (viewers: number) => {
    const { join, hub, clock } = world({ limits: { framesPerSecond: 100, slowestTickMs: 250 } })
    const all = []
    for (let i = 0; i < viewers; i++) all.push(await join())
    clock.advance(3_000)
    for (const viewer of all) viewer.forget()
    for (let i = 0; i < 400; i++) {
      hub.apply('shw_1', 11 + i, [{ e: 'sold', data: i }])
      clock.advance(25)
    }
    return (all[0]?.of('tick').length ?? 0) / 10
  }
  expect(await perSecond(5)).toBeCloseTo(10, 0)
  expect(await perSecond(20)).toBeCloseTo(5, 0)
  expect(await perSecond(100)).toBeCloseTo(4, 0)
})

test('[ROOM6] while a frame is still being written the next one grows, and newcomers and leavers change nothing for others', async () => {
  const { join, hub, clock, run, later } = world({ limits: { slice: 2 } })
  const viewers = []
  for (let i = 0; i < 9; i++) viewers.push(await join())
  hub.apply('shw_1', 11, [{ e: 'sold', data: 1 }])
  clock.advance(150)
  expect(later).toHaveLength(1)
  hub.apply('shw_1', 12, [{ e: 'sold', data: 2 }])
  hub.lost(viewers[0]!.connection)
  hub.lost(viewers[5]!.connection)
  const late = await join()
  clock.advance(1_000)
  hub.apply('shw_1', 13, [{ e: 'sold', data: 3 }])
  while (later.length > 0) run()
  clock.advance(200)
  while (later.length > 0) run()
  for (const i of [1, 2, 3, 4, 6, 7, 8])
    expect(viewers[i]?.of('tick'), `viewer ${i}`).toMatchObject([
      { prev: 10, seq: 11 },
      { prev: 11, seq: 13, m: [{ seq: 12 }, { seq: 13 }] },
    ])
  expect(late.of('snapshot')).toMatchObject([{ seq: 12 }])
  expect(late.of('tick')).toMatchObject([{ prev: 11, seq: 13 }])
})

test('[ROOM6] who loses the desk while a frame is being written gets that frame once', async () => {
  const marks = new Map([['per_m', 'moderator' as const]])
  const { join, hub, clock, run, later } = world({ limits: { slice: 1 }, open: async () => start({ marks }) })
  const others = [await join(), await join(), await join()]
  const crew = []
  for (let i = 0; i < 3; i++) crew.push(await join({ token: 'per_m', desk: true }))
  const idle = () => {
    while (later.length > 0) run()
  }
  clock.advance(500)
  idle()
  for (const one of [...others, ...crew]) one.forget()
  clock.advance(1_000)
  idle()
  hub.apply('shw_1', 11, [{ e: 'sold', data: 1 }])
  clock.advance(200)
  hub.admit('shw_1', 'all', new Map())
  idle()
  hub.apply('shw_1', 12, [{ e: 'sold', data: 2 }])
  clock.advance(200)
  idle()
  for (const one of [...others, ...crew])
    expect(one.of('tick').filter((tick) => tick.seq !== undefined)).toMatchObject([{ seq: 11 }, { seq: 12 }])
})

test('[ROOM7] all messages of a position travel together and only the newest value of a key is sent', async () => {
  const { join, hub, clock } = world()
  const viewer = await join()
  hub.apply('shw_1', 11, [
    { k: 'stock:1', value: 3 },
    { e: 'sold', data: 'a' },
  ])
  hub.apply('shw_1', 12, [
    { k: 'stock:1', value: 2 },
    { k: 'pin:1', value: null },
  ])
  hub.apply('shw_1', 12, [{ e: 'again', data: null }])
  clock.advance(150)
  expect(viewer.of('tick').map((one) => one.m)).toEqual([
    [
      { e: 'sold', seq: 11, data: 'a' },
      { k: 'stock:1', v: 12, value: 2 },
      { k: 'pin:1', v: 12, value: null },
    ],
  ])
})

test('[ROOM10] a snapshot is encoded once for all who come, and so are equal gaps', async () => {
  const { join, hub } = world()
  const [one, two] = [await join(), await join()]
  expect(two.frames[1]).toBe(one.frames[1])
  hub.apply('shw_1', 11, [{ k: 'pin:1', value: 1 }])
  const back = [await join({ pos: { epoch: 'e1', seq: 10 } }), await join({ pos: { epoch: 'e1', seq: 10 } })]
  expect(back[1]?.frames[1]).toBe(back[0]?.frames[1])
  expect((await join()).of('snapshot')).toMatchObject([{ state: [{ k: 'pin:1' }] }])
})

test('[ROOM15] a line is answered with what was kept, a refusal with its reason; a looker-on cannot talk', async () => {
  const { join } = world()
  const [person, stranger] = [await join({ token: 'per_1' }), await join()]
  person.tell({ t: 'say', key: 'key-0001', text: 'hello' })
  stranger.tell({ t: 'say', key: 'key-0002', text: 'hello' })
  await new Promise((resolve) => setImmediate(resolve))
  expect(person.of('said')).toMatchObject([{ key: 'key-0001', line: { text: 'hello', person: 'per_1' } }])
  expect(stranger.of('refused')).toMatchObject([{ key: 'key-0002', code: 'not_signed_in' }])
  stranger.tell({ t: 'auth', token: 'per_9' })
  stranger.tell({ t: 'say', key: 'key-0003', text: 'hello' })
  await new Promise((resolve) => setImmediate(resolve))
  expect(stranger.of('you')).toMatchObject([{ person: 'per_9' }])
  expect(stranger.of('said')).toMatchObject([{ key: 'key-0003', line: { person: 'per_9' } }])
})

test('[ROOM16] viewers get a readable part of the chat, the desk gets all of it', async () => {
  const { join, hub, clock } = world({ open: async () => start({ marks: new Map([['per_h', 'host']]) }) })
  const [viewer, desk] = [await join(), await join({ token: 'per_h', desk: true })]
  let said = 0
  for (let step = 0; step < 100; step++) {
    for (let i = 0; i < 5; i++)
      hub.chat('shw_1', {
        id: `m${said++}`,
        person: 'p',
        name: 'n',
        text: 't',
        at: 1,
        ...(said % 50 === 0 ? { mark: 'host' } : {}),
      })
    clock.advance(100)
  }
  clock.advance(500)
  const lines = (seat: typeof viewer) =>
    seat.of('tick').flatMap((one) => (one.d as { chat?: { id: string; mark?: string }[] })?.chat ?? [])
  const more = viewer.of('tick').reduce((sum, one) => sum + ((one.d as { more?: number })?.more ?? 0), 0)
  expect(lines(desk)).toHaveLength(500)
  expect(lines(viewer).length).toBeGreaterThan(60)
  expect(lines(viewer).length).toBeLessThanOrEqual(100)
  expect(lines(viewer).length + more).toBe(500)
  expect(lines(viewer).filter((line) => line.mark)).toHaveLength(10)
})

test('[ROOM18] lines that were taken down do not reach newcomers', async () => {
  const { join, hub, clock } = world()
  await join()
  for (const id of ['a', 'b', 'c']) hub.chat('shw_1', { id, person: id === 'c' ? 'per_2' : 'per_1', name: 'n', text: 't', at: 1 })
  clock.advance(2_000)
  await join()
  hub.unsay('shw_1', (line) => line.id === 'a' || line.person === 'per_2')
  expect((await join()).of('snapshot')).toMatchObject([{ chat: [{ id: 'b' }] }])
})

test('[ROOM19] reactions are summed and a person counts once, for ten seconds after leaving too', async () => {
  const { join, hub, clock } = world()
  const viewer = await join({ token: 'per_1' })
  const windows = [await join({ token: 'per_2' }), await join({ token: 'per_2' })]
  await join()
  for (let i = 0; i < 10; i++) windows[i % 2]?.tell({ t: 'react', kind: 'heart', count: 3 })
  clock.advance(500)
  expect(viewer.of('tick')[0]?.d).toEqual({ react: { heart: 30 }, viewers: 3 })
  for (const window of windows) hub.lost(window.connection)
  clock.advance(9_000)
  expect(hub.viewersIn('shw_1')).toBe(3)
  clock.advance(4_000)
  expect(hub.viewersIn('shw_1')).toBe(2)
  expect(viewer.of('tick').at(-1)?.d).toEqual({ viewers: 2 })
})

test('[ROOM21] newcomers are told what a key held before while late pictures may need it', async () => {
  const { join, hub, clock } = world()
  await join()
  hub.apply('shw_1', 11, [{ k: 'pin:1', value: 'a', pdt: clock.now() - 100_000 }])
  hub.apply('shw_1', 12, [{ k: 'pin:1', value: 'b', pdt: clock.now() }])
  expect((await join()).of('snapshot')).toMatchObject([{ state: [{ k: 'pin:1', v: 12, value: 'b', was: { value: 'a' } }] }])
  hub.apply('shw_1', 13, [{ k: 'pin:1', value: null, pdt: clock.now() + 10 }])
  expect((await join()).of('snapshot')).toMatchObject([{ state: [{ k: 'pin:1', value: null, was: { value: 'b' } }] }])
  clock.advance(61_000)
  hub.apply('shw_1', 14, [{ e: 'x', data: null }])
  expect((await join()).of('snapshot')).toMatchObject([{ state: [] }])
})
