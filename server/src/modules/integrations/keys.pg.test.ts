import type { Act } from '@efir/contract/act.ts'
import { allScopes, apiModules, scopeFor, scopesWithin } from '@efir/contract/api.ts'
import * as catalog from '@efir/contract/catalog.ts'
import * as identity from '@efir/contract/identity.ts'
import * as contract from '@efir/contract/integrations.ts'
import * as ledger from '@efir/contract/ledger.ts'
import * as lots from '@efir/contract/lots.ts'
import * as orders from '@efir/contract/orders.ts'
import { allows } from '@efir/contract/scopes.ts'
import * as shows from '@efir/contract/shows.ts'
import * as stock from '@efir/contract/stock.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openWorld, type TestPerson, type World } from '../../../test/world.ts'
import { at, sql } from '../../kernel/sql.ts'
import { bought, openShelf } from '../orders/testing.ts'

let world: World
let operator: TestPerson
let owner: TestPerson
let manager: TestPerson
let shopId: string
let otherShopId: string
const ids: Record<string, string> = {}

beforeAll(async () => {
  world = await openWorld()
  const shelf = await openShelf(world)
  owner = shelf.owner
  shopId = shelf.shopId
  operator = await world.person({ operator: true })
  manager = await world.person({ kind: 'account' })
  const other = await world.shop()
  otherShopId = other.id
  // The same person owns both shops: a key of one still means nothing in the other.
  await world.give(owner, other.id, 'owner')
  const show = await world.must(owner, shows.createShow, { shopId, title: { en: 'A show' }, hostIds: [] })
  const product = await world.must(owner, catalog.createProduct, {
    shopId,
    title: { en: 'A thing' },
    variants: [{ sku: 'T-1', prices: [{ amount: 100, currency: 'EUR' }] }],
  })
  const order = (await bought(world, await world.person(), shelf)).orders[0]
  const page = await world.must(owner, orders.shopOrder, { shopId, orderId: order?.id as string })
  const price = { amount: 100, currency: 'EUR' }
  const lot = await world.must(owner, lots.createLot, { showId: show.id, variantIds: [shelf.variantId], price, quota: 1 })
  Object.assign(ids, { shopId, showId: show.id, productId: product.id, variantId: shelf.variantId, lotId: lot.id })
  Object.assign(ids, { orderId: page.id, parcelId: page.parcel.id, deliveryId: shelf.methodId, methodId: shelf.methodId })
})
afterAll(() => world[Symbol.asyncDispose]())

const make = async (person: TestPerson, scopes: readonly string[], at = shopId) =>
  (await world.must(person, contract.makeShopKey, { shopId: at, name: 'A key', scopes: [...scopes], days: 30 })).secret

async function send(key: string, act: Act, extra: Record<string, unknown> = { probe_: 1 }) {
  const inPath = [...act.path.matchAll(/:(\w+)/g)].map((m) => m[1] as string)
  const path = act.path.replace(/:(\w+)/g, (_, name: string) => ids[name] ?? 'x')
  const inBody = Object.keys(act.input.properties).filter((name) => ids[name] && !inPath.includes(name))
  const body = { ...Object.fromEntries(inBody.map((name) => [name, ids[name]])), ...extra }
  const given = act.method === 'GET' ? { query: body as Record<string, string> } : { payload: body }
  return await world.app.http.inject({
    method: act.method,
    url: `/api${path}`,
    headers: { authorization: `Bearer ${key}` },
    ...given,
  })
}
async function ask(key: string, act: Act): Promise<string> {
  const response = await send(key, act)
  return (response.json() as { refusal?: { code: string } }).refusal?.code ?? `status ${response.statusCode}`
}

describe('every act × every scope', () => {
  const everything = apiModules.flatMap((module) => module.acts)
  const scoped = everything.filter((act) => scopeFor(act) !== null && scopeFor(act) !== 'open')
  /** bad_input: let in, stopped only by the field that no act has. */
  const placedBy = (act: Act) => [...act.path.matchAll(/:(\w+)/g)].map((m) => m[1] as string).findLast((name) => name in ids)
  const wanted = (act: Act, held: readonly string[], roles: readonly string[]) => {
    const scope = scopeFor(act)
    if (scope === 'open') return 'bad_input'
    if (!scope || !allows(held, scope)) return 'not_allowed'
    if (act.who.some((who) => roles.includes(who))) return 'bad_input'
    // A stranger is not told whether a thing exists.
    const ofRoles = act.who.some((who) => /^(shop|show):/.test(who))
    return roles.length > 0 || !ofRoles || placedBy(act) === 'shopId' ? 'not_allowed' : 'not_found'
  }
  async function compare(key: string, held: readonly string[], roles: readonly string[], asked = everything) {
    const got: Record<string, string> = {}
    const want: Record<string, string> = {}
    for (const act of asked) {
      got[act.name] = await ask(key, act)
      want[act.name] = wanted(act, held, roles)
    }
    expect(got).toEqual(want)
  }

  test.each(scopesWithin.shop)('a key of the shop with %s reaches its acts and no other', async (scope) => {
    await compare(await make(owner, [scope]), [scope], ['shop:owner'], scoped)
  })

  test('a key with all scopes stays within what its maker may, and within its shop', async () => {
    await compare(await make(owner, scopesWithin.shop), scopesWithin.shop, ['shop:owner'])
    await world.give(manager, shopId, 'manager')
    const managers = await make(manager, scopesWithin.shop)
    await compare(managers, scopesWithin.shop, ['shop:manager'])
    await world.must(owner, identity.takeRole, { shopId, personId: manager.id, role: 'manager' })
    await world.give(manager, shopId, 'fulfilment')
    await compare(managers, scopesWithin.shop, ['shop:fulfilment'])
    await compare(await make(owner, scopesWithin.shop, otherShopId), scopesWithin.shop, [])
  })

  test('a key of the platform does what operators do; a key of a shop never does, whoever made it', async () => {
    const { secret } = await world.must(operator, contract.makePlatformKey, {
      name: 'Watch',
      scopes: [...scopesWithin.platform],
      days: 30,
    })
    await compare(secret, scopesWithin.platform, ['operator'])
    await world.give(operator, shopId, 'owner')
    await compare(await make(operator, scopesWithin.shop), scopesWithin.shop, ['shop:owner'])
  })

  test('what belongs to persons has no scope at all', () => {
    for (const act of everything.filter((one) => one.who.includes('known'))) expect(scopeFor(act), act.name).toBeNull()
    expect(allScopes.some((scope) => scope.startsWith('integrations'))).toBe(false)
  })
})

