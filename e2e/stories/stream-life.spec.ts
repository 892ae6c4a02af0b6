import { makeStreamKey, publishToken } from '@efir/contract/media.ts'
import { createShow, showPage } from '@efir/contract/shows.ts'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Encoder, encode } from '../../media/src/testing/ffmpeg.ts'
import { toolPath } from '../../scripts/needs.ts'
import { whipClock } from '../support/barcode.ts'
import { openChromium } from '../support/chromium.ts'
import { type Efir, startEfir, until } from '../support/efir.ts'
import { keepEvidence } from '../support/evidence.ts'
import { becomeOperator, openShop } from '../support/shop.ts'
import type { Visitor } from '../support/visitor.ts'
import { moves, watchShow } from '../support/watch.ts'

/** What happens to a picture on its way; the viewer's page plays on through all of it. */
const present = toolPath('ffmpeg') !== null && toolPath('chromium') !== null
let efir: Efir
let browser: Browser
let owner: Visitor
let shopId: string
const encoders: Encoder[] = []

keepEvidence(() => browser)
beforeAll(async () => {
  if (!present) return
  ;[efir, browser] = await Promise.all([startEfir(), openChromium()])
  owner = await becomeOperator(efir.base, efir.setUpCode())
  shopId = (await openShop(owner, { name: 'Stream shop', slug: 'stream-shop' })).shopId
}, 120_000)
afterAll(async () => {
  for (const encoder of encoders) encoder.kill()
  await browser?.close()
  await efir?.stop()
})

const state = async (showId: string) => (await owner.must(showPage, { showId })).show.state
const live = (showId: string) =>
  until(
    async () => (await state(showId)) === 'live',
    30_000,
    () => 'the show is not on air',
  )
const newShow = async () => (await owner.must(createShow, { shopId, title: { en: 'A stream' } })).id

function publish(options: Parameters<typeof encode>[0]): Encoder {
  const encoder = encode({ seconds: 120, ...options })
  encoders.push(encoder)
  return encoder
}
const widthIs = (page: Page, width: number) =>
  page.waitForFunction((wanted) => document.querySelector('video')?.videoWidth === wanted, width, { timeout: 45_000 })

// As an encoder for quality does it: frames are sent in another order than they are shown.
const withBFrames = [
  '-c:v',
  'libx264',
  '-preset',
  'veryfast',
  '-bf',
  '2',
  '-g',
  '50',
  '-sc_threshold',
  '0',
  '-b:v',
  '400k',
  '-pix_fmt',
  'yuv420p',
]

describe.skipIf(!present)('the page plays on', () => {
  test('with B-frames, while timestamps wrap, and after the encoder came back with another picture size', async () => {
    const showId = await newShow()
    const key = await owner.must(makeStreamKey, { showId })
    const url = `${key.rtmpUrl}/${key.secret}`
    // FFmpeg's timestamps turn over at 2^31 ms; this one does it after some seconds of the show.
    const wrapAfterS = 12
    const first = publish({ url, bframes: 2, video: withBFrames, extra: ['-output_ts_offset', `${2 ** 31 / 1000 - wrapAfterS}`] })
    await live(showId)
    const began = performance.now()
    const { page, close } = await watchShow(browser, `${efir.base}/show/${showId}`)
    await widthIs(page, 320)
    // Past the turn, with the viewer's own delay on top.
    await page.waitForTimeout(Math.max(0, (wrapAfterS + 4) * 1000 - (performance.now() - began)))
    await moves(page, 3)
    expect(await state(showId)).toBe('live')

    first.kill()
    await first.exited
    await until(
      async () => (await state(showId)) === 'paused',
      30_000,
      () => 'nobody noticed that the encoder is gone',
    )
    publish({ url, size: '480x270' })
    await live(showId)
    await widthIs(page, 480)
    await moves(page, 3)
    await close()
  })

  test('when the browser that sends changes its resolution in the middle', async () => {
    const showId = await newShow()
    const { token, whipUrl } = await owner.must(publishToken, { showId })
    const camera = await browser.newPage()
    await camera.goto(`${efir.base}/`)
    await whipClock(camera, { url: whipUrl, token })
    await live(showId)
    const { page, close } = await watchShow(browser, `${efir.base}/show/${showId}`)
    await widthIs(page, 640)
    for (const [scale, width] of [
      [2, 320],
      [1, 640],
    ] as const) {
      await camera.evaluate(async (scaleResolutionDownBy) => {
        const { pc } = (window as unknown as { keep: { pc: RTCPeerConnection } }).keep
        const sender = pc.getSenders().find((one) => one.track?.kind === 'video') as RTCRtpSender
        const parameters = sender.getParameters()
        for (const encoding of parameters.encodings) encoding.scaleResolutionDownBy = scaleResolutionDownBy
        await sender.setParameters(parameters)
      }, scale)
      await widthIs(page, width)
      await moves(page, 2)
    }
    await Promise.all([close(), camera.close()])
  })
})
