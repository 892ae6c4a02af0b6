import { closeLot, pinLot, shelf, unpinLot } from '@efir/contract/lots.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openWorld, type World } from '../../../../test/world.ts'
import { sql } from '../../../kernel/sql.ts'
import { stage, tap } from '../../lots/testing.ts'
import { stockedVariant } from '../../stock/testing.ts'

let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world[Symbol.asyncDispose]())

interface Part {
  k?: string
  e?: string
  value?: unknown
  pdt?: number
  was?: unknown
}

/** A viewer of the app's own room, without a network. */
async function join(showId: string) {
  const said: { t: string; state?: Part[]; m?: Part[] }[] = []
  const connection = world.app.room.hub.connect({
    write: (frame) => {
      const short = (frame[1] as number) & 127
      said.push(JSON.parse(frame.subarray(short < 126 ? 2 : short === 126 ? 4 : 10).toString()))
      return true
    },
    queued: () => 0,
    close: () => undefined,
  })
  connection?.receive(JSON.stringify({ t: 'join', v: 1, room: showId }))
  for (let i = 0; i < 1_000 && said.length < 2; i++) await new Promise((resolve) => setTimeout(resolve, 10))
  const state = new Map<string, Part>()
  for (const part of said.find((one) => one.t === 'snapshot')?.state ?? []) state.set(part.k ?? '', part)
  /** What is known after everything announced so far has been told. */
  const known = async () => {
    await world.settle()
    const { hub } = world.app.room
    for (let i = 0; i < 2_000 && hub.pos < world.kernel.events.head(); i++) await new Promise((resolve) => setTimeout(resolve, 5))
    // Time has leapt: a viewer who says so is served again at the next turn.
    connection?.receive(JSON.stringify({ t: 'ack', frame: hub.room(showId)?.frame ?? 0, seq: 0 }))
    for (let i = 0; i < 48; i++) {
      world.clock.advance(25)
      hub.tick()
    }
    for (const tick of said.splice(0)) for (const part of tick.m ?? []) if (part.k) state.set(part.k, part)
    return (key: string) => state.get(key)?.value ?? null
  }
  said.splice(0)
  return { state, known, leave: () => connection && world.app.room.hub.lost(connection) }
}

test('[ROOM3] lots and what is left of them, over all variants, are the same by events, in a snapshot and on the shelf', async () => {
  const s = await stage(world)
  const variants = [await stockedVariant(world, 5, { id: s.shopId }), await stockedVariant(world, 5, { id: s.shopId })]
  await world.kernel.db.run(
    sql`update catalog.variant set product_id = (select product_id from catalog.variant where id = ${variants[0]?.variantId ?? ''}) where id = ${variants[1]?.variantId ?? ''}`,
  )
  const lotId = await s.lot({ variantIds: variants.map((v) => v.variantId), quota: 8, perBuyer: 5 })
  const viewer = await join(s.showId)
  await s.open(lotId, { countdownMs: 0 })
  await world.advance(15_000)
  let key = await viewer.known()
  expect(key(`lot:${lotId}`)).toMatchObject({ id: lotId, state: 'open', quota: 8 })
  expect(key(`stock:${lotId}`)).toEqual({ left: 8, quota: 8, paying: 0 })
  const buyers = [await world.person(), await world.person(), await world.person()]
  for (const [i, buyer] of buyers.entries())
    expect((await tap(world, buyer, lotId, { variantId: variants[i % 2]?.variantId as never, quantity: 2 })).ok).toBe(true)
  key = await viewer.known()
  expect(key(`stock:${lotId}`)).toEqual({ left: 2, quota: 8, paying: 6 })
  const { lots } = await world.must(null, shelf, { showId: s.showId })
  const newcomer = await (await join(s.showId)).known()
  // Units have a key of their own: the card is not told again for each tap.
  expect(newcomer(`lot:${lotId}`)).toEqual({ ...lots[0], left: expect.any(Number), paying: expect.any(Number) })
  expect(newcomer(`stock:${lotId}`)).toEqual({ left: 2, quota: 8, paying: 6 })
  await world.must(s.host, closeLot, { lotId: lotId as never })
  await world.advance(15_000)
  key = await viewer.known()
  expect(key(`lot:${lotId}`)).toEqual((await world.must(null, shelf, { showId: s.showId })).lots[0])
  expect(key(`stock:${lotId}`)).toEqual({ left: 0, quota: 8, paying: 0 })
})

test('[ROOM21] pins carry the time of the picture; a newcomer knows the pin before', async () => {
  const s = await stage(world)
  const [one, two] = [await s.lot(), await s.lot()]
  const viewer = await join(s.showId)
  const t = world.clock.now()
  await world.must(s.host, pinLot, { lotId: one as never, pdtMs: t - 5_000 })
  world.clock.advance(2_000)
  await world.must(s.host, pinLot, { lotId: two as never, slot: 'primary', pdtMs: t - 1_000 })
  const key = await viewer.known()
  expect(key('pin:primary')).toMatchObject({ lotId: two })
  expect(viewer.state.get('pin:primary')?.pdt).toBe(t - 1_000)
  const newcomer = await join(s.showId)
  expect(newcomer.state.get('pin:primary')).toMatchObject({
    value: { lotId: two },
    pdt: t - 1_000,
    was: { value: { lotId: one }, pdt: t - 5_000 },
  })
  expect(newcomer.state.has(`lot:${two}`)).toBe(true)
  const lots = [one, two]
  for (const lotId of lots) await world.must(s.host, unpinLot, { lotId: lotId as never, pdtMs: t + 500 })
  const after = await viewer.known()
  expect(after('pin:primary')).toBeNull()
  const late = await join(s.showId)
  expect(late.state.get('pin:primary')).toMatchObject({ value: null, pdt: t + 500, was: { value: { lotId: two } } })
  world.clock.advance(120_000)
  for (const seat of [viewer, newcomer, late]) seat.leave()
  world.app.room.hub.shut(s.showId, 'room_closed')
  expect((await join(s.showId)).state.has('pin:primary')).toBe(false)
})

test('nothing is looked up for a room that nobody is in', async () => {
  const s = await stage(world)
  await s.lot()
  await world.settle()
  const { hub } = world.app.room
  for (let i = 0; i < 2_000 && hub.pos < world.kernel.events.head(); i++) await new Promise((resolve) => setTimeout(resolve, 5))
  expect(hub.pos).toBe(world.kernel.events.head())
  expect(hub.watches(s.showId)).toBe(false)
})
