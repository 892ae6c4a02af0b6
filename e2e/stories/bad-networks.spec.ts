import { publishToken } from '@efir/contract/media.ts'
import { createShow, showPage } from '@efir/contract/shows.ts'
import { type LossyRelay, openLossyRelay } from '@efir/media/testing/lossy-relay.ts'
import { seeded } from '@efir/media/testing/random.ts'
import type { Browser, CDPSession, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { toolPath } from '../../scripts/needs.ts'
import { readClock, whipClock } from '../support/barcode.ts'
import { openChromium } from '../support/chromium.ts'
import { type Efir, startEfir, until } from '../support/efir.ts'
import { keepEvidence } from '../support/evidence.ts'
import { becomeOperator, openShop } from '../support/shop.ts'
import type { Visitor } from '../support/visitor.ts'
import { type Watcher, watchShow } from '../support/watch.ts'

/** A real publisher behind a relay that loses, delays and moves; a viewer whose own line goes dark. */
const present = toolPath('chromium') !== null
let efir: Efir
let browser: Browser
let owner: Visitor
let relay: LossyRelay
let showId: string
let viewer: Watcher
let camera: Page

keepEvidence(() => browser)
beforeAll(async () => {
  if (!present) return
  ;[efir, browser, relay] = await Promise.all([startEfir(), openChromium(), openLossyRelay(seeded(7))])
  owner = await becomeOperator(efir.base, efir.setUpCode())
  const { shopId } = await openShop(owner, { name: 'Clock shop', slug: 'clock-shop' })
  showId = (await owner.must(createShow, { shopId, title: { en: 'Clock' } })).id
  const { token, whipUrl } = await owner.must(publishToken, { showId })
  camera = await browser.newPage()
  await camera.goto(`${efir.base}/`)
  relay.target = await whipClock(camera, { url: whipUrl, token, relayPort: relay.port })
  await until(
    async () => (await owner.must(showPage, { showId })).show.state === 'live',
    30_000,
    () => 'the show is not on air',
  )
  viewer = await watchShow(browser, `${efir.base}/show/${showId}`)
}, 120_000)
afterAll(async () => {
  await browser?.close()
  relay?.close()
  await efir?.stop()
})

interface Seen {
  readonly readable: number
  readonly stalledMs: number
  readonly behindMs: number
  readonly backwards: number
}

/** What a viewer sees for a while: a stand of more than half a second counts as stalled, from its first moment on. */
async function look(page: Page, forMs: number): Promise<Seen> {
  const readings = await readClock(page, forMs)
  let stalledMs = 0
  let backwards = 0
  readings.forEach((reading, i) => {
    const before = readings[i - 1]
    if (before === undefined) return
    if (reading.seenAt - before.seenAt > 500) stalledMs += reading.seenAt - before.seenAt
    if (reading.shownAt < before.shownAt) backwards += 1
  })
  const last = readings.slice(-10).map(({ seenAt, shownAt }) => seenAt - shownAt)
  return {
    readable: readings.length,
    stalledMs,
    backwards,
    behindMs: Math.round(last.toSorted((a, b) => a - b)[last.length >> 1] ?? 1e9),
  }
}

describe.skipIf(!present)('a publisher on a bad line', () => {
  test.each([
    ['2 % loss', { lossRatio: 0.02, jitterMs: 0, kbps: 0 }, 0],
    ['5 % loss and 30 ms of jitter', { lossRatio: 0.05, jitterMs: 30, kbps: 0 }, 1_500],
    ['a good line again', { lossRatio: 0, jitterMs: 0, kbps: 0 }, 1_000],
  ] as const)('%s: the clock stays readable and the picture goes on', async (name, line, mostStalledMs) => {
    Object.assign(relay, line)
    const seen = await look(viewer.page, 4_000)
    console.info(`${name}: ${JSON.stringify(seen)}, lost so far ${relay.dropped()}`)
    expect(seen.readable).toBeGreaterThan(40)
    expect(seen.backwards).toBe(0)
    expect(seen.stalledMs).toBeLessThanOrEqual(mostStalledMs)
  })

  test('moves to another network: the same connection goes on', async () => {
    await relay.moveHouse()
    const seen = await look(viewer.page, 6_000)
    console.info(`moved: ${JSON.stringify(seen)}`)
    expect(seen.behindMs).toBeLessThan(4_000)
    expect((await owner.must(showPage, { showId })).show.state).toBe('live')
  })

  test('narrows to 250 kbit/s and widens again: the viewer is back at live', async () => {
    Object.assign(relay, { lossRatio: 0, jitterMs: 0, kbps: 250 })
    console.info(`narrow: ${JSON.stringify(await look(viewer.page, 4_000))}, lost so far ${relay.dropped()}`)
    relay.kbps = 0
    const began = Date.now()
    await until(
      async () => (await look(viewer.page, 1_000)).behindMs < 4_000,
      25_000,
      () => 'the picture does not come back to live',
    )
    console.info(`back at live ${Date.now() - began} ms after the line was wide again`)
  })
})

describe.skipIf(!present)('a viewer on a bad line', () => {
  const over = (cdp: CDPSession, kbps: number | null, offline = false) =>
    cdp.send('Network.emulateNetworkConditions', {
      offline,
      latency: 40,
      downloadThroughput: kbps === null ? -1 : (kbps * 1000) / 8,
      uploadThroughput: -1,
    })

  test('of ten dark seconds comes back to live without loading the page again', async () => {
    const cdp = await viewer.context.newCDPSession(viewer.page)
    await cdp.send('Network.enable')
    await viewer.page.evaluate(() => Object.assign(window, { sameVisit: true }))
    await over(cdp, null, true)
    await viewer.page.waitForTimeout(10_000)
    await over(cdp, null)
    const began = Date.now()
    await until(
      async () => (await look(viewer.page, 1_000)).behindMs < 4_000,
      20_000,
      () => 'the picture does not come back to live',
    )
    console.info(`back at live ${Date.now() - began} ms after the dark`)
    expect(await viewer.page.evaluate(() => 'sameVisit' in window)).toBe(true)
  })
})
