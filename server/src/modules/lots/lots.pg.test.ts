import * as contract from '@efir/contract/lots.ts'
import { duplicateShow } from '@efir/contract/shows.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openWorld, type World } from '../../../test/world.ts'
import { at, sql } from '../../kernel/sql.ts'
import { stepShow } from '../shows/verbs/life.ts'
import { openStockDesk } from '../stock/desk.ts'
import { differences, stockedVariant } from '../stock/testing.ts'
import { commitReservation, payReservations } from '../stock/verbs/reservations.ts'
import { allotmentStates, shelvesOf } from '../stock/views.ts'
import { verifierChecks } from './contributes.ts'
import { stage, tap } from './testing.ts'

let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(async () => {
  const found = (await Promise.all(verifierChecks.map((c) => c.run(world.ctx)))).flat()
  expect([...found, ...(await differences(world))]).toEqual([])
  await world[Symbol.asyncDispose]()
})

const yes = async (answer: ReturnType<typeof tap>) => {
  const is = await answer
  if (!is.ok) throw new Error(`refused: ${is.refusal}`)
  return is.value
}
const refusalOf = async (answer: ReturnType<typeof tap>) => {
  const is = await answer
  return is.ok ? 'granted' : is.refusal
}

test('[LOT2] the window opens at one instant by the server, after a countdown the room can see begin', async () => {
  const { lot, open, showId, board } = await stage(world)
  await world.kernel.db.run(sql`update shows.show set room_delay_ms = 6500 where id = ${showId}`)
  const lotId = await lot()
  const buyer = await world.person()
  expect(await refusalOf(tap(world, buyer, lotId))).toBe('lot_not_open')
  const counting = await open(lotId, { countdownMs: 1000 })
  expect(counting).toMatchObject({ state: 'counting', opensAt: world.clock.now() + 6500, left: 10 })
  world.clock.advance(6499)
  expect(await tap(world, buyer, lotId)).toMatchObject({
    ok: false,
    refusal: 'lot_not_open',
    params: { opensAt: counting.opensAt },
  })
  world.clock.advance(1)
  expect(await refusalOf(tap(world, buyer, lotId))).toBe('granted')
  await world.settle()
  expect((await board(lotId)).state).toBe('open')
})

test('[LOT3] it closes at one instant, for late pictures with their grace, at most 10 s', async () => {
  const { lot, open, board } = await stage(world)
  const lotId = await lot({ windowMs: 30_000 })
  const { closesAt = 0 } = await open(lotId)
  const buyer = await world.person()
  world.clock.set(closesAt - 1)
  expect(await refusalOf(tap(world, buyer, lotId))).toBe('granted')
  world.clock.set(closesAt)
  expect(await refusalOf(tap(world, buyer, lotId))).toBe('lot_closed')
  world.clock.set(closesAt + 3_999)
  expect(await refusalOf(tap(world, buyer, lotId, { delayMs: 4_000 }))).toBe('granted')
  world.clock.set(closesAt + 4_000)
  expect(await refusalOf(tap(world, buyer, lotId, { delayMs: 4_000 }))).toBe('lot_closed')
  world.clock.set(closesAt + 9_999)
  expect(await refusalOf(tap(world, buyer, lotId, { delayMs: 600_000 }))).toBe('granted')
  await world.advance(1)
  expect(await refusalOf(tap(world, buyer, lotId, { delayMs: 600_000 }))).toBe('lot_closed')
  expect(await board(lotId)).toMatchObject({ state: 'expired', left: 0, paying: 3, stockFree: 97 })
})

