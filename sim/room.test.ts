import type { EventMessage } from '@efir/contract/room/down.ts'
import { expect, test } from 'vitest'
import type { RoomMessage } from '../server/src/modules/room/hub/messages.ts'
import { openRoomWorld, type Seat, seeded } from './room-world.ts'

/** Promises of the rooms' opening run between steps of the clock. */
async function pass(world: { clock: { advance(ms: number): void } }, ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= 25) {
    world.clock.advance(Math.min(25, left))
    await Promise.resolve()
    await Promise.resolve()
    await Promise.resolve()
  }
}

interface Watcher extends Seat {
  /** Events seen, in pieces: a new piece begins where the room said that events may have been missed. */
  pieces: number[][]
  resets: number
}

/** Everything that was ever told, and what must be known at the end. */
class Truth {
  seq = 0
  readonly events: number[] = []
  readonly state = new Map<string, unknown>()

  next(random: () => number): RoomMessage[] {
    this.seq += 1 + Math.floor(random() * 5)
    const messages: RoomMessage[] = []
    for (let i = 0; i <= random() * 3; i++) {
      if (random() < 0.5) {
        const k = `stock:${Math.floor(random() * 12)}`
        const value = random() < 0.1 ? null : { left: Math.floor(random() * 1_000), pad: 'x'.repeat(random() * 100) }
        messages.push({ k, value })
        this.state.set(k, value)
      } else messages.push({ e: 'sold', data: { n: this.seq } })
    }
    if (messages.some((m) => 'e' in m)) this.events.push(this.seq)
    return messages
  }
}

function watch(seat: Seat): Watcher {
  const watcher: Watcher = { ...seat, pieces: [[]], resets: 0 }
  seat.socket.store.onEvent((event: EventMessage) => {
    const piece = watcher.pieces.at(-1) as number[]
    if (event.e === 'sold' && piece.at(-1) !== event.seq) piece.push(event.seq)
  })
  seat.socket.store.onReset(() => {
    watcher.resets++
    watcher.pieces.push([])
  })
  return watcher
}

/** Nothing between the first and the last event of a piece is missing or out of place. */
function expectWhole(piece: readonly number[], truth: readonly number[], why: string): void {
  if (piece.length === 0) return
  const from = truth.indexOf(piece[0] as number)
  expect(piece, why).toEqual(truth.slice(from, from + piece.length))
}

async function evening(seed: number, options: { restarts: boolean; ringEntries?: number; viewers: number; steps: number }) {
  const random = seeded(seed)
  const limits = {
    slice: 3,
    lean: { afterMs: 22_000, bytes: 6_000 },
    held: { afterMs: 32_000, bytes: 12_000 },
    queuedBytes: 4_000,
    ringEntries: options.ringEntries ?? 100_000,
    ringBytes: 10_000_000,
  }
  const world = openRoomWorld(random, {
    limits,
    kernelBytes: 8_000,
    open: async () => ({
      state: [...truth.state].filter(([, v]) => v !== null).map(([k, value]) => ({ k, value })),
      chat: [],
      entry: 'all',
      marks: new Map(),
      banned: new Set(),
    }),
  })
  const truth = new Truth()
  const watchers = Array.from({ length: options.viewers }, () =>
    watch(world.join(random() < 0.3 ? { token: () => 'per_1' } : {})),
  )
  for (let step = 0; step < options.steps; step++) {
    const dice = random()
    const someone = watchers[Math.floor(random() * watchers.length)] as Watcher
    if (dice < 0.6) publish(world, truth, random)
    else if (dice < 0.7) someone.line().stall(!someone.line().stalled)
    else if (dice < 0.76) someone.line().tear()
    else if (dice < 0.78) someone.socket.rejoin()
    else if (dice < 0.9)
      world.hub.chat('shw_1', {
        id: `msg_${step}`,
        person: 'per_1',
        name: 'Ana',
        text: 'so pretty'.repeat(random() * 20),
        at: world.clock.now(),
      })
    else if (dice < 0.905 && options.restarts) world.restart(truth.seq)
    await pass(world, random() < 0.1 ? random() * 20_000 : random() * 400)
  }
  for (const watcher of watchers) watcher.line().stall(false)
  await pass(world, 180_000)
  return { world, truth, watchers }
}

