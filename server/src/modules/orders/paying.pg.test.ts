import type { Out } from '@efir/contract/act.ts'
import { shopBalances } from '@efir/contract/ledger.ts'
import { checkout as checkoutAct, confirmPayment, order, payAgain, type placeOrder, quote } from '@efir/contract/orders.ts'
import { answerTestChallenge } from '@efir/contract/payments.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openWorld, type TestPerson, type World } from '../../../test/world.ts'
import type { AnyEvent } from '../../kernel/events.ts'
import { sql } from '../../kernel/sql.ts'
import { quota } from '../stock/testing.ts'
import { countsOf, shelvesOf } from '../stock/views.ts'
import { addresses, bought, buy, differences, newKey, openShelf, price, reserved, type Shelf } from './testing.ts'
import { signOffer } from './verbs/pricing.ts'

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
const minutes = 60_000
const pageOf = (buyer: TestPerson, placed: Placed, index = 0) => world.must(buyer, order, { orderId: placed.orders[index]!.id })
const stateOf = async (buyer: TestPerson, placed: Placed) =>
  (await world.must(buyer, checkoutAct, { checkoutId: placed.id })).state
const left = async (shelf: Shelf) => (await shelvesOf(world.ctx, [shelf.variantId])).get(shelf.variantId)?.left
const owed = async (shelf: Shelf) =>
  (await world.must(shelf.owner, shopBalances, { shopId: shelf.shopId })).balances.find((b) => b.currency === shelf.currency)
const toldOf = (placed: Placed) =>
  heard.filter((e) => (e.body as { checkoutId?: string }).checkoutId === placed.id).map((e) => e.type)

test('a card that succeeds: paid at once, units sold, the shop owed all but the fee', async () => {
  const shelf = await openShelf(world)
  const buyer = await world.person()
  const placed = await bought(world, buyer, shelf)
  expect(placed).toMatchObject({ state: 'paid', total: { amount: 2990, currency: 'EUR' } })
  expect(await pageOf(buyer, placed)).toMatchObject({
    state: 'paid',
    goods: { amount: 2500 },
    delivery: { amount: 490 },
    tax: { amount: 417 + 82 },
    email: 'buyer@example.com',
    phone: '+33612345678',
    canCancel: true,
    canPayAgain: false,
    payment: { state: 'captured', card: { last4: '4242' } },
  })
  expect(await left(shelf)).toBe(9)
  await world.settle()
  expect(toldOf(placed)).toEqual(['order.placed', 'order.confirmed', 'order.paid'])
  expect(await owed(shelf)).toMatchObject({
    owed: { amount: 2990 - 45 },
    sales: { amount: 2990 },
    fees: { amount: 45 },
    platformShare: { amount: 0 },
  })
})

test('[ORD4] the same key again, also at the same time, is the same purchase; for something else it is refused', async () => {
  const shelf = await openShelf(world)
  const buyer = await world.person()
  const key = newKey()
  const all = await Promise.all(Array.from({ length: 12 }, () => bought(world, buyer, shelf, { key })))
  expect(new Set(all.map((p) => p.id)).size).toBe(1)
  expect((await bought(world, buyer, shelf, { key })).state).toBe('paid')
  expect(await left(shelf)).toBe(9)
  expect(await buy(world, buyer, shelf, { key, items: [{ variantId: shelf.variantId, quantity: 2 }] })).toMatchObject({
    ok: false,
    refusal: 'key_reused',
  })
})

test('[ORD2] a price that changed after the quote is told, and nothing is written or kept', async () => {
  const shelf = await openShelf(world)
  const buyer = await world.person()
  await price(world, shelf.variantId, 2600, 'EUR')
  expect(await buy(world, buyer, shelf, { total: { amount: 2990, currency: 'EUR' } })).toMatchObject({
    ok: false,
    refusal: 'price_changed',
    params: { amount: 3090, currency: 'EUR' },
  })
  expect(await left(shelf)).toBe(10)
  expect(await world.ctx.rows(sql`select id from orders.checkout where person_id = ${buyer.id}`)).toEqual([])
})

