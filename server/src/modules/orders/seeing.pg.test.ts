import type { Out } from '@efir/contract/act.ts'
import { shopBalances } from '@efir/contract/ledger.ts'
import {
  addressForm,
  cancelOrder,
  cancelShopOrder,
  cart,
  checkout,
  deliveryMethods,
  dropFromCart,
  findOrder,
  keepInCart,
  myOrders,
  order,
  orderCounts,
  packing,
  packParcel,
  type placeOrder,
  refundOrder,
  removeDeliveryMethod,
  saveDeliveryMethod,
  setCartLine,
  shipParcel,
  shopOrder,
  shopOrders,
} from '@efir/contract/orders.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openWorld, type TestPerson, type World } from '../../../test/world.ts'
import type { AnyEvent } from '../../kernel/events.ts'
import { sql } from '../../kernel/sql.ts'
import { guestClaimed } from '../identity/events.ts'
import { shelvesOf } from '../stock/views.ts'
import { verifierChecks } from './contributes.ts'
import { bought, differences, newKey, openShelf, price, reserved, type Shelf } from './testing.ts'
import { orderLetter } from './views/letter.ts'

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
const _left = async (shelf: Shelf) => (await shelvesOf(world.ctx, [shelf.variantId])).get(shelf.variantId)?.left
const _owed = async (shelf: Shelf) => (await world.must(shelf.owner, shopBalances, { shopId: shelf.shopId })).balances[0]
const _toldOf = (placed: Placed) =>
  heard.filter((e) => (e.body as { checkoutId?: string }).checkoutId === placed.id).map((e) => e.type)

async function _sent(shelf: Shelf, buyer: TestPerson, placed: Placed): Promise<string> {
  const { parcel } = await pageOf(buyer, placed)
  await world.must(shelf.owner, packParcel, { shopId: shelf.shopId, parcelId: parcel.id })
  await world.must(shelf.owner, shipParcel, { shopId: shelf.shopId, parcelId: parcel.id, carrier: 'Post', tracking: 'X1' })
  return parcel.id
}

test('[ORD15] a guest opens an order again by number and e-mail; a stranger and a wrong e-mail find nothing', async () => {
  const shelf = await openShelf(world)
  const [guest, stranger] = [await world.person(), await world.person()]
  const placed = await bought(world, guest, shelf, { email: 'Guest@Mail.example' })
  const { number, id } = await pageOf(guest, placed)
  const typed = number.toLowerCase().replace('-', ' ')
  expect(await world.must(null, findOrder, { number: typed, email: 'guest@mail.EXAMPLE' })).toMatchObject({ id, number })
  expect(await world.call(null, findOrder, { number, email: 'other@mail.example' })).toMatchObject({
    ok: false,
    refusal: 'not_found',
  })
  expect(
    await world.call(null, findOrder, {
      number: `${number.slice(0, -1)}${number.endsWith('2') ? '3' : '2'}`,
      email: 'guest@mail.example',
    }),
  ).toMatchObject({ ok: false, refusal: 'not_found' })
  for (const act of [order, cancelOrder] as const) {
    expect(await world.call(stranger, act, { orderId: id })).toMatchObject({ ok: false, refusal: 'not_found' })
    expect(await world.call(stranger, act, { orderId: id, email: 'other@mail.example' })).toMatchObject({
      ok: false,
      refusal: 'not_found',
    })
  }
  expect(await world.call(stranger, checkout, { checkoutId: placed.id })).toMatchObject({ ok: false, refusal: 'not_found' })
  expect(await world.must(stranger, cancelOrder, { orderId: id, email: 'guest@mail.example' })).toMatchObject({
    state: 'cancelled',
  })
  const account = await world.person({ kind: 'account' })
  await world.kernel.db.run(sql`update identity.person set claimed_by = ${account.id} where id = ${guest.id}`)
  expect((await world.must(account, myOrders, {})).items.map((o) => o.id)).toEqual([id])
  expect(await world.must(account, order, { orderId: id })).toMatchObject({ id })
})