test('[LOT3] closing by hand leaves the same grace, revoking none; what is held stays with its buyer', async () => {
  const { lot, open, host, board } = await stage(world)
  const [closed, revoked] = [await lot(), await lot()]
  await open(closed)
  await open(revoked)
  const buyer = await world.person()
  const mine = await yes(tap(world, buyer, revoked))
  await world.must(host, contract.closeLot, { lotId: closed })
  await world.must(host, contract.revokeLot, { lotId: revoked })
  await world.settle()
  expect(await refusalOf(tap(world, buyer, closed))).toBe('lot_closed')
  expect(await refusalOf(tap(world, buyer, closed, { delayMs: 2_000 }))).toBe('granted')
  expect(await refusalOf(tap(world, buyer, revoked, { delayMs: 2_000 }))).toBe('lot_closed')
  await world.advance(10_000)
  expect([(await board(closed)).state, (await board(revoked)).state]).toEqual(['expired', 'revoked'])
  const id = mine.reservation?.id ?? ''
  expect((await world.tx((tx) => commitReservation(tx, { reservationId: id, personId: buyer.id }))).state).toBe('committed')
})

test('[LOT3] the same tap again gets its answer, also after the close', async () => {
  const { lot, open, host } = await stage(world)
  const lotId = await lot()
  await open(lotId)
  const buyer = await world.person()
  const first = await yes(tap(world, buyer, lotId, { key: 'my-only-key' }))
  await world.must(host, contract.closeLot, { lotId })
  await world.advance(20_000)
  expect(await yes(tap(world, buyer, lotId, { key: 'my-only-key' }))).toEqual(first)
})

test('[LOT4] the price shown is the price paid; a price that was never seen is told', async () => {
  const { lot, open, host } = await stage(world)
  const lotId = await lot()
  await open(lotId)
  const buyer = await world.person()
  expect((await yes(tap(world, buyer, lotId, { seenVersion: 1 }))).price).toEqual({ amount: 1000, currency: 'EUR' })
  await world.must(host, contract.revokeLot, { lotId })
  const changed = await world.must(host, contract.changeLot, { lotId, price: { amount: 1500, currency: 'EUR' } })
  expect(changed.dealVersion).toBe(2)
  await open(lotId)
  expect((await yes(tap(world, buyer, lotId, { seenVersion: 1, delayMs: 5_000 }))).price.amount).toBe(1000)
  await world.advance(5_000)
  expect(await tap(world, buyer, lotId, { seenVersion: 1, delayMs: 5_000 })).toMatchObject({
    refusal: 'price_changed',
    params: { amount: 1500, currency: 'EUR', version: 2 },
  })
  expect((await yes(tap(world, buyer, lotId, { seenVersion: 2 }))).price.amount).toBe(1500)
})

test('[LOT5] units are set aside while the deal has them, and it does not begin without', async () => {
  const { lot, open, host, shopId } = await stage(world)
  const { variantId } = await stockedVariant(world, 10, { id: shopId })
  const one = await lot({ variantIds: [variantId], quota: 8, units: 10 })
  const two = await lot({ variantIds: [variantId], quota: 5, units: 10 })
  await world.must(host, contract.armLot, { lotId: one })
  expect((await shelvesOf(world.ctx, [variantId])).get(variantId)?.left).toBe(2)
  expect(await world.call(host, contract.openLot, { lotId: two })).toMatchObject({ refusal: 'stock_short', params: { left: 2 } })
  expect(await refusalOf(tap(world, await world.person(), one))).toBe('lot_not_open')
  await open(one)
  expect(await refusalOf(tap(world, await world.person(), one))).toBe('granted')
  await world.must(host, contract.closeLot, { lotId: one })
  await world.advance(10_000)
  expect((await shelvesOf(world.ctx, [variantId])).get(variantId)?.left).toBe(9)
  await open(two)
})