test('[ORD3] a lot keeps the price of its reservation, whatever the shop asks now', async () => {
  const shelf = await openShelf(world)
  const buyer = await world.person()
  const showId = world.kernel.ids.make('show')
  const reservationId = await reserved(world, shelf, buyer, { showId, amount: 1990, quantity: 2 })
  await price(world, shelf.variantId, 9900, 'EUR')
  const placed = await bought(world, buyer, shelf, { items: [{ reservationId }] })
  const page = await pageOf(buyer, placed)
  expect(page).toMatchObject({ state: 'paid', showId, goods: { amount: 3980 } })
  expect(page.lines[0]).toMatchObject({
    unitPrice: { amount: 1990 },
    quantity: 2,
    source: { kind: 'lot', showId },
    taxRate: 2000,
    tax: { amount: 663 },
  })
  await world.settle()
  expect(heard.find((e) => e.type === 'order.paid' && (e.body as { checkoutId: string }).checkoutId === placed.id)?.topic).toBe(
    showId,
  )
})

test('[ORD3] one order per shop, one payment for all, the fee shared by what each sold', async () => {
  const [a, b] = [await openShelf(world, { amount: 1000, delivery: 0 }), await openShelf(world, { amount: 2000, delivery: 0 })]
  const buyer = await world.person()
  const placed = await bought(world, buyer, a, {
    items: [
      { variantId: a.variantId, quantity: 1 },
      { variantId: b.variantId, quantity: 1 },
    ],
    shelves: [a, b],
  })
  expect(placed).toMatchObject({ state: 'paid', total: { amount: 3000 } })
  expect(placed.orders.map((o) => o.total.amount).sort()).toEqual([1000, 2000])
  expect([(await owed(a))?.owed.amount, (await owed(b))?.owed.amount]).toEqual([985, 1970])
})

test('[ORD3] a reservation of somebody else, lapsed or already bought is gone', async () => {
  const shelf = await openShelf(world)
  const [buyer, other] = [await world.person(), await world.person()]
  const theirs = await reserved(world, shelf, other)
  expect(await buy(world, buyer, shelf, { items: [{ reservationId: theirs }] })).toMatchObject({
    ok: false,
    refusal: 'reservation_gone',
  })
  await bought(world, other, shelf, { items: [{ reservationId: theirs }] })
  expect(await buy(world, other, shelf, { items: [{ reservationId: theirs }] })).toMatchObject({
    ok: false,
    refusal: 'reservation_gone',
  })
  const short = await reserved(world, shelf, buyer, { holdMs: 1000 })
  await world.advance(1500)
  expect(await buy(world, buyer, shelf, { items: [{ reservationId: short }] })).toMatchObject({
    ok: false,
    refusal: 'reservation_gone',
  })
})

test('[ORD5] a decline keeps the units for another card', async () => {
  const shelf = await openShelf(world)
  const buyer = await world.person()
  const placed = await bought(world, buyer, shelf, { token: 'tok_test_decline' })
  expect(placed).toMatchObject({ state: 'declined', payment: { declineReason: 'insufficient_funds' } })
  expect(await pageOf(buyer, placed)).toMatchObject({ state: 'placed', canPayAgain: true })
  await world.advance(2 * minutes)
  expect(await left(shelf)).toBe(9)
  expect(await world.must(buyer, payAgain, { checkoutId: placed.id, token: 'tok_test_expired' })).toMatchObject({
    state: 'declined',
    payment: { declineReason: 'card_expired' },
  })
  expect(await world.must(buyer, payAgain, { checkoutId: placed.id, token: 'tok_test_success' })).toMatchObject({ state: 'paid' })
  expect(await world.must(buyer, payAgain, { checkoutId: placed.id, token: 'tok_test_success' })).toMatchObject({ state: 'paid' })
  expect(await left(shelf)).toBe(9)
})