function publish(world: ReturnType<typeof openRoomWorld>, truth: Truth, random: () => number): void {
  const messages = truth.next(random)
  world.hub.apply('shw_1', truth.seq, messages)
  world.hub.advance(truth.seq)
}

const seeds = Array.from({ length: 40 }, (_, i) => i + 1)

test.each(seeds)(
  '[ROOM3] [ROOM8] after drops, stalls and reconnects all viewers know the same and no event is missing (seed %i)',
  async (seed) => {
    const { truth, watchers } = await evening(seed, { restarts: false, viewers: 8, steps: 150 })
    const wanted = Object.fromEntries([...truth.state].filter(([, value]) => value !== null).sort())
    for (const [i, { socket, pieces, resets }] of watchers.entries()) {
      expect(socket.status.at, `viewer ${i}`).toBe('open')
      expect(Object.fromEntries(socket.store.keys('').map((key) => [key, socket.store.value(key)])), `viewer ${i}`).toEqual(
        wanted,
      )
      expect(resets, `viewer ${i}`).toBe(0)
      expectWhole(pieces.flat(), truth.events, `viewer ${i}`)
      expect(pieces.flat().at(-1), `viewer ${i}`).toBe(truth.events.at(-1))
    }
  },
)

test.each(seeds.slice(0, 20))(
  '[ROOM4] [ROOM5] a small ring and restarts lead to snapshots, never to gaps that nobody notices (seed %i)',
  async (seed) => {
    const { truth, watchers } = await evening(seed + 1_000, { restarts: true, ringEntries: 20, viewers: 6, steps: 150 })
    const wanted = Object.fromEntries([...truth.state].filter(([, value]) => value !== null).sort())
    for (const [i, { socket, pieces }] of watchers.entries()) {
      expect(Object.fromEntries(socket.store.keys('').map((key) => [key, socket.store.value(key)])), `viewer ${i}`).toEqual(
        wanted,
      )
      for (const piece of pieces) expectWhole(piece, truth.events, `viewer ${i}`)
      for (const [n, piece] of pieces.entries())
        expect((pieces[n + 1]?.[0] ?? Number.POSITIVE_INFINITY) > (piece.at(-1) ?? 0), `viewer ${i}`).toBe(true)
    }
  },
)

test('[ROOM8] a viewer whose line stalls for a while catches up on the same line with one frame', async () => {
  const limits = { lean: { afterMs: 30_000, bytes: 10_000 }, held: { afterMs: 40_000, bytes: 20_000 } }
  const world = openRoomWorld(seeded(3), { kernelBytes: 4_000_000, limits })
  const seat = world.join()
  const watcher = watch(seat)
  await pass(world, 1_000)
  const line = seat.line()
  const truth: number[] = []
  const talk = async (steps: number) => {
    for (let i = 0; i < steps; i++) {
      truth.push(truth.length + 1)
      const pad = 'x'.repeat(300)
      world.hub.apply('shw_1', truth.length, [
        { e: 'sold', data: 0 },
        { k: 'stock:1', value: { n: truth.length, pad } },
      ])
      await pass(world, 200)
    }
  }
  line.stall(true)
  await talk(100)
  const written = line.frames
  expect(line.worstBytes).toBeLessThan(27_000)
  line.stall(false)
  await pass(world, 15_000)
  expect(line.frames - written).toBeLessThan(5)
  await talk(5)
  expect(seat.line() === line).toBe(true)
  expect(watcher.pieces).toEqual([truth])
  expect(seat.socket.store.value('stock:1')).toMatchObject({ n: truth.length })
})

test('[ROOM9] what waits for a viewer who does not read is bounded, however long the room talks', async () => {
  const random = seeded(7)
  const world = openRoomWorld(random, { kernelBytes: 4_000_000 })
  const stalled = world.join()
  const healthy = world.join()
  await pass(world, 1_000)
  stalled.line().stall(true)
  const line = stalled.line()
  let sent = 0
  for (let seq = 1; seq <= 6_000; seq++) {
    world.hub.apply('shw_1', seq, [{ e: 'sold', data: { pad: 'x'.repeat(2_000) } }])
    sent += 2_000
    await pass(world, 100)
  }
  expect(sent).toBeGreaterThan(10_000_000)
  expect(line.worstBytes).toBeLessThan(450_000)
  expect(healthy.socket.store.seq).toBe(6_000)
  expect(healthy.socket.status.at).toBe('open')
})
