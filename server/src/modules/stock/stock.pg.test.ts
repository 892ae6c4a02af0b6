import { afterAll, beforeAll, expect, test } from 'vitest'
import { openWorld, type World } from '../../../test/world.ts'
import { sql } from '../../kernel/sql.ts'
import type { Granted, ReserveAnswer } from './batch.ts'
import { openStockDesk } from './desk.ts'
import { ask, differences, quota, stockedVariant } from './testing.ts'
import { allot, changeQuota, changeWindow, returnAllotment } from './verbs/allotments.ts'
import { correctStock } from './verbs/goods.ts'
import {
  commitReservation,
  countBuyerKeys,
  payReservations,
  reacquire,
  releaseReservation,
  returnSold,
} from './verbs/reservations.ts'
import { allotmentStates, countsOf, levelOf } from './views.ts'

let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(async () => {
  expect(await differences(world)).toEqual([])
  await world[Symbol.asyncDispose]()
})

const reserve = (allotmentId: string, given = {}) => world.app.desk.reserve(ask(world, allotmentId, given))
const left = async (allotmentId: string) => (await allotmentStates(world.ctx, [allotmentId]))[0]?.left
async function granted(answer: Promise<ReserveAnswer>): Promise<Granted> {
  const is = await answer
  if (is.outcome !== 'granted') throw new Error(`not granted: ${is.outcome}`)
  return is
}
const refusal = (code: string) => expect.objectContaining({ code })

test('[STK1] a rush of 600 buyers on 100 units gets exactly 100', async () => {
  const lot = await quota(world, 100)
  const answers = await Promise.all(Array.from({ length: 600 }, () => reserve(lot)))
  expect(answers.filter((a) => a.outcome === 'granted')).toHaveLength(100)
  expect(answers.filter((a) => a.outcome === 'sold_out')).toHaveLength(500)
  expect(await left(lot)).toBe(0)
})

test('[STK1] two desks on one allotment never sell a unit twice', async () => {
  const lot = await quota(world, 150)
  await using other = openStockDesk(world.kernel)
  const answers = await Promise.all(
    Array.from({ length: 800 }, (_, i) => (i % 2 ? other : world.app.desk).reserve(ask(world, lot))),
  )
  expect(answers.filter((a) => a.outcome === 'granted')).toHaveLength(150)
})

test('[STK2] arrival order decides, and a wish too large does not refuse the smaller ones behind it', async () => {
  const lot = await quota(world, 5)
  const outcomes = (await Promise.all([3, 4, 1, 2, 1, 1].map((quantity) => reserve(lot, { quantity })))).map((a) => a.outcome)
  expect(outcomes).toEqual(['granted', 'sold_out', 'granted', 'sold_out', 'granted', 'sold_out'])
})

test('[STK3] the same key again is a replay with the same answer, also when everything is sold', async () => {
  const lot = await quota(world, 1)
  const wish = ask(world, lot)
  const first = await granted(world.app.desk.reserve(wish))
  expect(await reserve(lot)).toEqual({ outcome: 'sold_out' })
  expect(await world.app.desk.reserve(wish)).toEqual({ ...first, replay: true })
  const together = ask(world, await quota(world, 5))
  const [one, two] = await Promise.all([world.app.desk.reserve(together), world.app.desk.reserve(together)])
  expect(two).toEqual({ ...one, replay: true })
  expect(await left(together.allotmentId)).toBe(4)
})

test('[STK4] a buyer never gets more than the limit, however they ask', async () => {
  const lot = await quota(world, 50, { perBuyer: 3 })
  const personId = world.kernel.ids.make('person')
  const answers = await Promise.all([2, 2, 1, 1].map((quantity) => reserve(lot, { personId, quantity })))
  expect(answers.map((a) => a.outcome)).toEqual(['granted', 'limit', 'granted', 'limit'])
  const first = answers[0] as Granted
  await world.tx((tx) => releaseReservation(tx, { reservationId: first.reservationId }))
  expect((await reserve(lot, { personId, quantity: 2 })).outcome).toBe('granted')
})

