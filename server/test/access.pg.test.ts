import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Act, Who } from '@efir/contract/act.ts'
import * as catalog from '@efir/contract/catalog.ts'
import * as lots from '@efir/contract/lots.ts'
import * as orders from '@efir/contract/orders.ts'
import * as shows from '@efir/contract/shows.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bought, openShelf } from '../src/modules/orders/testing.ts'
import { openWorld, type TestPerson, type World } from './world.ts'

/** Every act × every kind of caller, made from the contract: may call means that only the probe field is refused. */
const folder = join(import.meta.dirname, '../../contract/src')
const lists = await Promise.all(
  readdirSync(folder)
    .filter((f) => f.endsWith('.ts') && !f.endsWith('.test.ts'))
    .map(async (f) => ((await import(join(folder, f))) as { acts?: readonly Act[] }).acts ?? []),
)
const acts = lists.flat()

const roles = [
  'nobody',
  'guest',
  'account',
  'owner',
  'manager',
  'fulfilment',
  'host',
  'moderator',
  'operator',
  'stranger owner',
] as const
type Role = (typeof roles)[number]
const gives: Record<Role, Who[]> = {
  nobody: ['public'],
  guest: ['public', 'known'],
  account: ['public', 'known', 'account'],
  owner: ['public', 'known', 'account', 'shop:owner'],
  manager: ['public', 'known', 'account', 'shop:manager'],
  fulfilment: ['public', 'known', 'account', 'shop:fulfilment'],
  host: ['public', 'known', 'account', 'show:host'],
  moderator: ['public', 'known', 'account', 'show:moderator'],
  operator: ['public', 'known', 'account', 'operator'],
  /** Owns another shop: that counts for nothing here. */
  'stranger owner': ['public', 'known', 'account'],
}

let world: World
let people: Record<Role, TestPerson | null>
const ids: Record<string, string> = {}

beforeAll(async () => {
  world = await openWorld()
  const account = () => world.person({ kind: 'account' })
  const shelf = await openShelf(world)
  const shop = { id: shelf.shopId, owner: shelf.owner }
  const other = await world.shop()
  people = {
    nobody: null,
    guest: await world.person(),
    account: await account(),
    owner: shop.owner,
    manager: await account(),
    fulfilment: await account(),
    host: await account(),
    moderator: await account(),
    operator: await world.person({ operator: true }),
    'stranger owner': other.owner,
  }
  await world.give(people.manager as TestPerson, shop.id, 'manager')
  await world.give(people.fulfilment as TestPerson, shop.id, 'fulfilment')
  const show = await world.must(shop.owner, shows.createShow, { shopId: shop.id, title: { en: 'A show' }, hostIds: [] })
  await world.giveShow(people.host as TestPerson, show.id, 'host')
  await world.giveShow(people.moderator as TestPerson, show.id, 'moderator')
  const product = await world.must(shop.owner, catalog.createProduct, {
    shopId: shop.id,
    title: { en: 'A thing' },
    variants: [{ sku: 'T-1', prices: [{ amount: 100, currency: 'EUR' }] }],
  })
  Object.assign(ids, { shopId: shop.id, showId: show.id, productId: product.id, variantId: product.variantList[0]?.id })
  const order = (await bought(world, await world.person(), shelf)).orders[0]
  const page = await world.must(shop.owner, orders.shopOrder, { shopId: shop.id, orderId: order?.id as string })
  const lot = await world.must(shop.owner, lots.createLot, {
    showId: show.id,
    variantIds: [shelf.variantId],
    price: { amount: 100, currency: 'EUR' },
    quota: 1,
  })
  Object.assign(ids, {
    orderId: page.id,
    parcelId: page.parcel.id,
    deliveryId: shelf.methodId,
    methodId: shelf.methodId,
    lotId: lot.id,
    variantId: shelf.variantId,
  })
})
afterAll(() => world[Symbol.asyncDispose]())

/** Who has nothing to do with a thing is not told that it exists; a shop is no secret. */
function refusedTo(act: Act, role: Role): string {
  const placed = [...act.path.matchAll(/:(\w+Id)/g)].map((m) => m[1] as string).filter((key) => ids[key] || key === 'payoutId')
  const key = placed.at(-1)
  const inPlace = act.who.some((w) => /^(shop|show):/.test(w)) && key !== undefined && key !== 'shopId'
  const ofShow = key === 'showId' || key === 'lotId'
  const hasRole = ['owner', 'manager', 'fulfilment', ...(ofShow ? ['host', 'moderator'] : [])].includes(role)
  return inPlace && !hasRole ? 'not_found' : 'not_allowed'
}

async function ask(act: Act, person: TestPerson | null): Promise<string> {
  const inPath = [...act.path.matchAll(/:(\w+)/g)].map((m) => m[1] as string)
  const path = act.path.replace(/:(\w+)/g, (_, key: string) => ids[key] ?? 'x')
  const inBody = Object.fromEntries(
    Object.keys(act.input.properties)
      .filter((k) => ids[k] && !inPath.includes(k))
      .map((k) => [k, ids[k]]),
  )
  const get = act.method === 'GET'
  const response = await world.app.http.inject({
    method: act.method,
    url: `/api${path}`,
    headers: { 'x-efir': '1', ...(person ? { authorization: `Bearer ${person.token}` } : {}) },
    ...(get ? { query: { ...inBody, probe_: '1' } as Record<string, string> } : { payload: { ...inBody, probe_: 1 } }),
  })
  const body = response.json() as { refusal?: { code: string } }
  return body.refusal?.code ?? `status ${response.statusCode}`
}

describe.each(acts.map((act) => [act.name, act] as const))('%s', (_, act) => {
  test(`may be called by ${act.who.join(', ')} and by nobody else`, async () => {
    const got: Record<string, string> = {}
    const want: Record<string, string> = {}
    for (const role of roles) {
      const may = act.who.some((w) => gives[role].includes(w))
      want[role] = may ? 'bad_input' : role === 'nobody' || role === 'guest' ? 'not_signed_in' : refusedTo(act, role)
      got[role] = await ask(act, people[role])
    }
    expect(got).toEqual(want)
  })
})

test('every act is bound once, and every name and path is its own', () => {
  expect(acts.length).toBeGreaterThan(60)
  expect(new Set(acts.map((a) => a.name)).size).toBe(acts.length)
  expect(new Set(acts.map((a) => `${a.method} ${a.path.replace(/:\w+/g, ':')}`)).size).toBe(acts.length)
  const bound = world.app.modules.flatMap((m) => m.routes ?? []).map((r) => r.act.name)
  expect([...bound].sort()).toEqual(acts.map((a) => a.name).sort())
})
