import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { toolPath } from '../../scripts/needs.ts'
import { type OidcServer, openOidcServer } from '../../server/test/oidc.ts'
import { overflow, violationsOf } from '../support/axe.ts'
import { openChromium } from '../support/chromium.ts'
import { type Efir, startEfir } from '../support/efir.ts'
import { keepEvidence } from '../support/evidence.ts'
import { type Mailbox, openMailbox } from '../support/mailbox.ts'
import { said } from '../support/texts.ts'

/** Who comes with an account elsewhere keeps a passkey, and is signed out everywhere when they say so. */
const present = toolPath('chromium') !== null
const en = said('en')
let efir: Efir
let mail: Mailbox
let provider: OidcServer
let browser: Browser
let base: string

keepEvidence(() => browser)
beforeAll(async () => {
  if (!present) return
  provider = await openOidcServer({ redirectUris: () => [`${base}/api/sign-in/outside/local/back`] })
  provider.accounts.set('mira', { email: 'mira@example.org', email_verified: true, name: 'Mira' })
  mail = await openMailbox()
  const secret = 'a secret between the two'
  const providers = [{ id: 'local', name: 'Local ID', issuer: provider.issuer, clientId: 'efir', clientSecret: secret }]
  const env = { SMTP_URL: mail.url, EFIR_OIDC_PROVIDERS: JSON.stringify(providers) }
  ;[efir, browser] = await Promise.all([startEfir({ env }), openChromium()])
  // Passkeys belong to a name, not to a bare address.
  base = `http://localhost:${efir.port}`
}, 120_000)
afterAll(async () => {
  await browser?.close()
  await efir?.stop()
  await mail?.close()
  await provider?.[Symbol.asyncDispose]()
})

/** Somebody with a device that can keep passkeys. */
async function device(): Promise<{ context: BrowserContext; page: Page }> {
  const context = await browser.newContext({ bypassCSP: true, locale: 'en', viewport: { width: 390, height: 844 } })
  await context.addCookies([{ name: 'efir_locale', value: 'en', url: base }])
  const page = await context.newPage()
  const cdp = await context.newCDPSession(page)
  await cdp.send('WebAuthn.enable')
  const options = { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true } as const
  await cdp.send('WebAuthn.addVirtualAuthenticator', {
    options: { ...options, isUserVerified: true, automaticPresenceSimulation: true },
  })
  return { context, page }
}

async function comeFromElsewhere(page: Page): Promise<void> {
  await page.goto(`${base}/sign-in?to=/account`)
  await page.getByRole('button', { name: en('account.with_outside', { name: 'Local ID' }) }).click()
  await page.locator('input[name=login]').fill('mira')
  await page.locator('input[name=password]').fill('anything')
  await page.locator('button[type=submit]').click()
  await page.locator('button[type=submit]').click()
  await page.getByRole('heading', { name: en('account.security_title') }).waitFor()
}

describe.skipIf(!present)('an account and its ways in', () => {
  test('an account elsewhere, then a passkey, then out everywhere and in again', async () => {
    const one = await device()
    await comeFromElsewhere(one.page)
    await one.page.getByLabel(en('account.passkey_name')).fill('My phone')
    await one.page.getByRole('button', { name: en('account.passkey_add') }).click()
    await one.page.getByText('My phone').waitFor()
    expect(await violationsOf(one.page)).toEqual([])
    expect(await overflow(one.page)).toBe(0)
    await mail.letterTo('mira@example.org', /new way/)

    const two = await device()
    await comeFromElsewhere(two.page)
    await mail.letterTo('mira@example.org', /new device/)
    await two.page.getByRole('button', { name: en('account.sessions_end_all') }).click()
    await two.page.getByText(en('account.security_signed_out')).waitFor()
    await one.page.reload()
    await one.page.getByText(en('account.security_signed_out')).waitFor()

    // The browser offers the passkey by itself where it can; else the button asks for it.
    await one.page.goto(`${base}/sign-in?to=/account`)
    const ask = one.page.getByRole('button', { name: en('account.with_passkey') })
    const there = one.page.getByText('My phone')
    await ask.or(there).first().waitFor()
    if (!(await there.isVisible())) await ask.click({ timeout: 5_000 }).catch(() => undefined)
    await there.waitFor()
    await one.page.getByText(en('account.way_passkey')).first().waitFor()
    await Promise.all([one.context.close(), two.context.close()])
  }, 60_000)
})