test('[LOT5] variants share the quota, and one that is gone takes over from the others', async () => {
  const { lot, open, board, shopId } = await stage(world)
  const product = world.kernel.ids.make('product')
  const now = at(world.clock.now())
  await world.kernel.db.run(
    sql`insert into catalog.product (id, shop_id, slug, title, state, created_at, changed_at) values (${product}, ${shopId}, ${product.slice(4)}, '{"en":"Shirt"}', 'published', ${now}, ${now})`,
  )
  const [small, large] = [await stockedVariant(world, 20, { id: shopId }), await stockedVariant(world, 20, { id: shopId })].map(
    (v) => v.variantId,
  )
  await world.kernel.db.run(sql`update catalog.variant set product_id = ${product} where id = any(${[small, large]})`)
  const lotId = await lot({ variantIds: [small ?? '', large ?? ''], quota: 10 })
  expect(await open(lotId)).toMatchObject({ quota: 10, left: 10 })
  for (let i = 0; i < 5; i++)
    expect(await refusalOf(tap(world, await world.person(), lotId, { variantId: small }))).toBe('granted')
  expect(await refusalOf(tap(world, await world.person(), lotId, { variantId: small }))).toBe('lot_sold_out')
  await world.settle()
  expect(await refusalOf(tap(world, await world.person(), lotId, { variantId: small }))).toBe('granted')
  expect(await board(lotId)).toMatchObject({ left: 4, quota: 10, paying: 6 })
})

test('[LOT6] a rush through HTTP gets exactly the quota, and everybody else is told', async () => {
  const { lot, open, board } = await stage(world)
  const lotId = await lot({ units: 40, quota: 40 })
  await open(lotId)
  const people = await Promise.all(Array.from({ length: 120 }, () => world.person()))
  const outcomes = await Promise.all(people.map((p) => refusalOf(tap(world, p, lotId))))
  expect(outcomes.filter((o) => o === 'granted')).toHaveLength(40)
  expect(outcomes.filter((o) => o === 'lot_sold_out')).toHaveLength(80)
  expect(await board(lotId)).toMatchObject({ state: 'open', left: 0, paying: 40, sold: 0 })
})

test('[LOT6] what is not paid in time is offered again; all paid is sold out', async () => {
  const { lot, open, board } = await stage(world, { reservationMinutes: 2 })
  const lotId = await lot({ quota: 1 })
  await open(lotId)
  const [one, two] = [await world.person(), await world.person()]
  await yes(tap(world, one, lotId))
  expect(await refusalOf(tap(world, two, lotId))).toBe('lot_sold_out')
  await world.advance(121_000)
  const { reservation } = await yes(tap(world, two, lotId))
  const id = reservation?.id ?? ''
  await world.tx((tx) => commitReservation(tx, { reservationId: id, personId: two.id }))
  await world.advance(600_000)
  expect((await board(lotId)).state).toBe('open')
  await world.tx((tx) => payReservations(tx, [id]))
  await world.advance(2_000)
  expect(await board(lotId)).toMatchObject({ state: 'sold_out', sold: 1, paying: 0, takings: { amount: 1000, currency: 'EUR' } })
  expect(await refusalOf(tap(world, one, lotId))).toBe('lot_sold_out')
})

test('[LOT7] nobody takes more than the limit', async () => {
  const { lot, open } = await stage(world)
  const lotId = await lot({ perBuyer: 2 })
  await open(lotId)
  const buyer = await world.person()
  const outcomes = await Promise.all([1, 1, 1].map((quantity) => refusalOf(tap(world, buyer, lotId, { quantity }))))
  expect(outcomes.toSorted()).toEqual(['granted', 'granted', 'lot_limit_reached'])
})

test('[LOT8] of a running deal only quota and window change', async () => {
  const { lot, open, host, board } = await stage(world)
  const lotId = await lot({ quota: 10, windowMs: 60_000 })
  await open(lotId)
  expect(await world.call(host, contract.changeLot, { lotId, price: { amount: 1, currency: 'EUR' } })).toMatchObject({
    refusal: 'lot_state',
  })
  expect(await world.call(host, contract.changeLot, { lotId, perBuyer: 1 })).toMatchObject({ refusal: 'lot_state' })
  const closesAt = world.clock.now() + 90_000
  expect(await world.must(host, contract.changeLot, { lotId, quota: 25, windowMs: 90_000 })).toMatchObject({
    quota: 25,
    left: 25,
    closesAt,
    stockFree: 75,
  })
  expect(await world.call(host, contract.changeLot, { lotId, quota: 101 })).toMatchObject({ refusal: 'stock_short' })
  await world.advance(89_000)
  expect(await refusalOf(tap(world, await world.person(), lotId))).toBe('granted')
  await world.advance(11_000)
  expect((await board(lotId)).state).toBe('expired')
})

