import type { Out } from '@efir/contract/act.ts'
import { shopBalances } from '@efir/contract/ledger.ts'
import {
  cancelOrder,
  cancelShopOrder,
  deliverParcel,
  order,
  packing,
  packParcel,
  type placeOrder,
  refundOrder,
  shipParcel,
} from '@efir/contract/orders.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openWorld, type TestPerson, type World } from '../../../test/world.ts'
import type { AnyEvent } from '../../kernel/events.ts'
import { sql } from '../../kernel/sql.ts'
import { shelvesOf } from '../stock/views.ts'
import { addresses, bought, buy, differences, newKey, openShelf, reserved, type Shelf } from './testing.ts'

let world: World
const heard: AnyEvent[] = []
beforeAll(async () => {
  world = await openWorld()
  world.kernel.events.follow((event) => void heard.push(event))
})
afterAll(async () => {
  expect(await differences(world)).toEqual([])
  await world[Symbol.asyncDispose]()
})

type Placed = Out<typeof placeOrder>
const idOf = (placed: Placed): string => placed.orders[0]!.id
const pageOf = (buyer: TestPerson, placed: Placed) => world.must(buyer, order, { orderId: idOf(placed) })
const left = async (shelf: Shelf) => (await shelvesOf(world.ctx, [shelf.variantId])).get(shelf.variantId)?.left
const owed = async (shelf: Shelf) => (await world.must(shelf.owner, shopBalances, { shopId: shelf.shopId })).balances[0]
const toldOf = (placed: Placed) =>
  heard.filter((e) => (e.body as { checkoutId?: string }).checkoutId === placed.id).map((e) => e.type)

async function sent(shelf: Shelf, buyer: TestPerson, placed: Placed): Promise<string> {
  const { parcel } = await pageOf(buyer, placed)
  await world.must(shelf.owner, packParcel, { shopId: shelf.shopId, parcelId: parcel.id })
  await world.must(shelf.owner, shipParcel, { shopId: shelf.shopId, parcelId: parcel.id, carrier: 'Post', tracking: 'X1' })
  return parcel.id
}

test('[ORD12] cancelled before packing: all money and units go back', async () => {
  const shelf = await openShelf(world)
  const buyer = await world.person()
  const placed = await bought(world, buyer, shelf, { items: [{ variantId: shelf.variantId, quantity: 3 }] })
  expect(await world.must(buyer, cancelOrder, { orderId: idOf(placed) })).toMatchObject({
    state: 'cancelled',
    cancelReason: 'buyer',
    refunded: { amount: 7990 },
    refunds: [{ state: 'asked' }],
  })
  await world.settle()
  expect(await pageOf(buyer, placed)).toMatchObject({ refunds: [{ state: 'done', amount: { amount: 7990 } }], canCancel: false })
  expect(await left(shelf)).toBe(10)
  expect(await owed(shelf)).toMatchObject({ owed: { amount: -120 }, sales: { amount: 7990 }, returned: { amount: 7990 } })
  expect(await world.call(buyer, cancelOrder, { orderId: idOf(placed) })).toMatchObject({ ok: false, refusal: 'order_state' })
})

test('[ORD12] what was not paid is cancelled without a refund; what is being paid is not cancelled', async () => {
  const shelf = await openShelf(world)
  const buyer = await world.person()
  const declined = await bought(world, buyer, shelf, { token: 'tok_test_decline' })
  expect(await world.must(buyer, cancelOrder, { orderId: idOf(declined) })).toMatchObject({ state: 'cancelled', refunds: [] })
  expect(await left(shelf)).toBe(10)
  const unknown = await bought(world, buyer, shelf, { token: 'tok_test_timeout' })
  expect(await pageOf(buyer, unknown)).toMatchObject({ canCancel: false })
  expect(await world.call(buyer, cancelOrder, { orderId: idOf(unknown) })).toMatchObject({
    ok: false,
    refusal: 'payment_pending',
  })
  await world.advance(10_000)
  expect(await world.must(buyer, cancelOrder, { orderId: idOf(unknown) })).toMatchObject({
    state: 'cancelled',
    refunded: { amount: 2990 },
  })
})

