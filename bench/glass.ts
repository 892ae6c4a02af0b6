import { createLot, openLot, pinLot } from '@efir/contract/lots.ts'
import { makeStreamKey, publishToken } from '@efir/contract/media.ts'
import { createShow, showPage } from '@efir/contract/shows.ts'
import type { Browser, Page } from 'playwright-core'
import { publishClock, type Reading, readClock, whipClock } from '../e2e/support/barcode.ts'
import { openChromium } from '../e2e/support/chromium.ts'
import { type Efir, startEfir, until } from '../e2e/support/efir.ts'
import { addGoods, becomeOperator, openShop } from '../e2e/support/shop.ts'
import type { Visitor } from '../e2e/support/visitor.ts'
import { nginxRtmpInstalled, openNginxRtmp } from './peers/nginx-rtmp.ts'
import { formOf, quantile, report, rounded } from './support/measure.ts'

/** Camera clock → the viewer's screen, on the product's own watch page, over RTMP and WHIP, and over WHIP and WHEP. */
const form = formOf(process.argv.slice(2))
const watchMs = form.short ? 4_500 : 25_000

async function live(owner: Visitor, showId: string): Promise<void> {
  await until(
    async () => (await owner.must(showPage, { showId })).show.state === 'live',
    30_000,
    () => 'the show is not on air',
  )
}

interface Leg {
  readonly delays: number[]
  readonly firstFrameMs: number
  readonly wrong: number
}

/** Time from opening the page to the first picture, then what is on the screen for a while. */
async function watch(browser: Browser, url: string): Promise<Leg> {
  const page = await browser.newPage()
  const began = performance.now()
  await page.goto(url)
  await page.waitForSelector('video')
  const fromVideo = performance.now()
  await page.waitForFunction(() => (document.querySelector('video')?.currentTime ?? 0) > 0.05, undefined, { timeout: 30_000 })
  const firstFrameMs = performance.now() - fromVideo
  console.log(
    `page to video element ${Math.round(fromVideo - began)} ms, video element to picture ${Math.round(firstFrameMs)} ms`,
  )
  await page.waitForTimeout(3000)
  const readings = await readClock(page, watchMs)
  await page.close()
  return { delays: readings.map((r) => r.seenAt - r.shownAt), firstFrameMs, wrong: wrongIn(readings) }
}

/** A clock that runs backwards or stands still has shown a wrong picture; too few readings are no measurement. */
function wrongIn(readings: readonly Reading[]): number {
  let wrong = readings.length < 20 ? 1 : 0
  readings.forEach((r, i) => {
    const before = readings[i - 1]
    if (before && r.shownAt < before.shownAt) wrong++
  })
  return wrong
}

async function rtmpLeg(browser: Browser, efir: Efir, owner: Visitor, shopId: string): Promise<Leg> {
  const show = await owner.must(createShow, { shopId, title: { en: 'Clock' } })
  const key = await owner.must(makeStreamKey, { showId: show.id })
  const camera = publishClock(`${key.rtmpUrl}/${key.secret}`)
  try {
    await live(owner, show.id)
    return await watch(browser, `${efir.base}/show/${show.id}`)
  } finally {
    await camera.stop()
  }
}

async function whipLeg(browser: Browser, efir: Efir, owner: Visitor, shopId: string): Promise<Leg> {
  const show = await owner.must(createShow, { shopId, title: { en: 'Clock' } })
  const { token, whipUrl } = await owner.must(publishToken, { showId: show.id })
  const camera: Page = await browser.newPage()
  await camera.goto(`${efir.base}/`)
  await whipClock(camera, { url: whipUrl, token })
  await live(owner, show.id)
  const leg = await watch(browser, `${efir.base}/show/${show.id}`)
  await camera.close()
  return leg
}

