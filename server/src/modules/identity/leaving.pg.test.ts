import * as identity from '@efir/contract/identity.ts'
import * as orders from '@efir/contract/orders.ts'
import * as room from '@efir/contract/room.ts'
import * as shows from '@efir/contract/shows.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Authenticator } from '../../../test/authenticator.ts'
import { type Browser, browser } from '../../../test/browser.ts'
import { openWorld, type TestPerson, type World } from '../../../test/world.ts'
import { verifierChecks } from '../../app.ts'
import { at, raw, sql } from '../../kernel/sql.ts'
import { stage } from '../lots/testing.ts'
import { addresses, bought, differences, openShelf, type Shelf } from '../orders/testing.ts'
import { prunePeople } from './keeping.ts'

let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world[Symbol.asyncDispose]())

const traces = {
  name: 'Zebulon Quartz',
  email: 'zebulon@quartz.example',
  phone: '06 98 76 54 32',
  street: '77 rue Introuvable',
  said: 'my unmistakable words',
  device: 'Quartzphone',
}
const address = { ...addresses.FR, name: traces.name, phone: traces.phone, line1: traces.street }

async function personOfJar(one: Browser): Promise<TestPerson> {
  const { person } = (await one.ask('GET', '/me')).body
  return { id: String(person?.id), kind: 'account', name: String(person?.name), token: one.jar.get('efir_token') as string }
}

/** A life on the platform: a guest who bought, became an account, talked, follows, was invited, has a passkey. */
async function life(): Promise<{ ask: Browser; person: TestPerson; shelf: Shelf; order: string; showId: string }> {
  const ask = browser(world, { 'user-agent': `Mozilla/5.0 (${traces.device}) Chrome/140.0` })
  const shelf = await openShelf(world)
  await ask.ask('POST', '/me/guest', { name: traces.name })
  const guest = await personOfJar(ask)
  const placed = await bought(world, guest, shelf, { email: traces.email, address })
  await ask.ask('POST', '/sign-in/code', { email: traces.email })
  const code = world.codes.get(traces.email)
  await ask.ask('POST', '/sign-in/code/enter', { email: traces.email, code, name: traces.name })
  await ask.ask('PATCH', '/me', { name: `${traces.name} Jr` })
  const person = await personOfJar(ask)
  await bought(world, person, shelf, { email: traces.email, address })
  const { showId, host } = await stage(world)
  await world.must(person, room.sendChat, { showId, key: 'said-it-once', text: traces.said })
  await world.must(person, shows.followHost, { hostId: host.id, on: true })
  const later = await world.must(shelf.owner, shows.createShow, {
    shopId: shelf.shopId,
    title: { en: 'Later' },
    startsAt: world.clock.now() + 9e7,
  })
  await world.must(shelf.owner, shows.scheduleShow, { showId: later.id, startsAt: world.clock.now() + 9e7 })
  await world.must(person, shows.remindMe, { showId: later.id, email: traces.email })
  await world.must(shelf.owner, identity.inviteToShop, { shopId: shelf.shopId, role: 'manager', email: traces.email })
  const { options } = (await ask.ask('POST', '/me/passkeys/options', {})).body
  const credential = new Authenticator().make(options as unknown as { challenge: string })
  await ask.ask('POST', '/me/passkeys', { credential, name: `${traces.name}'s key` })
  await world.settle()
  return { ask, person, shelf, order: placed.orders[0]?.id as string, showId }
}

/** Every text of every table, wherever it stands. The letter box is the world's mail, not ours. */
async function whereIs(needles: readonly string[]): Promise<string[]> {
  const columns = await world.ctx.rows<{ name: string; column: string }>(
    sql`select format('%I.%I', c.table_schema, c.table_name) as name, format('%I', c.column_name) as "column" from information_schema.columns c
        join information_schema.tables t using (table_schema, table_name)
        where t.table_type = 'BASE TABLE' and c.table_schema not in ('pg_catalog', 'information_schema') and c.table_schema || '.' || c.table_name <> 'kernel.mail_box'
        and c.data_type in ('text', 'jsonb', 'json', 'ARRAY', 'character varying')`,
  )
  expect(columns.length).toBeGreaterThan(150)
  const found: string[] = []
  for (const { name, column } of columns) {
    const hits = await world.ctx.rows<{ text: string }>(
      sql`select left(${raw(column)}::text, 200) as text from ${raw(name)} where ${raw(column)}::text ilike any(${needles.map((n) => `%${n}%`)}) limit 3`,
    )
    found.push(...hits.map((hit) => `${name}.${column}: ${hit.text}`))
  }
  return found
}

