import * as o from '@efir/contract/orders.ts'
import * as c from '@efir/contract/shows.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openWorld, type World, worldStart } from '../../../test/world.ts'
import { boxLetters } from '../../kernel/mail.ts'
import { bought, openShelf } from '../orders/testing.ts'
import { stepShow } from '../shows/verbs/life.ts'

let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world[Symbol.asyncDispose]())

test('a reminder is confirmed with a calendar file, and followers are called once when the show begins', async () => {
  const shop = await world.shop()
  const host = await world.person({ kind: 'account' })
  const show = await world.must(shop.owner, c.createShow, {
    shopId: shop.id,
    title: { en: 'Three watches', ar: 'ثلاث ساعات' },
    hostIds: [host.id],
  })
  await world.must(shop.owner, c.scheduleShow, { showId: show.id, startsAt: worldStart + 3_600_000 })
  const guest = await world.person({ name: 'Guest' })
  expect(await world.call(guest, c.remindMe, { showId: show.id })).toMatchObject({ refusal: 'reminder_needs_email' })
  await world.must(guest, c.remindMe, { showId: show.id, email: 'Guest@Example.org' })
  const follower = await world.person({ kind: 'account', email: 'follower@example.org', locale: 'ar' })
  await world.must(follower, c.followHost, { hostId: host.id, on: true })
  await world.settle()
  const [calendar] = await boxLetters(world.kernel.db)
  expect(calendar?.letter.to).toBe('guest@example.org')
  expect(calendar?.letter.attachments?.[0]?.content).toContain('BEGIN:VEVENT')
  await world.tx((tx) => stepShow(tx, show.id, 'start'))
  await world.settle()
  const letters = (await boxLetters(world.kernel.db)).filter((l) => l.letter.text.includes(show.id) && !l.letter.attachments)
  expect(letters.map((l) => l.letter.to).sort()).toEqual(['follower@example.org', 'guest@example.org'])
  expect(letters.find((l) => l.letter.locale === 'ar')?.letter.subject).toContain('ثلاث ساعات')
})

test('a buyer hears of payment, shipping and cancellation in the language of the order', async () => {
  const shelf = await openShelf(world, { market: 'RU', amount: 1_490_000 })
  const buyer = await world.person({ name: 'Анна', locale: 'ru' })
  const done = await bought(world, buyer, shelf, { email: 'anna@example.org' })
  await world.settle()
  const mine = async () =>
    (await boxLetters(world.kernel.db)).filter((l) => l.letter.to === 'anna@example.org').map((l) => l.letter)
  const number = done.orders[0]?.number as string
  expect((await mine()).map((l) => l.subject)).toEqual([expect.stringContaining(number)])
  const [paid] = await mine()
  // In a sentence of another direction a name, a sum and an address stay as they are.
  expect(paid?.text).toMatch(/\u2068[^\u2069]*14.900[.,]00[^\u2069]*\u2069/)
  expect(paid?.html).toContain(`dir="ltr">http://localhost:${world.kernel.config.PORT}/order/${number}</a>`)
  await world.must(shelf.owner, o.cancelShopOrder, { shopId: shelf.shopId, orderId: done.orders[0]?.id as string })
  await world.settle()
  expect((await mine()).length).toBeGreaterThan(1)
})

test('an address that no mail server takes holds up nobody else', async () => {
  const shop = await world.shop()
  const host = await world.person({ kind: 'account' })
  const show = await world.must(shop.owner, c.createShow, { shopId: shop.id, title: { en: 'One bad box' }, hostIds: [host.id] })
  for (const email of ['aaa-broken@example.org', 'bbb@example.org', 'ccc@example.org']) {
    const follower = await world.person({ kind: 'account', email })
    await world.must(follower, c.followHost, { hostId: host.id, on: true })
  }
  const { mail } = world.kernel
  const send = mail.send
  mail.send = async (letter) => {
    if (letter.to.startsWith('aaa-broken')) throw new Error('550 no such box')
    await send(letter)
  }
  await world.tx((tx) => stepShow(tx, show.id, 'start'))
  await world.settle()
  mail.send = send
  const letters = (await boxLetters(world.kernel.db)).filter((l) => l.letter.text.includes(show.id))
  expect(letters.map((l) => l.letter.to).sort()).toEqual(['bbb@example.org', 'ccc@example.org'])
})
