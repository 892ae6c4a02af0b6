import {
  cancelOrder,
  cancelShopOrder,
  confirmPayment,
  deliverParcel,
  order,
  packParcel,
  payAgain,
  refundOrder,
  shipParcel,
} from '@efir/contract/orders.ts'
import { answerTestChallenge, testCards } from '@efir/contract/payments.ts'
import { expect, test } from 'vitest'
import { openWorld, type TestPerson, type World } from '../../../test/world.ts'
import { sql } from '../../kernel/sql.ts'
import { quota } from '../stock/testing.ts'
import type { OrderRow } from './tables.ts'
import { buy, differences, newKey, openShelf, reserved, type Shelf } from './testing.ts'

/** Park-Miller: the same seed gives the same lives. */
function dice(seed: number) {
  let state = seed
  const next = (below: number): number => {
    state = (state * 48_271) % 2_147_483_647
    return state % below
  }
  return { next, pick: <T>(list: readonly T[]): T => list[next(list.length)]! }
}

interface Scene {
  world: World
  shelves: Shelf[]
  lots: string[]
  buyers: TestPerson[]
  showId: string
  roll: ReturnType<typeof dice>
}

async function open(seed: number): Promise<Scene> {
  const world = await openWorld()
  const shelves = [
    await openShelf(world, { market: 'RU', units: 14, amount: 99_900, delivery: 30_000 }),
    await openShelf(world, { market: 'RU', units: 12, amount: 5_550, delivery: 0 }),
    await openShelf(world, { market: 'RU', units: 9, amount: 777, delivery: 12_345, settings: { payFirst: true } }),
  ]
  const showId = world.kernel.ids.make('show')
  const lots = await Promise.all(
    shelves.slice(0, 2).map((s) => quota(world, 6, { variantId: s.variantId, topic: showId, perBuyer: 2 })),
  )
  const buyers = await Promise.all(
    Array.from({ length: 6 }, (_, i) => world.person({ email: i < 2 ? `b${seed}-${i}@mail.example` : undefined })),
  )
  return { world, shelves, lots, buyers, showId, roll: dice(seed) }
}

async function buySomething({ world, shelves, lots, buyers, roll }: Scene): Promise<void> {
  const buyer = roll.pick(buyers)
  const index = roll.next(3)
  const shelf = shelves[index]!
  const door = index !== 2 && roll.next(4) === 0
  const card = `${roll.pick(testCards).token}${roll.next(3) === 0 ? `.c${roll.next(2)}` : ''}`
  const lot = lots[index]
  const held =
    lot && roll.next(2) === 0
      ? await reserved(world, shelf, buyer, { allotmentId: lot, quantity: 1 + roll.next(2) }).catch(() => null)
      : null
  const both = !door && !held && roll.next(4) === 0
  const items = held
    ? [{ reservationId: held }]
    : [
        { variantId: shelf.variantId, quantity: 1 + roll.next(3) },
        ...(both ? [{ variantId: shelves[(index + 1) % 3]!.variantId, quantity: 1 }] : []),
      ]
  await buy(world, buyer, shelf, {
    items,
    token: card,
    method: door ? 'cod' : 'card',
    shelves,
    key: roll.next(8) === 0 ? `again-${roll.next(3)}` : undefined,
  })
}

async function touchSomething(scene: Scene): Promise<void> {
  const { world, roll } = scene
  const orders = await world.ctx.rows<OrderRow>(sql`select * from orders.order order by id`)
  if (orders.length === 0) return
  const one = roll.pick(orders)
  const shelf = scene.shelves.find((s) => s.shopId === one.shop_id)!
  const buyer = scene.buyers.find((b) => b.id === one.person_id)!
  const ofShop = { shopId: one.shop_id, orderId: one.id }
  const parcel = { shopId: one.shop_id, parcelId: one.parcel_id }
  const page = await world.must(buyer, order, { orderId: one.id })
  const acts = [
    () => world.call(buyer, cancelOrder, { orderId: one.id }),
    () => world.call(shelf.owner, cancelShopOrder, ofShop),
    () => world.call(buyer, payAgain, { checkoutId: one.checkout_id, token: roll.pick(testCards).token }),
    () => world.call(buyer, confirmPayment, { checkoutId: one.checkout_id }),
    async () =>
      page.payment?.state === 'requires_action' &&
      (await world.call(buyer, answerTestChallenge, { paymentId: page.payment.id, approve: roll.next(3) > 0 })),
    () => world.call(shelf.owner, packParcel, parcel),
    () => world.call(shelf.owner, shipParcel, { ...parcel, carrier: 'Post', tracking: '1' }),
    () => world.call(shelf.owner, deliverParcel, parcel),
    () =>
      world.call(shelf.owner, refundOrder, {
        ...ofShop,
        key: newKey(),
        reason: 'test',
        amount: { amount: 1 + roll.next(5000), currency: 'RUB' },
      }),
    () =>
      world.call(shelf.owner, refundOrder, {
        ...ofShop,
        key: newKey(),
        reason: 'test',
        returned: [{ lineId: page.lines[0]!.id, quantity: 1 }],
      }),
    () => world.call(shelf.owner, refundOrder, { ...ofShop, key: newKey(), reason: 'test' }),
  ]
  await roll.pick(acts)()
}

for (const seed of [1, 20, 333, 4_444, 55_555]) {
  test(`[ORD19] seed ${seed}: whatever buyers, cards, shops and time do, books, units and orders agree`, async () => {
    const scene = await open(seed)
    await using world = scene.world
    for (let step = 0; step < 25; step++) {
      const together = 1 + scene.roll.next(4)
      await Promise.all(
        Array.from({ length: together }, () => (scene.roll.next(2) === 0 ? buySomething(scene) : touchSomething(scene))),
      )
      if (scene.roll.next(3) === 0) await world.advance(scene.roll.next(10) * 60_000)
    }
    await world.advance(4 * 3_600_000)
    expect(await differences(world)).toEqual([])
    expect(await world.ctx.rows(sql`select id, state from orders.order where state = 'placed' and confirmed_at is null`)).toEqual(
      [],
    )
    expect(
      await world.ctx.rows(
        sql`select id, state, wanted from payments.payment where wanted is not null or state in ('unknown', 'requires_action')`,
      ),
    ).toEqual([])
    expect(await world.ctx.rows(sql`select id, state from stock.reservation where state in ('held', 'committed')`)).toEqual([])
    expect([...world.jobs.failures]).toEqual([])
  })
}
