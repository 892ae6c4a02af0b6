import * as contract from '@efir/contract/stock.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openWorld, type World } from '../../../test/world.ts'
import { ask, quota, stockedVariant } from './testing.ts'

let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world[Symbol.asyncDispose]())

test('[STK12] the office receives, counts, and sees every cause in the journal, newest first', async () => {
  const shop = await world.shop()
  const { variantId } = await stockedVariant(world, 5, shop)
  const of = { shopId: shop.id, variantId }
  expect(await world.must(shop.owner, contract.receiveStock, { ...of, quantity: 7, note: 'delivery 12' })).toMatchObject({
    onHand: 12,
    free: 12,
  })
  const lot = await quota(world, 4, { variantId })
  await world.app.desk.reserve(ask(world, lot, { quantity: 2 }))
  expect(await world.must(shop.owner, contract.correctStock, { ...of, onHand: 10, note: 'two broken' })).toMatchObject({
    onHand: 10,
    allotted: 4,
    free: 6,
  })
  expect(await world.call(shop.owner, contract.correctStock, { ...of, onHand: 3, note: 'too few' })).toMatchObject({
    refusal: 'stock_short',
    params: { left: 6 },
  })
  const { level, quotas, journal } = await world.must(shop.owner, contract.stockOf, of)
  expect(level).toMatchObject({ onHand: 10, allotted: 4, free: 6 })
  expect(quotas).toEqual([
    expect.objectContaining({ allotmentId: lot, use: 'lot', quota: 4, left: 2, held: 2, open: true }),
    expect.objectContaining({ use: 'shelf', left: 6 }),
  ])
  expect(journal.items.map((m) => [m.cause, m.onHandDelta, m.onHandAfter, m.allottedAfter])).toEqual([
    ['corrected', -2, 10, 4],
    ['allotted', 0, 12, 4],
    ['received', 7, 12, 0],
    ['received', 5, 5, 0],
  ])
  expect(journal.items[2]).toMatchObject({ note: 'delivery 12', by: shop.owner.name })
  const first = await world.must(shop.owner, contract.stockOf, { ...of, limit: 3 })
  const rest = await world.must(shop.owner, contract.stockOf, { ...of, limit: 3, after: first.journal.next })
  expect([...first.journal.items, ...rest.journal.items]).toEqual(journal.items)
})

test('a shop lists its own stock and nobody else sees or moves it', async () => {
  const shop = await world.shop()
  const { variantId } = await stockedVariant(world, 3, shop)
  const other = await stockedVariant(world, 4)
  const { items } = await world.must(shop.owner, contract.stockList, { shopId: shop.id })
  expect(items).toEqual([expect.objectContaining({ variantId, onHand: 3, free: 3, title: { en: 'A thing' } })])
  expect(
    await world.call(shop.owner, contract.receiveStock, { shopId: shop.id, variantId: other.variantId, quantity: 1 }),
  ).toMatchObject({ ok: false })
  expect(await world.call(await world.person(), contract.stockList, { shopId: shop.id })).toMatchObject({
    refusal: 'not_signed_in',
  })
})

test('everybody may ask what the shelf has, up to 20', async () => {
  const [few, many] = [await stockedVariant(world, 3), await stockedVariant(world, 300)]
  const { variants } = await world.must(null, contract.availability, { variantIds: [few.variantId, many.variantId] })
  expect(variants).toEqual([
    { variantId: few.variantId, left: 3 },
    { variantId: many.variantId, left: 20 },
  ])
})
