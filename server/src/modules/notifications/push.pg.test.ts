import * as push from '@efir/contract/notifications.ts'
import * as o from '@efir/contract/orders.ts'
import * as c from '@efir/contract/shows.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openPushService, type PushService, type TestBrowser } from '../../../test/push-service.ts'
import { openWorld, type TestPerson, type World, worldStart } from '../../../test/world.ts'
import { openCtx, systemActor } from '../../kernel/context.ts'
import { sql } from '../../kernel/sql.ts'
import { bought, openShelf } from '../orders/testing.ts'
import { stepShow } from '../shows/verbs/life.ts'
import { vapidKeys } from './vapid.ts'
import { markOf } from './verbs.ts'

let world: World
let service: PushService
beforeAll(async () => {
  world = await openWorld({ settings: { EFIR_ORIGIN: 'https://live.example' } })
  service = await openPushService()
})
afterAll(async () => {
  await service[Symbol.asyncDispose]()
  await world[Symbol.asyncDispose]()
})

const tell = (
  person: TestPerson,
  browser: TestBrowser,
  wants: { shows?: boolean; orders?: boolean; locale?: 'en' | 'ar' } = {},
) => world.must(person, push.setPush, { ...browser, locale: 'en', shows: true, orders: true, ...wants })
const heardBy = (browser: TestBrowser) =>
  service.received.filter((one) => one.endpoint === browser.endpoint).map((one) => one.note)

async function showWith(title: string) {
  const shop = await world.shop()
  const host = await world.person({ kind: 'account', name: 'Vera' })
  const show = await world.must(shop.owner, c.createShow, {
    shopId: shop.id,
    title: { en: title, ar: 'عرض' },
    hostIds: [host.id],
  })
  await world.must(shop.owner, c.scheduleShow, { showId: show.id, startsAt: worldStart + 3_600_000 })
  return { show, host, start: () => world.tx((tx) => stepShow(tx, show.id, 'start')) }
}

test('a guest with a reminder and a follower are told once when the show is on air, each in the own language', async () => {
  const { show, host, start } = await showWith('Three kettles')
  const guest = await world.person({ name: 'Guest' })
  const follower = await world.person({ kind: 'account' })
  const [one, other, deaf] = [service.subscribe(), service.subscribe(), service.subscribe()]
  await tell(guest, one, { locale: 'ar' })
  await tell(follower, other)
  await tell(follower, deaf, { shows: false })
  expect(await world.call(guest, c.remindMe, { showId: show.id })).toMatchObject({ refusal: 'reminder_needs_email' })
  await world.must(guest, c.remindMe, { showId: show.id, byPush: true })
  await world.must(follower, c.followHost, { hostId: host.id, on: true })
  await start()
  await world.settle()
  await world.ctx.transaction((tx) => tx.addJob('notifications.pushFollowers', { showId: show.id }))
  await world.settle()
  expect(heardBy(one)).toMatchObject([{ url: `/show/${show.id}`, lang: 'ar', dir: 'rtl', title: expect.stringContaining('عرض') }])
  expect(heardBy(other)).toMatchObject([{ lang: 'en', title: 'On air now: Three kettles', tag: `show.${show.id}` }])
  expect(heardBy(deaf)).toEqual([])
})

test('what is sent is signed by the key that browsers subscribe to, and short-lived', async () => {
  const { publicKey } = await world.must(null, push.pushKey, {})
  const [first] = service.received
  expect(first?.headers.authorization).toContain(`k=${publicKey}`)
  expect(first?.headers['content-encoding']).toBe('aes128gcm')
  expect(first?.headers['ttl']).toBe('3600')
  expect(first?.headers['urgency']).toBe('high')
  expect(first?.claims).toMatchObject({ aud: service.origin, sub: 'https://live.example' })
})

test('the key pair is made once, is the same for everybody, and lies sealed', async () => {
  const ctx = openCtx(world.kernel, { actor: systemActor })
  const pairs = await Promise.all([vapidKeys(ctx), vapidKeys(ctx), vapidKeys(ctx)])
  expect(new Set(pairs.map((one) => one.privateKey)).size).toBe(1)
  const { text } = await ctx.one<{ text: string }>(sql`select value::text as text from kernel.setting where name = 'push.vapid'`)
  expect(text).not.toContain(pairs[0]?.privateKey)
})

test('an order says where it is, to the browsers of its buyer alone', async () => {
  const shelf = await openShelf(world)
  const buyer = await world.person({ kind: 'account' })
  const [mine, others] = [service.subscribe(), service.subscribe()]
  await tell(buyer, mine)
  await tell(await world.person({ kind: 'account' }), others)
  const done = await bought(world, buyer, shelf, { email: 'b@example.org' })
  await world.settle()
  const number = done.orders[0]?.number as string
  expect(heardBy(mine)).toMatchObject([{ title: `Order ${number} is paid`, url: `/order/${number}` }])
  await world.must(shelf.owner, o.cancelShopOrder, { shopId: shelf.shopId, orderId: done.orders[0]?.id as string })
  await world.settle()
  expect(heardBy(mine).map((one) => one['title'])).toContain(`Order ${number} is cancelled`)
  expect(heardBy(others)).toEqual([])
})

test('an endpoint that is over is forgotten, one that is busy is tried again', async () => {
  const { show, host, start } = await showWith('Gone and busy')
  const follower = await world.person({ kind: 'account' })
  const [gone, busy] = [service.subscribe(), service.subscribe()]
  await tell(follower, gone)
  await tell(follower, busy)
  await world.must(follower, c.followHost, { hostId: host.id, on: true })
  service.answerWith(gone, 410)
  service.answerWith(busy, 503)
  await start()
  await world.settle()
  service.answerWith(busy, 201)
  await world.advance(10_000)
  expect(heardBy(busy)).toMatchObject([{ url: `/show/${show.id}` }])
  expect((await world.must(follower, push.myPush, {})).devices.map((one) => one.mark)).toEqual([markOf(busy.endpoint)])
})

test('a private address is no push service', async () => {
  const person = await world.person()
  const browser = service.subscribe()
  for (const endpoint of [
    'https://10.0.0.7/push',
    'https://[::1]/push',
    'http://push.example/x',
    'https://localhost/push',
    'ftp://push.example/',
  ])
    expect(
      await world.call(person, push.setPush, { ...browser, endpoint, locale: 'en', shows: true, orders: true }),
    ).toMatchObject({
      refusal: 'push_address_refused',
    })
})

test('a browser has one owner, a person at most ten browsers, and only the owner switches one off', async () => {
  const [first, second] = [await world.person({ kind: 'account' }), await world.person({ kind: 'account' })]
  const shared = service.subscribe()
  await tell(first, shared)
  await tell(second, shared)
  expect((await world.must(first, push.myPush, {})).devices).toEqual([])
  await world.must(first, push.forgetPush, { mark: markOf(shared.endpoint) })
  expect((await world.must(second, push.myPush, {})).devices).toMatchObject([{ mark: markOf(shared.endpoint), shows: true }])
  await world.must(second, push.forgetPush, { mark: markOf(shared.endpoint) })
  expect((await world.must(second, push.myPush, {})).devices).toEqual([])
  for (let n = 0; n < 12; n++) await tell(first, service.subscribe())
  expect((await world.must(first, push.myPush, {})).devices).toHaveLength(10)
})