test('[ORD15] another shop sees and touches nothing', async () => {
  const [shelf, other] = [await openShelf(world), await openShelf(world)]
  const buyer = await world.person()
  const placed = await bought(world, buyer, shelf)
  const { parcel } = await pageOf(buyer, placed)
  const foreign = { shopId: other.shopId, orderId: idOf(placed) }
  expect(await world.call(other.owner, shopOrder, foreign)).toMatchObject({ ok: false })
  expect(await world.call(other.owner, cancelShopOrder, foreign)).toMatchObject({ ok: false })
  expect(await world.call(other.owner, refundOrder, { ...foreign, key: newKey(), reason: 'x' })).toMatchObject({ ok: false })
  expect(await world.call(other.owner, packParcel, { shopId: other.shopId, parcelId: parcel.id })).toMatchObject({ ok: false })
  expect(await world.call(other.owner, removeDeliveryMethod, { shopId: other.shopId, deliveryId: shelf.methodId })).toMatchObject(
    { ok: false },
  )
  expect(await world.call(other.owner, shopOrders, { shopId: shelf.shopId })).toMatchObject({ ok: false, refusal: 'not_allowed' })
  expect((await pageOf(buyer, placed)).state).toBe('paid')
})

test('a shop finds its orders by state, words, show and time, page by page', async () => {
  const shelf = await openShelf(world)
  const showId = world.kernel.ids.make('show')
  const placed: Placed[] = []
  for (let i = 0; i < 5; i++) {
    const buyer = await world.person()
    const items = i === 4 ? [{ reservationId: await reserved(world, shelf, buyer, { showId }) }] : undefined
    placed.push(
      await bought(world, buyer, shelf, { items, email: `b${i}@mail.example`, token: i === 0 ? 'tok_test_decline' : undefined }),
    )
    await world.advance(1000)
  }
  const { shopId, owner } = shelf
  const ids = (list: readonly { id: string }[]) => list.map((o) => o.id)
  const newest = placed.map(idOf).toReversed()
  const page = await world.must(owner, shopOrders, { shopId, limit: 3 })
  expect(ids(page.items)).toEqual(newest.slice(0, 3))
  expect(ids((await world.must(owner, shopOrders, { shopId, limit: 3, after: page.next })).items)).toEqual(newest.slice(3))
  expect(ids((await world.must(owner, shopOrders, { shopId, state: ['placed'] })).items)).toEqual([newest[4]])
  expect(ids((await world.must(owner, shopOrders, { shopId, search: 'MARTIN b2@' })).items)).toEqual([newest[2]])
  expect(
    ids(
      (await world.must(owner, shopOrders, { shopId, search: placed[1]!.orders[0]!.number.replace('-', '').toLowerCase() }))
        .items,
    ),
  ).toEqual([newest[3]])
  expect(ids((await world.must(owner, shopOrders, { shopId, search: '%' })).items)).toEqual([])
  expect(ids((await world.must(owner, shopOrders, { shopId, showId })).items)).toEqual([newest[0]])
  expect(ids((await world.must(owner, shopOrders, { shopId, fromAt: placed[3]!.orders[0]!.placedAt })).items)).toEqual(
    newest.slice(0, 2),
  )
  expect((await world.must(owner, orderCounts, { shopId })).counts).toEqual([
    { state: 'paid', count: 4 },
    { state: 'placed', count: 1 },
  ])
  expect((await world.must(owner, packing, { shopId, state: 'open' })).items.flatMap((p) => ids(p.orders))).toEqual(
    newest.slice(0, 4).toReversed(),
  )
})

