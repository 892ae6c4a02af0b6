import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openWorld, type World } from '../../../test/world.ts'
import { Refusal } from '../../kernel/refusal.ts'
import type { ReservationState } from './tables.ts'
import { ask, differences, stockedVariant } from './testing.ts'
import { allot, changeQuota, returnAllotment } from './verbs/allotments.ts'
import { commitReservation, expireDue, payReservations, reacquire, releaseReservation, returnSold } from './verbs/reservations.ts'
import { countsOf, levelOf, shelvesOf } from './views.ts'

let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(async () => {
  await world[Symbol.asyncDispose]()
})

interface Kept {
  id: string
  buyer: number
  quantity: number
  returned: number
  state: ReservationState
  expiresAt: number
}
/** What must be true, in as few lines as possible. */
interface Model {
  onHand: number
  shelf: number
  quota: number
  left: number
  open: boolean
  kept: Map<string, Kept>
}
const limit = 4
const holdMs = 60_000
const live = (k: Kept) => (k.state === 'held' || k.state === 'committed' || k.state === 'paid' ? k.quantity - k.returned : 0)

type Step =
  | { do: 'rush'; wishes: { buyer: number; quantity: number; key: number }[] }
  | { do: 'commit' | 'release' | 'pay' | 'reacquire' | 'giveBack'; which: number }
  | { do: 'wait'; ms: number }
  | { do: 'resize'; quota: number }
  | { do: 'close' }

const which = fc.nat(30)
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('rush' as const),
      wishes: fc.uniqueArray(fc.record({ buyer: fc.nat(9), quantity: fc.integer({ min: 1, max: 5 }), key: fc.nat(3) }), {
        minLength: 1,
        maxLength: 8,
        selector: (w) => w.buyer,
      }),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constantFrom('commit' as const, 'release' as const, 'pay' as const, 'reacquire' as const, 'giveBack' as const),
      which,
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.constantFrom(1000, 30_000, 60_000) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('resize' as const), quota: fc.integer({ min: 1, max: 25 }) }) },
  { weight: 1, arbitrary: fc.constant({ do: 'close' as const }) },
)

/** The units of a reservation come back to where they belong now. */
function back(model: Model, units: number): void {
  if (model.open) model.left += units
  else {
    model.quota -= units
    model.shelf += units
  }
}

const answered = async (work: Promise<unknown>): Promise<boolean> => {
  try {
    return (await work) !== false
  } catch (problem) {
    if (problem instanceof Refusal || String(problem).includes('no more units')) return false
    throw problem
  }
}

async function rush(
  model: Model,
  lot: string,
  people: readonly string[],
  wishes: Extract<Step, { do: 'rush' }>['wishes'],
): Promise<void> {
  const answers = await Promise.all(
    wishes.map((w) =>
      world.app.desk.reserve(ask(world, lot, { personId: people[w.buyer], quantity: w.quantity, key: `key-${w.key}`, holdMs })),
    ),
  )
  for (const [index, wish] of wishes.entries()) {
    const answer = answers[index]
    const name = `${wish.buyer} ${wish.key}`
    const before = model.kept.get(name)
    const has = [...model.kept.values()].filter((k) => k.buyer === wish.buyer).reduce((sum, k) => sum + live(k), 0)
    if (before) {
      expect(answer).toMatchObject({ outcome: 'granted', replay: true, quantity: before.quantity, state: before.state })
      continue
    }
    const expected = !model.open
      ? 'closed'
      : has + wish.quantity > limit
        ? 'limit'
        : wish.quantity > model.left
          ? 'sold_out'
          : 'granted'
    // An allotment known to be empty does not look at the limit.
    expect([expected, model.left === 0 && expected === 'limit' ? 'sold_out' : expected]).toContain(answer?.outcome)
    if (answer?.outcome !== 'granted') continue
    model.left -= wish.quantity
    const { reservationId: id, expiresAt } = answer
    model.kept.set(name, { id, buyer: wish.buyer, quantity: wish.quantity, returned: 0, state: 'held', expiresAt })
  }
}

