import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as catalog from '@efir/contract/catalog.ts'
import { locales } from '@efir/contract/scalars.ts'
import * as shows from '@efir/contract/shows.ts'
import { tellVitals } from '@efir/contract/site.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openWorld, type TestPerson, type World, worldStart } from '../../../test/world.ts'
import { openCtx } from '../../kernel/context.ts'
import { sql } from '../../kernel/sql.ts'
import { stepShow } from '../shows/verbs/life.ts'
import { composer, ownPages } from './compose.ts'
import { sitemapIndex, sitemapOf } from './crawlers.ts'

const dist = mkdtempSync(join(tmpdir(), 'efir-site-'))
const origin = 'https://live.example'
const hostile = `Kettle </script><script>alert("1")</script> & 'co'`
let world: World
let shop: { id: string; owner: TestPerson }
let slug = ''
let host: TestPerson
let productId = ''

beforeAll(async () => {
  writeFileSync(
    join(dist, 'index.html'),
    '<html lang="en"><head><title>Efir</title></head><body><div id="root"></div></body></html>',
  )
  world = await openWorld({ dist, settings: { EFIR_ORIGIN: origin } })
  shop = await world.shop({ name: hostile })
  slug = `shop-${shop.id.slice(-10)}`
  host = await world.person({ kind: 'account', name: 'Vera "V" <Host>' })
  const product = await world.must(shop.owner, catalog.createProduct, {
    shopId: shop.id,
    title: { en: hostile, fr: 'Bouilloire' },
    about: { en: 'Boils in two minutes.' },
    brand: 'Orvik',
    variants: [{ sku: 'K-1', prices: [{ amount: 4_990, currency: 'EUR' }] }],
  })
  productId = product.id
  await world.must(shop.owner, catalog.publishProduct, { productId, state: 'published' })
})
afterAll(async () => {
  await world[Symbol.asyncDispose]()
  rmSync(dist, { recursive: true })
})

const get = (url: string, headers: Record<string, string> = {}) =>
  world.app.http.inject({ url, headers: { accept: 'text/html', ...headers } })
const newShow = (visibility: 'public' | 'unlisted' | 'team' = 'public') =>
  world.must(shop.owner, shows.createShow, {
    shopId: shop.id,
    title: { en: hostile, ru: 'Чайники' },
    hostIds: [host.id],
    visibility,
  })

interface Thing {
  readonly '@type': string
  readonly [key: string]: unknown
}
function graphOf(body: string): Thing[] {
  const text = /<script type="application\/ld\+json">(.*?)<\/script>/s.exec(body)?.[1]
  return text ? (JSON.parse(text) as { '@graph': Thing[] })['@graph'] : []
}
const metaOf = (body: string, name: string) => new RegExp(`(?:property|name)="${name}" content="([^"]*)"`).exec(body)?.[1]
const scripts = (body: string) => body.match(/<script/g)?.length ?? 0

test('a product can be read without scripts, and says what it costs to machines', async () => {
  const { body, headers, statusCode } = await get(`/product/${productId}`)
  expect(statusCode).toBe(200)
  expect(headers['cache-control']).toMatch(/public, max-age=\d+/)
  expect(body).toContain('Kettle &lt;/script&gt;')
  expect(body).toContain('Boils in two minutes.')
  expect(body).toContain('€49.90')
  // Its own two blocks of data and nothing that came with a name.
  expect(scripts(body)).toBe(2)
  const [product] = graphOf(body)
  expect(product).toMatchObject({
    '@type': 'Product',
    name: hostile,
    brand: { name: 'Orvik' },
    offers: [{ '@type': 'Offer', price: '49.90', priceCurrency: 'EUR', availability: 'https://schema.org/OutOfStock' }],
  })
  expect(metaOf(body, 'og:type')).toBe('product')
  expect(metaOf(body, 'og:url')).toBe(`${origin}/product/${productId}`)
  expect(metaOf(body, 'og:title')).not.toMatch(/[<>]/)
})