/** The product's own page while a lot counts seconds: the same picture by WebRTC. */
async function nearLeg(browser: Browser, efir: Efir, owner: Visitor, shopId: string): Promise<Leg> {
  const show = await owner.must(createShow, { shopId, title: { en: 'Clock' } })
  const goods = await addGoods(owner, shopId, { title: { en: 'Sun dial' }, sku: 'SUN', amount: 2000, units: 9 })
  const variantIds = [goods.variantList[0]?.id as string]
  const terms = { showId: show.id, variantIds, price: { amount: 1800, currency: 'EUR' }, quota: 5, windowMs: 600_000 }
  const lot = await owner.must(createLot, terms)
  const { token, whipUrl } = await owner.must(publishToken, { showId: show.id })
  const camera: Page = await browser.newPage()
  await camera.goto(`${efir.base}/`)
  await whipClock(camera, { url: whipUrl, token })
  await live(owner, show.id)
  await owner.must(pinLot, { lotId: lot.id })
  await owner.must(openLot, { lotId: lot.id })
  const page = await browser.newPage()
  await page.goto(`${efir.base}/show/${show.id}`)
  await page.waitForFunction(() => document.querySelector('video')?.srcObject instanceof MediaStream, undefined, {
    timeout: 30_000,
  })
  await page.waitForTimeout(2_000)
  const readings = await readClock(page, watchMs)
  await Promise.all([page.close(), camera.close()])
  return { delays: readings.map((r) => r.seenAt - r.shownAt), firstFrameMs: 0, wrong: wrongIn(readings) }
}

/** The same clock and the same hls.js, through nginx-rtmp and its classic HLS. */
async function nginxLeg(browser: Browser): Promise<Leg | null> {
  if (!nginxRtmpInstalled()) return null
  const nginx = await openNginxRtmp()
  const camera = publishClock(nginx.publishUrl)
  try {
    await until(nginx.ready, 30_000, () => 'nginx-rtmp has nothing to play')
    return await watch(browser, nginx.pageUrl)
  } finally {
    await camera.stop()
    await nginx.stop()
  }
}

const efir = await startEfir()
const browser = await openChromium()
try {
  const owner = await becomeOperator(efir.base, efir.setUpCode())
  const { shopId } = await openShop(owner, { name: 'Clock shop', slug: 'clock-shop' })
  const rtmp = await rtmpLeg(browser, efir, owner, shopId)
  const whip = await whipLeg(browser, efir, owner, shopId)
  const near = await nearLeg(browser, efir, owner, shopId)
  const nginx = await nginxLeg(browser)
  const all = [...rtmp.delays, ...whip.delays]
  const ms = (list: readonly number[], share: number) => Math.round(quantile(list, share))
  console.log(`RTMP  p50 ${ms(rtmp.delays, 0.5)} ms  p95 ${ms(rtmp.delays, 0.95)} ms  ${rtmp.delays.length} frames read`)
  console.log(`WHIP  p50 ${ms(whip.delays, 0.5)} ms  p95 ${ms(whip.delays, 0.95)} ms  ${whip.delays.length} frames read`)
  console.log(`WHEP  p50 ${ms(near.delays, 0.5)} ms  p95 ${ms(near.delays, 0.95)} ms  ${near.delays.length} frames read`)
  if (nginx) console.log(`nginx-rtmp  p50 ${ms(nginx.delays, 0.5)} ms  p95 ${ms(nginx.delays, 0.95)} ms`)
  else console.log('nginx-rtmp is not installed (apt install libnginx-mod-rtmp): no peer in this run')
  report(form, 'glass', {
    wrong: rtmp.wrong + whip.wrong + near.wrong,
    // How many times longer the same clock takes there.
    ratios: nginx ? { vsNginxRtmp: rounded(quantile(nginx.delays, 0.95) / quantile(all, 0.95)) } : {},
    figures: {
      llhlsP50Ms: ms(all, 0.5),
      llhlsP95Ms: ms(all, 0.95),
      rtmpP95Ms: ms(rtmp.delays, 0.95),
      whipP95Ms: ms(whip.delays, 0.95),
      whepP50Ms: ms(near.delays, 0.5),
      whepP95Ms: ms(near.delays, 0.95),
      firstFrameMs: rounded(Math.min(rtmp.firstFrameMs, whip.firstFrameMs)),
    },
    targets: [
      { name: 'llhlsP95Ms', atMost: 1500 },
      { name: 'whepP95Ms', atMost: 300 },
      { name: 'firstFrameMs', atMost: 1000 },
    ],
  })
} finally {
  await browser.close()
  await efir.stop()
}