test('[STK4] a verified address or card counts for the limit together with the person', async () => {
  const lot = await quota(world, 50, { perBuyer: 1 })
  const mine = await granted(reserve(lot))
  const other = await granted(reserve(lot))
  await world.tx((tx) => countBuyerKeys(tx, { reservationId: mine.reservationId, keys: ['card:4242'] }))
  await world.tx((tx) => countBuyerKeys(tx, { reservationId: mine.reservationId, keys: ['card:4242'] }))
  await expect(world.tx((tx) => countBuyerKeys(tx, { reservationId: other.reservationId, keys: ['card:4242'] }))).rejects.toEqual(
    refusal('lot_limit_reached'),
  )
})

test('[STK5] the window opens and closes at its instants, and lateness of the picture is forgiven up to the grace', async () => {
  const now = world.clock.now()
  const lot = await quota(world, 50, { opensAt: now + 1000, closesAt: now + 5000 })
  expect((await reserve(lot)).outcome).toBe('not_open')
  world.clock.advance(999)
  expect((await reserve(lot)).outcome).toBe('not_open')
  world.clock.advance(1)
  expect((await reserve(lot)).outcome).toBe('granted')
  world.clock.advance(3999)
  expect((await reserve(lot)).outcome).toBe('granted')
  world.clock.advance(1)
  expect((await reserve(lot)).outcome).toBe('closed')
  expect((await reserve(lot, { graceMs: 2000 })).outcome).toBe('granted')
  world.clock.advance(2000)
  expect((await reserve(lot, { graceMs: 2000 })).outcome).toBe('closed')
})

test('[STK6] an unpaid reservation lapses at its instant and its unit is sold again', async () => {
  const lot = await quota(world, 1)
  const mine = await granted(reserve(lot, { holdMs: 60_000 }))
  expect((await reserve(lot)).outcome).toBe('sold_out')
  await world.advance(59_999)
  expect((await reserve(lot)).outcome).toBe('sold_out')
  await world.advance(2_000)
  expect(await left(lot)).toBe(1)
  await expect(world.tx((tx) => commitReservation(tx, { reservationId: mine.reservationId, personId: 'x' }))).rejects.toEqual(
    refusal('reservation_gone'),
  )
  expect((await reserve(lot)).outcome).toBe('granted')
})

test('[STK7] once committed it cannot lapse; paid units leave the stock', async () => {
  const { variantId, shopId } = await stockedVariant(world, 10)
  const lot = await quota(world, 4, { variantId })
  const wish = ask(world, lot, { holdMs: 60_000, quantity: 2 })
  const mine = await granted(world.app.desk.reserve(wish))
  await world.tx((tx) => commitReservation(tx, { reservationId: mine.reservationId, personId: wish.personId }))
  await expect(
    world.tx((tx) => commitReservation(tx, { reservationId: mine.reservationId, personId: wish.personId })),
  ).rejects.toEqual(refusal('reservation_gone'))
  await world.advance(3_600_000)
  expect(await left(lot)).toBe(2)
  await world.tx((tx) => payReservations(tx, [mine.reservationId]))
  await expect(world.tx((tx) => payReservations(tx, [mine.reservationId]))).rejects.toEqual(refusal('reservation_gone'))
  expect(await levelOf(world.ctx, { variantId, shopId })).toMatchObject({ onHand: 8, allotted: 2, free: 6 })
})

test('[STK7] only its buyer commits a reservation, or the account that claimed the guest', async () => {
  const lot = await quota(world, 2)
  const guest = await world.person()
  const account = await world.person({ kind: 'account' })
  const mine = await granted(reserve(lot, { personId: guest.id }))
  await expect(
    world.tx((tx) => commitReservation(tx, { reservationId: mine.reservationId, personId: account.id })),
  ).rejects.toEqual(refusal('reservation_gone'))
  await world.kernel.db.run(sql`update identity.person set claimed_by = ${account.id} where id = ${guest.id}`)
  expect((await world.tx((tx) => commitReservation(tx, { reservationId: mine.reservationId, personId: account.id }))).state).toBe(
    'committed',
  )
})