describe('a key', () => {
  test('is shown once, kept as a hash, and works until it is revoked or expires', async () => {
    const made = await world.must(owner, contract.makeShopKey, { shopId, name: 'Books', scopes: ['orders:read'], days: 1 })
    expect(made.secret.startsWith(`${made.key.start}_`)).toBe(true)
    const { keys } = await world.must(owner, contract.shopKeys, { shopId })
    expect(JSON.stringify(keys)).not.toContain(made.secret)
    const stored = await world.ctx.rows(sql`select id, name, encode(secret_hash, 'escape') as hash from integrations.api_key`)
    expect(JSON.stringify(stored)).not.toContain(made.secret.slice(-43))
    expect((await send(made.secret, orders.shopOrders, {})).statusCode).toBe(200)
    expect(
      (await send(`${made.secret.slice(0, -1)}${made.secret.endsWith('A') ? 'E' : 'A'}`, orders.shopOrders, {})).statusCode,
    ).toBe(401)
    await world.must(owner, contract.revokeShopKey, { shopId, apiKeyId: made.key.id })
    expect((await send(made.secret, orders.shopOrders, {})).statusCode).toBe(401)
    const short = await make(owner, ['orders:read'])
    await world.ctx.run(
      sql`update integrations.api_key set expires_at = ${at(world.clock.now())} where id = ${`apk_${short.slice(5, 31)}`}`,
    )
    expect((await send(short, orders.shopOrders, {})).statusCode).toBe(401)
  })

  test('acts as its maker', async () => {
    const key = await make(owner, ['identity:write'])
    const answer = await send(key, identity.inviteToShop, { role: 'fulfilment' })
    expect(answer.statusCode).toBe(200)
    const { invitations } = await world.must(owner, identity.shopTeam, { shopId })
    expect(invitations.map((one) => one.id)).toContain((answer.json() as { id: string }).id)
  })

  test('cannot be made with a scope of another place, nor revoked by another shop', async () => {
    const asked = { shopId, name: 'Wide', scopes: ['payments:write'], days: 1 }
    expect(await world.call(owner, contract.makeShopKey, asked)).toMatchObject({ ok: false, refusal: 'scope_unknown' })
    const made = await world.must(owner, contract.makeShopKey, { ...asked, scopes: ['orders:read'] })
    const stranger = { shopId: otherShopId, apiKeyId: made.key.id }
    expect(await world.call(owner, contract.revokeShopKey, stranger)).toMatchObject({ refusal: 'not_found' })
    expect(await world.call(owner, contract.shopKeyCalls, stranger)).toMatchObject({ refusal: 'not_found' })
  })

  test('leaves a line for each call, with what was refused', async () => {
    const made = await world.must(owner, contract.makeShopKey, { shopId, name: 'Line', scopes: ['orders:read'], days: 1 })
    const lines = async () => (await world.must(owner, contract.shopKeyCalls, { shopId, apiKeyId: made.key.id })).items
    await send(made.secret, orders.shopOrders, {})
    await expect.poll(lines).toMatchObject([{ act: 'shopOrders', status: 200 }])
    await send(made.secret, catalog.createProduct)
    await expect.poll(lines).toMatchObject([
      { act: 'createProduct', status: 403, refusal: 'not_allowed' },
      { act: 'shopOrders', status: 200 },
    ])
    const { keys } = await world.must(owner, contract.shopKeys, { shopId })
    expect(keys.find((key) => key.id === made.key.id)?.lastUsedAt).toBe(world.clock.now())
  })

  test('has an allowance that the answers tell, and a refusal that says when to come again', async () => {
    const key = await make(owner, ['orders:read'])
    let last = await send(key, orders.orderCounts, {})
    expect(last.headers['ratelimit-policy']).toBe('"key";q=600;w=60')
    expect(last.headers['ratelimit']).toBe('"key";r=599;t=1')
    const acts = [
      orders.orderCounts,
      orders.deliveryMethods,
      catalog.findProducts,
      identity.listShops,
      ledger.shopBalances,
      ledger.shopPayouts,
      stock.stockList,
      identity.shopTeam,
      orders.shopOrders,
      orders.packing,
      catalog.shopProducts,
      identity.myShop,
    ]
    for (let call = 0; call < 640 && last.statusCode !== 429; call++) last = await send(key, acts[call % acts.length] as Act, {})
    expect(last.statusCode).toBe(429)
    expect(Number(last.headers['retry-after'])).toBeGreaterThan(0)
  })
})

test('the description of the interface is served, and asked for again only when it has changed', async () => {
  const first = await world.app.http.inject({ url: '/openapi.json' })
  expect(first.json()).toMatchObject({ openapi: '3.1.0', servers: [{ url: '/api' }] })
  const etag = String(first.headers['etag'])
  expect((await world.app.http.inject({ url: '/openapi.json', headers: { 'if-none-match': etag } })).statusCode).toBe(304)
})