test('[ORD18] a cart has prices of now, reserved units at theirs, and loses what lapsed or was bought', async () => {
  const shelf = await openShelf(world, { units: 30 })
  const buyer = await world.person()
  const market = 'FR'
  await world.must(buyer, setCartLine, { market, variantId: shelf.variantId, quantity: 2 })
  await price(world, shelf.variantId, 3000, 'EUR')
  const reservationId = await reserved(world, shelf, buyer, { amount: 1500 })
  const full = await world.must(buyer, keepInCart, { market, reservationId })
  expect(full).toMatchObject({
    goods: { amount: 7500 },
    lines: [
      { quantity: 2, unitPrice: { amount: 3000 }, left: 27 },
      { unitPrice: { amount: 1500 }, source: { kind: 'lot' } },
    ],
  })
  const placed = await bought(world, buyer, shelf, { items: full.lines.map((l) => l.item) })
  expect(placed).toMatchObject({ state: 'paid', total: { amount: 7990 } })
  expect((await world.must(buyer, cart, { market })).lines).toEqual([])
  const short = await reserved(world, shelf, buyer, { holdMs: 5000 })
  const line = (await world.must(buyer, keepInCart, { market, reservationId: short })).lines[0]!
  await world.advance(6000)
  expect(await world.must(buyer, cart, { market })).toMatchObject({ lines: [], gone: 1 })
  const held = await reserved(world, shelf, buyer)
  const kept = (await world.must(buyer, keepInCart, { market, reservationId: held })).lines[0]!
  expect(await world.must(buyer, dropFromCart, { market, cartLineId: kept.id })).toMatchObject({ lines: [] })
  expect(await world.call(buyer, keepInCart, { market, reservationId: held })).toMatchObject({
    ok: false,
    refusal: 'reservation_gone',
  })
  expect(await world.call(await world.person(), dropFromCart, { market, cartLineId: line.id })).toMatchObject({
    ok: false,
    refusal: 'not_found',
  })
  expect(await world.must(buyer, setCartLine, { market, variantId: shelf.variantId, quantity: 0 })).toMatchObject({ lines: [] })
  expect(await world.call(buyer, setCartLine, { market: 'US', variantId: shelf.variantId, quantity: 1 })).toMatchObject({
    ok: false,
    refusal: 'currency_unknown',
  })
})

test('[ORD18] lines that lapsed never fill a cart', async () => {
  const shelf = await openShelf(world)
  const buyer = await world.person()
  const market = 'FR'
  for (let i = 0; i < 50; i++) {
    await world.kernel.db.run(
      sql`insert into orders.cart_line (id, person_id, market, variant_id, quantity, reservation_id, added_at)
          values (${world.kernel.ids.make('cart')}, ${buyer.id}, ${market}, ${shelf.variantId}, 1, ${world.kernel.ids.make('reservation')}, now())`,
    )
  }
  expect(await world.must(buyer, cart, { market })).toMatchObject({ lines: [], gone: 50 })
  expect((await world.must(buyer, setCartLine, { market, variantId: shelf.variantId, quantity: 1 })).lines).toHaveLength(1)
})

test('[ORD18] signing in keeps the cart', async () => {
  const [shelf, other] = [await openShelf(world), await openShelf(world)]
  const [guest, person] = [await world.person(), await world.person({ kind: 'account' })]
  const market = 'FR'
  await world.must(person, setCartLine, { market, variantId: shelf.variantId, quantity: 1 })
  await world.must(guest, setCartLine, { market, variantId: shelf.variantId, quantity: 3 })
  await world.must(guest, setCartLine, { market, variantId: other.variantId, quantity: 2 })
  await world.must(guest, keepInCart, { market, reservationId: await reserved(world, shelf, guest) })
  await world.tx(async (tx) => {
    await tx.run(sql`update identity.person set claimed_by = ${person.id} where id = ${guest.id}`)
    await tx.announce(guestClaimed, { guestId: guest.id, personId: person.id })
  })
  await world.settle()
  const mine = await world.must(person, cart, { market })
  expect(mine.lines.map((l) => [l.variantId, l.quantity, l.source.kind]).toSorted()).toEqual(
    [
      [shelf.variantId, 3, 'shop'],
      [other.variantId, 2, 'shop'],
      [shelf.variantId, 1, 'lot'],
    ].toSorted(),
  )
  expect((await world.must(guest, cart, { market })).lines).toEqual([])
  const items = mine.lines.map((l) => l.item)
  expect((await bought(world, person, shelf, { items, shelves: [shelf, other] })).state).toBe('paid')
})

