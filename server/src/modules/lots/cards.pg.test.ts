import * as contract from '@efir/contract/lots.ts'
import { cancelOrder } from '@efir/contract/orders.ts'
import { showPage } from '@efir/contract/shows.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openWorld, type TestPerson, type World } from '../../../test/world.ts'
import { bought, differences, type Shelf } from '../orders/testing.ts'
import { saveDeliveryMethod } from '../orders/verbs/delivery.ts'
import { stage, tap } from './testing.ts'

let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(async () => {
  expect(await differences(world)).toEqual([])
  await world[Symbol.asyncDispose]()
})

/** A stage whose shop delivers, so that what is tapped can be bought. */
async function market() {
  const s = await stage(world)
  const { id: methodId } = await world.tx((tx) =>
    saveDeliveryMethod(tx, {
      shopId: s.shopId,
      kind: 'courier',
      name: { en: 'Courier' },
      prices: { EUR: 490 },
      countries: [],
      daysMin: 1,
      daysMax: 3,
      position: 0,
    }),
  )
  const shelf: Shelf = { shopId: s.shopId, owner: s.host, variantId: '', shelfId: '', methodId, market: 'FR', currency: 'EUR' }
  const take = async (buyer: TestPerson, lotId: string, quantity = 1): Promise<string> => {
    const answer = await tap(world, buyer, lotId, { quantity })
    if (!answer.ok) throw new Error(`refused: ${answer.refusal}`)
    return answer.value.reservation?.id ?? ''
  }
  const card = async (lotId: string) =>
    (await world.must(null, contract.shelf, { showId: s.showId })).lots.find((one) => one.id === lotId)
  return { ...s, shelf, take, card }
}

test('a card says whose goods these are, and how many units are being paid for', async () => {
  const { lot, open, shelf, take, card } = await market()
  const lotId = await lot({ quota: 10, perBuyer: 5 })
  expect(await card(lotId)).toMatchObject({ shopName: expect.stringMatching(/./), left: 10, paying: 0 })
  await open(lotId)
  const [one, other] = [await world.person(), await world.person()]
  const reservationId = await take(one, lotId, 2)
  await take(other, lotId, 3)
  expect(await card(lotId)).toMatchObject({ left: 5, paying: 5, quota: 10 })
  await bought(world, one, shelf, { items: [{ reservationId }] })
  expect(await card(lotId)).toMatchObject({ left: 5, paying: 3, quota: 10 })
  await world.advance(11 * 60_000)
  expect(await card(lotId)).toMatchObject({ left: 8, paying: 0 })
})

test('what I have of a lot is known after a reload: held, bought, and how much of my limit it took', async () => {
  const { lot, open, shelf, take, showId, host } = await market()
  const [lotId, untouched] = [await lot({ quota: 10, perBuyer: 3 }), await lot()]
  await open(lotId)
  await open(untouched)
  const [buyer, stranger] = [await world.person(), await world.person()]
  const mine = async (person: TestPerson) => (await world.must(person, contract.myReservations, { showId })).lots
  expect(await mine(buyer)).toEqual([])
  const reservationId = await take(buyer, lotId, 2)
  expect(await mine(buyer)).toEqual([{ lotId, units: 2 }])
  const [order] = (await bought(world, buyer, shelf, { items: [{ reservationId }] })).orders
  const { id, number, placedAt } = order as NonNullable<typeof order>
  expect(await mine(buyer)).toEqual([{ lotId, units: 2, order: { id, number, quantity: 2, placedAt, paid: true, open: false } }])
  expect(await mine(stranger)).toEqual([])
  await take(buyer, lotId)
  expect(await mine(buyer)).toMatchObject([{ units: 3, order: { number } }])
  expect(await tap(world, buyer, lotId)).toMatchObject({ refusal: 'lot_limit_reached' })
  // Limits begin anew with each opening; the order stays mine.
  await world.must(host, contract.revokeLot, { lotId })
  await world.advance(11 * 60_000)
  await open(lotId)
  expect(await mine(buyer)).toMatchObject([{ units: 0, order: { number } }])
  await world.must(buyer, cancelOrder, { orderId: id })
  await world.settle()
  expect(await mine(buyer)).toEqual([])
})

test('the card of a show counts its lots', async () => {
  const { lot, showId, host } = await market()
  const lots = async () => (await world.must(null, showPage, { showId })).show.lots
  expect(await lots()).toBe(0)
  const [first] = [await lot(), await lot()]
  await world.must(host, contract.createLinkLot, {
    showId,
    title: { en: 'Lamp' },
    price: { amount: 4900, currency: 'EUR' },
    url: 'https://market.example/lamp',
    seller: 'market.example',
  })
  expect(await lots()).toBe(3)
  await world.must(host, contract.removeLot, { lotId: first as never })
  expect(await lots()).toBe(2)
})

test('[LOT8] the limit of time may be taken off, from a plan and from an open lot, and set again', async () => {
  const { lot, open, host, board } = await market()
  const [planned, lotId] = [await lot({ windowMs: 60_000 }), await lot({ windowMs: 60_000 })]
  const without = await world.must(host, contract.changeLot, { lotId: planned as never, windowMs: null })
  expect(without.windowMs).toBeUndefined()
  expect((await open(planned)).closesAt).toBeUndefined()
  await open(lotId)
  const endless = await world.must(host, contract.changeLot, { lotId: lotId as never, windowMs: null })
  expect(endless.closesAt).toBeUndefined()
  await world.advance(120_000)
  expect(await board(lotId)).toMatchObject({ state: 'open', left: 10 })
  expect((await tap(world, await world.person(), lotId)).ok).toBe(true)
  await world.must(host, contract.changeLot, { lotId: lotId as never, windowMs: 180_000 })
  await world.advance(75_000)
  expect((await board(lotId)).state).toBe('expired')
})