test('[ORD5] without another card the units go back when the time is over, and not before', async () => {
  const shelf = await openShelf(world)
  const buyer = await world.person()
  const placed = await bought(world, buyer, shelf, { token: 'tok_test_decline' })
  await world.advance(placed.payUntilAt - world.clock.now() - 1)
  expect([await stateOf(buyer, placed), await left(shelf)]).toEqual(['declined', 9])
  await world.advance(1)
  expect([await stateOf(buyer, placed), await left(shelf)]).toEqual(['cancelled', 10])
  expect(await world.call(buyer, payAgain, { checkoutId: placed.id, token: 'tok_test_success' })).toMatchObject({
    ok: false,
    refusal: 'order_state',
  })
  expect(toldOf(placed)).toEqual(['order.placed', 'order.cancelled'])
})

test('[ORD5] an unknown outcome holds the units however long it takes, then succeeds', async () => {
  const shelf = await openShelf(world)
  const buyer = await world.person()
  const placed = await bought(world, buyer, shelf, { token: 'tok_test_timeout' })
  expect(placed.state).toBe('unknown')
  expect(await world.call(buyer, payAgain, { checkoutId: placed.id, token: 'tok_test_success' })).toMatchObject({
    ok: false,
    refusal: 'payment_pending',
  })
  await world.advance(6000)
  expect(await stateOf(buyer, placed)).toBe('paid')
})

test('[ORD5] an unknown outcome that fails may be paid again, and lapses when it is too late for that', async () => {
  const shelf = await openShelf(world)
  const buyer = await world.person()
  const placed = await bought(world, buyer, shelf, { token: 'tok_test_timeout_fail' })
  await world.advance(6000)
  expect(await stateOf(buyer, placed)).toBe('declined')
  expect(await world.must(buyer, payAgain, { checkoutId: placed.id, token: 'tok_test_success' })).toMatchObject({ state: 'paid' })
  const lost = await bought(world, buyer, shelf, { token: 'tok_test_lost' })
  await world.advance(lost.payUntilAt - world.clock.now() + minutes)
  expect(await stateOf(buyer, lost)).toBe('cancelled')
})

test('[ORD5] a bank that asks: approved, refused, and never answered', async () => {
  const shelf = await openShelf(world)
  const buyer = await world.person()
  const yes = await bought(world, buyer, shelf, { token: 'tok_test_confirm' })
  expect(yes).toMatchObject({ state: 'needs_action', payment: { action: { kind: 'challenge' } } })
  await world.must(buyer, answerTestChallenge, { paymentId: yes.payment!.id, approve: true })
  expect(await world.must(buyer, confirmPayment, { checkoutId: yes.id })).toMatchObject({ state: 'paid' })
  const no = await bought(world, buyer, shelf, { token: 'tok_test_confirm' })
  await world.must(buyer, answerTestChallenge, { paymentId: no.payment!.id, approve: false })
  expect(await world.must(buyer, confirmPayment, { checkoutId: no.id })).toMatchObject({
    state: 'declined',
    payment: { declineReason: 'not_confirmed' },
  })
  const never = await bought(world, buyer, shelf, { token: 'tok_test_confirm' })
  await world.advance(9 * minutes)
  expect(await stateOf(buyer, never)).toBe('needs_action')
  await world.advance(5 * minutes)
  expect(await stateOf(buyer, never)).toBe('cancelled')
  expect(await left(shelf)).toBe(9)
})

test('[ORD7] a duplicate callback pays once', async () => {
  const shelf = await openShelf(world)
  const buyer = await world.person()
  const placed = await bought(world, buyer, shelf, { token: 'tok_test_twice' })
  await world.advance(minutes)
  expect(toldOf(placed).filter((t) => t === 'order.paid')).toHaveLength(1)
  expect((await owed(shelf))?.sales.amount).toBe(2990)
})

