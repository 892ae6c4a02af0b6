import { order } from '@efir/contract/orders.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openWorld, type World } from '../../../test/world.ts'
import { bought, differences, openShelf } from './testing.ts'

let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(async () => {
  expect(await differences(world)).toEqual([])
  await world[Symbol.asyncDispose]()
})

test('a card that succeeds: paid at once', async () => {
  const shelf = await openShelf(world)
  const buyer = await world.person()
  const checkout = await bought(world, buyer, shelf)
  expect(checkout).toMatchObject({ state: 'paid', total: { amount: 2990, currency: 'EUR' } })
  const page = await world.must(buyer, order, { orderId: checkout.orders[0]!.id })
  expect(page).toMatchObject({ state: 'paid', total: { amount: 2990 }, payment: { state: 'captured' } })
  await world.settle()
})
