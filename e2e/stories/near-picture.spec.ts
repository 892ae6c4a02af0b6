import { closeLot, createLot, openLot, pinLot, shelf } from '@efir/contract/lots.ts'
import { publishToken } from '@efir/contract/media.ts'
import { createShow, showPage } from '@efir/contract/shows.ts'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { toolPath } from '../../scripts/needs.ts'
import { noteClockAt, notedClock, readClock, whipClock } from '../support/barcode.ts'
import { openChromium } from '../support/chromium.ts'
import { type Efir, startEfir, until } from '../support/efir.ts'
import { keepEvidence } from '../support/evidence.ts'
import { addGoods, becomeOperator, openShop } from '../support/shop.ts'
import type { Visitor } from '../support/visitor.ts'
import { moves, type Watcher, watchShow } from '../support/watch.ts'

/** While a deal counts seconds the picture comes by WebRTC; when that fails, by LL-HLS, and nobody has to do anything. */
const present = toolPath('chromium') !== null
let efir: Efir
let browser: Browser
let owner: Visitor
let showId: string
let camera: Page
let viewer: Watcher
const lotIds: string[] = []
const seats: string[] = []

keepEvidence(() => browser)
beforeAll(async () => {
  if (!present) return
  ;[efir, browser] = await Promise.all([startEfir(), openChromium()])
  owner = await becomeOperator(efir.base, efir.setUpCode())
  const { shopId } = await openShop(owner, { name: 'Clock shop', slug: 'clock-shop' })
  showId = (await owner.must(createShow, { shopId, title: { en: 'Clock' } })).id
  for (const [index, name] of ['Sun dial', 'Hour glass'].entries()) {
    const goods = await addGoods(owner, shopId, { title: { en: name }, sku: `N-${index}`, amount: 2000, units: 9 })
    const lot = { showId, variantIds: [goods.variantList[0]?.id as string], price: { amount: 1800, currency: 'EUR' }, quota: 5 }
    lotIds.push((await owner.must(createLot, { ...lot, windowMs: 120_000 })).id)
  }
  const { token, whipUrl } = await owner.must(publishToken, { showId })
  camera = await browser.newPage()
  await camera.goto(`${efir.base}/`)
  await whipClock(camera, { url: whipUrl, token })
  await until(
    async () => (await owner.must(showPage, { showId })).show.state === 'live',
    30_000,
    () => 'the show is not on air',
  )
  viewer = await watchShow(browser, `${efir.base}/show/${showId}`)
  viewer.page.on('response', (response) => {
    if (response.status() === 201 && response.url().includes('/media/whep/'))
      seats.push(new URL(response.headers()['location'] ?? '', response.url()).href)
  })
}, 120_000)
afterAll(async () => {
  await browser?.close()
  await efir?.stop()
})

const isNear = () => viewer.page.evaluate(() => document.querySelector('video')?.srcObject !== null)
const near = (wanted: boolean) =>
  until(
    async () => (await isNear()) === wanted,
    20_000,
    () => `the picture is ${wanted ? 'not near' : 'still near'}`,
  )
const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN
const behind = async (): Promise<number> => median((await readClock(viewer.page, 1_500)).map((r) => r.seenAt - r.shownAt))

describe.skipIf(!present)('a deal that counts seconds', () => {
  test('brings the picture near, and the way there shows no hole', async () => {
    const far = await behind()
    await owner.must(pinLot, { lotId: lotIds[0] as string })
    await owner.must(openLot, { lotId: lotIds[0] as string })
    await near(true)
    await moves(viewer.page)
    const closer = await behind()
    console.info(`behind the camera: ${far} ms by LL-HLS, ${closer} ms by WebRTC`)
    expect(closer).toBeLessThan(500)
    expect(far - closer).toBeGreaterThan(300)
  })

  test('and pins are timed to the picture that is seen there', async () => {
    await noteClockAt(viewer.page, 'article.lot[aria-label*="Hour glass"]')
    await owner.must(pinLot, { lotId: lotIds[1] as string })
    await owner.must(openLot, { lotId: lotIds[1] as string })
    const pinAt = (await owner.must(shelf, { showId })).pins.find((pin) => pin.lotId === lotIds[1])?.startAt as number
    const error = (await notedClock(viewer.page)) - pinAt
    console.info(`the pin is off by ${error} ms`)
    expect(Math.abs(error)).toBeLessThanOrEqual(400)
    expect(await isNear()).toBe(true)
  })

  test('falls back to LL-HLS by itself when the connection dies, within a moment', async () => {
    const began = Date.now()
    await fetch(seats.at(-1) as string, { method: 'DELETE' })
    await near(false)
    await moves(viewer.page, 0.2)
    console.info(`from the end of the connection to the next moving picture: ${Date.now() - began} ms`)
    expect(await behind()).toBeLessThan(4_000)
  })

  test('goes back to LL-HLS when nothing counts seconds any more', async () => {
    const page = await watchShow(browser, `${efir.base}/show/${showId}`)
    const there = () => page.page.evaluate(() => document.querySelector('video')?.srcObject !== null)
    await until(there, 20_000, () => 'a newcomer is not near')
    for (const lotId of lotIds) await owner.must(closeLot, { lotId })
    await until(
      async () => !(await there()),
      20_000,
      () => 'the seat is kept',
    )
    await moves(page.page)
    await page.close()
  })
})
