import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { type Browser, chromium, type Page } from 'playwright-core'
import { build } from 'vite'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { toolPath } from '../../../../scripts/needs.ts'

const chromiumPath = toolPath('chromium')
const web = resolve(import.meta.dirname, '../../..')
/** As strict as the server's: nothing inline, nothing from elsewhere. */
const policy = "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'"
const types: Readonly<Record<string, string>> = {
  html: 'text/html',
  js: 'text/javascript',
  css: 'text/css',
  svg: 'image/svg+xml',
}

let folder = ''
let server: Server
let browser: Browser
let base = ''
let axe = ''

beforeAll(async () => {
  if (!chromiumPath) return
  folder = mkdtempSync(join(tmpdir(), 'efir-gallery-'))
  vi.stubEnv('NODE_ENV', 'production')
  await build({
    configFile: join(web, 'vite.config.ts'),
    logLevel: 'error',
    build: { outDir: folder, reportCompressedSize: false, rolldownOptions: { input: { gallery: join(web, 'gallery.html') } } },
  })
  axe = readFileSync(resolve(web, '../node_modules/axe-core/axe.min.js'), 'utf8')
  server = createServer((req, res) => {
    const path = (req.url ?? '').split('?')[0] ?? ''
    const file = join(folder, path)
    try {
      res
        .writeHead(200, {
          'content-type': types[path.split('.').at(-1) ?? ''] ?? 'text/plain',
          'content-security-policy': policy,
        })
        .end(readFileSync(file))
    } catch {
      res.writeHead(404).end()
    }
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/gallery.html`
  browser = await chromium.launch({
    executablePath: chromiumPath,
    args: [
      '--headless=new',
      '--no-sandbox',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
    ],
  })
})
afterAll(async () => {
  vi.unstubAllEnvs()
  if (!chromiumPath) return
  await browser.close()
  server.closeAllConnections()
  await new Promise((done) => server.close(done))
  rmSync(folder, { recursive: true, force: true })
})

const complaints: string[] = []
async function open(query: string, width = 1440, height = 900): Promise<Page> {
  const page = await browser.newPage({ viewport: { width, height }, bypassCSP: false, reducedMotion: 'reduce' })
  complaints.length = 0
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
  page.on('pageerror', (error) => complaints.push(error.message))
  await page.goto(`${base}?${query}`)
  await page.waitForSelector('main *')
  return page
}

describe.skipIf(!chromiumPath).each(['controls', 'fields', 'table', 'overlays'])('%s', (part) => {
  test.each([
    ['dark', 'en'],
    ['light', 'ar'],
  ])('has no fault that axe sees, %s in %s, under a strict content policy', async (theme, lang) => {
    const page = await open(`part=${part}&theme=${theme}&lang=${lang}&open=sheet`)
    expect(complaints).toEqual([])
    // The checker itself comes from outside of the page's policy.
    const session = await page.context().newCDPSession(page)
    await session.send('Page.setBypassCSP', { enabled: true })
    await page.reload()
    await page.waitForSelector('main *')
    await page.waitForTimeout(400)
    await page.evaluate(axe)
    const found = await page.evaluate(() =>
      (
        window as unknown as {
          axe: { run(root: Document, options: object): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> }
        }
      ).axe
        .run(document, { rules: { region: { enabled: false }, 'page-has-heading-one': { enabled: false } } })
        .then((result) =>
          result.violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.html.slice(0, 120)).join(' | ')}`),
        ),
    )
    expect(found).toEqual([])
    await page.close()
  })

  test.each(['en', 'ru', 'ar'])('fits into a phone, a tablet and a desk in %s', async (lang) => {
    const page = await open(`part=${part}&lang=${lang}`, 390)
    for (const width of [390, 820, 1440]) {
      await page.setViewportSize({ width, height: 900 })
      const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
      expect([width, over]).toEqual([width, 0])
    }
    await page.close()
  })
})

test.skipIf(!chromiumPath)('a sheet takes the focus, keeps it, leaves by Escape and gives it back', async () => {
  const page = await open('part=overlays&lang=en')
  const opener = page.getByRole('button', { name: 'Sheet' })
  await opener.focus()
  await page.keyboard.press('Enter')
  const sheet = page.getByRole('dialog')
  await sheet.waitFor()
  for (let presses = 0; presses < 12; presses++) {
    await page.keyboard.press('Tab')
    // Leaving to the browser's own bar is fine; behind the sheet is not.
    expect(
      await page.evaluate(() => document.activeElement === document.body || document.activeElement?.closest('dialog') !== null),
    ).toBe(true)
  }
  await page.keyboard.press('Escape')
  await sheet.waitFor({ state: 'detached' })
  expect(await opener.evaluate((one) => one === document.activeElement)).toBe(true)
  await page.close()
})

test.skipIf(!chromiumPath)('a table is worked through by keyboard, also on a Russian layout', async () => {
  const page = await open('part=table&lang=en')
  const row = (id: string) => page.locator(`tr[data-id="${id}"]`)
  await page.keyboard.press('j')
  await page.keyboard.press('j')
  await page.waitForFunction(() => document.activeElement?.getAttribute('data-id') === '48212')
  await page.keyboard.press('x')
  expect(await row('48212').getAttribute('class')).toContain('selected')
  // What a Russian keyboard sends for the key of J.
  await page.evaluate(() => dispatchEvent(new KeyboardEvent('keydown', { key: 'о', code: 'KeyJ', bubbles: true })))
  await page.waitForFunction(() => document.activeElement?.getAttribute('data-id') === '48211')
  await page.keyboard.press('Enter')
  await page.getByRole('complementary', { name: 'Lucía Benítez' }).waitFor()
  await page.getByRole('textbox').focus()
  await page.keyboard.press('x')
  expect(await row('48211').getAttribute('class')).toContain('selected')
  await page.close()
})

test.skipIf(!chromiumPath)('a menu opens from its button, moves by arrows and closes', async () => {
  const page = await open('part=overlays&lang=en')
  await page.getByRole('button', { name: 'More' }).press('Enter')
  await page.getByRole('menu').waitFor()
  await page.keyboard.press('ArrowDown')
  expect(await page.evaluate(() => document.activeElement?.getAttribute('role'))).toBe('menuitem')
  await page.keyboard.press('Escape')
  await page.getByRole('menu').waitFor({ state: 'detached' })
  expect(complaints).toEqual([])
  await page.close()
})

test.skipIf(!chromiumPath)('a long list is searched, and money is read as it is typed', async () => {
  const page = await open('part=fields&lang=en')
  const filter = page.getByRole('combobox', { name: 'Filter' })
  await filter.fill('Fra')
  await page.getByRole('option', { name: 'France' }).click()
  expect(await filter.inputValue()).toBe('France')
  const money = page.getByRole('textbox', { name: 'Total' }).first()
  await money.fill('1 299,5')
  await money.blur()
  expect(await money.inputValue()).toBe('1299.50')
  await money.fill('12 €')
  expect(await page.getByRole('alert').filter({ hasText: 'Enter a number' }).count()).toBe(1)
  await page.close()
})
