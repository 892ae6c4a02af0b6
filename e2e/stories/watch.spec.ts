import { readFileSync } from 'node:fs'
import { beGuest } from '@efir/contract/identity.ts'
import { createLot, openLot, pinLot, reserveLot } from '@efir/contract/lots.ts'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { toolPath } from '../../scripts/needs.ts'
import { openChromium } from '../support/chromium.ts'
import { type Efir, startEfir } from '../support/efir.ts'
import { keepEvidence } from '../support/evidence.ts'
import { goOnAir, type OnAir } from '../support/on-air.ts'
import { addGoods, becomeOperator, openShop } from '../support/shop.ts'
import { said, saying } from '../support/texts.ts'
import { openVisitor, type Visitor } from '../support/visitor.ts'
import {
  desktop,
  fillAddress,
  guardPicture,
  interruptions,
  lotCard,
  moves,
  phone,
  sheet,
  type Watcher,
  watchShow,
} from '../support/watch.ts'

/** What a viewer meets besides the straight way: refused cards, banks that ask, lots that are gone, the keyboard alone. */
const axeScript = readFileSync(new URL('../../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8')
const en = said('en')
let efir: Efir
let browser: Browser
let owner: Visitor
let air: OnAir
let watcher: Watcher
let productId: string
let variantId: string
const lotIds: string[] = []

keepEvidence(() => browser)
beforeAll(async () => {
  ;[efir, browser] = await Promise.all([startEfir(), openChromium()])
  owner = await becomeOperator(efir.base, efir.setUpCode())
  const { shopId } = await openShop(owner, { name: 'Maison Orvik', slug: 'maison-orvik' })
  const goods = await addGoods(owner, shopId, {
    title: { en: 'Linen apron', ar: 'مريول كتان' },
    sku: 'AP-1',
    amount: 5900,
    units: 40,
  })
  productId = goods.id
  variantId = goods.variantList[0]?.id as string
  air = await goOnAir(owner, shopId)
  for (const quota of [10, 1]) {
    const lot = await owner.must(createLot, {
      showId: air.showId,
      variantIds: [goods.variantList[0]?.id as string],
      perBuyer: 2,
      price: { amount: 4900, currency: 'EUR' },
      quota,
    })
    lotIds.push(lot.id)
  }
  await owner.must(pinLot, { lotId: lotIds[0] as string })
  await owner.must(openLot, { lotId: lotIds[0] as string })
}, 120_000)
afterAll(async () => {
  await watcher?.close()
  await air?.stop()
  await browser?.close()
  await efir?.stop()
})

const buyButton = (page: Page) => lotCard(page).getByRole('button', { name: en('watch.buy'), exact: true })

async function fillCard(page: Page, number: string): Promise<void> {
  const form = sheet(page)
  await form.locator('input[name=cc-number]').fill(number)
  await form.locator('input[name=cc-exp]').fill('12/30')
  await form.locator('input[name=cc-csc]').fill('123')
  await form.locator('.pay button').click()
}

test.skipIf(!toolPath('chromium'))('a guest speaks, and others read it', async () => {
  const address = `${efir.base}/show/${air.showId}`
  watcher = await watchShow(browser, address, phone)
  const other = await watchShow(browser, address, desktop)
  await watcher.page.locator('.composer-text').fill('Does it shrink?')
  await watcher.page.keyboard.press('Enter')
  await watcher.page.locator('.chat-over', { hasText: 'Does it shrink?' }).waitFor({ timeout: 15_000 })
  await other.page.locator('.chat-log', { hasText: 'Does it shrink?' }).waitFor({ timeout: 15_000 })
  await other.close()
})

test.skipIf(!toolPath('chromium'))('a declined card keeps the units, and the bank of the next one is asked', async () => {
  const { page } = watcher
  await buyButton(page).waitFor({ timeout: 30_000 })
  await guardPicture(page)
  await buyButton(page).click()
  await sheet(page).locator('.totals').waitFor({ timeout: 15_000 })
  await fillAddress(page, 'anouk@mail.example')
  await fillCard(page, '4000 0000 0000 9995')
  await sheet(page).getByText(en('checkout.reason_insufficient_funds')).waitFor({ timeout: 15_000 })
  // The card behind the sheet says the same, and still counts the buyer's own time.
  expect(await lotCard(page).getAttribute('data-moment')).toBe('declined')
  await fillCard(page, '4000 0025 0000 3155')
  await sheet(page)
    .getByRole('button', { name: en('checkout.bank_approve') })
    .click({ timeout: 15_000 })
  await sheet(page)
    .getByRole('heading', { name: en('checkout.done_title') })
    .waitFor({ timeout: 15_000 })
  await sheet(page)
    .getByRole('button', { name: en('watch.back_to_show') })
    .click()
  await lotCard(page)
    .getByRole('button', { name: saying('en', 'watch.order') })
    .waitFor()
  await moves(page)
  expect(await interruptions(page)).toEqual([])
})

test.skipIf(!toolPath('chromium'))('a reload and a second tab know what was bought and what is held', async () => {
  const { context, page } = watcher
  const at = (of: Page, moment: string) => lotCard(of).and(of.locator(`[data-moment=${moment}]`))
  const order = (of: Page) => lotCard(of).getByRole('button', { name: saying('en', 'watch.order') })
  const more = (of: Page) => lotCard(of).getByRole('button', { name: en('watch.buy_more') })
  await page.reload()
  await at(page, 'bought').waitFor({ timeout: 30_000 })
  await order(page).waitFor()
  const second = await context.newPage()
  await second.goto(page.url())
  await at(second, 'bought').waitFor({ timeout: 30_000 })
  // The limit is two: another one is held, and waits through a reload with the time that is left of it.
  await more(page).click()
  await sheet(page).locator('.totals').waitFor({ timeout: 15_000 })
  await page.reload()
  await at(page, 'yours').waitFor({ timeout: 30_000 })
  await lotCard(page).getByRole('button').click()
  await sheet(page).locator('.totals').waitFor({ timeout: 15_000 })
  await sheet(page).getByRole('timer').waitFor()
  await fillCard(page, '4242 4242 4242 4242')
  await sheet(page)
    .getByRole('heading', { name: en('checkout.done_title') })
    .waitFor({ timeout: 15_000 })
  // The other tab hears of it, and nobody is offered a third one.
  await lotCard(second).getByText(saying('en', 'watch.limit_full')).waitFor({ timeout: 15_000 })
  expect(await more(second).count()).toBe(0)
  await second.close()
  await page.keyboard.press('Escape')
})

test.skipIf(!toolPath('chromium'))('who comes too late is told at once, without a reload', async () => {
  const lotId = lotIds[1] as string
  await owner.must(pinLot, { lotId })
  await owner.must(openLot, { lotId })
  const late = await watchShow(browser, `${efir.base}/show/${air.showId}`, phone)
  await buyButton(late.page).waitFor({ timeout: 40_000 })
  const first = openVisitor(efir.base)
  await first.must(beGuest, {})
  await first.must(reserveLot, { lotId, quantity: 1, key: crypto.randomUUID() })
  await lotCard(late.page).and(late.page.locator('[data-moment=sold_out]')).waitFor({ timeout: 15_000 })
  expect(await lotCard(late.page).getByRole('button').isDisabled()).toBe(true)
  await late.close()
})

test.skipIf(!toolPath('chromium'))(
  '[LOT15] [LOT17] a lot for viewers by draw is bought by a viewer, and not by a program',
  async () => {
    const drawn = await owner.must(createLot, {
      showId: air.showId,
      variantIds: [variantId],
      price: { amount: 3900, currency: 'EUR' },
      quota: 2,
      perBuyer: 1,
      guard: 'draw',
    })
    await owner.must(pinLot, { lotId: drawn.id })
    const fan = await watchShow(browser, `${efir.base}/show/${air.showId}`, phone)
    await lotCard(fan.page).getByText(en('watch.guard_draw')).waitFor({ timeout: 20_000 })
    await fan.page.waitForTimeout(10_500)
    await owner.must(openLot, { lotId: drawn.id })
    const program = openVisitor(efir.base)
    await program.must(beGuest, {})
    await buyButton(fan.page).click({ timeout: 30_000 })
    expect(await program.call(reserveLot, { lotId: drawn.id, quantity: 1, key: 'program-1' })).toMatchObject({
      refusal: 'watch_first',
    })
    await sheet(fan.page).waitFor({ timeout: 15_000 })
    await fan.close()
  },
)

test.skipIf(!toolPath('chromium'))('the keyboard alone leads from the picture to the order', async () => {
  await owner.must(pinLot, { lotId: lotIds[0] as string })
  const { context, page, close } = await watchShow(browser, `${efir.base}/show/${air.showId}`, desktop)
  await buyButton(page).waitFor({ timeout: 40_000 })
  const focused = () =>
    page.evaluate(() => document.activeElement?.getAttribute('name') ?? document.activeElement?.textContent?.trim() ?? '')
  const tabTo = async (wanted: RegExp) => {
    for (let step = 0; step < 80; step++) {
      if (wanted.test(await focused())) return
      await page.keyboard.press('Tab')
    }
    throw new Error(`Tab never reaches ${wanted}`)
  }
  await tabTo(/^Buy$/)
  await page.keyboard.press('Enter')
  await sheet(page).locator('.totals').waitFor({ timeout: 15_000 })
  const typed = {
    email: 'keys@mail.example',
    name: 'Jeanne Martin',
    phone: '06 12 34 56 78',
    line1: '12 rue des Lilas',
    city: 'Lyon',
    postcode: '69003',
    'cc-number': '4242424242424242',
    'cc-exp': '1230',
    'cc-csc': '123',
  }
  for (const [name, value] of Object.entries(typed)) {
    await tabTo(new RegExp(`^${name}$`))
    await page.keyboard.type(value)
  }
  await page.keyboard.press('Tab')
  await tabTo(/^Order and pay/)
  await page.keyboard.press('Enter')
  await sheet(page)
    .getByRole('heading', { name: en('checkout.done_title') })
    .waitFor({ timeout: 20_000 })
  // Escape leaves the sheet and gives the focus back to the lot.
  await page.keyboard.press('Escape')
  await sheet(page).waitFor({ state: 'hidden' })
  await lotCard(page)
    .getByRole('button', { name: saying('en', 'watch.order') })
    .waitFor()
  await context.clearCookies()
  await close()
})

interface Violation {
  readonly id: string
  readonly nodes: readonly { readonly html: string }[]
}

test.skipIf(!toolPath('chromium'))('every page of the shop is clean under axe, in both directions', async () => {
  const pages = [
    '/',
    `/show/${air.showId}`,
    '/products',
    `/product/${productId}`,
    '/shop/maison-orvik',
    '/bag',
    '/orders',
    '/order/AAAA-AAAA',
    '/sign-in',
    '/invitation/none',
    '/nowhere',
  ]
  const found: string[] = []
  for (const [locale, look] of [
    ['en', phone],
    ['ar', desktop],
  ] as const) {
    const context = await browser.newContext({ ...look, locale: `${locale}-FR`, bypassCSP: true })
    const page = await context.newPage()
    await page.addInitScript((chosen) => localStorage.setItem('efir.locale', chosen), locale)
    for (const path of pages) {
      await page.goto(efir.base + path)
      await page.locator('main').waitFor()
      await page.waitForFunction(() => !document.querySelector('.skeleton'), undefined, { timeout: 20_000 })
      await page.evaluate(axeScript)
      const violations = await page.evaluate(async () => {
        const { axe } = window as unknown as { axe: { run(): Promise<{ violations: Violation[] }> } }
        return (await axe.run()).violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 120)}`)
      })
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
      found.push(
        ...violations.map((one) => `${locale} ${path} ${one}`),
        ...(wide > 1 ? [`${locale} ${path} is ${wide} px too wide`] : []),
      )
    }
    await context.close()
  }
  expect(found).toEqual([])
})