const needles = ['Zebulon', 'quartz', '98 76 54 32', '98765432', 'Introuvable', 'unmistakable', traces.device]

async function deliverAll(shelf: Shelf): Promise<void> {
  const { items } = await world.must(shelf.owner, orders.packing, { shopId: shelf.shopId, state: 'open' })
  for (const { id: parcelId } of items) {
    await world.must(shelf.owner, orders.packParcel, { shopId: shelf.shopId, parcelId })
    await world.must(shelf.owner, orders.shipParcel, { shopId: shelf.shopId, parcelId, carrier: 'Post', tracking: 'TR 1' })
    await world.must(shelf.owner, orders.deliverParcel, { shopId: shelf.shopId, parcelId })
  }
  await world.settle()
}

test('[SIGN11] the archive holds everything, comes by mail, opens for its person alone, and is gone after a week', async () => {
  const { ask, order } = await life()
  expect((await ask.ask('POST', '/me/archives', {})).status).toBe(200)
  expect((await ask.ask('POST', '/me/archives', {})).no).toBe('export_waiting')
  await world.settle()
  const { archives } = (await ask.ask('GET', '/me/security')).body as unknown as { archives: { id: string; readyAt?: number }[] }
  expect(archives).toMatchObject([{ readyAt: world.clock.now() }])
  const path = `/api/me/archives/${archives[0]?.id}`
  const letter = await world.ctx.rows<{ text: string }>(
    sql`select letter ->> 'text' as text from kernel.mail_box where letter ->> 'to' = ${traces.email} and letter ->> 'subject' = 'Your archive is ready'`,
  )
  expect(letter[0]?.text).toContain(path)
  const file = (await ask.ask('GET', path)).body as unknown as Record<string, Record<string, unknown>>
  const text = JSON.stringify(file)
  const { phone, ...others } = traces
  for (const trace of Object.values(others)) expect(text).toContain(trace)
  expect(text.replaceAll(' ', '')).toContain(phone.replaceAll(' ', '').slice(1))
  expect(file['orders']?.['orders']).toEqual(expect.arrayContaining([expect.objectContaining({ id: order })]))
  expect(text).not.toMatch(/secret_hash|public_key|password/)
  const stranger = browser(world)
  expect((await stranger.ask('GET', path)).location).toBe('/sign-in?to=/account')
  await stranger.enter('stranger@example.org')
  expect((await stranger.ask('GET', path)).status).toBe(404)
  await world.kernel.db.run(sql`update identity.archive set expires_at = ${at(world.clock.now() - 1)}`)
  await world.tx((tx) => tx.addJob(prunePeople, {}, { key: prunePeople }))
  await world.settle()
  await ask.enter(traces.email)
  expect((await ask.ask('GET', path)).status).toBe(404)
  expect(await world.kernel.storage.get(`archives/${archives[0]?.id}.json`)).toBeNull()
})

