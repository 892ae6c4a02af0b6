import { checkout, quote } from '@efir/contract/orders.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openWorld, type World } from '../../../test/world.ts'
import { openPayments } from '../payments/adapters/usual.ts'
import { addresses, differences, newKey, openShelf, reserved } from './testing.ts'
import { place } from './verbs/place.ts'

let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(async () => {
  expect(await differences(world)).toEqual([])
  await world[Symbol.asyncDispose]()
})

test('[ORD9] a process that dies between placing and promising loses no order at the door', async () => {
  const shelf = await openShelf(world, { market: 'PH' })
  const buyer = await world.person()
  const items = [{ reservationId: await reserved(world, shelf, buyer) }]
  const asked = {
    market: 'PH',
    items,
    address: addresses.PH,
    delivery: [{ shopId: shelf.shopId, methodId: shelf.methodId }],
  }
  const { total } = await world.must(buyer, quote, { ...asked, country: 'PH' })
  const { cashier } = openPayments(world.kernel)
  // What the act does before it would ask anybody for money.
  const { checkoutId } = await world.tx((tx) =>
    place(tx, {
      cashier,
      personId: buyer.id,
      items,
      input: { ...asked, key: newKey(), email: 'b@example.com', payment: { method: 'cod' }, total },
    }),
  )
  expect((await world.must(buyer, checkout, { checkoutId })).state).toBe('to_pay')
  await world.advance(5_000)
  expect(await world.must(buyer, checkout, { checkoutId })).toMatchObject({
    state: 'at_the_door',
    payment: { state: 'authorised' },
  })
})