test('[ORD6] a late success with stock: the order lives again', async () => {
  const shelf = await openShelf(world, { units: 1 })
  const buyer = await world.person()
  const placed = await bought(world, buyer, shelf, { token: 'tok_test_late' })
  await world.advance(20 * minutes)
  expect([await stateOf(buyer, placed), await left(shelf)]).toEqual(['cancelled', 1])
  await world.advance(30 * minutes)
  expect([await stateOf(buyer, placed), await left(shelf)]).toEqual(['paid', 0])
  expect(await pageOf(buyer, placed)).toMatchObject({ state: 'paid', refunded: { amount: 0 } })
})

test('[ORD6] a late success without stock: the money goes back by itself and the buyer is told', async () => {
  const shelf = await openShelf(world, { units: 1 })
  const [buyer, other] = [await world.person(), await world.person()]
  const placed = await bought(world, buyer, shelf, { token: 'tok_test_late' })
  await world.advance(20 * minutes)
  await bought(world, other, shelf)
  await world.advance(30 * minutes)
  expect(await pageOf(buyer, placed)).toMatchObject({
    state: 'cancelled',
    cancelReason: 'unpaid',
    refunds: [{ state: 'done', amount: { amount: 2990 }, reason: 'too_late' }],
  })
  expect(toldOf(placed)).toEqual(['order.placed', 'order.cancelled', 'order.paid_too_late'])
  expect((await owed(shelf))?.sales.amount).toBe(2990)
})

test('[ORD7] a card declined first and captured late after another one paid: the second money goes back', async () => {
  const shelf = await openShelf(world)
  const buyer = await world.person()
  const placed = await bought(world, buyer, shelf, { token: 'tok_test_late' })
  await world.must(buyer, payAgain, { checkoutId: placed.id, token: 'tok_test_success' })
  await world.advance(50 * minutes)
  expect(await pageOf(buyer, placed)).toMatchObject({
    state: 'paid',
    refunds: [{ state: 'done', amount: { amount: 2990 } }],
    refunded: { amount: 0 },
  })
  expect((await owed(shelf))?.sales.amount).toBe(2990)
})

test('[ORD8] pay first: authorised, reserved, captured', async () => {
  const shelf = await openShelf(world, { settings: { payFirst: true } })
  const buyer = await world.person()
  const placed = await bought(world, buyer, shelf)
  expect(placed).toMatchObject({ state: 'paid', payment: { state: 'captured' } })
  expect(await left(shelf)).toBe(9)
})

test('[ORD8] pay first with nothing left: cancelled, and the authorisation is let go', async () => {
  const shelf = await openShelf(world, { units: 1, settings: { payFirst: true } })
  const [buyer, other] = [await world.person(), await world.person()]
  const asked = await world.must(buyer, quote, {
    market: 'FR',
    items: [{ variantId: shelf.variantId, quantity: 1 }],
    country: 'FR',
  })
  await bought(world, other, shelf)
  const placed = await bought(world, buyer, shelf, { total: asked.total })
  expect(placed).toMatchObject({ state: 'cancelled', payment: { state: 'voided' } })
  expect(await pageOf(buyer, placed)).toMatchObject({ state: 'cancelled', cancelReason: 'sold_out' })
})

test('[ORD8] pay first in two shops, one sold out: the other is captured alone', async () => {
  const [a, b] = [
    await openShelf(world, { settings: { payFirst: true }, delivery: 0 }),
    await openShelf(world, { units: 1, settings: { payFirst: true }, delivery: 0 }),
  ]
  const [buyer, other] = [await world.person(), await world.person()]
  await bought(world, other, b)
  const placed = await bought(world, buyer, a, {
    items: [
      { variantId: a.variantId, quantity: 1 },
      { variantId: b.variantId, quantity: 1 },
    ],
    shelves: [a, b],
  })
  expect(placed).toMatchObject({ state: 'paid' })
  expect(placed.orders.map((o) => o.state).sort()).toEqual(['cancelled', 'paid'])
  expect((await owed(a))?.sales.amount).toBe(2500)
})

