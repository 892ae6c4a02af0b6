import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { findProducts, productPage } from '@efir/contract/catalog.ts'
import { demoLogin, demoPeople, listShops } from '@efir/contract/identity.ts'
import { shelf } from '@efir/contract/lots.ts'
import { deliveryMethods } from '@efir/contract/orders.ts'
import { locales } from '@efir/contract/scalars.ts'
import { showPage, storefront } from '@efir/contract/shows.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { verifierChecks } from '../src/app.ts'
import { sql } from '../src/kernel/sql.ts'
import { openWorld, type World } from '../test/world.ts'
import { seedProduct } from './catalogue/products.ts'
import { type DemoWorld, idOf, writeSetting } from './facts.ts'
import { keepWorld, pruneWorld } from './keep.ts'
import { readPlan } from './live/plan.ts'
import { alwaysOn, writePlan } from './live-plan.ts'
import { loadDemo } from './load.ts'
import { drawPictures, pictureSteps } from './pictures.ts'
import { makeReplays } from './replays.ts'
import { trialId } from './trial.ts'

let world: World
let demo: DemoWorld
const running = new AbortController()

beforeAll(async () => {
  world = await openWorld()
  demo = await loadDemo(world.kernel)
  await world.settle()
})
afterAll(() => world[Symbol.asyncDispose]())

const everyLanguage = (text: object) => expect(Object.keys(text).toSorted()).toEqual([...locales].toSorted())
const countAll = () =>
  world.ctx.one<{ people: number; products: number; shows: number; movements: number }>(
    sql`select (select count(*)::int from identity.person) as people, (select count(*)::int from catalog.product) as products,
        (select count(*)::int from shows.show) as shows, (select count(*)::int from stock.movement) as movements`,
  )

test('loading twice is loading once', async () => {
  const before = await countAll()
  expect(await loadDemo(world.kernel)).toEqual(demo)
  expect(await countAll()).toEqual(before)
  expect(before.products).toBe(28)
})

test('every check of the verifier agrees', async () => {
  for (const check of verifierChecks) expect(await check.run(world.ctx), check.name).toEqual([])
})

test('every show on the storefront has its texts in seven languages, a host and lots', async () => {
  await makeReplays(world.kernel, demo, running.signal)
  await world.settle()
  const front = await world.must(null, storefront, {})
  const cards = [...front.soon, ...front.replays]
  expect(front.replays).toHaveLength(4)
  expect(front.soon.length).toBeGreaterThanOrEqual(5)
  for (const card of cards) {
    everyLanguage(card.title)
    everyLanguage(card.about)
    expect(card.hosts.length).toBeGreaterThan(0)
    expect((await world.must(null, shelf, { showId: card.id })).lots.length).toBeGreaterThan(0)
  }
  for (const host of front.hosts) everyLanguage(host.bio)
})

test('a replay plays, has a chapter for each of its lots, and its lots can be bought', async () => {
  const showId = idOf(demo.shows, 'replay-tea')
  const { playback } = await world.must(null, showPage, { showId })
  expect(playback.replayDurationMs).toBe(122_880)
  const { lots, pins } = await world.must(null, shelf, { showId })
  expect(pins).toHaveLength(2)
  for (const pin of pins) {
    expect(pin.startAt).toBeGreaterThanOrEqual((playback.replayStartAt ?? 0) - 1)
    expect(lots.find((l) => l.id === pin.lotId)?.state).toBe('open')
  }
  const url = playback.replayUrl ?? ''
  const answer = await world.app.http.inject({ method: 'GET', url })
  expect(answer.statusCode).toBe(200)
  const segment = /^\d+\.m4s$/m.exec(answer.body)?.[0] ?? ''
  expect((await world.app.http.inject({ method: 'GET', url: url.replace('vod.m3u8', segment) })).statusCode).toBe(200)
  expect(await makeReplays(world.kernel, demo, running.signal)).toBe(0)
})

test('every product is published with its figures, prices in six currencies and stock; every shop delivers anywhere', async () => {
  const { items } = await world.must(null, findProducts, { limit: 100 })
  expect(items).toHaveLength(28)
  for (const { id } of items) {
    const product = await world.must(null, productPage, { productId: id })
    everyLanguage(product.title)
    everyLanguage(product.about)
    expect(product.sheet.attributes.length).toBeGreaterThan(3)
    for (const variant of product.variantList) expect(variant.prices).toHaveLength(6)
  }
  const shops = await world.must(null, listShops, {})
  for (const shop of shops.items) {
    const { methods } = await world.must(null, deliveryMethods, { shopId: shop.id })
    expect(methods.some((m) => m.countries.length === 0)).toBe(true)
    for (const method of methods) everyLanguage(method.name)
    expect(shop.settings.returnDays).toBeDefined()
  }
})

