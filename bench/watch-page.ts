import { gzipSync } from 'node:zlib'
import { changeShow } from '@efir/contract/shows.ts'
import type { Browser, CDPSession } from 'playwright-core'
import sharp from 'sharp'
import { openChromium } from '../e2e/support/chromium.ts'
import { startEfir } from '../e2e/support/efir.ts'
import { goOnAir, offer } from '../e2e/support/on-air.ts'
import { addGoods, becomeOperator, openShop } from '../e2e/support/shop.ts'
import type { Visitor } from '../e2e/support/visitor.ts'
import { formOf, median, report, rounded } from './support/measure.ts'

/**
 * A show on air, opened cold on a slow phone: 1.6 Mbit/s, 150 ms there and back, a processor four times slower than this one, nothing in
 * any cache. `jsGzipKb` is all script that came before the first frame of the video, the player of the picture apart; `lcpMs` the largest
 * paint, `cls` the worst five seconds of shifting until some seconds after the picture moves. Size and shift are a budget: beyond it the
 * bench fails. The time is a figure, since it is also the machine's.
 */
const form = formOf(process.argv.slice(2))
const rounds = form.short ? 3 : 9
const budget = { jsGzipKb: 150, cls: 0.05 }
const line = { latency: 150, downloadThroughput: 1.6e6 / 8, uploadThroughput: 750e3 / 8 }
const slowdown = 4
const watchMs = 4_000

interface Visit {
  readonly jsGzipKb: number
  readonly lcpMs: number
  readonly firstPaintMs: number
  readonly pictureMs: number
  readonly cls: number
}
interface Marks {
  lcp: number
  shifts: { at: number; value: number }[]
}

/** Runs in the page before anything else. */
function note(): void {
  const marks: Marks = { lcp: 0, shifts: [] }
  Object.assign(globalThis, { marks })
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) marks.lcp = entry.startTime
  }).observe({ type: 'largest-contentful-paint', buffered: true })
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries() as (PerformanceEntry & { value: number; hadRecentInput: boolean })[])
      if (!entry.hadRecentInput) marks.shifts.push({ at: entry.startTime, value: entry.value })
  }).observe({ type: 'layout-shift', buffered: true })
}

function worstWindow(shifts: Marks['shifts']): number {
  const sums = shifts.map((first, index) => {
    let sum = 0
    let last = first.at
    for (const { at, value } of shifts.slice(index)) {
      if (at - last > 1_000 || at - first.at > 5_000) break
      sum += value
      last = at
    }
    return sum
  })
  return Math.max(0, ...sums)
}

/** Scripts as they come, and which of them are the player's own. */
function collectScripts(client: CDPSession) {
  const asked: { id: string; url: string }[] = []
  client.on('Network.responseReceived', ({ requestId, response, type }) => {
    const script = type === 'Script' || /javascript/.test(response.mimeType)
    if (script && !/\/assets\/hls|\/sw\.js/.test(response.url)) asked.push({ id: requestId, url: response.url })
  })
  return async () => {
    let bytes = 0
    for (const { id } of [...asked]) {
      const { body, base64Encoded } = await client.send('Network.getResponseBody', { requestId: id })
      bytes += gzipSync(base64Encoded ? Buffer.from(body, 'base64') : body).byteLength
    }
    return bytes / 1000
  }
}

async function visit(browser: Browser, address: string): Promise<Visit> {
  const context = await browser.newContext({
    viewport: { width: 412, height: 823 },
    deviceScaleFactor: 2.625,
    isMobile: true,
    hasTouch: true,
    locale: 'en-GB',
  })
  try {
    const page = await context.newPage()
    const client = await context.newCDPSession(page)
    await client.send('Network.enable')
    await client.send('Network.emulateNetworkConditions', { offline: false, ...line })
    await client.send('Emulation.setCPUThrottlingRate', { rate: slowdown })
    await page.addInitScript(note)
    const sizeOf = collectScripts(client)
    await page.goto(address, { waitUntil: 'commit', timeout: 60_000 })
    await page.waitForFunction(() => (document.querySelector('video')?.currentTime ?? 0) > 0, undefined, { timeout: 60_000 })
    const jsGzipKb = await sizeOf()
    const pictureMs = await page.evaluate(() => performance.now())
    await page.waitForTimeout(watchMs)
    const { lcp, shifts, paint } = await page.evaluate(() => ({
      ...(globalThis as unknown as { marks: Marks }).marks,
      paint: performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0,
    }))
    return { jsGzipKb, lcpMs: lcp, firstPaintMs: paint, pictureMs, cls: worstWindow(shifts) }
  } finally {
    await context.close()
  }
}

/** A cover as hosts upload them: a photograph-like picture, so that its bytes weigh what they would. */
async function coverFor(owner: Visitor, shopId: string, showId: string): Promise<void> {
  const grain = await sharp({
    create: { width: 1080, height: 1920, channels: 3, background: '#a86', noise: { type: 'gaussian', mean: 128, sigma: 18 } },
  })
    .blur(2)
    .jpeg({ quality: 85 })
    .toBuffer()
  const { id } = await owner.upload(`/api/shops/${shopId}/pictures`, 'cover.jpg', grain, 'image/jpeg')
  await owner.must(changeShow, { showId, coverPictureId: id })
}

const efir = await startEfir()
const browser = await openChromium()
try {
  const owner = await becomeOperator(efir.base, efir.setUpCode())
  const { shopId } = await openShop(owner, { name: 'Maison Orvik', slug: 'maison-orvik' })
  const goods = await addGoods(owner, shopId, { title: { en: 'Linen apron' }, sku: 'AP-1', amount: 5900, units: 40 })
  const air = await goOnAir(owner, shopId)
  try {
    await coverFor(owner, shopId, air.showId)
    await offer(owner, air.showId, goods.variantList[0]?.id as string)
    const visits: Visit[] = []
    for (let round = 0; round < rounds; round++) visits.push(await visit(browser, `${efir.base}/show/${air.showId}`))
    const figures = {
      jsGzipKb: rounded(Math.max(...visits.map((one) => one.jsGzipKb))),
      lcpMs: Math.round(median(visits.map((one) => one.lcpMs))),
      cls: Math.round(Math.max(...visits.map((one) => one.cls)) * 10_000) / 10_000,
      firstPaintMs: Math.round(median(visits.map((one) => one.firstPaintMs))),
      pictureMs: Math.round(median(visits.map((one) => one.pictureMs))),
    }
    const wrong = (figures.jsGzipKb > budget.jsGzipKb ? 1 : 0) + (figures.cls > budget.cls ? 1 : 0) + (figures.lcpMs > 0 ? 0 : 1)
    for (const [name, value] of Object.entries(figures)) console.log(`${name.padEnd(13)} ${value}`)
    report(form, 'watch-page', {
      wrong,
      ratios: {},
      figures,
      targets: [
        { name: 'jsGzipKb', atMost: budget.jsGzipKb },
        { name: 'lcpMs', atMost: 2_000 },
        { name: 'cls', atMost: budget.cls },
      ],
    })
  } finally {
    await air.stop()
  }
} finally {
  await browser.close()
  await efir.stop()
}
