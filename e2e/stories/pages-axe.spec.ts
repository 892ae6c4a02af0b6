import type { Out } from '@efir/contract/act.ts'
import { findProducts, productPage, shopProducts } from '@efir/contract/catalog.ts'
import { demoLogin, demoPeople, me } from '@efir/contract/identity.ts'
import { placeOrder, quote, setCartLine } from '@efir/contract/orders.ts'
import { myShows, storefront } from '@efir/contract/shows.ts'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { toolPath } from '../../scripts/needs.ts'
import { overflow, violationsOf } from '../support/axe.ts'
import { openChromium } from '../support/chromium.ts'
import { type Efir, startEfir, until } from '../support/efir.ts'
import { keepEvidence } from '../support/evidence.ts'
import { homes } from '../support/shop.ts'
import { openVisitor, type Visitor } from '../support/visitor.ts'
import { desktop, phone, sheet } from '../support/watch.ts'

/** Every page of the demo world, in the light and in the dark, on a phone and on a desk. */
const present = toolPath('chromium') !== null
let efir: Efir
let browser: Browser
let shop: Out<typeof storefront>
const people = new Map<string, Visitor>()

keepEvidence(() => browser)
beforeAll(async () => {
  if (!present) return
  ;[efir, browser] = await Promise.all([startEfir({ args: [], readyWithinMs: 150_000 }), openChromium()])
  const stranger = openVisitor(efir.base)
  for (const { id, role } of (await stranger.must(demoPeople, {})).people) {
    if (people.has(role)) continue
    const person = openVisitor(efir.base)
    await person.must(demoLogin, { personId: id })
    people.set(role, person)
  }
  people.set('stranger', stranger)
  const filled = async () => {
    shop = await stranger.must(storefront, {})
    return shop.live.length > 0 && shop.replays.length > 0
  }
  await until(filled, 120_000, () => 'the demo world has no live show or no replay')
}, 300_000)
afterAll(async () => {
  await browser?.close()
  await efir?.stop()
})

const looks = [
  ['phone', phone],
  ['desk', desktop],
] as const

/** Opens each page once for each size, and looks at it in both schemes. */
async function inspect(
  role: string,
  paths: readonly string[],
  prepare: (page: Page, path: string) => Promise<void> = settled,
): Promise<string[]> {
  const found: string[] = []
  await Promise.all(
    looks.map(async ([size, look]) => {
      const context: BrowserContext = await browser.newContext({
        ...look,
        locale: 'en-FR',
        bypassCSP: true,
        reducedMotion: 'reduce',
      })
      await context.addCookies(person(role).cookies())
      await context.addInitScript(() => localStorage.setItem('efir.market', 'FR'))
      const page = await context.newPage()
      for (const path of paths) {
        await page.emulateMedia({ colorScheme: 'light' })
        await page.goto(efir.base + path)
        await prepare(page, path)
        for (const colorScheme of ['light', 'dark'] as const) {
          await page.emulateMedia({ colorScheme })
          found.push(...(await violationsOf(page)).map((one) => `${path} (${size}, ${colorScheme}): ${one}`))
        }
        const wide = await overflow(page)
        if (wide > 0) found.push(`${path} (${size}): ${wide} px too wide`)
      }
      await context.close()
    }),
  )
  return found.sort()
}

const person = (role: string): Visitor => {
  const found = people.get(role)
  if (!found) throw new Error(`the demo has no ${role}`)
  return found
}

/** The page has its content, not only its skeleton. */
async function settled(page: Page): Promise<void> {
  await page.locator('main').first().waitFor({ timeout: 30_000 })
  await page.waitForFunction(() => !document.querySelector('.skeleton, [aria-busy=true]'), undefined, { timeout: 30_000 })
}

/** Something that the buyer's market sells. */
async function fillBag(buyer: Visitor): Promise<string> {
  for (const { id: productId } of (await buyer.must(findProducts, {})).items) {
    const product = await buyer.must(productPage, { productId })
    const variant = product.variantList.find((one) => one.available !== 0 && one.prices.some((price) => price.currency === 'EUR'))
    if (variant && (await buyer.call(setCartLine, { market: 'FR', variantId: variant.id, quantity: 1 })).ok) return variant.id
  }
  throw new Error('nothing can be bought in FR')
}

/** A paid order; answers its number. */
async function placeOne(buyer: Visitor, variantId: string): Promise<string> {
  const items = [{ variantId, quantity: 1 }]
  const open = await buyer.must(quote, { market: 'FR', items, country: 'FR' })
  const delivery = open.shops.map(({ shopId, deliveries }) => ({ shopId, methodId: deliveries[0]?.methodId as string }))
  const { total } = await buyer.must(quote, { market: 'FR', items, country: 'FR', delivery })
  const placed = await buyer.must(placeOrder, {
    key: crypto.randomUUID(),
    market: 'FR',
    items,
    email: 'theo@mail.example',
    address: homes.FR,
    delivery,
    payment: { method: 'card', token: 'tok_test_success' },
    total,
  })
  return placed.orders[0]?.number as string
}

describe.skipIf(!present)('clean under axe', () => {
  test('the storefront and all that a stranger opens', async () => {
    const [product] = (await person('stranger').must(findProducts, {})).items
    const [live, soon, replay] = [shop.live[0], shop.soon[0], shop.replays[0]]
    const shows = [live, soon, replay].flatMap((show) => (show ? [`/show/${show.id}`] : []))
    const others = [
      `/product/${product?.id}`,
      `/shop/${live?.shopSlug}`,
      `/host/${shop.hosts[0]?.id}`,
      '/bag',
      '/orders',
      '/sign-in',
      '/invitation/none',
      '/nowhere',
    ]
    expect(shows).toHaveLength(3)
    expect(await inspect('stranger', ['/', '/products', ...shows, ...others])).toEqual([])
  }, 240_000)

  test('bag, checkout and orders of a buyer', async () => {
    const buyer = person('buyer')
    const number = await placeOne(buyer, await fillBag(buyer))
    // What was bought has left the bag.
    await fillBag(buyer)
    const openCheckout = async (page: Page, path: string) => {
      await settled(page)
      if (path !== '/bag?pay') return
      await page.locator('main .button-ink, main .button-signal').last().click()
      await sheet(page).locator('.totals').waitFor({ timeout: 30_000 })
    }
    expect(await inspect('buyer', ['/bag', '/bag?pay', '/orders', `/order/${number}`], openCheckout)).toEqual([])
  }, 240_000)

  test('the studio of a host', async () => {
    const [next] = (await person('host').must(myShows, {})).items.filter(
      (show) => show.state === 'scheduled' || show.state === 'draft',
    )
    expect(next).toBeDefined()
    expect(await inspect('host', ['/studio', '/studio/new', `/studio/show/${next?.id}`])).toEqual([])
  }, 240_000)

  test('the office of a shop', async () => {
    const seller = person('seller')
    const shopId = (await seller.must(me, {})).shops[0]?.id as string
    const [product] = (await seller.must(shopProducts, { shopId, limit: 1 })).items
    const [show] = (await seller.must(myShows, {})).items
    const inside = [
      'today',
      'shows',
      `shows/${show?.id}`,
      'orders',
      'packing',
      'products',
      `products/${product?.id}`,
      'stock',
      'people',
      'payouts',
      'settings',
    ]
    expect(
      await inspect(
        'seller',
        inside.map((path) => `/office/${path}`),
      ),
    ).toEqual([])
  }, 300_000)

  test('the platform of its operator', async () => {
    expect(await inspect('operator', ['/office/platform'])).toEqual([])
  }, 120_000)
})
