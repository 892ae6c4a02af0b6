import { platformPayAccounts } from '@efir/contract/payments.ts'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { toolPath } from '../../scripts/needs.ts'
import { type FakeStripe, openFakeStripe } from '../../server/test/providers/stripe.ts'
import { cards } from '../../server/test/providers/stripe-books.ts'
import { violationsOf } from '../support/axe.ts'
import { openChromium } from '../support/chromium.ts'
import { type Efir, startEfir, until } from '../support/efir.ts'
import { keepEvidence } from '../support/evidence.ts'
import { goOnAir, type OnAir, offer } from '../support/on-air.ts'
import { addGoods, becomeOperator, openShop } from '../support/shop.ts'
import { routeStripe, type StripeRoutes } from '../support/stripe-form.ts'
import { said } from '../support/texts.ts'
import type { Visitor } from '../support/visitor.ts'
import { desktop, fillAddress, guardPicture, interruptions, lotCard, moves, phone, sheet } from '../support/watch.ts'

/** Real money's way: the operator opens an account, a viewer pays in the provider's form and answers their bank, the show goes on, the shop gives it back. */
let efir: Efir
let stripe: FakeStripe
let browser: Browser
let owner: Visitor
let onAir: OnAir
let office: Page
let routes: StripeRoutes
let orderNumber = ''
const en = said('en')

keepEvidence(() => browser)
beforeAll(async () => {
  stripe = await openFakeStripe()
  ;[efir, browser] = await Promise.all([startEfir({ env: { EFIR_STRIPE_API: stripe.url } }), openChromium()])
  owner = await becomeOperator(efir.base, efir.setUpCode())
  const { shopId } = await openShop(owner, { name: 'Maison Orvik', slug: 'maison-orvik' })
  const goods = await addGoods(owner, shopId, { title: { en: 'Linen apron' }, sku: 'AP-1', amount: 5900, units: 20 })
  onAir = await goOnAir(owner, shopId)
  await offer(owner, onAir.showId, goods.variantList[0]?.id as string)
}, 120_000)
afterAll(async () => {
  await browser?.close()
  await onAir?.stop()
  await efir?.stop()
  await stripe?.[Symbol.asyncDispose]()
})

async function callBack(): Promise<void> {
  const [account] = (await owner.must(platformPayAccounts, {})).accounts
  for (const one of stripe.sent()) {
    const answer = await fetch(`${efir.base}/api/payments/callbacks/${account?.id}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...one.headers },
      body: new Uint8Array(one.body),
    })
    expect(answer.status).toBe(200)
  }
}

const whole = (context: BrowserContext) => context.addCookies(owner.cookies())

test.skipIf(!toolPath('chromium'))('the operator opens an account; its keys are never seen again', async () => {
  const context = await browser.newContext({ ...desktop, locale: 'en-FR', bypassCSP: true })
  await whole(context)
  office = await context.newPage()
  await office.goto(`${efir.base}/office/platform?tab=accounts`)
  await office.getByRole('button', { name: en('office.pay_add') }).click()
  const form = sheet(office)
  await form.locator('input[name=publicKey]').fill(stripe.publicKey)
  await form.locator('input[name=secretKey]').fill(stripe.secretKey)
  await form.locator('input[name=webhookSecret]').fill(stripe.webhookSecret)
  expect(await violationsOf(office)).toEqual([])
  await form.getByRole('button', { name: en('common.save') }).click()
  await office.getByText(en('office.pay_on'), { exact: true }).waitFor()
  const shown = await office.content()
  for (const secret of [stripe.secretKey, stripe.webhookSecret]) expect(shown).not.toContain(secret)
  expect(shown).toContain(stripe.secretKey.slice(-4))
  expect(await violationsOf(office)).toEqual([])
})

test.skipIf(!toolPath('chromium'))('tap, form, bank, paid: and the picture never stops', async () => {
  const context = await browser.newContext({ ...phone, locale: 'en-FR' })
  routes = await routeStripe(context, stripe.url)
  const page = await context.newPage()
  const refused: string[] = []
  page.on('console', (message) => {
    if (/Content Security Policy/.test(message.text())) refused.push(message.text())
  })
  const opened = await page.goto(`${efir.base}/show/${onAir.showId}`)
  expect(opened?.headers()['content-security-policy']).not.toContain('stripe')
  await moves(page)
  await guardPicture(page)
  await lotCard(page)
    .getByRole('button', { name: en('watch.buy'), exact: true })
    .click()
  await fillAddress(page, 'jeanne@mail.example')
  const form = page.frameLocator('iframe.pay-frame')
  const number = form.getByLabel('Card number')
  await number.fill('4242')
  const pay = sheet(page).locator('.pay button')
  await pay.click()
  // Wrong in the provider's form: it says so there, and nothing is asked of anybody.
  await form.getByRole('alert').filter({ hasText: 'incomplete' }).waitFor()
  expect(stripe.intents.size).toBe(0)
  await number.fill(cards.confirm)
  await pay.click()
  await form.getByRole('button', { name: 'Complete authentication' }).click({ timeout: 20_000 })
  const done = sheet(page).locator('.done-order-number bdi')
  await done.waitFor({ timeout: 30_000 })
  orderNumber = await done.innerText()
  await moves(page)
  expect(await interruptions(page)).toEqual([])
  expect(refused).toEqual([])
  expect(routes.asked.every((url) => !url.includes(cards.confirm))).toBe(true)
  expect([...stripe.intents.values()]).toMatchObject([{ status: 'succeeded', amount_received: 5390 }])
  await callBack()
  await context.close()
})

test.skipIf(!toolPath('chromium'))('the shop gives it back from the office, to the card it came from', async () => {
  await office.goto(`${efir.base}/office/orders`)
  await office.getByText(orderNumber).first().click()
  await office
    .getByRole('button', { name: en('office.refund') })
    .first()
    .click()
  const form = sheet(office).filter({ hasText: orderNumber }).last()
  await form.getByRole('textbox').first().fill('10')
  await form.getByRole('textbox').last().fill('A button is missing')
  await form.locator('button[type=submit]').click()
  await until(
    async () => [...stripe.refunds.values()].some((one) => one.amount === 1000 && one.status === 'succeeded'),
    20_000,
    () => 'the refund did not reach the provider',
  )
  await callBack()
})

test.skipIf(!toolPath('chromium'))(
  'the page of the form is there for a live account alone, and opens its policy for the provider alone',
  async () => {
    const [account] = (await owner.must(platformPayAccounts, {})).accounts
    const page = await fetch(`${efir.base}/pay/${account?.id}`)
    const policy = page.headers.get('content-security-policy') ?? ''
    expect(page.status).toBe(200)
    expect(policy).toContain('https://js.stripe.com')
    expect(policy).toContain("frame-ancestors 'self'")
    expect(policy).not.toMatch(/unsafe|\*[ ;]/)
    expect((await fetch(`${efir.base}/pay/pac_00000000000000000000000000`)).status).toBe(404)
    expect(efir.output()).not.toContain(stripe.secretKey)
    expect(efir.output()).not.toContain(stripe.webhookSecret)
  },
)