test('[LOT10] pins are intervals of video time; the primary ones are the chapters', async () => {
  const { lot, host, showId } = await stage(world)
  const [a, b, c, d] = [await lot(), await lot(), await lot(), await lot()]
  const from = world.clock.now()
  await world.must(host, contract.pinLot, { lotId: a, pdtMs: from - 2_000 })
  await world.advance(20_000)
  expect(await world.must(host, contract.pinLot, { lotId: b })).toMatchObject({ pinned: 'primary' })
  await world.must(host, contract.pinLot, { lotId: c, slot: 'third' })
  expect(await world.call(host, contract.pinLot, { lotId: d })).toMatchObject({ refusal: 'too_many_pins' })
  await world.advance(10_000)
  await world.must(host, contract.pinLot, { lotId: a, slot: 'primary', pdtMs: world.clock.now() - 1_000 })
  await world.must(host, contract.unpinLot, { lotId: c })
  const { pins } = await world.must(null, contract.shelf, { showId })
  expect(pins).toEqual([
    { lotId: a, slot: 'primary', startAt: from - 2_000, endAt: from + 20_000 },
    { lotId: b, slot: 'primary', startAt: from + 20_000, endAt: from + 29_000 },
    { lotId: a, slot: 'second', startAt: from + 20_000, endAt: from + 29_000 },
    { lotId: c, slot: 'third', startAt: from + 20_000, endAt: from + 30_000 },
    { lotId: a, slot: 'primary', startAt: from + 29_000 },
  ])
  const { chapters } = await world.must(null, contract.chapters, { showId })
  expect(chapters.map((x) => [x.lotId, x.startAt])).toEqual([
    [a, from - 2_000],
    [b, from + 20_000],
    [a, from + 29_000],
  ])
})

test('[LOT11] two nodes answer by one truth', async () => {
  const { lot, open } = await stage(world)
  const lotId = await lot({ quota: 5 })
  await open(lotId)
  const { rows } = await world.kernel.db.pool.query<{ allotment_id: string }>(
    'select allotment_id from lots.variant where lot_id = $1',
    [lotId],
  )
  await using other = openStockDesk(world.kernel)
  const ask = {
    allotmentId: rows[0]?.allotment_id ?? '',
    quantity: 1,
    key: 'elsewhere',
    holdMs: 60_000,
    price: { amount: 1000, currency: 'EUR' },
    source: (await world.kernel.db.one<{ id: string }>(sql`select id from lots.deal where lot_id = ${lotId}`)).id,
  }
  const people = await Promise.all(Array.from({ length: 20 }, () => world.person()))
  const outcomes = await Promise.all(
    people.map((p, i) =>
      i % 2 ? other.reserve({ ...ask, personId: p.id }).then((a) => a.outcome) : refusalOf(tap(world, p, lotId)),
    ),
  )
  expect(outcomes.filter((o) => o === 'granted')).toHaveLength(5)
  expect((await allotmentStates(world.ctx, [ask.allotmentId]))[0]?.left).toBe(0)
})

test('[LOT12] a shop that takes the money first answers with an offer and reserves nothing', async () => {
  const { lot, open, board } = await stage(world, { payFirst: true })
  const lotId = await lot({ windowMs: 30_000 })
  await open(lotId)
  const answer = await yes(tap(world, await world.person(), lotId))
  expect(answer).toMatchObject({
    reservation: null,
    payFirst: true,
    price: { amount: 1000, currency: 'EUR' },
    offer: expect.stringMatching(/^[\w-]+\.[\w-]+$/),
  })
  expect(await board(lotId)).toMatchObject({ left: 10, paying: 0 })
  world.clock.advance(30_000)
  expect(await refusalOf(tap(world, await world.person(), lotId))).toBe('lot_closed')
})

