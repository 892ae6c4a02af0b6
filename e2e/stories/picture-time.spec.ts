import { chapters, createLot, pinLot, shelf, unpinLot } from '@efir/contract/lots.ts'
import { makeStreamKey } from '@efir/contract/media.ts'
import { createShow, endShow, showPage } from '@efir/contract/shows.ts'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { toolPath } from '../../scripts/needs.ts'
import { learnClock, noteClockAt, notedClock, publishClock, readClock } from '../support/barcode.ts'
import { openChromium } from '../support/chromium.ts'
import { type Efir, startEfir, until } from '../support/efir.ts'
import { keepEvidence } from '../support/evidence.ts'
import { addGoods, becomeOperator, openShop } from '../support/shop.ts'
import type { Visitor } from '../support/visitor.ts'
import { moves, type Watcher, watchShow } from '../support/watch.ts'

/** A clock burned into the picture by a real encoder says which picture was on the screen when something happened. */
const present = toolPath('ffmpeg') !== null && toolPath('chromium') !== null
let efir: Efir
let browser: Browser
let owner: Visitor
let showId: string
let camera: ReturnType<typeof publishClock>
const lotIds: string[] = []
const pinnedAt: number[] = []
let near: Watcher
let far: Watcher

keepEvidence(() => browser)
beforeAll(async () => {
  if (!present) return
  ;[efir, browser] = await Promise.all([startEfir(), openChromium()])
  owner = await becomeOperator(efir.base, efir.setUpCode())
  const { shopId } = await openShop(owner, { name: 'Clock shop', slug: 'clock-shop' })
  showId = (await owner.must(createShow, { shopId, title: { en: 'Clock' } })).id
  for (const [index, name] of ['Sun dial', 'Hour glass'].entries()) {
    const goods = await addGoods(owner, shopId, { title: { en: name }, sku: `C-${index}`, amount: 2000, units: 9 })
    const lot = { showId, variantIds: [goods.variantList[0]?.id as string], price: { amount: 1800, currency: 'EUR' }, quota: 5 }
    lotIds.push((await owner.must(createLot, lot)).id)
  }
  const key = await owner.must(makeStreamKey, { showId })
  camera = publishClock(`${key.rtmpUrl}/${key.secret}`)
  await until(
    async () => (await state()) === 'live',
    30_000,
    () => 'the show is not on air',
  )
  const address = `${efir.base}/show/${showId}`
  near = await watchShow(browser, address)
  far = await watchShow(browser, address)
}, 120_000)
afterAll(async () => {
  await camera?.stop()
  await browser?.close()
  await efir?.stop()
})
const state = async () => (await owner.must(showPage, { showId })).show.state

const card = (name: string) => `article.lot[aria-label*="${name}"]`
const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN
const behind = async (page: Page): Promise<number> => median((await readClock(page, 1_000)).map((r) => r.seenAt - r.shownAt))

describe.skipIf(!present)('a clock in the picture', () => {
  test('tells the true way from the camera to the screen', async () => {
    const delays = (await readClock(near.page, 4_000)).map((r) => r.seenAt - r.shownAt).toSorted((a, b) => a - b)
    expect(delays.length).toBeGreaterThan(20)
    expect(delays[0]).toBeGreaterThan(0)
    console.info(`glass to glass over RTMP: p50 ${median(delays)} ms, p95 ${delays[Math.floor(delays.length * 0.95)]} ms`)
  })

  test("a pin appears for each viewer when their own picture shows the host's instant", async () => {
    // One viewer is held four seconds behind the other, inside what their player has kept.
    await far.page.waitForFunction(
      () =>
        (document.querySelector('video')?.buffered.length ?? 0) > 0 && (document.querySelector('video')?.currentTime ?? 0) > 5,
    )
    await far.page.evaluate(() => {
      const video = document.querySelector('video') as HTMLVideoElement
      video.currentTime -= 4
    })
    await moves(far.page)
    for (const [index, name] of ['Sun dial', 'Hour glass'].entries()) {
      for (const { page } of [near, far]) await noteClockAt(page, card(name))
      await owner.must(pinLot, { lotId: lotIds[index] as string })
      const pins = (await owner.must(shelf, { showId })).pins
      const pinAt = pins.find((pin) => pin.lotId === lotIds[index])?.startAt as number
      pinnedAt.push(pinAt)
      const errors = await Promise.all([near, far].map(async ({ page }) => (await notedClock(page)) - pinAt))
      const late = await Promise.all([near, far].map(({ page }) => behind(page)))
      console.info(`${name}: off by ${errors.join(' and ')} ms for viewers ${late.join(' and ')} ms behind`)
      for (const error of errors) expect(Math.abs(error)).toBeLessThanOrEqual(300)
      expect((late[1] as number) - (late[0] as number)).toBeGreaterThan(1_500)
    }
  })

  test('chapters of the replay begin at the picture of their pin', async () => {
    // Long enough to be a chapter and not a slip of the hand.
    await near.page.waitForTimeout(6_000)
    await owner.must(unpinLot, { lotId: lotIds[1] as string })
    await Promise.all([near.close(), far.close()])
    await camera.stop()
    await owner.must(endShow, { showId })
    await until(
      async () => (await state()) === 'replay',
      60_000,
      () => 'there is no replay',
    )
    const list = (await owner.must(chapters, { showId })).chapters
    expect(list.map((chapter) => chapter.title.en)).toEqual(['Sun dial', 'Hour glass'])
    const again = await watchShow(browser, `${efir.base}/show/${showId}`)
    await learnClock(again.page)
    for (const [index, chapter] of list.entries()) {
      await again.page.locator('.chapter', { hasText: chapter.title.en as string }).click()
      const shownAt = await firstPicture(again.page, chapter.offsetMs / 1000)
      const error = shownAt - (pinnedAt[index] as number)
      console.info(`chapter ${chapter.title.en}: begins ${error} ms from its pin`)
      expect(Math.abs(error)).toBeLessThan(1_000)
    }
    await again.close()
  })
})

/** The clock in the picture right at this place of the recording. */
async function firstPicture(page: Page, atS: number): Promise<number> {
  await page.waitForFunction((at) => Math.abs((document.querySelector('video')?.currentTime ?? 0) - at) < 5, atS)
  const handle = await page.waitForFunction(
    async (at) => {
      const video = document.querySelector('video') as HTMLVideoElement
      video.pause()
      if (video.seeking || Math.abs(video.currentTime - at) > 0.05) {
        video.currentTime = at
        await new Promise((resolve) => video.addEventListener('seeked', resolve, { once: true }))
      }
      return (window as unknown as { clockOf(): number | null }).clockOf()
    },
    atS,
    { polling: 250 },
  )
  return (await handle.jsonValue()) as number
}
