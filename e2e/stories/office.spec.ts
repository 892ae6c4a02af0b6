import { readFile } from 'node:fs/promises'
import { productEditor, shopProducts, writeSheet } from '@efir/contract/catalog.ts'
import { enterPassword, me } from '@efir/contract/identity.ts'
import { deliveryMethods, packing, shopOrders } from '@efir/contract/orders.ts'
import { stockList } from '@efir/contract/stock.ts'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { toolPath } from '../../scripts/needs.ts'
import { overflow, violationsOf } from '../support/axe.ts'
import { openChromium } from '../support/chromium.ts'
import { type Efir, startEfir, until } from '../support/efir.ts'
import { keepEvidence } from '../support/evidence.ts'
import { addGoods, buyOne } from '../support/shop.ts'
import { said } from '../support/texts.ts'
import { openVisitor, type Visitor } from '../support/visitor.ts'
import { desktop, phone } from '../support/watch.ts'

/** A seller's first day: the operator of an empty platform opens a shop, fills it, packs and ships by keyboard. Each test goes on where the one before ended. */
const present = toolPath('chromium') !== null
const password = 'seven quiet lamps on a shelf'
const email = 'dina@efir.example'
const en = said('en')
let efir: Efir
let browser: Browser
let context: BrowserContext
let page: Page
let owner: Visitor
let shopId = ''
let productId = ''

keepEvidence(() => browser)

const button = (key: string) => page.getByRole('button', { name: en(key), exact: true })
const field = (key: string) => page.getByRole('textbox', { name: new RegExp(`^${en(key)}`) })
const heading = (key: string) => page.getByRole('heading', { name: en(key), level: 1 })
const rows = () => page.locator('tr[data-id]')
const press = async (...keys: readonly string[]) => {
  for (const key of keys) await page.keyboard.press(key)
}

/** As it lies in the letter box of the demo. */
async function codeFor(address: string): Promise<string> {
  let code = ''
  const arrived = async () => {
    const { letters } = (await (await fetch(`${efir.base}/dev/mail.json`)).json()) as {
      letters: readonly { letter: { to: string; text: string } }[]
    }
    code = /\b\d{6}\b/.exec(letters.find(({ letter }) => letter.to.includes(address))?.letter.text ?? '')?.[0] ?? ''
    return code !== ''
  }
  await until(arrived, 15_000, () => `no code for ${address}`)
  return code
}

beforeAll(async () => {
  if (!present) return
  ;[efir, browser] = await Promise.all([startEfir(), openChromium()])
  context = await browser.newContext({
    ...desktop,
    locale: 'en-GB',
    bypassCSP: true,
    reducedMotion: 'reduce',
    acceptDownloads: true,
  })
  page = await context.newPage()
}, 120_000)
afterAll(async () => {
  await browser?.close()
  await efir?.stop()
})