test('[ORD8] pay first after a process died with the money authorised: somebody else goes on', async () => {
  const shelf = await openShelf(world, { settings: { payFirst: true } })
  const buyer = await world.person()
  const placed = await bought(world, buyer, shelf, { token: 'tok_test_timeout' })
  expect([placed.state, await left(shelf)]).toEqual(['unknown', 10])
  await world.advance(10_000)
  expect([await stateOf(buyer, placed), await left(shelf)]).toEqual(['paid', 9])
})

test('[ORD20] an offer buys at its price, for its person, unchanged, in time', async () => {
  const shelf = await openShelf(world, { settings: { payFirst: true } })
  const [buyer, other] = [await world.person(), await world.person()]
  const allotmentId = await quota(world, 2, { variantId: shelf.variantId })
  const lotId = world.kernel.ids.make('lot')
  const made = (validUntil = world.clock.now() + minutes) =>
    signOffer(world.kernel.secret, {
      personId: buyer.id,
      variantId: shelf.variantId,
      allotmentId,
      quantity: 1,
      price: { amount: 1500, currency: 'EUR' },
      source: { kind: 'lot', id: lotId },
      terms: 'deal',
      validUntil,
    })
  const offer = made()
  for (const [who, token] of [
    [other, offer],
    [buyer, `${offer.slice(0, -3)}AAA`],
    [buyer, offer.replace(/^./, 'f')],
    [buyer, made(world.clock.now())],
  ] as const) {
    expect(await buy(world, who, shelf, { items: [{ offer: token }] })).toMatchObject({ ok: false, refusal: 'reservation_gone' })
  }
  const placed = await bought(world, buyer, shelf, { items: [{ offer }] })
  expect(await pageOf(buyer, placed)).toMatchObject({ state: 'paid', goods: { amount: 1500 } })
  expect((await countsOf(world.ctx, [allotmentId])).get(allotmentId)).toMatchObject({ paid: 1, left: 1 })
})

test('[ORD17] one card cannot pass the limit by being many people; the purchase that would ends and its units go back', async () => {
  const shelf = await openShelf(world)
  const allotmentId = await quota(world, 5, { variantId: shelf.variantId, perBuyer: 1 })
  const [first, second] = [await world.person(), await world.person()]
  await bought(world, first, shelf, {
    items: [{ reservationId: await reserved(world, shelf, first, { allotmentId }) }],
    token: 'tok_test_success.card7',
  })
  const again = await buy(world, second, shelf, {
    items: [{ reservationId: await reserved(world, shelf, second, { allotmentId }) }],
    token: 'tok_test_success.card7',
  })
  expect(again).toMatchObject({ ok: false, refusal: 'lot_limit_reached' })
  expect((await countsOf(world.ctx, [allotmentId])).get(allotmentId)).toMatchObject({ paid: 1, committed: 0, left: 4 })
  const other = await bought(world, second, shelf, {
    items: [{ reservationId: await reserved(world, shelf, second, { allotmentId }) }],
    token: 'tok_test_success.card8',
  })
  expect(other.state).toBe('paid')
})

test('[ORD17] pay first: one verified address cannot pass the limit by being two people', async () => {
  const shelf = await openShelf(world, { settings: { payFirst: true } })
  const allotmentId = await quota(world, 5, { variantId: shelf.variantId, perBuyer: 1 })
  const buyer = await world.person({ email: 'one@mail.example' })
  const other = await world.person()
  const offer = (personId: string) =>
    signOffer(world.kernel.secret, {
      personId,
      variantId: shelf.variantId,
      allotmentId,
      quantity: 1,
      price: { amount: 1500, currency: 'EUR' },
      source: { kind: 'lot' },
      terms: 'deal',
      validUntil: world.clock.now() + minutes,
    })
  expect((await bought(world, buyer, shelf, { items: [{ offer: offer(buyer.id) }] })).state).toBe('paid')
  await world.kernel.db.run(
    sql`update identity.person set email = 'one@mail.example', email_verified_at = now() where id = ${other.id}`,
  )
  const placed = await bought(world, other, shelf, { items: [{ offer: offer(other.id) }] })
  expect(placed).toMatchObject({ state: 'cancelled', payment: { state: 'voided' } })
  expect(await pageOf(other, placed)).toMatchObject({ cancelReason: 'limit' })
  expect((await countsOf(world.ctx, [allotmentId])).get(allotmentId)).toMatchObject({ paid: 1, left: 4, committed: 0, held: 0 })
})