test('each language has its address, and every version names all of them', async () => {
  const { body, headers } = await get(`/product/${productId}?lang=fr&utm_source=x`)
  expect(headers['content-language']).toBe('fr')
  expect(headers['vary']).toBe('accept-encoding')
  expect(body).toContain('<html lang="fr" dir="ltr">')
  expect(body).toContain('<title>Bouilloire · Efir</title>')
  expect(body).toContain(`<link rel="canonical" href="${origin}/product/${productId}?lang=fr" />`)
  for (const locale of locales)
    expect(body).toContain(`hreflang="${locale}" href="${origin}/product/${productId}?lang=${locale}"`)
  const arabic = await get('/', { 'accept-language': 'ar,en;q=0.5' })
  expect(arabic.body).toContain('<html lang="ar" dir="rtl">')
  expect(arabic.headers['vary']).toContain('accept-language')
  expect((await get('/', { 'accept-language': 'ar', cookie: 'efir_locale=uk' })).body).toContain('<html lang="uk"')
})

test('a show is an event before, a live video during and a recording after', async () => {
  const show = await newShow()
  await world.must(shop.owner, shows.scheduleShow, { showId: show.id, startsAt: worldStart + 3_600_000 })
  const before = await get(`/show/${show.id}?lang=ru`)
  expect(before.body).toContain('Чайники')
  expect(before.body).toContain('<time datetime="2026-11-20T19:00:00.000Z">')
  expect(graphOf(before.body)).toMatchObject([
    { '@type': 'BroadcastEvent', startDate: '2026-11-20T19:00:00.000Z', performer: [{ '@type': 'Person', name: host.name }] },
  ])
  await world.tx((tx) => stepShow(tx, show.id, 'start'))
  // Not from the shelf of the moment before.
  const live = graphOf((await get(`/show/${show.id}?lang=en`)).body)
  expect(live.map((one) => one['@type'])).toEqual(['BroadcastEvent', 'VideoObject'])
  expect(live[1]).toMatchObject({ name: hostile, uploadDate: expect.stringMatching(/^2026-/), thumbnailUrl: expect.anything() })
})

test('hosts and shops say who they are', async () => {
  const person = await get(`/host/${host.id}`)
  expect(graphOf(person.body)).toMatchObject([{ '@type': 'ProfilePage', mainEntity: { '@type': 'Person', name: host.name } }])
  expect(person.body).toContain('Vera &quot;V&quot; &lt;Host&gt;')
  const store = await get(`/shop/${slug}`)
  expect(graphOf(store.body)).toMatchObject([{ '@type': 'OnlineStore', name: hostile, url: `${origin}/shop/${slug}` }])
  expect(store.body).toContain('€49.90')
  // Settings of a shop are its own.
  expect(store.body).not.toMatch(/blockWords|"mail"/)
})

test('what is not for strangers is not there; what is over is gone; what is unlisted stays out of search', async () => {
  const unlisted = await newShow('unlisted')
  await world.must(shop.owner, shows.scheduleShow, { showId: unlisted.id, startsAt: worldStart + 3_600_000 })
  const draft = await newShow()
  const team = await newShow('team')
  const cancelled = await newShow()
  await world.must(shop.owner, shows.scheduleShow, { showId: cancelled.id, startsAt: worldStart + 3_600_000 })
  await world.must(shop.owner, shows.cancelShow, { showId: cancelled.id })
  const secret = await get(`/show/${unlisted.id}`)
  expect([secret.statusCode, secret.headers['cache-control']]).toEqual([200, 'no-store'])
  expect(secret.body).toContain('content="noindex"')
  expect(secret.body).not.toMatch(/canonical|efir-seeds|ld\+json/)
  for (const hidden of [draft, team]) {
    const answer = await get(`/show/${hidden.id}`)
    expect(answer.statusCode).toBe(404)
    expect(answer.body).not.toContain('Kettle')
    expect(answer.body).toContain('<div id="root">')
  }
  expect((await get(`/show/${cancelled.id}`)).statusCode).toBe(410)
  await world.must(shop.owner, catalog.publishProduct, { productId, state: 'archived' })
  expect((await get(`/product/${productId}?lang=es`)).statusCode).toBe(410)
  await world.must(shop.owner, catalog.publishProduct, { productId, state: 'published' })
  for (const path of ['/nowhere', '/show/x', '/show/shw_00000000000000000000000000', '/product/..%2f', '/shop/-', '/host/<b>'])
    expect((await get(path)).statusCode).toBe(404)
  expect((await get('/bag')).statusCode).toBe(200)
})