test('[STK8] closing a quota returns what is left; what lapses later goes to the shelf', async () => {
  const { variantId, shopId, shelfId } = await stockedVariant(world, 10)
  const lot = await quota(world, 6, { variantId })
  await granted(reserve(lot, { quantity: 2, holdMs: 60_000 }))
  expect(await world.tx((tx) => returnAllotment(tx, lot))).toEqual({ returned: 4 })
  expect(await world.tx((tx) => returnAllotment(tx, lot))).toEqual({ returned: 0 })
  expect((await reserve(lot)).outcome).toBe('closed')
  expect(await left(shelfId)).toBe(8)
  await world.advance(61_000)
  expect(await left(shelfId)).toBe(10)
  expect(await levelOf(world.ctx, { variantId, shopId })).toMatchObject({ onHand: 10, allotted: 0, free: 10 })
})

test('[STK9] a late payment gets its units again while any remain, and never past the limit', async () => {
  const { variantId, shelfId } = await stockedVariant(world, 3)
  const lot = await quota(world, 2, { variantId, perBuyer: 1 })
  const wish = ask(world, lot, { holdMs: 1000 })
  const mine = await granted(world.app.desk.reserve(wish))
  await world.advance(3000)
  expect(await world.tx((tx) => reacquire(tx, mine.reservationId))).toBe(true)
  await world.tx((tx) => releaseReservation(tx, { reservationId: mine.reservationId }))
  await granted(world.app.desk.reserve({ ...wish, key: 'another', holdMs: 600_000 }))
  expect(await world.tx((tx) => reacquire(tx, mine.reservationId))).toBe(false)
  const theirs = await granted(reserve(lot, { holdMs: 1000 }))
  await world.tx((tx) => returnAllotment(tx, lot))
  await world.advance(3000)
  expect(await left(shelfId)).toBe(2)
  expect(await world.tx((tx) => reacquire(tx, theirs.reservationId))).toBe(true)
  expect(await left(shelfId)).toBe(1)
  await world.tx((tx) => payReservations(tx, [theirs.reservationId]))
})

test('[STK10] cancelled units return to the open quota, else to the shelf, and never more than were paid', async () => {
  const { variantId, shelfId } = await stockedVariant(world, 4)
  const lot = await quota(world, 3, { variantId, perBuyer: 2 })
  const wish = ask(world, lot, { quantity: 2 })
  const mine = await granted(world.app.desk.reserve(wish))
  await world.tx((tx) => commitReservation(tx, { reservationId: mine.reservationId, personId: wish.personId }))
  await world.tx((tx) => payReservations(tx, [mine.reservationId]))
  await world.tx((tx) => returnSold(tx, { reservationId: mine.reservationId, quantity: 1, cause: 'cancelled' }))
  expect(await left(lot)).toBe(2)
  await world.tx((tx) => returnAllotment(tx, lot))
  await world.tx((tx) => returnSold(tx, { reservationId: mine.reservationId, quantity: 1, cause: 'returned' }))
  expect(await left(shelfId)).toBe(4)
  await expect(
    world.tx((tx) => returnSold(tx, { reservationId: mine.reservationId, quantity: 1, cause: 'returned' })),
  ).rejects.toThrow('no more units')
})

