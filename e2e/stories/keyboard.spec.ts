import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { toolPath } from '../../scripts/needs.ts'
import { openChromium } from '../support/chromium.ts'
import { type Efir, startEfir } from '../support/efir.ts'
import { keepEvidence } from '../support/evidence.ts'
import { goOnAir, type OnAir, offer } from '../support/on-air.ts'
import { addGoods, becomeOperator, openShop } from '../support/shop.ts'
import { said, saying } from '../support/texts.ts'
import { desktop, guardPicture, interruptions, lotCard, moves, sheet, watchShow } from '../support/watch.ts'

/** A purchase without a mouse, and always in sight of where one is. */
const present = toolPath('chromium') !== null
const en = said('en')
let efir: Efir
let browser: Browser
let air: OnAir

keepEvidence(() => browser)
beforeAll(async () => {
  if (!present) return
  ;[efir, browser] = await Promise.all([startEfir(), openChromium()])
  const owner = await becomeOperator(efir.base, efir.setUpCode())
  const { shopId } = await openShop(owner, { name: 'Maison Orvik', slug: 'maison-orvik' })
  const goods = await addGoods(owner, shopId, { title: { en: 'Linen apron' }, sku: 'AP-1', amount: 5900, units: 40 })
  air = await goOnAir(owner, shopId)
  await offer(owner, air.showId, goods.variantList[0]?.id as string)
}, 120_000)
afterAll(async () => {
  await air?.stop()
  await browser?.close()
  await efir?.stop()
})

/** Tab until the focus is on something of this name; each step must be seen. */
async function tabTo(page: Page, wanted: RegExp, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
  const passed: string[] = []
  for (let step = 0; step < 80; step++) {
    await page.keyboard.press(key)
    const name = await focusedName(page)
    if (wanted.test(name)) return
    passed.push(name)
  }
  throw new Error(`${key} never comes to ${wanted}: ${passed.join(' | ')}`)
}

const focusedName = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const at = document.activeElement
    return at?.getAttribute('name') ?? at?.getAttribute('aria-label') ?? at?.textContent?.trim() ?? ''
  })

/** The focused thing looks different from how it looks without focus, and lies in the window. */
async function expectVisibleFocus(page: Page): Promise<void> {
  const seen = await page.evaluate(() => {
    const at = document.activeElement as HTMLElement
    const near = [
      at,
      at.parentElement,
      at.parentElement?.parentElement,
      at.nextElementSibling,
      ...(at instanceof HTMLInputElement ? (at.labels ?? []) : []),
    ]
    const looks = () => {
      for (const passing of document.getAnimations()) if (passing instanceof CSSTransition) passing.finish()
      return near.map((one) => {
        if (!one) return ''
        const { outlineStyle, outlineWidth, outlineColor, boxShadow, borderColor } = getComputedStyle(one)
        return [outlineStyle, outlineWidth, outlineColor, boxShadow, borderColor].join()
      })
    }
    const { top, bottom } = at.getBoundingClientRect()
    const focused = looks()
    at.blur()
    const plain = looks()
    at.focus()
    return {
      what: at.outerHTML.slice(0, 120),
      differs: focused.some((look, i) => look !== plain[i]),
      inside: bottom > 0 && top < innerHeight,
    }
  })
  expect(seen).toMatchObject({ differs: true, inside: true })
}

const written = {
  email: 'keys@mail.example',
  name: 'Jeanne Martin',
  phone: '06 12 34 56 78',
  line1: '12 rue des Lilas',
  postcode: '69003',
  city: 'Lyon',
}
const card = { 'cc-number': '4242424242424242', 'cc-exp': '1230', 'cc-csc': '123' }

/** Forward through the form; fields stand in the order of the country. */
async function writeFields(page: Page, fields: Readonly<Record<string, string>>): Promise<void> {
  const left = new Set(Object.keys(fields))
  while (left.size > 0) {
    await tabTo(page, new RegExp(`^(${[...left].join('|')})$`))
    const name = await focusedName(page)
    await page.keyboard.type(fields[name] as string)
    await expectVisibleFocus(page)
    left.delete(name)
  }
}

describe.skipIf(!present)('the keyboard alone', () => {
  test('leads from the picture to the order and back', async () => {
    const { page, close } = await watchShow(browser, `${efir.base}/show/${air.showId}`, desktop)
    await lotCard(page)
      .getByRole('button', { name: en('watch.buy'), exact: true })
      .waitFor({ timeout: 40_000 })
    await guardPicture(page)

    await tabTo(page, new RegExp(`^${en('common.player_mute')}$`))
    await expectVisibleFocus(page)
    await page.keyboard.press('Space')
    await page.waitForFunction(() => document.querySelector('video')?.muted === true)

    await tabTo(page, new RegExp(`^${en('watch.buy')}$`))
    await expectVisibleFocus(page)
    await page.keyboard.press('Enter')
    await sheet(page).locator('.totals').waitFor({ timeout: 30_000 })
    // The focus went in with the sheet, Escape leads out and back to where one was, and the units stay.
    expect(await page.evaluate(() => document.activeElement?.closest('[role=dialog], dialog') !== null)).toBe(true)
    await page.keyboard.press('Escape')
    await sheet(page).waitFor({ state: 'hidden' })
    expect(await page.evaluate(() => document.activeElement?.closest('article.lot') !== null)).toBe(true)
    await page.keyboard.press('Enter')
    await sheet(page).locator('.totals').waitFor({ timeout: 30_000 })

    await writeFields(page, written)
    await writeFields(page, card)
    await tabTo(page, saying('en', 'checkout.payWithObligation'))
    await expectVisibleFocus(page)
    await page.keyboard.press('Enter')
    await sheet(page)
      .getByRole('heading', { name: en('checkout.done_title') })
      .waitFor({ timeout: 30_000 })

    await page.keyboard.press('Escape')
    await sheet(page).waitFor({ state: 'hidden' })
    await moves(page)
    expect(await interruptions(page)).toEqual([])
    await lotCard(page)
      .getByRole('button', { name: saying('en', 'watch.order') })
      .waitFor()
    await close()
  })

  test('never comes to a place that cannot be seen, and a sheet keeps it inside', async () => {
    const { page, close } = await watchShow(browser, `${efir.base}/show/${air.showId}`, desktop)
    await lotCard(page)
      .getByRole('button', { name: en('watch.buy'), exact: true })
      .waitFor({ timeout: 40_000 })
    for (let step = 0; step < 20; step++) {
      await page.keyboard.press('Tab')
      const outside = await page.evaluate(() => document.activeElement === document.body)
      if (!outside) await expectVisibleFocus(page)
    }
    await page.keyboard.press('b')
    await sheet(page).locator('.totals').waitFor({ timeout: 30_000 })
    for (let step = 0; step < 30; step++) {
      await page.keyboard.press('Tab')
      const inside = await page.evaluate(
        () => document.activeElement === document.body || document.activeElement?.closest('[role=dialog], dialog') !== null,
      )
      expect(inside).toBe(true)
    }
    await close()
  })
})