describe.skipIf(!present)('the office', () => {
  test('the operator of an empty platform is made at the printed address and opens a shop', async () => {
    await page.goto(`${efir.base}/office/set-up?code=${efir.setUpCode()}`)
    await field('office.your_name').fill('Dina Karlova')
    await field('office.email').fill(email)
    await page.getByLabel(en('office.password'), { exact: true }).fill(password)
    await button('office.set_up_do').click()
    await heading('office.platform').waitFor()
    await page.getByRole('button', { name: en('office.no_shop') }).click()
    await page
      .getByRole('dialog')
      .getByRole('button', { name: en('office.open_shop') })
      .click()
    await field('office.shop_name').fill('Тихая полка')
    expect(await field('office.shop_address').inputValue()).toBe('tikhaia-polka')
    await page.getByRole('dialog').getByRole('combobox').selectOption('FR')
    await page
      .getByRole('dialog')
      .getByRole('button', { name: en('office.open_shop') })
      .click()
    await heading('office.today').waitFor()

    owner = openVisitor(efir.base)
    await owner.must(enterPassword, { email, password })
    const [shop] = (await owner.must(me, {})).shops
    expect(shop).toMatchObject({ slug: 'tikhaia-polka', currency: 'EUR', roles: ['owner'] })
    shopId = shop?.id ?? ''
  })

  test('delivery is set up, or nobody could buy', async () => {
    await page.goto(`${efir.base}/office/settings?tab=delivery`)
    await button('office.add_delivery').click()
    await field('office.delivery_name').fill('By bicycle')
    await page.getByRole('textbox', { name: `${en('office.price')} · EUR` }).fill('4,90')
    await button('common.save').click()
    await page.getByText('By bicycle').waitFor()
    const [method] = (await owner.must(deliveryMethods, { shopId })).methods
    expect(method).toMatchObject({ name: { en: 'By bicycle' }, prices: { EUR: 490 }, countries: [] })
  })

  test('a product is written, pictured, priced and published', async () => {
    await press('g', 'p')
    await heading('office.products').waitFor()
    await press('n')
    await page.getByRole('dialog').getByLabel(en('office.product_title')).fill('Paper lamp')
    await page.getByRole('dialog').getByLabel(en('office.sku')).fill('LAMP-1')
    await page
      .getByRole('dialog')
      .getByRole('textbox', { name: new RegExp(`^${en('office.price')}`) })
      .fill('24,90')
    await button('office.create_product').click()
    await page.getByRole('heading', { name: 'Paper lamp', level: 1 }).waitFor()
    await field('office.about').fill('A lamp of paper that folds flat.')
    await page.getByRole('tab', { name: /Français/ }).click()
    await field('office.product_title').fill('Lampe en papier')
    await button('common.save').click()
    await page.getByText(en('office.all_saved')).waitFor()

    await page.getByRole('link', { name: new RegExp(en('office.tab_pictures')) }).click()
    const bytes = await sharp({ create: { width: 900, height: 900, channels: 3, background: '#e8b27a' } })
      .png()
      .toBuffer()
    await page.locator('input[type=file]').setInputFiles({ name: 'lamp.png', mimeType: 'image/png', buffer: bytes })
    await page.getByLabel(en('office.alt_text')).fill('A paper lamp, lit')
    await page.keyboard.press('Enter')
    await page.getByRole('img', { name: 'A paper lamp, lit' }).waitFor()
    await button('office.publish').click()
    await page.getByText(en('office.product_published'), { exact: true }).waitFor()

    productId = page.url().split('/').at(-1)?.split('?')[0] ?? ''
    const product = await owner.must(productEditor, { productId })
    expect(product).toMatchObject({
      state: 'published',
      title: { en: 'Paper lamp', fr: 'Lampe en papier' },
      about: { en: 'A lamp of paper that folds flat.' },
      variantList: [{ sku: 'LAMP-1', prices: [{ amount: 2490, currency: 'EUR' }] }],
      pictures: [{ alt: { en: 'A paper lamp, lit' } }],
    })
  })

  test('a price is changed and a variant added; stock comes in with its cause', async () => {
    await page.getByRole('link', { name: new RegExp(en('office.tab_variants')) }).click()
    await page.getByRole('textbox', { name: en('office.price_in', { currency: 'EUR', sku: 'LAMP-1' }) }).fill('22.50')
    await button('office.add_variant').click()
    await page
      .getByRole('textbox', { name: en('office.sku') })
      .nth(1)
      .fill('LAMP-2')
    await button('common.save').click()
    await page.getByText(en('office.all_saved')).waitFor()
    const { variantList } = await owner.must(productEditor, { productId })
    expect(variantList.map((one) => [one.sku, one.prices[0]?.amount])).toEqual([
      ['LAMP-1', 2250],
      ['LAMP-2', 2250],
    ])

    await press('g', 'k')
    await rows().first().click()
    await field('office.came_in').fill('12')
    await field('office.document').fill('Invoice 7')
    await page
      .locator('form')
      .getByRole('button', { name: en('office.receive') })
      .click()
    await page.getByText('Invoice 7').waitFor()
    const [level] = (await owner.must(stockList, { shopId })).items
    expect(level).toMatchObject({ sku: 'LAMP-1', onHand: 12, free: 12 })
  })

  test('a fact is published in a sheet, and a clash with a colleague is asked, not lost', async () => {
    await page.goto(`${efir.base}/office/products/${productId}?tab=sheet`)
    await page.getByText(en('office.no_facts')).waitFor()
    await press('n')
    await field('office.fact_key').fill('weight')
    await field('office.value').fill('480')
    await page.getByRole('combobox', { name: en('office.unit') }).fill('g')
    await page.getByRole('option', { name: /^g\b/ }).first().click()
    await page.getByRole('textbox', { name: en('office.fact_label'), exact: true }).fill('Weight')
    await button('office.keep_fact').click()
    await page.getByRole('button', { name: en('office.publish_version', { version: 1 }) }).click()
    await page
      .getByText(en('office.version_n', { n: 1 }))
      .first()
      .waitFor()

    const { sheet } = await owner.must(productEditor, { productId })
    expect(sheet).toMatchObject({ version: 1, attributes: [{ key: 'weight', type: 'quantity', value: 480, unit: 'g' }] })
    // Meanwhile a colleague weighs it too, and writes one more fact.
    const theirs = { ...sheet.attributes[0], value: 470 } as (typeof sheet.attributes)[number]
    const width = { ...theirs, key: 'width', value: 30, unit: 'cm', label: { en: 'Width' } }
    await owner.must(writeSheet, { productId, overVersion: 1, attributes: [theirs, width] })

    await rows().first().click()
    await field('office.value').fill('490')
    await button('office.keep_fact').click()
    await page.getByRole('button', { name: en('office.publish_version', { version: 2 }) }).click()
    await page.getByText(en('office.sheet_newer', { version: 2 })).waitFor()
    await page.getByRole('button', { name: en('office.keep_mine', { value: '490 g' }) }).click()
    await page.getByRole('button', { name: en('office.publish_version', { version: 3 }) }).click()
    await page
      .getByText(en('office.version_n', { n: 3 }))
      .first()
      .waitFor()
    const after = await owner.must(productEditor, { productId })
    expect(after.sheet.version).toBe(3)
    expect(after.sheet.attributes.map((fact) => [fact.key, fact.value])).toEqual([
      ['weight', 490],
      ['width', 30],
    ])
  })

  test('three orders are packed and shipped without the mouse, and one is refunded in part', async () => {
    const [method] = (await owner.must(deliveryMethods, { shopId })).methods
    const { variantList } = await owner.must(productEditor, { productId })
    const variantId = variantList[0]?.id ?? ''
    for (const name of ['Inès Moreau', 'Тимур Валеев', 'نادية حداد'])
      await buyOne(efir.base, { shopId, methodId: method?.id ?? '', variantId, name, token: 'tok_test_success' })

    await press('g', 'o')
    await heading('office.orders').waitFor()
    await expect.poll(() => rows().count()).toBe(3)
    await press('2')
    await expect.poll(() => rows().count()).toBe(3)
    await press('j', 'x', 'Shift+J', 'Shift+J')
    await page
      .getByText(en('common.selected', { n: 3 }))
      .first()
      .waitFor()
    await press('p')
    await page.getByText(en('office.no_orders')).waitFor()
    expect((await owner.must(packing, { shopId, state: 'packed' })).items).toHaveLength(3)

    await press('4')
    await expect.poll(() => rows().count()).toBe(3)
    await press('j', 'x', 'Shift+J', 'Shift+J', 'c')
    await page.getByRole('dialog').getByLabel(en('office.carrier')).fill('Vélo Express')
    await page.getByRole('dialog').getByRole('textbox').nth(1).fill('VE-100')
    await page.keyboard.press('Enter')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    const shipped = (await owner.must(packing, { shopId, state: 'shipped' })).items
    expect(shipped.map((parcel) => parcel.carrier)).toEqual(['Vélo Express', 'Vélo Express', 'Vélo Express'])
    expect(shipped.map((parcel) => parcel.tracking).sort()).toEqual(['', '', 'VE-100'])

    await press('5')
    await expect.poll(() => rows().count()).toBe(3)
    await press('j', 'Enter')
    await page.locator('.side-panel h2').waitFor()
    await press('d')
    await page.locator('.side-panel').getByText(en('office.order_delivered'), { exact: true }).waitFor()
    await press('r')
    await page.getByRole('dialog').getByLabel(en('office.amount'), { exact: true }).fill('5')
    await page.getByRole('dialog').getByLabel(en('office.reason')).fill('Came a day late')
    await page.keyboard.press('Enter')
    await page.locator('.side-panel').getByText('Came a day late').waitFor()
    const states = (await owner.must(shopOrders, { shopId })).items.map((order) => order.state).sort()
    expect(states).toEqual(['delivered', 'shipped', 'shipped'])
  })

  test('a search is found by name and exported as it stands', async () => {
    await press('Escape', '1', '/')
    await page.keyboard.type('moreau')
    await expect.poll(() => rows().count()).toBe(1)
    await page.keyboard.press('Escape')
    await page.locator('h1').click()
    const [download] = await Promise.all([page.waitForEvent('download'), press('e')])
    const text = await readFile(await download.path(), 'utf8')
    expect(text.trim().split('\r\n')).toHaveLength(2)
    expect(text).toContain('Inès Moreau,FR,Paper lamp,1,')
    expect(text).toContain(',27.40,EUR')
  })

  test('what was sold is owed, and asked for', async () => {
    await press('g', 'y')
    await button('office.ask_payout').click()
    await page.getByRole('dialog').getByRole('button', { name: /€/ }).click()
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await page.goto(`${efir.base}/office/platform`)
    await button('office.mark_paid').click()
    await page.getByRole('dialog').getByLabel(en('office.bank_reference')).fill('SEPA 4711')
    await page
      .getByRole('dialog')
      .getByRole('button', { name: en('office.mark_paid') })
      .click()
    await page.getByText(en('office.no_open_payouts')).waitFor()
    await page.goto(`${efir.base}/office/payouts?tab=payouts`)
    await page.getByText('SEPA 4711').waitFor()
  })

  test('who packs sees no money, no people and no settings', async () => {
    await page.goto(`${efir.base}/office/people?new=1`)
    await button('office.make_link').click()
    const link = await page.getByLabel(en('office.link')).inputValue()
    const other = await browser.newContext({ ...desktop, locale: 'en-GB' })
    const packer = await other.newPage()
    await packer.goto(`${efir.base}/office`)
    await packer.getByLabel(en('account.email')).fill('packer@efir.example')
    await packer.getByRole('button', { name: en('account.send_code') }).click()
    const code = await codeFor('packer@efir.example')
    await packer.getByLabel(en('account.code')).fill(code)
    await packer.getByRole('button', { name: en('common.sign_in') }).click()
    await packer.getByRole('heading', { name: en('office.open_shop_title') }).waitFor()
    await packer.goto(link)
    await packer.getByRole('button', { name: en('office.accept') }).click()
    await packer.getByRole('heading', { name: en('office.today'), level: 1 }).waitFor()
    const nouns = await packer
      .getByRole('navigation', { name: en('common.main_menu') })
      .getByRole('link')
      .allTextContents()
    expect(nouns.map((noun) => noun.replace(/\d+$/, ''))).toEqual(
      ['today', 'shows', 'orders', 'products', 'stock'].map((name) => en(`office.${name}`)),
    )
    await other.close()
  })

  test('in Arabic, on a phone, the same pages stand from right to left, clean under axe', async () => {
    await addGoods(owner, shopId, { title: { en: 'Linen shade', ar: 'ظل من الكتان' }, sku: 'SHADE-1', amount: 990, units: 1 })
    expect((await owner.must(shopProducts, { shopId })).items).toHaveLength(2)
    const small = await browser.newContext({ ...phone, locale: 'ar', bypassCSP: true, reducedMotion: 'reduce' })
    await small.addCookies(owner.cookies())
    const arabic = await small.newPage()
    const found: string[] = []
    const paths = [
      'today',
      'orders',
      'packing',
      'packing?pick=1',
      'products',
      `products/${productId}?tab=variants`,
      `products/${productId}?tab=sheet`,
      'stock',
      'shows',
      'people',
      'payouts',
      'settings?tab=delivery',
      'platform?tab=money',
    ]
    for (const path of paths) {
      await arabic.goto(`${efir.base}/office/${path}`)
      await arabic.locator('h1').first().waitFor()
      await arabic.waitForFunction(() => !document.querySelector('.skeleton, [aria-busy=true]'))
      expect(await arabic.evaluate(() => document.documentElement.dir)).toBe('rtl')
      found.push(...(await violationsOf(arabic)).map((one) => `${path}: ${one}`))
      if ((await overflow(arabic)) > 0) found.push(`${path} is too wide`)
    }
    expect(found).toEqual([])
    await small.close()
  }, 240_000)
})