test('[ORD3] a method the market or the platform does not take, and a way of delivery that does not go there, are refused', async () => {
  const shelf = await openShelf(world)
  const buyer = await world.person()
  expect(await buy(world, buyer, shelf, { method: 'cod' })).toMatchObject({ ok: false, refusal: 'payment_method_unavailable' })
  expect(await left(shelf)).toBe(10)
  await world.kernel.db.run(sql`update orders.delivery_method set countries = '{ES}' where id = ${shelf.methodId}`)
  expect(await buy(world, buyer, shelf)).toMatchObject({ ok: false, refusal: 'delivery_unavailable' })
})

test('[ORD1] where tax is added, it is shown apart and added', async () => {
  const shelf = await openShelf(world, { market: 'US', amount: 1000, delivery: 500, settings: { taxRate: 825 } })
  const buyer = await world.person()
  const placed = await bought(world, buyer, shelf, { items: [{ variantId: shelf.variantId, quantity: 3 }] })
  expect(await pageOf(buyer, placed)).toMatchObject({
    taxIncluded: false,
    goods: { amount: 3000 },
    delivery: { amount: 500 },
    tax: { amount: 248 + 41 },
    total: { amount: 3789, currency: 'USD' },
  })
})

test('[ORD21] delivered abroad, the rates of the shop and of its country say nothing', async () => {
  const shelf = await openShelf(world, { market: 'FR', amount: 1200, delivery: 240, settings: { taxRate: 2200 } })
  await price(world, shelf.variantId, 1300, 'USD')
  await world.kernel.db.run(
    sql`update orders.delivery_method set prices = prices || '{"USD": 500}'::jsonb where id = ${shelf.methodId}`,
  )
  const buyer = await world.person()
  const at = {
    delivery: [{ shopId: shelf.shopId, methodId: shelf.methodId }],
    items: [{ variantId: shelf.variantId, quantity: 1 }],
  }
  const asked = (market: string, country: string) => world.must(buyer, quote, { ...at, market, country })
  expect(await asked('FR', 'FR')).toMatchObject({ tax: { amount: 259 }, total: { amount: 1440 } })
  expect(await asked('FR', 'ES')).toMatchObject({ tax: { amount: 250 }, total: { amount: 1440 } })
  expect(await asked('US', 'US')).toMatchObject({ tax: { amount: 0 }, total: { amount: 1800 } })
  const placed = await bought(world, buyer, { ...shelf, market: 'US', currency: 'USD' })
  expect(placed).toMatchObject({ state: 'paid', total: { amount: 1800 } })
})

test('[ORD16] an address the country does not know is refused with the field, and nothing is kept', async () => {
  const shelf = await openShelf(world)
  const buyer = await world.person()
  for (const [change, field] of [
    [{ postcode: '1' }, 'postcode'],
    [{ phone: '12' }, 'phone'],
    [{ city: ' ' }, 'city'],
  ] as const) {
    expect(await buy(world, buyer, shelf, { address: { ...addresses.FR, ...change } })).toMatchObject({
      ok: false,
      refusal: 'address_invalid',
      params: { field },
    })
  }
  expect(await left(shelf)).toBe(10)
  const key = newKey()
  expect(await buy(world, buyer, shelf, { key, address: { ...addresses.FR, phone: '12' } })).toMatchObject({ ok: false })
  expect(await buy(world, buyer, shelf, { key, total: { amount: 1, currency: 'EUR' } })).toMatchObject({
    ok: false,
    refusal: 'price_changed',
  })
  expect(await buy(world, buyer, shelf, { key })).toMatchObject({ ok: true, value: { state: 'paid' } })
  expect(await left(shelf)).toBe(9)
})