test('[STK11] a quota is taken from what is free and units promised cannot be counted away', async () => {
  const { variantId, shelfId } = await stockedVariant(world, 10)
  await granted(reserve(shelfId, { quantity: 3 }))
  await expect(quota(world, 8, { variantId })).rejects.toEqual(
    expect.objectContaining({ code: 'stock_short', params: { left: 7 } }),
  )
  const lot = await quota(world, 5, { variantId })
  await expect(world.tx((tx) => correctStock(tx, { variantId, onHand: 7, note: 'broken' }))).rejects.toEqual(
    refusal('stock_short'),
  )
  await world.tx((tx) => correctStock(tx, { variantId, onHand: 8, note: 'broken' }))
  expect(await left(shelfId)).toBe(0)
  await granted(reserve(lot, { quantity: 4 }))
  await expect(world.tx((tx) => changeQuota(tx, { allotmentId: lot, quota: 3 }))).rejects.toEqual(refusal('stock_short'))
  await world.tx((tx) => changeQuota(tx, { allotmentId: lot, quota: 4 }))
  expect(await left(shelfId)).toBe(1)
  await world.tx((tx) => changeQuota(tx, { allotmentId: lot, quota: 5 }))
  expect((await countsOf(world.ctx, [lot])).get(lot)).toMatchObject({ quota: 5, left: 1, held: 4, committed: 0, paid: 0 })
})

test('[STK12] a batch announces the state of its allotments once', async () => {
  const lot = await quota(world, 500, { topic: 'shw_x' })
  await world.settle()
  const from = world.kernel.events.head()
  await Promise.all(Array.from({ length: 100 }, () => reserve(lot)))
  await world.settle()
  const events = await world.kernel.db.rows<{ body: { allotments: { left: number; topic: string }[] } }>(
    sql`select body from kernel.event where type = 'stock.reserved' and pos > ${from} order by pos`,
  )
  expect(events.length).toBeLessThan(5)
  expect(events.at(-1)?.body.allotments).toEqual([
    expect.objectContaining({ allotmentId: lot, left: 400, quota: 500, topic: 'shw_x' }),
  ])
})

test('[STK4] a limit is never lowered under those who already bought', async () => {
  const lot = await quota(world, 9, { perBuyer: 3 })
  await granted(reserve(lot))
  await expect(world.tx((tx) => changeWindow(tx, { allotmentId: lot, perBuyer: 2 }))).rejects.toEqual(refusal('lot_state'))
  await world.tx((tx) => changeWindow(tx, { allotmentId: lot, perBuyer: 4 }))
  expect((await reserve(lot, { quantity: 4 })).outcome).toBe('granted')
})

test('[STK11] quotas opened at once never take more than the shelf has', async () => {
  const { variantId } = await stockedVariant(world, 10)
  const all = await Promise.allSettled(
    Array.from({ length: 6 }, () => world.tx((tx) => allot(tx, { variantId, quantity: 4, use: 'lot', useId: 'lot_x' }))),
  )
  expect(all.filter((r) => r.status === 'fulfilled')).toHaveLength(2)
})

test('[STK4] allotments of one group share the limit and tell their sum', async () => {
  const one = await stockedVariant(world, 5)
  const two = await stockedVariant(world, 5, { id: one.shopId })
  const [large, small] = await world.tx(async (tx) => {
    const lead = await allot(tx, { variantId: one.variantId, quantity: 5, use: 'lot', useId: 'lot_y', perBuyer: 2 })
    return [
      lead.id,
      (await allot(tx, { variantId: two.variantId, quantity: 3, use: 'lot', useId: 'lot_y', perBuyer: 2, groupWith: lead })).id,
    ]
  })
  await using other = openStockDesk(world.kernel)
  const personId = world.kernel.ids.make('person')
  const answers = await Promise.all(
    [0, 1, 2, 3, 4, 5].map((i) => (i % 2 ? other : world.app.desk).reserve(ask(world, i % 3 ? small : large, { personId }))),
  )
  expect(answers.filter((a) => a.outcome === 'granted')).toHaveLength(2)
  expect(answers.filter((a) => a.outcome === 'limit')).toHaveLength(4)
  expect((await allotmentStates(world.ctx, [small]))[0]).toMatchObject({ left: 6, quota: 8 })
})
