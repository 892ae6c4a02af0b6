import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { toolPath } from '../../../../../scripts/needs.ts'
import { startRedis, type TestRedis } from '../../../../test/redis.ts'
import { systemClock } from '../../../kernel/clock.ts'
import { openLog } from '../../../kernel/log.ts'
import { openRedisBus } from '../../../kernel/redis-bus.ts'
import type { RoomMessage } from '../hub/messages.ts'
import { start, world } from '../hub/testing.ts'
import { openSharing } from './sharing.ts'

const room = 'shw_1'
const log = openLog('silent')
const patience = { timeout: 20_000, interval: 10 }
let redis: TestRedis
interface Tick {
  frame?: number
  prev?: number
  seq?: number
  m?: { k?: string; e?: string; v?: number; seq?: number; value?: unknown }[]
  d?: { chat?: { text: string }[]; react?: Record<string, number>; viewers?: number }
}

/** The log of all processes, and the processes that follow it. */
function openGround() {
  const prefix = `${randomUUID()}:`
  const happened: { pos: number; messages: RoomMessage[] }[] = []
  const processes = new Set<Awaited<ReturnType<typeof process>>>()

  async function process() {
    const bus = openRedisBus({ url: redis.url, prefix, log })
    await expect.poll(() => bus.alive(), patience).toBe(true)
    const me = randomUUID()
    const share = openSharing({ bus, clock: systemClock, log, me, life: async () => 'one' })
    const hub = world({
      clock: systemClock,
      share,
      epoch: me,
      pos: 10 + happened.length,
      open: async () => start({ state: [{ k: 'count', value: happened.length }] }),
      memberOf: (token) => ({ personId: token, name: token, operator: false }),
    })
    share.start(hub.hub, (name, begin) => {
      if (!begin()) return
      for (const { pos, messages } of happened) hub.hub.apply(name, pos, messages)
    })
    const [other] = processes
    if (other) await expect.poll(() => hub.hub.epoch, patience).toBe(other.hub.epoch)
    const one = {
      ...hub,
      share,
      bus,
      /** As kill -9 does: nothing is said, nothing is let go of. */
      async kill() {
        processes.delete(one)
        hub.hub.tick = () => undefined
        await bus[Symbol.asyncDispose]()
        await share[Symbol.asyncDispose]()
      },
    }
    processes.add(one)
    return one
  }

  function happen(): void {
    const pos = 11 + happened.length
    const messages = [
      { k: 'count', value: happened.length + 1 },
      { e: 'sold', data: pos },
    ]
    happened.push({ pos, messages })
    for (const { hub } of processes) {
      if (hub.composes(room)) hub.apply(room, pos, messages)
      hub.advance(pos)
    }
  }
  return {
    process,
    happen,
    happened,
    async [Symbol.asyncDispose]() {
      for (const one of [...processes]) {
        await one.share[Symbol.asyncDispose]()
        one.hub.leaveAll()
        await one.bus[Symbol.asyncDispose]()
      }
    },
  }
}
type Process = Awaited<ReturnType<ReturnType<typeof openGround>['process']>>

/** Watches as the client does: what it knows already it leaves out, and a gap is an error. */
async function watch(at: Process, more: object = {}) {
  const seen = await at.join({ room, ...more })
  await expect.poll(() => seen.of('welcome').length + seen.of('bye').length, patience).toBe(1)
  const from = (more as { pos?: { seq: number } }).pos?.seq ?? 0
  function know() {
    let seq = from
    let count: unknown = null
    let frame = 0
    const events: number[] = []
    for (const one of seen.said()) {
      if (one.t === 'snapshot') {
        seq = one['seq'] as number
        count = (one['state'] as { k: string; value: unknown }[]).find(({ k }) => k === 'count')?.value
      }
      if (one.t !== 'tick') continue
      const tick = one as Tick
      if (tick.frame !== undefined && tick.frame <= frame) throw new Error(`frame ${tick.frame} after ${frame}`)
      frame = tick.frame ?? frame
      if (tick.seq === undefined) continue
      if ((tick.prev ?? 0) > seq) throw new Error(`a gap: ${tick.prev} after ${seq}`)
      for (const message of tick.m ?? []) {
        if (message.k === 'count' && (message.v ?? 0) > seq) count = message.value
        if (message.e && (message.seq ?? 0) > seq) events.push(message.seq ?? 0)
      }
      seq = Math.max(seq, tick.seq)
    }
    return { seq, count, events }
  }
  const frames = () =>
    new Map(
      seen.frames.flatMap((bytes) => {
        const number = /^.{2,10}?\{"t":"(?:tick|heartbeat)","frame":(\d+)/s.exec(bytes.toString('latin1'))?.[1]
        return number ? [[Number(number), bytes.toString('latin1')] as const] : []
      }),
    )
  return { ...seen, know, frames }
}
const positions = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => 11 + from + n)

