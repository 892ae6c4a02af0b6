import { changeShow, createShow, scheduleShow } from '@efir/contract/shows.ts'
import type { Browser, CDPSession, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { toolPath } from '../../scripts/needs.ts'
import { violationsOf } from '../support/axe.ts'
import { openChromium } from '../support/chromium.ts'
import { type Efir, startEfir, until } from '../support/efir.ts'
import { keepEvidence } from '../support/evidence.ts'
import { addGoods, becomeOperator, openShop } from '../support/shop.ts'
import { said } from '../support/texts.ts'
import type { Visitor } from '../support/visitor.ts'
import { phone } from '../support/watch.ts'

/** What the platform is to those who have no script, no network, or are not on the page: readers, machines, home screens. */
const present = toolPath('chromium') !== null
const en = said('en')
let efir: Efir
let browser: Browser
let owner: Visitor
let showId = ''
let productPath = ''

interface Thing {
  readonly '@type': string
  readonly [key: string]: unknown
}

keepEvidence(() => browser)
beforeAll(async () => {
  if (!present) return
  ;[efir, browser] = await Promise.all([startEfir(), openChromium()])
  owner = await becomeOperator(efir.base, efir.setUpCode())
  const { shopId } = await openShop(owner, { name: 'Maison </script> Orvik', slug: 'maison-orvik' })
  const goods = await addGoods(owner, shopId, {
    title: { en: 'Linen apron', ar: 'مريول كتان' },
    sku: 'AP-1',
    amount: 5900,
    units: 40,
  })
  productPath = `/product/${goods.id}`
  const show = await owner.must(createShow, { shopId, title: { en: 'Aprons & <b>pots</b>', ar: 'مآزر' } })
  showId = show.id
  await owner.must(changeShow, { showId, about: { en: 'Four aprons, tried on and washed twice.' } })
  await owner.must(scheduleShow, { showId, startsAt: Date.now() + 7_200_000 })
})
afterAll(async () => {
  await browser?.close()
  await efir?.stop()
})

const graphOf = async (page: Page): Promise<Thing[]> =>
  (JSON.parse((await page.locator('script[type="application/ld+json"]').textContent()) ?? '') as { '@graph': Thing[] })['@graph']

describe.skipIf(!present)('in the open', () => {
  test('without scripts a page can be read and says to machines what it is', async () => {
    const context = await browser.newContext({ ...phone, locale: 'en-GB', javaScriptEnabled: false })
    const page = await context.newPage()
    await page.goto(`${efir.base}/show/${showId}`)
    expect(await page.locator('h1').innerText()).toBe('Aprons & <b>pots</b>')
    expect(await page.getByText('Four aprons, tried on').isVisible()).toBe(true)
    // The switch of the test leaves noscript elements asleep; browsers without scripts show them.
    expect(await page.content()).toContain(en('store.needs_script'))
    const [event] = await graphOf(page)
    expect(event).toMatchObject({
      '@type': 'BroadcastEvent',
      name: 'Aprons & <b>pots</b>',
      organizer: { name: 'Maison </script> Orvik' },
    })
    expect(Date.parse(String(event?.['startDate']))).toBeGreaterThan(0)
    await page.goto(efir.base + productPath)
    expect(await page.getByText('€59.00').isVisible()).toBe(true)
    const [product] = await graphOf(page)
    expect(product).toMatchObject({
      '@type': 'Product',
      name: 'Linen apron',
      offers: [{ price: '59.00', priceCurrency: 'EUR', availability: 'https://schema.org/InStock' }],
    })
    // In Arabic the same page stands the other way round.
    await page.locator('a[hreflang="ar"]').click()
    expect(await page.locator('html').getAttribute('dir')).toBe('rtl')
    expect(await page.locator('h1').innerText()).toBe('مريول كتان')
    await context.close()
  })

  test('what the server writes is clean under axe, and the app takes its place without a jump', async () => {
    const context = await browser.newContext({ ...phone, locale: 'en-GB', bypassCSP: true, serviceWorkers: 'block' })
    const page = await context.newPage()
    // Held back: the page is what the server wrote.
    await page.route(/\/assets\/.*\.js$/, (route) => route.abort())
    for (const path of ['/', `/show/${showId}`, productPath, '/shop/maison-orvik']) {
      await page.goto(efir.base + path)
      await page.locator('#first main').waitFor()
      expect(await violationsOf(page), path).toEqual([])
    }
    await page.unroute(/\/assets\/.*\.js$/)
    await page.addInitScript(() => {
      Object.assign(globalThis, { shifted: 0 })
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries() as (PerformanceEntry & { value: number })[])
          (globalThis as unknown as { shifted: number }).shifted += entry.value
      }).observe({ type: 'layout-shift', buffered: true })
    })
    await page.goto(`${efir.base}/show/${showId}`)
    await page.locator('#first').waitFor({ state: 'detached' })
    await page.locator('.stage-note').waitFor()
    expect(await page.evaluate(() => (globalThis as unknown as { shifted: number }).shifted)).toBeLessThan(0.05)
    expect(await page.title()).toContain('Aprons & <b>pots</b>')
    await context.close()
  })

  test('it can be installed, stands offline, and shows what is pushed; notifications have their page', async () => {
    const context = await browser.newContext({ ...phone, locale: 'en-GB', bypassCSP: true })
    await context.grantPermissions(['notifications'], { origin: efir.base })
    const page = await context.newPage()
    await page.goto(efir.base)
    const client = await context.newCDPSession(page)
    const registrationId = await workerOf(client, page)
    const manifest = await client.send('Page.getAppManifest')
    expect(manifest.errors).toEqual([])
    expect(JSON.parse(manifest.data ?? '{}')).toMatchObject({ short_name: 'Efir', lang: 'en', display: 'standalone' })
    const { installabilityErrors } = await client.send('Page.getInstallabilityErrors')
    expect(installabilityErrors.filter(({ errorId }) => errorId !== 'in-incognito')).toEqual([])

    const note = { title: 'On air now: Aprons', body: 'Vera', url: `/show/${showId}`, tag: 'show', lang: 'en', dir: 'ltr' }
    await client.send('ServiceWorker.deliverPushMessage', { origin: efir.base, registrationId, data: JSON.stringify(note) })
    const shown = () =>
      page.evaluate(async () => {
        const [one] = await (await navigator.serviceWorker.ready).getNotifications()
        return one ? { title: one.title, body: one.body, data: one.data as unknown } : null
      })
    await until(
      async () => (await shown()) !== null,
      10_000,
      () => 'nothing was shown',
    )
    expect(await shown()).toEqual({ title: note.title, body: note.body, data: { url: note.url } })

    await page.goto(`${efir.base}/notifications`)
    await page.getByRole('heading', { level: 1, name: en('store.push_title') }).waitFor()
    expect(await violationsOf(page)).toEqual([])

    await context.setOffline(true)
    await page.goto(`${efir.base}/products`)
    await page.locator('#root .site-header').waitFor()
    await page.getByText(en('common.offline')).first().waitFor()
    // Nothing that is anybody's own was kept.
    const kept = await page.evaluate(async () => {
      const names = await caches.keys()
      const requests = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()))
      return requests.flat().map((request) => new URL(request.url).pathname)
    })
    expect(kept.filter((path) => !path.startsWith('/assets/') && path !== '/offline-shell')).toEqual([])
    await context.close()
  })
})

/** The id of the worker once it answers for the page. */
async function workerOf(client: CDPSession, page: Page): Promise<string> {
  const found = new Promise<string>((resolve) => {
    client.on('ServiceWorker.workerVersionUpdated', ({ versions }) => {
      const active = versions.find((one) => one.status === 'activated')
      if (active) resolve(active.registrationId)
    })
  })
  await client.send('ServiceWorker.enable')
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null, undefined, { timeout: 30_000 })
  return await found
}