test('[ORD11] placed → paid → packed → shipped → delivered, each once and in order', async () => {
  const shelf = await openShelf(world)
  const buyer = await world.person()
  const placed = await bought(world, buyer, shelf)
  const { parcel } = await pageOf(buyer, placed)
  const at = { shopId: shelf.shopId, parcelId: parcel.id }
  expect(await world.call(shelf.owner, shipParcel, { ...at, carrier: '', tracking: '' })).toMatchObject({
    ok: false,
    refusal: 'order_state',
  })
  expect(await world.must(shelf.owner, packParcel, at)).toMatchObject({
    state: 'packed',
    orders: [{ state: 'packed', lines: [{ quantity: 1 }] }],
  })
  expect(await world.call(buyer, cancelOrder, { orderId: idOf(placed) })).toMatchObject({ ok: false, refusal: 'order_state' })
  expect(await world.call(shelf.owner, packParcel, at)).toMatchObject({ ok: false, refusal: 'order_state' })
  expect(await world.must(shelf.owner, shipParcel, { ...at, carrier: 'Post', tracking: 'RR123' })).toMatchObject({
    state: 'shipped',
    carrier: 'Post',
    tracking: 'RR123',
  })
  expect(await world.call(shelf.owner, cancelShopOrder, { shopId: shelf.shopId, orderId: idOf(placed) })).toMatchObject({
    ok: false,
    refusal: 'order_state',
  })
  expect(await world.must(shelf.owner, deliverParcel, at)).toMatchObject({ state: 'delivered' })
  expect(await pageOf(buyer, placed)).toMatchObject({ state: 'delivered', parcel: { tracking: 'RR123' } })
  await world.settle()
  expect(toldOf(placed)).toEqual([
    'order.placed',
    'order.confirmed',
    'order.paid',
    'order.packed',
    'order.shipped',
    'order.delivered',
  ])
})

test('[ORD11] an order that is still being paid is not packed, and keeps a parcel of its own', async () => {
  const shelf = await openShelf(world)
  const buyer = await world.person()
  const showId = world.kernel.ids.make('show')
  const first = await bought(world, buyer, shelf, { items: [{ reservationId: await reserved(world, shelf, buyer, { showId }) }] })
  const second = await bought(world, buyer, shelf, {
    items: [{ reservationId: await reserved(world, shelf, buyer, { showId }) }],
    token: 'tok_test_timeout',
  })
  const { parcel } = await pageOf(buyer, first)
  expect((await pageOf(buyer, second)).parcel.id).toBe(parcel.id)
  const packed = await world.must(shelf.owner, packParcel, { shopId: shelf.shopId, parcelId: parcel.id })
  expect(packed.orders.map((o) => o.id)).toEqual([idOf(first)])
  await world.advance(10_000)
  const page = await pageOf(buyer, second)
  expect(page.state).toBe('paid')
  expect(page.parcel.id).not.toBe(parcel.id)
})

test('[ORD9] at the door: sold when placed, paid when delivered', async () => {
  const shelf = await openShelf(world, { market: 'PH', amount: 50_000, delivery: 5000 })
  const buyer = await world.person()
  const placed = await bought(world, buyer, shelf, { method: 'cod' })
  expect(placed).toMatchObject({ state: 'at_the_door', payment: { state: 'authorised', method: 'cod' } })
  expect(await left(shelf)).toBe(9)
  expect(await owed(shelf)).toMatchObject({ owed: { amount: 55_000 }, cash: { amount: 0 } })
  const parcelId = await sent(shelf, buyer, placed)
  expect((await world.must(shelf.owner, packing, { shopId: shelf.shopId, state: 'shipped' })).items[0]).toMatchObject({
    id: parcelId,
    toCollect: { amount: 55_000, currency: 'PHP' },
  })
  expect((await pageOf(buyer, placed)).paidAt).toBeUndefined()
  await world.must(shelf.owner, deliverParcel, { shopId: shelf.shopId, parcelId })
  await world.settle()
  expect(await pageOf(buyer, placed)).toMatchObject({
    state: 'delivered',
    payment: { state: 'captured' },
    paidAt: world.clock.now(),
  })
  expect(await owed(shelf)).toMatchObject({ owed: { amount: 0 }, sales: { amount: 55_000 }, cash: { amount: 55_000 } })
  expect(toldOf(placed)).toEqual([
    'order.placed',
    'order.confirmed',
    'order.packed',
    'order.shipped',
    'order.delivered',
    'order.paid',
  ])
})