describe.skipIf(!toolPath('redis-server'))('a room over several processes', () => {
  beforeAll(async () => {
    redis = await startRedis()
  })
  afterAll(() => redis[Symbol.asyncDispose]())

  test('[ROOM23] one process makes the frames, and the viewers of all get the same bytes under the same numbers', async () => {
    await using ground = openGround()
    const [a, b, c] = [await ground.process(), await ground.process(), await ground.process()]
    const first = await watch(a)
    const second = await watch(b)
    for (let n = 0; n < 20; n++) {
      ground.happen()
      await new Promise((resolve) => setTimeout(resolve, 15))
    }
    const third = await watch(c)
    for (let n = 0; n < 10; n++) ground.happen()
    for (const viewer of [first, second, third]) await expect.poll(() => viewer.know().count, patience).toBe(30)
    expect([a, b, c].map(({ hub }) => hub.room(room)?.composing)).toEqual([true, false, false])
    expect(first.know().events).toEqual(positions(0, 30))
    expect(second.know().events).toEqual(positions(0, 30))
    const made = first.frames()
    for (const viewer of [second, third]) {
      expect(viewer.frames().size).toBeGreaterThan(0)
      for (const [number, bytes] of viewer.frames()) expect(made.get(number)).toBe(bytes)
    }
  })

  test('[ROOM24] when the process that makes the frames is killed another goes on, and nobody misses or doubles an event', async () => {
    await using ground = openGround()
    const [a, b, c] = [await ground.process(), await ground.process(), await ground.process()]
    const lost = await watch(a)
    const [second, third] = [await watch(b), await watch(c)]
    for (let n = 0; n < 5; n++) ground.happen()
    await expect.poll(() => [lost, second, third].map((viewer) => viewer.know().count), patience).toEqual([5, 5, 5])
    const { epoch } = a.hub
    await a.kill()
    const killedAt = performance.now()
    for (let n = 0; n < 5; n++) ground.happen()
    await expect.poll(() => [second, third].map((viewer) => viewer.know().count), patience).toEqual([10, 10])
    expect(performance.now() - killedAt).toBeLessThan(3_500)
    const back = await watch(c, { pos: { epoch, seq: lost.know().seq } })
    expect(back.said()[0]).toMatchObject({ t: 'welcome', how: 'resume', epoch })
    for (let n = 0; n < 5; n++) ground.happen()
    await expect.poll(() => [second, third, back].map((viewer) => viewer.know().count), patience).toEqual([15, 15, 15])
    expect(second.know().events).toEqual(positions(0, 15))
    expect(third.know().events).toEqual(positions(0, 15))
    expect([...lost.know().events, ...back.know().events]).toEqual(positions(0, 15))
    expect([b, c].filter(({ hub }) => hub.room(room)?.composing)).toHaveLength(1)
  })

  test('[ROOM25] without the bus every process goes on from the log; when it is back one makes the frames again', async () => {
    await using ground = openGround()
    const [a, b] = [await ground.process(), await ground.process()]
    const viewers = [await watch(a), await watch(b)]
    ground.happen()
    await expect.poll(() => viewers.map((viewer) => viewer.know().count), patience).toEqual([1, 1])
    await redis.kill()
    for (let n = 0; n < 3; n++) ground.happen()
    await expect.poll(() => viewers.map((viewer) => viewer.know().count), patience).toEqual([4, 4])
    expect([a, b].map(({ hub }) => hub.room(room)?.composing)).toEqual([true, true])
    await redis.start()
    await expect.poll(() => [a, b].filter(({ hub }) => hub.room(room)?.composing).length, patience).toBe(1)
    for (let n = 0; n < 6; n++) ground.happen()
    await expect.poll(() => viewers.map((viewer) => viewer.know().count), patience).toEqual([10, 10])
    for (const viewer of viewers) expect(viewer.know().events).toEqual(positions(0, 10))
  })

  test('[ROOM26] what viewers say reaches everyone in sums: lines, reactions, how many there are, how late their pictures', async () => {
    await using ground = openGround()
    const [a, b] = [await ground.process(), await ground.process()]
    const first = await watch(a, { delayMs: 1_000 })
    const second = await watch(b, { delayMs: 9_000 })
    second.tell({ t: 'react', kind: 'heart', count: 7 })
    first.tell({ t: 'react', kind: 'heart', count: 2 })
    const line = { id: 'm1', person: 'p', name: 'P', text: 'hello', at: 1 }
    b.hub.chat(room, line)
    b.share.line(room, line)
    const told = (viewer: typeof first) => viewer.of('tick').map((one) => (one as Tick).d)
    for (const viewer of [first, second]) {
      await expect.poll(() => told(viewer).reduce((sum, d) => sum + (d?.react?.['heart'] ?? 0), 0), patience).toBe(9)
      await expect
        .poll(
          () =>
            told(viewer)
              .flatMap((d) => d?.chat ?? [])
              .map(({ text }) => text),
          patience,
        )
        .toEqual(['hello'])
      await expect.poll(() => told(viewer).findLast((d) => d?.viewers !== undefined)?.viewers, patience).toBe(2)
    }
    expect(a.hub.delayOf(room)).toBe(9_000)
    expect(b.hub.viewersIn(room)).toBe(2)
    a.hub.lost(first.connection)
    await expect.poll(() => b.hub.delayOf(room), patience).toBe(9_000)
  })
})
