import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { toolPath } from '../../scripts/needs.ts'
import { overflow, violationsOf } from '../support/axe.ts'
import { openChromium } from '../support/chromium.ts'
import { type Efir, startEfir } from '../support/efir.ts'
import { keepEvidence } from '../support/evidence.ts'
import { type Mailbox, openMailbox } from '../support/mailbox.ts'
import { goOnAir, type OnAir, offer } from '../support/on-air.ts'
import { addGoods, becomeOperator, openShop } from '../support/shop.ts'
import { said } from '../support/texts.ts'
import { buyByCard, guardPicture, interruptions, lotCard, moves, phone, sheet, watchShow } from '../support/watch.ts'

/** A purchase by somebody who reads from right to left. */
const present = toolPath('chromium') !== null
const ar = said('ar')
let efir: Efir
let mail: Mailbox
let browser: Browser
let air: OnAir

keepEvidence(() => browser)
beforeAll(async () => {
  if (!present) return
  mail = await openMailbox()
  ;[efir, browser] = await Promise.all([startEfir({ env: { SMTP_URL: mail.url } }), openChromium()])
  const owner = await becomeOperator(efir.base, efir.setUpCode())
  const { shopId } = await openShop(owner, { name: 'دار أورفيك', slug: 'dar-orvik' })
  const goods = await addGoods(owner, shopId, {
    title: { en: 'Linen apron', ar: 'مريول من الكتان' },
    sku: 'AP-1',
    amount: 5900,
    units: 40,
  })
  air = await goOnAir(owner, shopId)
  await offer(owner, air.showId, goods.variantList[0]?.id as string)
}, 120_000)
afterAll(async () => {
  await air?.stop()
  await browser?.close()
  await efir?.stop()
  await mail?.close()
})

/** Right to left, as wide as the screen, and no word left untranslated. */
async function isArabic(page: Page): Promise<void> {
  const found = await page.evaluate(() => ({
    lang: document.documentElement.lang,
    dir: getComputedStyle(document.body).direction,
    text: document.body.innerText,
  }))
  expect([found.lang, found.dir]).toEqual(['ar', 'rtl'])
  expect(await overflow(page)).toBe(0)
  expect(found.text).toMatch(/[\u0600-\u06ff]/)
  // A key of a text in the place of the text.
  expect(found.text.match(/\b(common|watch|store|checkout|account|refusals)\.[a-z_0-9]+/g)).toBeNull()
  const english = ['watch.buy', 'checkout.payment', 'checkout.delivery', 'checkout.done_title', 'common.total'].map((key) =>
    said('en')(key),
  )
  for (const words of english) expect(found.text).not.toContain(words)
}

describe.skipIf(!present)('in Arabic on a phone', () => {
  test('a guest buys over the playing picture, and the letter speaks Arabic', async () => {
    const { page, close } = await watchShow(browser, `${efir.base}/show/${air.showId}`, {
      ...phone,
      locale: 'ar-FR',
      bypassCSP: true,
    })
    const buy = lotCard(page).getByRole('button', { name: ar('watch.buy'), exact: true })
    await buy.waitFor({ timeout: 40_000 })
    await lotCard(page).getByText('مريول من الكتان').waitFor()
    await isArabic(page)
    await guardPicture(page)
    await buy.click()
    await sheet(page).locator('.totals').waitFor({ timeout: 30_000 })
    await isArabic(page)
    expect(await violationsOf(page)).toEqual([])
    const number = await buyByCard(page, { locale: 'ar', email: 'layla@mail.example' })
    await sheet(page)
      .getByRole('heading', { name: ar('checkout.done_title') })
      .waitFor()
    await isArabic(page)
    await moves(page)
    expect(await interruptions(page)).toEqual([])

    const letter = await mail.letterTo('layla@mail.example', new RegExp(number))
    expect(letter.headers.find((header) => header.key === 'content-language')?.value).toBe('ar')
    expect(letter.text).toContain('مريول من الكتان')
    await sheet(page)
      .getByRole('link', { name: new RegExp(number) })
      .click()
    await page.waitForURL(/\/order\//)
    await page.locator('main').getByText('مريول من الكتان').first().waitFor()
    await isArabic(page)
    expect(await violationsOf(page)).toEqual([])
    await close()
  })

  test('the storefront reads from right to left', async () => {
    const context = await browser.newContext({ ...phone, locale: 'ar-FR' })
    const page = await context.newPage()
    for (const path of ['/', '/bag', '/orders', '/sign-in']) {
      await page.goto(efir.base + path)
      await page.locator('main h1').first().waitFor({ timeout: 30_000 })
      await isArabic(page)
    }
    await context.close()
  })
})
