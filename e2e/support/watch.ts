import type { Locale } from '@efir/contract/scalars.ts'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { said } from './texts.ts'

export const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true } as const
export const desktop = { viewport: { width: 1440, height: 900 } } as const

export interface Watcher {
  readonly context: BrowserContext
  readonly page: Page
  close(): Promise<void>
}

/** Someone who opens the page of a show and sees it moving. */
export async function watchShow(
  browser: Browser,
  address: string,
  look: Parameters<Browser['newContext']>[0] = desktop,
): Promise<Watcher> {
  const context = await browser.newContext({ locale: 'en-FR', ...look })
  const page = await context.newPage()
  await page.goto(address)
  await moves(page)
  return { context, page, close: () => context.close() }
}

/** The picture moves: its clock goes on and frames are shown. */
export async function moves(page: Page, forSeconds = 0.5): Promise<void> {
  await page.waitForSelector('video')
  const from = await page.evaluate(() => document.querySelector('video')?.currentTime ?? 0)
  await page.waitForFunction(
    ({ from, forSeconds }) => {
      const video = document.querySelector('video')
      const far = video ? Math.abs(video.currentTime - from) : 0
      return video !== null && !video.paused && video.readyState >= 2 && far >= forSeconds
    },
    { from, forSeconds },
    { timeout: 45_000 },
  )
}

export interface Quality {
  readonly dropped: number
  readonly total: number
}

export const quality = (page: Page): Promise<Quality> =>
  page.evaluate(() => {
    const found = (document.querySelector('video') as HTMLVideoElement).getVideoPlaybackQuality()
    return { dropped: found.droppedVideoFrames, total: found.totalVideoFrames }
  })

/** Remembers the video element and whatever interrupts it from now on. */
export async function guardPicture(page: Page): Promise<void> {
  await page.evaluate(() => {
    const video = document.querySelector('video') as HTMLVideoElement
    const interrupted: string[] = []
    for (const name of ['pause', 'emptied', 'ended', 'error', 'abort']) video.addEventListener(name, () => interrupted.push(name))
    Object.assign(window, { guarded: { video, interrupted } })
  })
}

export const interruptions = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const { video, interrupted } = (window as unknown as { guarded: { video: HTMLVideoElement; interrupted: string[] } }).guarded
    return document.querySelector('video') === video ? interrupted : [...interrupted, 'another element']
  })

/** The loudest of what the page plays in two seconds, 0..1, as it leaves the video element. */
export const loudness = (page: Page): Promise<number> =>
  page.evaluate(async () => {
    const video = document.querySelector('video') as HTMLVideoElement & { captureStream(): MediaStream }
    const sound = new AudioContext()
    await sound.resume()
    const analyser = sound.createAnalyser()
    sound.createMediaStreamSource(video.captureStream()).connect(analyser)
    const samples = new Float32Array(analyser.fftSize)
    let loudest = 0
    for (let i = 0; i < 40 && loudest < 0.01; i++) {
      await new Promise((resolve) => setTimeout(resolve, 50))
      analyser.getFloatTimeDomainData(samples)
      loudest = Math.max(loudest, ...samples.map(Math.abs))
    }
    await sound.close()
    return loudest
  })

export const lotCard = (page: Page) => page.locator('article.lot')
export const sheet = (page: Page) => page.getByRole('dialog')

export interface Buyer {
  readonly locale?: Locale
  readonly email: string
  readonly card?: string
}

/** The address of a home in France, as a person fills it in. */
export async function fillAddress(page: Page, email: string): Promise<void> {
  const form = sheet(page)
  await form.locator('input[name=email]').fill(email)
  const values = { name: 'Jeanne Martin', phone: '06 12 34 56 78', line1: '12 rue des Lilas', postcode: '69003', city: 'Lyon' }
  for (const [name, value] of Object.entries(values)) await form.locator(`input[name=${name}]`).fill(value)
}

/** From the open sheet to the end of the payment; answers the number of the order. */
export async function buyByCard(page: Page, { locale = 'en', email, card = '4242 4242 4242 4242' }: Buyer): Promise<string> {
  const form = sheet(page)
  await fillAddress(page, email)
  const byCard = form.getByText(said(locale)('checkout.method_card'), { exact: true })
  if (await byCard.count()) await byCard.first().click()
  await form.locator('input[name=cc-number]').fill(card)
  await form.locator('input[name=cc-exp]').fill('12/30')
  await form.locator('input[name=cc-csc]').fill('123')
  await form.locator('.pay button').click()
  const number = form.locator('.done-order-number bdi')
  await number.waitFor({ timeout: 30_000 })
  return await number.innerText()
}