test('who asks makes no difference, and a page that did not change is not sent again', async () => {
  const path = `/host/${host.id}?lang=en`
  const stranger = await get(path)
  const own = await get(path, { authorization: `Bearer ${host.token}` })
  expect(own.body).toBe(stranger.body)
  const again = await get(path, { 'if-none-match': String(stranger.headers['etag']) })
  expect([again.statusCode, again.body]).toEqual([304, ''])
  const packed = await get(path, { 'accept-encoding': 'gzip, br' })
  expect([packed.headers['content-encoding'], packed.rawPayload.length < stranger.rawPayload.length]).toEqual(['br', true])
})

test('an address with a slash at its end leads to the one without, on this site alone', async () => {
  for (const [from, to] of [
    [`/shop/${slug}/`, `/shop/${slug}`],
    ['/products/?lang=fr', '/products?lang=fr'],
  ] as const) {
    const answer = await get(from)
    expect([answer.statusCode, answer.headers['location']]).toEqual([301, to])
  }
  const elsewhere = await composer(world.kernel)({ path: '//evil.example//', locale: 'en', lang: null })
  expect(elsewhere).toEqual({ redirect: '/evil.example' })
})

test('the sitemap lists what is public, in files of bounded size, and robots.txt names it', async () => {
  const index = await get('/sitemap.xml')
  expect(index.headers['content-type']).toContain('application/xml')
  for (const kind of ['pages', 'shows', 'products', 'shops', 'hosts']) {
    expect(index.body).toContain(`<loc>${origin}/sitemap/${kind}.xml</loc>`)
    expect((await get(`/sitemap/${kind}.xml`)).statusCode).toBe(200)
  }
  const ctx = openCtx(world.kernel, { actor: { kind: 'nobody' } })
  const files = [...(await sitemapIndex(ctx, origin, 2)).matchAll(/shows\.xml(?:\?after=(\w+))?/g)].map((one) => one[1] ?? '')
  const listed = (await Promise.all(files.map((after) => sitemapOf(ctx, origin, 'shows', after, 2)))).join('').match(/<loc>/g)
  const shown = await ctx.one<{ n: number }>(
    sql`select count(*)::int as n from shows.show where visibility = 'public' and state not in ('draft', 'cancelled', 'archived')`,
  )
  expect(listed?.length ?? 0).toBe(shown.n)
  const products = (await get('/sitemap/products.xml')).body
  expect(products).toContain(`<loc>${origin}/product/${productId}</loc>`)
  expect(products).toContain('hreflang="uk"')
  expect((await get('/sitemap/people.xml')).statusCode).toBe(404)
  expect((await get(`/sitemap/shows.xml?after=';drop`)).statusCode).toBe(404)
  expect((await get('/robots.txt')).body).toContain(`Sitemap: ${origin}/sitemap.xml`)
})

test('the manifest speaks the language of the page', async () => {
  const manifest = JSON.parse((await get('/manifest.webmanifest?lang=ar')).body)
  expect(manifest).toMatchObject({ lang: 'ar', dir: 'rtl', display: 'standalone', scope: '/' })
  for (const { src } of manifest.icons as { src: string }[])
    expect(
      readFileSync(join(import.meta.dirname, '../../../../web/public', src))
        .subarray(1, 4)
        .toString(),
    ).toBe('PNG')
})

test('every page of the app is known here: none answers that it is missing', () => {
  const source = readFileSync(join(import.meta.dirname, '../../../../web/src/faces/watch/routes.ts'), 'utf8')
  const paths = [...source.matchAll(/path: '([^'*]+)'/g)].map((one) => one[1] as string)
  const composed = ['/', '/products', '/show/:showId', '/product/:id', '/shop/:slug', '/host/:id']
  const own = paths.filter((path) => !composed.includes(path)).map((path) => path.replace(/:\w+/, 'x'))
  expect(own.length).toBeGreaterThan(3)
  expect(own.filter((path) => !ownPages.some((pattern) => pattern.test(path)))).toEqual([])
})

test('vitals are counted by page and by nothing else', async () => {
  for (const lcpMs of [900, 2_400, 60_000]) await world.must(null, tellVitals, { page: 'show', lcpMs, cls: 0.01 })
  const lcp = await world.app.figures.find((one) => (one as { name?: string }).name === 'efir_web_lcp_seconds')?.get()
  expect(lcp?.values.find((one) => String((one as { metricName?: string }).metricName).endsWith('_count'))).toMatchObject({
    labels: { page: 'show' },
    value: 3,
  })
  expect(await world.call(null, tellVitals, { page: 'show', personId: host.id } as never)).toMatchObject({ refusal: 'bad_input' })
})
