import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { addSite, removeSite } from '@efir/contract/integrations.ts'
import { shopOrders } from '@efir/contract/orders.ts'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { toolPath } from '../../scripts/needs.ts'
import { overflow, violationsOf } from '../support/axe.ts'
import { openChromium } from '../support/chromium.ts'
import { type Efir, startEfir, until } from '../support/efir.ts'
import { keepEvidence } from '../support/evidence.ts'
import { goOnAir, type OnAir, offer } from '../support/on-air.ts'
import { addGoods, becomeOperator, homes, openShop } from '../support/shop.ts'
import { said } from '../support/texts.ts'
import type { Visitor } from '../support/visitor.ts'

/** A show on somebody else's page: another site, no cookies, a guest buys and pays without leaving it. */
const en = said('en')
let efir: Efir
let browser: Browser
let owner: Visitor
let air: OnAir
let shopId: string
let blog: Server
let origin: string

keepEvidence(() => browser)
beforeAll(async () => {
  ;[efir, browser] = await Promise.all([startEfir(), openChromium()])
  owner = await becomeOperator(efir.base, efir.setUpCode())
  shopId = (await openShop(owner, { name: 'Maison Orvik', slug: 'maison-orvik' })).shopId
  const title = { en: 'Linen apron', ar: 'مريول كتان' }
  const goods = await addGoods(owner, shopId, { title, sku: 'AP-1', amount: 5900, units: 40 })
  air = await goOnAir(owner, shopId)
  await offer(owner, air.showId, goods.variantList[0]?.id as string)
  blog = createServer((request, response) => {
    const lang = request.url?.includes('ar') ? 'ar' : 'en'
    const strict =
      "default-src 'none'; img-src *; media-src blob: *; connect-src *; script-src 'self' http://127.0.0.1:*; worker-src blob:"
    response.setHeader('content-type', 'text/html; charset=utf-8')
    response.setHeader('content-security-policy', strict)
    response.end(`<!doctype html><html lang="${lang}" dir="${lang === 'ar' ? 'rtl' : 'ltr'}"><head><title>A blog</title>
      <script type="module" src="${efir.base}/embed/v1/efir-show.js"></script></head>
      <body><main><h1>A blog</h1><efir-show show="${air.showId}" locale="${lang}"></efir-show></main></body></html>`)
  })
  await new Promise<void>((resolve) => blog.listen(0, '127.0.0.1', resolve))
  // Another site than 127.0.0.1, so that browsers treat it as they treat any stranger's.
  origin = `http://localhost:${(blog.address() as AddressInfo).port}`
}, 120_000)
afterAll(async () => {
  await air?.stop()
  await browser?.close()
  blog?.close()
  await efir?.stop()
})

const tallies = (page: Page) => page.evaluate(() => (window as unknown as { heard?: string[] }).heard ?? [])

async function openBlog(path: string, options: { bypassCSP?: boolean } = {}): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 390, height: 844 }, ...options })
  const page = await context.newPage()
  await page.addInitScript(() => {
    const heard: string[] = []
    Object.assign(window, { heard })
    for (const name of ['efir:ready', 'efir:lot-opened', 'efir:reserved', 'efir:ordered'])
      addEventListener(name, () => heard.push(name))
  })
  await page.goto(`${origin}${path}`)
  return page
}

test.skipIf(!toolPath('chromium'))('a site that the shop has not named shows nothing and sells nothing', async () => {
  const page = await openBlog('/')
  await page.locator('efir-show .notice').getByText(en('common.problem_network')).waitFor({ timeout: 15_000 })
  await page.context().close()
})

test.skipIf(!toolPath('chromium'))('a guest watches, buys and pays on the page of the site', async () => {
  await owner.must(addSite, { shopId, origin })
  // What the server remembers of an origin is forgotten after seconds.
  await until(
    async () =>
      (await fetch(`${efir.base}/api/shows/${air.showId}`, { headers: { origin } })).headers.has('access-control-allow-origin'),
    15_000,
    () => 'not admitted',
  )
  const page = await openBlog('/')
  await page
    .locator('efir-show')
    .getByRole('button', { name: en('watch.buy'), exact: true })
    .waitFor({ timeout: 20_000 })
  await page.waitForFunction(
    () => (document.querySelector('efir-show')?.shadowRoot?.querySelector('video')?.currentTime ?? 0) > 0.5,
    null,
    { timeout: 20_000 },
  )
  await page
    .locator('efir-show')
    .getByRole('button', { name: en('watch.buy'), exact: true })
    .press('Enter')
  const sheet = page.locator('efir-show dialog')
  await sheet.locator('.totals').waitFor({ timeout: 15_000 })
  await sheet.locator('select[name=country]').selectOption(homes.FR.country)
  await sheet.locator('input[name=region]').waitFor({ state: 'detached' })
  const { name, phone, line1, city, postcode } = homes.FR
  const fields = {
    email: 'anouk@mail.example',
    name,
    phone,
    line1,
    city,
    postcode,
    'cc-number': '4242424242424242',
    'cc-expiry': '1230',
    'cc-code': '123',
  }
  for (const [field, value] of Object.entries(fields)) await sheet.locator(`input[name="${field}"]`).fill(value)
  await sheet.locator('button[type=submit]').click()
  await sheet.getByText(en('checkout.done_title')).waitFor({ timeout: 20_000 })
  await until(
    async () => (await owner.must(shopOrders, { shopId, state: ['paid'] })).items.length === 1,
    10_000,
    () => 'no paid order',
  )
  expect(await tallies(page)).toEqual(['efir:ready', 'efir:lot-opened', 'efir:reserved', 'efir:ordered'])
  expect(await page.context().cookies()).toEqual([])
  expect(await page.evaluate(() => localStorage.length)).toBe(0)
  await page.context().close()
})

test.skipIf(!toolPath('chromium'))(
  'right to left and narrow it stays whole; taken off the list, the site gets nothing more',
  async () => {
    const page = await openBlog('/ar', { bypassCSP: true })
    await page.setViewportSize({ width: 320, height: 700 })
    await page.locator('efir-show .press').waitFor({ timeout: 20_000 })
    expect(await violationsOf(page)).toEqual([])
    await page.locator('efir-show .press').click()
    await page.locator('efir-show dialog .totals').waitFor({ timeout: 15_000 })
    expect(await violationsOf(page)).toEqual([])
    expect(await overflow(page)).toBe(0)
    await owner.must(removeSite, { shopId, origin })
    const answer = await fetch(`${efir.base}/api/shows/${air.showId}/embed/guest`, {
      method: 'POST',
      headers: { origin, 'content-type': 'application/json' },
      body: '{}',
    })
    expect(await answer.json()).toMatchObject({ refusal: { code: 'site_not_allowed' } })
    await page.context().close()
  },
)