test('ways of delivery: added, changed, no longer offered', async () => {
  const shelf = await openShelf(world)
  const { shopId, owner } = shelf
  const fields = {
    kind: 'pickup' as const,
    name: { en: 'Point' },
    prices: { EUR: 0 },
    countries: ['FR'],
    daysMin: 1,
    daysMax: 2,
    position: 1,
  }
  const made = await world.must(owner, saveDeliveryMethod, { shopId, ...fields })
  expect(
    await world.must(owner, saveDeliveryMethod, { shopId, deliveryId: made.id, ...fields, prices: { EUR: 100 } }),
  ).toMatchObject({ id: made.id, prices: { EUR: 100 } })
  expect((await world.must(null, deliveryMethods, { shopId })).methods).toHaveLength(2)
  await world.must(owner, removeDeliveryMethod, { shopId, deliveryId: made.id })
  expect((await world.must(null, deliveryMethods, { shopId })).methods.map((m) => m.id)).toEqual([shelf.methodId])
  expect(await world.call(owner, saveDeliveryMethod, { shopId, ...fields, daysMax: 0 })).toMatchObject({
    ok: false,
    refusal: 'bad_input',
  })
})

test('[ORD16] the form of an address is that of its country', async () => {
  expect(await world.must(null, addressForm, { country: 'FR' })).toMatchObject({
    callingCode: '+33',
    fields: expect.arrayContaining([expect.objectContaining({ name: 'postcode', required: true })]),
  })
  expect(await world.must(null, addressForm, { country: 'JP' })).toMatchObject({
    callingCode: '+81',
    fields: expect.arrayContaining([expect.objectContaining({ name: 'region', required: true })]),
  })
})

test('a letter about an order has everything in the language of its buyer', async () => {
  const shelf = await openShelf(world, { settings: { mail: 'shop@mail.example' } })
  const buyer = await world.person()
  const placed = await bought(world, buyer, shelf)
  expect(await orderLetter(world.ctx, idOf(placed))).toMatchObject({
    to: 'buyer@example.com',
    locale: 'en',
    replyTo: 'shop@mail.example',
    order: { state: 'paid', lines: [{}, {}] },
    texts: { returns: 'checkout.returns14' },
  })
})

test('[ORD14] numbers of one shop say nothing about how many there are', async () => {
  const rows = await world.ctx.rows<{ number: string }>(sql`select number from orders.order order by id`)
  expect(rows.length).toBeGreaterThan(8)
  expect(new Set(rows.map((r) => r.number.slice(0, 3))).size).toBeGreaterThan(rows.length * 0.8)
})

test('[ORD19] the verifier finds a total, a reservation and a refund that were tampered with', async () => {
  await using other = await openWorld()
  const shelf = await openShelf(other)
  const buyer = await other.person()
  const placed = await bought(other, buyer, shelf)
  const run = async () => (await Promise.all(verifierChecks.map((c) => c.run(other.ctx)))).flat()
  expect(await differences(other)).toEqual([])
  const change = async (query: ReturnType<typeof sql>, undo: ReturnType<typeof sql>, finds: RegExp) => {
    await other.kernel.db.run(query)
    expect((await run()).join('\n')).toMatch(finds)
    await other.kernel.db.run(undo)
    expect(await run()).toEqual([])
  }
  await change(
    sql`update orders.order set total_amount = total_amount + 1`,
    sql`update orders.order set total_amount = total_amount - 1`,
    /total is 2991, its lines say 2990[\s\S]*ledger holds 2990/,
  )
  await change(
    sql`update orders.line set tax_amount = tax_amount + 1 where kind = 'goods'`,
    sql`update orders.line set tax_amount = tax_amount - 1 where kind = 'goods'`,
    /counted wrong/,
  )
  await change(
    sql`update orders.order set refunded_amount = 5`,
    sql`update orders.order set refunded_amount = 0`,
    /refunded 5, refunds sum to 0/,
  )
  await change(
    sql`update stock.reservation set state = 'released'`,
    sql`update stock.reservation set state = 'paid'`,
    /is sold in .* but its state is released/,
  )
  expect(placed.state).toBe('paid')
})