async function change(
  model: Model,
  lot: string,
  people: readonly string[],
  what: 'commit' | 'release' | 'pay' | 'reacquire' | 'giveBack',
  one: Kept,
): Promise<void> {
  const now = world.clock.now()
  const { id: reservationId, quantity } = one
  const personId = people[one.buyer] ?? ''
  switch (what) {
    case 'commit': {
      const may = one.state === 'held' && one.expiresAt > now
      expect(await answered(world.tx((tx) => commitReservation(tx, { reservationId, personId })))).toBe(may)
      if (may) one.state = 'committed'
      return
    }
    case 'release': {
      const may = one.state === 'held' || one.state === 'committed'
      expect((await world.tx((tx) => releaseReservation(tx, { reservationId }))).released).toBe(may)
      if (!may) return
      one.state = 'released'
      return back(model, quantity)
    }
    case 'pay': {
      const may = one.state === 'committed'
      expect(await answered(world.tx((tx) => payReservations(tx, [reservationId])))).toBe(may)
      if (!may) return
      one.state = 'paid'
      model.onHand -= quantity
      return
    }
    case 'reacquire': {
      if (one.state === 'committed') return
      const has = [...model.kept.values()].filter((k) => k.buyer === one.buyer).reduce((sum, k) => sum + live(k), 0)
      const gone = one.state === 'released' || one.state === 'expired'
      const from =
        !gone || has + quantity > limit ? null : model.left >= quantity ? 'quota' : model.shelf >= quantity ? 'shelf' : null
      expect(await world.tx((tx) => reacquire(tx, reservationId))).toBe(from !== null)
      if (from === null) return
      one.state = 'committed'
      if (from === 'quota') model.left -= quantity
      else {
        model.shelf -= quantity
        model.quota += quantity
      }
      return
    }
    case 'giveBack': {
      const may = one.state === 'paid' && one.returned < one.quantity
      expect(await answered(world.tx((tx) => returnSold(tx, { reservationId, quantity: 1, cause: 'cancelled' })))).toBe(may)
      if (!may) return
      one.returned++
      model.onHand++
      back(model, 1)
    }
  }
  void lot
}

async function play(steps: readonly Step[]): Promise<void> {
  const { variantId, shopId } = await stockedVariant(world, 30)
  const lot = (
    await world.tx((tx) =>
      allot(tx, { variantId, quantity: 12, use: 'lot', useId: world.kernel.ids.make('lot'), perBuyer: limit }),
    )
  ).id
  const people = Array.from({ length: 10 }, () => world.kernel.ids.make('person'))
  const model: Model = { onHand: 30, shelf: 18, quota: 12, left: 12, open: true, kept: new Map() }
  for (const one of steps) {
    if (one.do === 'rush') await rush(model, lot, people, one.wishes)
    else if (one.do === 'wait') {
      world.clock.advance(one.ms)
      while (await world.tx(expireDue));
      for (const k of model.kept.values()) {
        if (k.state !== 'held' || k.expiresAt > world.clock.now()) continue
        k.state = 'expired'
        back(model, k.quantity)
      }
    } else if (one.do === 'resize') {
      const delta = one.quota - model.quota
      const may = model.open && (delta > 0 ? model.shelf >= delta : model.left >= -delta)
      if (!model.open) continue
      expect(await answered(world.tx((tx) => changeQuota(tx, { allotmentId: lot, quota: one.quota })))).toBe(may)
      if (!may) continue
      model.quota += delta
      model.left += delta
      model.shelf -= delta
    } else if (one.do === 'close') {
      await world.tx((tx) => returnAllotment(tx, lot))
      if (!model.open) continue
      Object.assign(model, { open: false, quota: model.quota - model.left, shelf: model.shelf + model.left, left: 0 })
    } else {
      const kept = [...model.kept.values()]
      const chosen = kept[one.which % Math.max(1, kept.length)]
      if (chosen) await change(model, lot, people, one.do, chosen)
    }
    // Events make the desk forget what it knew of empty allotments.
    await world.kernel.events.settle()
    expect((await countsOf(world.ctx, [lot])).get(lot)).toMatchObject({ quota: model.quota, left: model.left })
    expect((await shelvesOf(world.ctx, [variantId])).get(variantId)?.left).toBe(model.shelf)
    expect((await levelOf(world.ctx, { variantId, shopId })).onHand).toBe(model.onHand)
  }
}

test('[STK1] [STK2] [STK4] [STK9] [STK12] any history agrees with the model, and the journal with the levels', async () => {
  await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 30 }), play), { numRuns: 25, endOnFailure: true })
  expect(await differences(world)).toEqual([])
}, 120_000)