test('[ORD9] [ORD12] at the door, cancelled: the sale is undone and nobody comes for money', async () => {
  const shelf = await openShelf(world, { market: 'PH' })
  const buyer = await world.person()
  const placed = await bought(world, buyer, shelf, { method: 'cod' })
  await world.must(buyer, cancelOrder, { orderId: idOf(placed) })
  await world.settle()
  expect(await pageOf(buyer, placed)).toMatchObject({ state: 'cancelled', payment: { state: 'voided' }, refunds: [] })
  expect([await left(shelf), (await owed(shelf))?.owed.amount]).toEqual([10, 0])
})

test('[ORD9] two shops at the door each take their own', async () => {
  const [a, b] = [await openShelf(world, { market: 'PH' }), await openShelf(world, { market: 'PH' })]
  const buyer = await world.person()
  const placed = await bought(world, buyer, a, {
    method: 'cod',
    items: [
      { variantId: a.variantId, quantity: 1 },
      { variantId: b.variantId, quantity: 1 },
    ],
    shelves: [a, b],
  })
  expect(placed.state).toBe('at_the_door')
  expect([(await owed(a))?.owed.amount, (await owed(b))?.owed.amount]).toEqual([2990, 2990])
})

test('[ORD10] purchases in one show share a parcel and one delivery until it is packed', async () => {
  const shelf = await openShelf(world, { units: 30 })
  const [buyer, other] = [await world.person(), await world.person()]
  const showId = world.kernel.ids.make('show')
  const purchase = async (who: TestPerson, show: string, given: object = {}) =>
    pageOf(
      who,
      await bought(world, who, shelf, {
        items: [{ reservationId: await reserved(world, shelf, who, { showId: show }) }],
        ...given,
      }),
    )
  const first = await purchase(buyer, showId)
  const second = await purchase(buyer, showId)
  expect([first.delivery.amount, second.delivery.amount, second.parcel.id]).toEqual([490, 0, first.parcel.id])
  const elsewhere = await purchase(buyer, showId, { address: { ...addresses.FR, line1: '1 autre rue' } })
  const otherShow = await purchase(buyer, world.kernel.ids.make('show'))
  const otherBuyer = await purchase(other, showId)
  expect([elsewhere, otherShow, otherBuyer].map((p) => [p.delivery.amount, p.parcel.id === first.parcel.id])).toEqual([
    [490, false],
    [490, false],
    [490, false],
  ])
  await world.must(shelf.owner, packParcel, { shopId: shelf.shopId, parcelId: first.parcel.id })
  const late = await purchase(buyer, showId, { address: { ...addresses.FR, name: ' jeanne  MARTIN ' } })
  expect([late.delivery.amount, late.parcel.id === first.parcel.id]).toEqual([490, false])
})

test('[ORD10] two purchases at the same moment never both ride free', async () => {
  const shelf = await openShelf(world)
  const buyer = await world.person()
  const showId = world.kernel.ids.make('show')
  const ids = [await reserved(world, shelf, buyer, { showId }), await reserved(world, shelf, buyer, { showId })]
  const answers = await Promise.all(ids.map((reservationId) => buy(world, buyer, shelf, { items: [{ reservationId }] })))
  const pages = await Promise.all(answers.filter((a) => a.ok).map((a) => pageOf(buyer, (a as { value: Placed }).value)))
  expect(pages.filter((p) => p.delivery.amount === 490).length).toBeGreaterThanOrEqual(1)
  for (const answer of answers) if (!answer.ok) expect(answer.refusal).toBe('price_changed')
})