test('one click enters as each kind of person', async () => {
  const { people } = await world.must(null, demoPeople, {})
  expect(new Set(people.map((p) => p.role))).toEqual(new Set(['host', 'seller', 'fulfilment', 'moderator', 'buyer', 'operator']))
  for (const { id, name } of people) {
    const me = await world.must(null, demoLogin, { personId: id })
    expect(me.person?.name).toBe(name)
    expect(me.person?.demo).toBe(true)
  }
})

test('a struck price rests on what was asked for thirty days', async () => {
  const host = await world.ctx.one<{ lots: number; struck: number }>(
    sql`select count(*)::int as lots, count(reference_amount)::int as struck from lots.deal`,
  )
  expect(host.struck).toBe(host.lots)
})

test('pictures are drawn one by one, most needed first, and never twice', async () => {
  const steps = pictureSteps(demo)
  expect(new Set(steps.map((s) => s.name)).size).toBe(steps.length)
  expect(steps[0]?.name).toBe('product/orvik-pulse-3/main/graphite')
  const done = Object.fromEntries(
    steps.filter((s) => !s.name.startsWith('product/orvik-pulse-3/')).map((s) => [s.name, 'drawn before']),
  )
  await writeSetting(world.ctx, 'demo.pictures', done)
  expect(await drawPictures(world.kernel, demo, running.signal)).toBe(seedProduct('orvik-pulse-3').pictures.length)
  expect(await drawPictures(world.kernel, demo, running.signal)).toBe(0)
  const { picture } = await world.must(null, productPage, { productId: idOf(demo.products, 'orvik-pulse-3') })
  expect((await world.app.http.inject({ method: 'GET', url: `${picture?.base}/640.webp` })).statusCode).toBe(200)
})

test('a show that was ended makes place for a new one, with the same lots', async () => {
  const before = idOf(demo.shows, alwaysOn().id)
  await world.ctx.run(sql`update shows.show set state = 'ended' where id = ${before}`)
  const kept = await keepWorld(world.kernel)
  const now = idOf(kept?.shows ?? {}, alwaysOn().id)
  expect(now).not.toBe(before)
  expect(await world.ctx.rows(sql`select 1 from lots.lot where show_id = ${now}`)).toHaveLength(6)
  demo = (await keepWorld(world.kernel)) as DemoWorld
  expect(idOf(demo.shows, alwaysOn().id)).toBe(now)
})

test('the plan of the live show lets its people in, and is kept while it holds', async () => {
  const where = { file: join(world.kernel.config.dataDir, 'plan.json'), origin: 'http://127.0.0.1:1' }
  await writePlan(world.kernel, demo, where)
  const text = await readFile(where.file, 'utf8')
  const plan = readPlan(where.file)
  expect(plan.viewers.length).toBeGreaterThanOrEqual(25)
  expect(new Set(plan.viewers.map((v) => v.locale))).toEqual(new Set(locales))
  const entered = await world.app.http.inject({ method: 'GET', url: '/api/me', headers: { cookie: `efir_session=${plan.host}` } })
  expect(entered.json().person.name).toBe('Мира Сандел')
  await writePlan(world.kernel, demo, where)
  expect(await readFile(where.file, 'utf8')).toBe(text)
  await writePlan(world.kernel, demo, { ...where, origin: 'http://127.0.0.1:2' })
  expect(await readFile(where.file, 'utf8')).not.toBe(text)
})

test('shows whose time has passed are announced again, and old data goes without a difference for the verifier', async () => {
  const later = world.clock.now() + 3 * 86_400_000
  const then = { ...world.kernel, clock: { ...world.kernel.clock, now: () => later } }
  await keepWorld(then)
  const front = await world.must(null, storefront, {})
  for (const card of front.soon) expect(card.startsAt).toBeGreaterThan(later)
  const pruned = await pruneWorld(then)
  expect(pruned['events']).toBeGreaterThan(0)
  await world.settle()
  for (const check of verifierChecks) expect(await check.run(world.ctx), check.name).toEqual([])
})

test('a visitor who becomes the host has a show of their own that is recorded', async () => {
  const own = await world.ctx.one<{ demo: boolean }>(sql`select demo from shows.show where id = ${idOf(demo.shows, trialId)}`)
  expect(own.demo).toBe(false)
})