test('[LOT13] a lot sold elsewhere counts its clicks and opens nothing', async () => {
  const { host, showId, board } = await stage(world)
  const { id: lotId } = await world.must(host, contract.createLinkLot, {
    showId,
    title: { en: 'Lamp' },
    price: { amount: 4900, currency: 'EUR' },
    url: 'https://market.example/lamp',
    seller: 'market.example',
  })
  expect(await world.call(host, contract.openLot, { lotId })).toMatchObject({ refusal: 'lot_state' })
  expect(await refusalOf(tap(world, await world.person(), lotId))).toBe('lot_elsewhere')
  expect(await world.must(null, contract.followLink, { lotId })).toEqual({ url: 'https://market.example/lamp' })
  expect(await board(lotId)).toMatchObject({ clicks: 1, link: { seller: 'market.example' } })
})

test('[LOT14] the end of the show ends windows and pins; a lot without window sells on', async () => {
  const { lot, open, host, showId, board } = await stage(world)
  const [timed, endless, soon] = [await lot({ windowMs: 3_600_000 }), await lot(), await lot()]
  await open(timed)
  await open(endless)
  await open(soon, { countdownMs: 600_000 })
  await world.must(host, contract.pinLot, { lotId: timed })
  await world.tx((tx) => stepShow(tx, showId, 'end'))
  await world.advance(10_000)
  expect([(await board(timed)).state, (await board(endless)).state, (await board(soon)).state]).toEqual([
    'expired',
    'open',
    'expired',
  ])
  expect((await board(timed)).pinned).toBeUndefined()
  expect(await refusalOf(tap(world, await world.person(), endless))).toBe('granted')
})

test('[LOT14] a cancelled show gives its units back', async () => {
  const { lot, host, showId, board } = await stage(world)
  const lotId = await lot()
  await world.must(host, contract.armLot, { lotId })
  await world.kernel.db.run(sql`update shows.show set state = 'scheduled' where id = ${showId}`)
  await world.tx(async (tx) => {
    await tx.announce({ type: 'show.cancelled' }, { showId })
  })
  await world.settle()
  expect(await board(lotId)).toMatchObject({ state: 'revoked', stockFree: 100 })
})

test('[LOT1] what is over begins anew with new units', async () => {
  const { lot, open, host, board } = await stage(world)
  const lotId = await lot({ quota: 10, perBuyer: 1 })
  const buyer = await world.person()
  await open(lotId)
  expect(await world.call(host, contract.openLot, { lotId })).toMatchObject({ refusal: 'lot_state' })
  await yes(tap(world, buyer, lotId))
  await world.must(host, contract.closeLot, { lotId })
  await world.advance(10_000)
  expect(await world.call(host, contract.closeLot, { lotId })).toMatchObject({ refusal: 'lot_state' })
  const again = await open(lotId)
  expect(again).toMatchObject({ state: 'open', left: 10 })
  expect(again.closesAt).toBeUndefined()
  expect(await refusalOf(tap(world, buyer, lotId))).toBe('granted')
  expect(await board(lotId)).toMatchObject({ left: 9, paying: 1 })
})

test('a quick lot is a product with its stock, ready to open', async () => {
  const { host, showId, open } = await stage(world)
  const lot = await world.must(host, contract.quickLot, {
    showId,
    title: 'Blue cup',
    price: { amount: 700, currency: 'EUR' },
    quantity: 3,
  })
  expect(lot).toMatchObject({ title: { en: 'Blue cup' }, quota: 3, state: 'draft', stockFree: 3 })
  expect(await open(lot.id)).toMatchObject({ state: 'open', left: 3, stockFree: 0 })
})