test('[ORD12] the delivery of a parcel is kept while another order still uses it, and not longer', async () => {
  const shelf = await openShelf(world)
  const buyer = await world.person()
  const showId = world.kernel.ids.make('show')
  const first = await bought(world, buyer, shelf, { items: [{ reservationId: await reserved(world, shelf, buyer, { showId }) }] })
  const second = await bought(world, buyer, shelf, {
    items: [{ reservationId: await reserved(world, shelf, buyer, { showId }) }],
  })
  expect(await world.must(buyer, cancelOrder, { orderId: idOf(first) })).toMatchObject({ refunded: { amount: 1990 } })
  expect(await world.must(buyer, cancelOrder, { orderId: idOf(second) })).toMatchObject({
    refunded: { amount: 1990 },
    parcel: { state: 'empty' },
  })
  await world.settle()
  expect(await pageOf(buyer, first)).toMatchObject({
    refunded: { amount: 2480 },
    refunds: [
      { state: 'done', amount: { amount: 1990 } },
      { state: 'done', amount: { amount: 490 } },
    ],
  })
})

test('[ORD12] a delivery is not given back first and ridden on afterwards', async () => {
  const shelf = await openShelf(world)
  const buyer = await world.person()
  const showId = world.kernel.ids.make('show')
  const first = await bought(world, buyer, shelf, { items: [{ reservationId: await reserved(world, shelf, buyer, { showId }) }] })
  const second = await bought(world, buyer, shelf, {
    items: [{ reservationId: await reserved(world, shelf, buyer, { showId }) }],
    token: 'tok_test_decline',
  })
  expect(await world.must(buyer, cancelOrder, { orderId: idOf(first) })).toMatchObject({ refunded: { amount: 1990 } })
  await world.advance(600_000)
  expect(await pageOf(buyer, second)).toMatchObject({ state: 'cancelled', cancelReason: 'unpaid' })
  expect(await pageOf(buyer, first)).toMatchObject({ refunded: { amount: 2480 } })
})

test('[ORD12] two orders of a parcel cancelled at the same moment leave nothing behind', async () => {
  const shelf = await openShelf(world)
  const buyer = await world.person()
  const showId = world.kernel.ids.make('show')
  const both = [
    await bought(world, buyer, shelf, { items: [{ reservationId: await reserved(world, shelf, buyer, { showId }) }] }),
    await bought(world, buyer, shelf, { items: [{ reservationId: await reserved(world, shelf, buyer, { showId }) }] }),
  ]
  await Promise.all(both.map((placed) => world.must(buyer, cancelOrder, { orderId: idOf(placed) })))
  await world.settle()
  const pages = await Promise.all(both.map((placed) => pageOf(buyer, placed)))
  expect(pages.map((p) => [p.refunded.amount, p.parcel.state])).toEqual([
    [2480, 'empty'],
    [1990, 'empty'],
  ])
})

