import { addSite, embedGuest, removeSite, shopSites } from '@efir/contract/integrations.ts'
import { myOrders } from '@efir/contract/orders.ts'
import { createShow } from '@efir/contract/shows.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openWorld, type TestPerson, type World } from '../../../test/world.ts'
import { sql } from '../../kernel/sql.ts'

let world: World
let owner: TestPerson
let shopId: string
let showId: string
const origin = 'https://blog.example'

beforeAll(async () => {
  world = await openWorld()
  const shop = await world.shop()
  owner = shop.owner
  shopId = shop.id
  showId = (await world.must(owner, createShow, { shopId, title: { en: 'A show' }, hostIds: [], visibility: 'public' })).id
  await world.ctx.run(sql`update shows.show set state = 'live'`)
})
afterAll(() => world[Symbol.asyncDispose]())

const ask = (given: { method?: 'GET' | 'POST' | 'OPTIONS'; url: string; headers?: Record<string, string>; payload?: object }) =>
  world.app.http.inject({ method: 'GET', ...given, headers: { origin, 'sec-fetch-site': 'cross-site', ...given.headers } })
const later = () => world.clock.set(world.clock.now() + 6_000)

test('only origins are taken, forty at most, and each shop sees its own', async () => {
  for (const wrong of ['blog.example', 'https://blog.example/', 'https://Blog.example', 'javascript:alert(1)', 'null', '*'])
    expect(await world.call(owner, addSite, { shopId, origin: wrong }), wrong).toMatchObject({ refusal: 'bad_input' })
  for (let n = 0; n < 40; n++) await world.must(owner, addSite, { shopId, origin: `https://blog-${n}.example` })
  expect(await world.call(owner, addSite, { shopId, origin })).toMatchObject({ refusal: 'integration_limit' })
  await world.must(owner, removeSite, { shopId, origin: 'https://blog-0.example' })
  const other = await world.shop()
  expect(await world.must(other.owner, shopSites, { shopId: other.id })).toEqual({ sites: [] })
})

test('a page of an unknown site is told nothing that its browser would hand over, and gets no guest', async () => {
  const answer = await ask({ url: `/api/shows/${showId}` })
  expect(answer.headers['access-control-allow-origin']).toBeUndefined()
  expect(answer.headers['vary']).toContain('origin')
  expect((await ask({ method: 'OPTIONS', url: '/api/me' })).headers['access-control-allow-origin']).toBeUndefined()
  const guest = await ask({ method: 'POST', url: `/api/shows/${showId}/embed/guest`, payload: {} })
  expect(guest.json()).toMatchObject({ refusal: { code: 'site_not_allowed' } })
})

test('a page of a named site may ask what anybody may, and what its guest may; nothing with cookies, nothing of the office', async () => {
  await world.must(owner, addSite, { shopId, origin })
  await later()
  const open = await ask({ url: `/api/shows/${showId}` })
  expect([open.statusCode, open.headers['access-control-allow-origin']]).toEqual([200, origin])
  expect(open.headers['access-control-allow-credentials']).toBeUndefined()
  const preflight = await ask({ method: 'OPTIONS', url: '/api/orders' })
  expect(preflight.headers['access-control-allow-headers']).toContain('authorization')
  const made = await ask({ method: 'POST', url: `/api/shows/${showId}/embed/guest`, payload: {} })
  const guest = made.json() as { token: string; session: string; personId: string }
  expect(made.headers['set-cookie']).toBeUndefined()
  const authorization = `Bearer ${guest.token}`
  expect((await ask({ url: `/api${myOrders.path}`, headers: { authorization } })).statusCode).toBe(200)
  const again = await ask({ method: 'POST', url: `/api/shows/${showId}/embed/guest`, payload: { session: guest.session } })
  expect((again.json() as { personId: string }).personId).toBe(guest.personId)
  const office = await ask({ url: `/api/shops/${shopId}/orders`, headers: { authorization: `Bearer ${owner.token}` } })
  expect(office.json()).toMatchObject({ refusal: { code: 'not_allowed' } })
  const cookies = { cookie: `efir_token=${owner.token}`, 'x-efir': '1' }
  const withCookies = await ask({ method: 'POST', url: '/api/me/guest', headers: cookies, payload: {} })
  expect(withCookies.json()).toMatchObject({ refusal: { code: 'csrf_failed' } })
})

test('a site of one shop gets no guest for the show of another', async () => {
  const other = await world.shop()
  const show = await world.must(other.owner, createShow, {
    shopId: other.id,
    title: { en: 'Theirs' },
    hostIds: [],
    visibility: 'public',
  })
  await world.ctx.run(sql`update shows.show set state = 'live'`)
  const answer = await ask({ method: 'POST', url: `/api/shows/${show.id}/embed/guest`, payload: {} })
  expect(answer.json()).toMatchObject({ refusal: { code: 'site_not_allowed' } })
  expect(await world.call(null, embedGuest, { showId: show.id })).toMatchObject({ ok: true })
})