test('my reservations are mine, and I may give them back', async () => {
  const { lot, open, showId, board } = await stage(world)
  const lotId = await lot()
  await open(lotId)
  const [buyer, stranger] = [await world.person(), await world.person()]
  const { reservation } = await yes(tap(world, buyer, lotId, { quantity: 2 }))
  const id = reservation?.id ?? ''
  expect((await world.must(buyer, contract.myReservations, { showId })).reservations).toEqual([reservation])
  expect((await world.must(buyer, contract.myReservations, {})).reservations).toEqual([reservation])
  expect((await world.must(stranger, contract.myReservations, { showId })).reservations).toEqual([])
  expect(await world.call(stranger, contract.releaseMyReservation, { reservationId: id })).toMatchObject({ refusal: 'not_found' })
  await world.must(buyer, contract.releaseMyReservation, { reservationId: id })
  expect((await world.must(buyer, contract.myReservations, { showId })).reservations).toEqual([])
  expect((await board(lotId)).left).toBe(10)
})

test("another shop's goods need that shop's consent, and strangers run nothing", async () => {
  const { host, showId, lot } = await stage(world)
  const { variantId } = await stockedVariant(world, 5)
  const input = { showId, variantIds: [variantId], price: { amount: 1, currency: 'EUR' }, quota: 1 }
  expect(await world.call(host, contract.createLot, input)).toMatchObject({ refusal: 'not_found' })
  expect(await world.call(host, contract.createLot, { ...input, price: { amount: 1, currency: 'USD' } })).toMatchObject({
    ok: false,
  })
  const stranger = await world.person({ kind: 'account' })
  expect(await world.call(stranger, contract.openLot, { lotId: await lot() })).toMatchObject({ refusal: 'not_found' })
})

test('a copied show has the same lots, as drafts in the same places of the plan', async () => {
  const { host, showId, lot } = await stage(world)
  await lot({ quota: 7 })
  const copy = await world.must(host, duplicateShow, { showId })
  await world.settle()
  const { lots } = await world.must(host, contract.lotBoard, { showId: copy.id })
  expect(lots).toEqual([
    expect.objectContaining({ state: 'draft', quota: 7, price: { amount: 1000, currency: 'EUR' }, dealVersion: 1 }),
  ])
  const items = await world.kernel.db.rows<{ lot_id: string }>(sql`select lot_id from shows.item where show_id = ${copy.id}`)
  expect(items.map((i) => i.lot_id)).toEqual([lots[0]?.id])
})

test('lots keep the order they are put in', async () => {
  const { host, showId, lot } = await stage(world)
  const ids = [await lot(), await lot(), await lot()]
  await world.must(host, contract.changeLot, { lotId: ids[2] ?? '', position: 0 })
  const { lots } = await world.must(host, contract.lotBoard, { showId })
  expect(lots.map((l) => l.number)).toEqual([3, 1, 2])
})

test('a lot leaves the shelf, but not while its deal runs', async () => {
  const { host, showId, lot, open } = await stage(world)
  const lotId = await lot()
  await open(lotId)
  expect(await world.call(host, contract.removeLot, { lotId })).toMatchObject({ refusal: 'lot_state' })
  await world.must(host, contract.revokeLot, { lotId })
  await world.must(host, contract.removeLot, { lotId })
  expect((await world.must(null, contract.shelf, { showId })).lots).toEqual([])
  expect(await world.call(host, contract.openLot, { lotId })).toMatchObject({ refusal: 'not_found' })
})

test("a team's show keeps its shelf to the team", async () => {
  const { host, showId, lot } = await stage(world)
  await lot()
  await world.kernel.db.run(sql`update shows.show set visibility = 'team' where id = ${showId}`)
  expect(await world.call(await world.person(), contract.shelf, { showId })).toMatchObject({ refusal: 'show_not_public' })
  expect((await world.must(host, contract.shelf, { showId })).lots).toHaveLength(1)
})