test('[SIGN12] erasing waits for open orders, then leaves no trace anywhere and the books as they were', async () => {
  const ask = browser(world)
  await ask.enter(traces.email)
  expect((await ask.ask('POST', '/me/erase', { sure: true })).no).toBe('orders_open')
  const shelves = await world.ctx.rows<{ shopId: string; owner: string }>(
    sql`select distinct o.shop_id as "shopId", r.person_id as owner from orders.order o join identity.role r on r.place_id = o.shop_id and r.role = 'owner'`,
  )
  for (const { shopId, owner } of shelves) {
    const helper = await world.person({ kind: 'account' })
    await world.give(helper, shopId, 'manager')
    await deliverAll({ shopId, owner: helper } as Shelf)
    expect(owner).toBeTruthy()
  }
  const books = () =>
    world.ctx.rows(sql`select number, state, total_amount, refunded_amount, currency from orders.order order by id`)
  const entries = () => world.ctx.rows(sql`select id, amount, account_id from ledger.entry order by id`)
  const before = [await books(), await entries()]
  await ask.enter(traces.email)
  expect(await whereIs(needles)).not.toEqual([])
  expect((await ask.ask('POST', '/me/erase', { sure: true })).status).toBe(200)
  await world.settle()
  expect(await whereIs(needles)).toEqual([])
  expect([await books(), await entries()]).toEqual(before)
  expect(await differences(world)).toEqual([])
  expect((await Promise.all(verifierChecks.map((check) => check.run(world.ctx)))).flat()).toEqual([])
  expect((await ask.ask('GET', '/me')).body.person).toBeNull()
  const fresh = await browser(world).enter(traces.email)
  expect(fresh.body.person).toMatchObject({ kind: 'account', name: 'zebulon' })
  const page = await world.ctx.one<{ id: string; shop_id: string }>(sql`select id, shop_id from orders.order order by id limit 1`)
  const helper = await world.person({ kind: 'account' })
  await world.give(helper, page.shop_id, 'manager')
  const seen = await world.must(helper, orders.shopOrder, { shopId: page.shop_id, orderId: page.id })
  expect(seen).toMatchObject({ email: '', address: { name: '\u2014', country: 'FR' } })
})

test('[SIGN12] the last owner of a shop hands it over first, and a demo person stays', async () => {
  const ask = browser(world)
  await ask.enter('keeper@example.org')
  const { person } = (await ask.ask('GET', '/me')).body
  await ask.ask('POST', '/shops', { name: 'Mine', slug: 'mine', market: 'FR', country: 'FR', currency: 'EUR' })
  expect((await ask.ask('POST', '/me/erase', { sure: true })).no).toBe('last_owner')
  await world.kernel.db.run(sql`update identity.person set demo = true where id = ${String(person?.id)}`)
  expect((await ask.ask('POST', '/me/erase', { sure: true })).no).toBe('not_allowed')
})

test('[SIGN3] archive and erasure need a sign-in of the last minutes', async () => {
  const ask = browser(world)
  await ask.enter('stale@example.org')
  await world.kernel.db.run(sql`update identity.session set proven_at = ${at(world.clock.now() - 11 * 60_000)}`)
  expect((await ask.ask('POST', '/me/archives', {})).no).toBe('prove_again')
  expect((await ask.ask('POST', '/me/erase', { sure: true })).no).toBe('prove_again')
})

test('guests who left nothing, sessions long over and used challenges go; guests who bought stay', async () => {
  const shelf = await openShelf(world)
  const [buyer, passer] = [await world.person(), await world.person()]
  await bought(world, buyer, shelf)
  const ask = browser(world)
  await ask.ask('POST', '/me/guest', {})
  const looker = await personOfJar(ask)
  await world.kernel.db.run(sql`insert into identity.challenge_used values ('\\x01', ${at(world.clock.now())})`)
  const longAgo = at(world.clock.now() - 200 * 86_400_000)
  await world.kernel.db.run(sql`update identity.person set created_at = ${longAgo} where kind = 'guest'`)
  await world.kernel.db.run(sql`update identity.session set expires_at = ${longAgo}`)
  await world.kernel.db.run(sql`update identity.challenge_used set expires_at = ${longAgo}`)
  await world.tx((tx) => tx.addJob(prunePeople, {}, { key: prunePeople }))
  await world.jobs.runDue()
  const left = await world.ctx.rows<{ id: string }>(
    sql`select id from identity.person where id = any(${[buyer.id, passer.id, looker.id]})`,
  )
  expect(left).toEqual([{ id: buyer.id }])
  expect(await world.ctx.one(sql`select count(*)::int as n from identity.challenge_used`)).toEqual({ n: 0 })
  expect(
    await world.ctx.one(sql`select count(*)::int as n from identity.session where expires_at < now() - interval '99 years'`),
  ).toEqual({ n: 0 })
})