test('[ORD13] a part, then returned units, then the rest; never more than the order', async () => {
  const shelf = await openShelf(world)
  const buyer = await world.person()
  const placed = await bought(world, buyer, shelf, { items: [{ variantId: shelf.variantId, quantity: 3 }] })
  const parcelId = await sent(shelf, buyer, placed)
  await world.must(shelf.owner, deliverParcel, { shopId: shelf.shopId, parcelId })
  const of = { shopId: shelf.shopId, orderId: idOf(placed), reason: 'a scratch' }
  const key = newKey()
  expect(await world.must(shelf.owner, refundOrder, { ...of, key, amount: { amount: 500, currency: 'EUR' } })).toMatchObject({
    state: 'delivered',
    refunded: { amount: 500 },
  })
  expect(await world.must(shelf.owner, refundOrder, { ...of, key, amount: { amount: 500, currency: 'EUR' } })).toMatchObject({
    refunded: { amount: 500 },
  })
  const line = (await pageOf(buyer, placed)).lines[0]!
  expect(
    await world.must(shelf.owner, refundOrder, { ...of, key: newKey(), returned: [{ lineId: line.id, quantity: 2 }] }),
  ).toMatchObject({ refunded: { amount: 5500 }, lines: [{ returned: 2 }, {}] })
  expect(await left(shelf)).toBe(9)
  expect(
    await world.call(shelf.owner, refundOrder, { ...of, key: newKey(), returned: [{ lineId: line.id, quantity: 2 }] }),
  ).toMatchObject({ ok: false, refusal: 'bad_input' })
  expect(
    await world.call(shelf.owner, refundOrder, { ...of, key: newKey(), amount: { amount: 2491, currency: 'EUR' } }),
  ).toMatchObject({ ok: false, refusal: 'refund_too_large', params: { left: 2490 } })
  expect(await world.must(shelf.owner, refundOrder, { ...of, key: newKey() })).toMatchObject({
    state: 'refunded',
    refunded: { amount: 7990 },
  })
  expect(await world.call(shelf.owner, refundOrder, { ...of, key: newKey() })).toMatchObject({
    ok: false,
    refusal: 'order_state',
  })
  await world.settle()
  expect(await owed(shelf)).toMatchObject({ returned: { amount: 7990 }, sales: { amount: 7990 } })
})

test('[ORD13] a refund the provider refuses is taken out of the books again and told', async () => {
  const shelf = await openShelf(world)
  const buyer = await world.person()
  const placed = await bought(world, buyer, shelf, { token: 'tok_test_refund_fail' })
  await world.must(shelf.owner, refundOrder, { shopId: shelf.shopId, orderId: idOf(placed), key: newKey(), reason: 'test' })
  expect((await pageOf(buyer, placed)).state).toBe('refunded')
  await world.settle()
  expect(await pageOf(buyer, placed)).toMatchObject({ state: 'paid', refunded: { amount: 0 }, refunds: [{ state: 'refused' }] })
  expect(toldOf(placed)).toContain('order.refund_failed')
  await world.must(buyer, cancelOrder, { orderId: idOf(placed) })
  await world.settle()
  expect(await pageOf(buyer, placed)).toMatchObject({ state: 'cancelled', refunded: { amount: 0 } })
  await world.kernel.db.run(
    sql`update payments.test_intent set token = 'tok_test_success' where payment_id = (select payment_id from orders.order where id = ${idOf(placed)})`,
  )
  await world.must(shelf.owner, refundOrder, { shopId: shelf.shopId, orderId: idOf(placed), key: newKey(), reason: 'by hand' })
  await world.settle()
  expect(await pageOf(buyer, placed)).toMatchObject({ state: 'cancelled', refunded: { amount: 2990 } })
})

test('[ORD9] [ORD13] money taken at the door is given back by the shop', async () => {
  const shelf = await openShelf(world, { market: 'PH' })
  const buyer = await world.person()
  const placed = await bought(world, buyer, shelf, { method: 'cod' })
  const parcelId = await sent(shelf, buyer, placed)
  const refund = { shopId: shelf.shopId, orderId: idOf(placed), key: newKey(), reason: 'test' }
  expect(await world.call(shelf.owner, refundOrder, refund)).toMatchObject({ ok: false, refusal: 'order_state' })
  await world.must(shelf.owner, deliverParcel, { shopId: shelf.shopId, parcelId })
  await world.settle()
  await world.must(shelf.owner, refundOrder, refund)
  await world.settle()
  expect(await owed(shelf)).toMatchObject({ owed: { amount: 0 }, returned: { amount: 2990 }, cash: { amount: 0 } })
})
