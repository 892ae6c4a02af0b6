import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { In } from '@efir/contract/act.ts'
import { writeSheet } from '@efir/contract/catalog.ts'
import { acceptInvitation, beGuest, enterCode, inviteToShow, startCode } from '@efir/contract/identity.ts'
import { createLot, lotBoard } from '@efir/contract/lots.ts'
import { publishToken, streamState } from '@efir/contract/media.ts'
import { roomSettings, sendChat } from '@efir/contract/room.ts'
import { createShow, rundown, setRundown, showPage } from '@efir/contract/shows.ts'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { toolPath } from '../../scripts/needs.ts'
import { whipClock } from '../support/barcode.ts'
import { openChromium } from '../support/chromium.ts'
import { type Efir, startEfir, until } from '../support/efir.ts'
import { keepEvidence } from '../support/evidence.ts'
import { addGoods, becomeOperator, openShop } from '../support/shop.ts'
import { said } from '../support/texts.ts'
import { openVisitor, type Visitor } from '../support/visitor.ts'
import { desktop, moves, phone } from '../support/watch.ts'

/** A host with a phone and a moderator at a desk, from the camera check to the takings. Each test goes on where the one before ended. */
let efir: Efir
let browser: Browser
let owner: Visitor
let showId: string
let host: Page
let hostContext: BrowserContext
let desk: Page
const en = said('en')
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

keepEvidence(() => browser)

const open = async (who: Visitor, look: Parameters<Browser['newContext']>[0]) => {
  const context = await browser.newContext({ locale: 'en-GB', permissions: ['camera', 'microphone'], ...look })
  await context.addCookies(who.cookies())
  // The page's own policy forbids inline scripts, a tool's too, unless the browser puts it there.
  await context.addInitScript(axe)
  return { context, page: await context.newPage() }
}

async function faults(page: Page): Promise<string[]> {
  return await page.evaluate(async () => {
    type Axe = { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> }
    const { violations } = await (window as unknown as { axe: Axe }).axe.run()
    return violations.flatMap((one) => one.nodes.map((node) => `${one.id}: ${node.html.slice(0, 160)}`))
  })
}

const lots = async () => (await owner.must(lotBoard, { showId })).lots
const state = async () => (await owner.must(showPage, { showId })).show.state
const button = (page: Page, key: string) => page.getByRole('button', { name: en(key), exact: true })
const thumb = (page: Page, does: string) => page.locator(`button[data-does=${does}]`)

beforeAll(async () => {
  ;[efir, browser] = await Promise.all([startEfir(), openChromium()])
  owner = await becomeOperator(efir.base, efir.setUpCode())
  const { shopId } = await openShop(owner, { name: 'Maison Orvik', slug: 'maison-orvik' })
  const watch = await addGoods(owner, shopId, { title: { en: 'Orvik Pulse 3' }, sku: 'P-3', amount: 14_990, units: 50 })
  const label = { en: 'Immersion time' }
  const attributes = [{ key: 'immersion', type: 'quantity' as const, value: 30, unit: 'min', qualifier: 'max', label }]
  await owner.must(writeSheet, { productId: watch.id, overVersion: 0, attributes })
  const buds = await addGoods(owner, shopId, { title: { en: 'Lumbra Air' }, sku: 'A-1', amount: 9_900, units: 50 })
  showId = (await owner.must(createShow, { shopId, title: { en: 'One honest hour' } })).id
  const planned: In<typeof setRundown>['items'] = [{ kind: 'talk', title: 'Hello', plannedSeconds: 60 }]
  for (const goods of [watch, buds]) {
    const variantIds = [goods.variantList[0]?.id as string]
    const lot = await owner.must(createLot, { showId, variantIds, price: { amount: 9_900, currency: 'EUR' }, quota: 10 })
    planned.push({ kind: 'lot', title: goods.title.en ?? '', plannedSeconds: 300, lotId: lot.id })
  }
  await owner.must(setRundown, { showId, items: planned })
}, 120_000)
afterAll(async () => {
  await browser?.close()
  await efir?.stop()
})

describe.skipIf(!toolPath('chromium'))('the studio', () => {
  test('shows the picture and the sound before anybody sees them', async () => {
    ;({ context: hostContext, page: host } = await open(owner, phone))
    await host.goto(`${efir.base}/studio`)
    await host.getByRole('link', { name: /One honest hour/ }).click()
    await button(host, 'studio.camera_on').click()
    await host.waitForFunction(() => (document.querySelector('video')?.videoHeight ?? 0) > 0)
    const upright = await host.evaluate(() => {
      const video = document.querySelector('video') as HTMLVideoElement
      return video.videoHeight > video.videoWidth
    })
    expect(upright).toBe(true)
    // The fake microphone beeps.
    await host.waitForFunction(
      () => Number((document.querySelector('.meter') as HTMLElement).style.getPropertyValue('--level')) > 0.3,
    )
    expect(await state()).toBe('draft')
    expect(await faults(host)).toEqual([])
  })

  test('the plan is put in order by the keyboard', async () => {
    await host.getByRole('tab', { name: new RegExp(en('studio.tab_plan')) }).click()
    const handle = host.getByRole('button', { name: en('studio.move', { title: 'Lumbra Air' }), exact: true })
    await handle.focus()
    await host.keyboard.press('ArrowUp')
    await until(
      async () => (await owner.must(rundown, { showId })).items[1]?.title === 'Lumbra Air',
      10_000,
      () => 'the row did not move',
    )
    await host.keyboard.press('ArrowDown')
    await until(
      async () => (await owner.must(rundown, { showId })).items[2]?.title === 'Lumbra Air',
      10_000,
      () => 'the row did not move back',
    )
    expect(await faults(host)).toEqual([])
    await host.getByRole('tab', { name: en('studio.tab_check') }).click()
  })

  test('an encoder gets its key once', async () => {
    await host.getByRole('tab', { name: en('studio.source_obs') }).click()
    await button(host, 'studio.obs_make').click()
    const secret = await host.locator('.copyable-secret').innerText()
    expect(secret).toMatch(/^[0-9a-f]{40}$/)
    await host.reload()
    await host.getByRole('tab', { name: en('studio.source_obs') }).click()
    await host.getByText(`…${secret.slice(-4)}`).waitFor()
    expect(await host.content()).not.toContain(secret)
  })

  test('goes on air, and a second device sees the same desk with the moving picture', async () => {
    await host.getByRole('tab', { name: en('studio.source_camera') }).click()
    await button(host, 'studio.camera_on').click()
    await button(host, 'studio.go_live').click()
    await until(
      async () => (await state()) === 'live',
      45_000,
      () => 'the show is not live',
    )
    await host.locator('.hud-live').waitFor()
    await until(
      async () => (await owner.must(streamState, { showId })).state === 'live',
      20_000,
      () => 'no stream',
    )
    // The plan begins with the show.
    await until(
      async () => (await owner.must(rundown, { showId })).items[0]?.startedAt !== undefined,
      20_000,
      () => 'the plan has not begun',
    )
    const moderator = await makeModerator()
    ;({ page: desk } = await open(moderator, desktop))
    await desk.goto(`${efir.base}/studio/show/${showId}`)
    await moves(desk)
    expect(await desk.locator('button.thumb').count()).toBe(0)
    await host.getByText('30', { exact: true }).waitFor()
    expect(await faults(host)).toEqual([])
    expect(await faults(desk)).toEqual([])
  })

  test('opens with a count that everybody sees, closes, and goes on to the next lot', async () => {
    const counted = thumb(host, 'soon').waitFor()
    await thumb(host, 'open').click()
    await counted
    await thumb(host, 'close').waitFor({ timeout: 20_000 })
    const [first] = await lots()
    expect(first).toMatchObject({ pinned: 'primary', state: 'open' })
    await desk.getByText(en('studio.deal_open'), { exact: true }).first().waitFor()
    await thumb(host, 'close').click()
    await thumb(host, 'next').click()
    await until(
      async () => (await lots())[1]?.pinned === 'primary',
      10_000,
      () => 'the next lot is not pinned',
    )
    expect((await owner.must(rundown, { showId })).items[2]?.startedAt).toBeDefined()
    await thumb(host, 'open').waitFor()
  })

  test('a moderator keeps the chat in order', async () => {
    const guest = openVisitor(efir.base)
    await guest.must(beGuest, { name: 'watchdeals' })
    await guest.must(sendChat, { showId, key: crypto.randomUUID(), text: 'cheaper elsewhere' })
    await desk.getByText('cheaper elsewhere').click()
    expect(await faults(desk)).toEqual([])
    await button(desk, 'common.delete').click()
    await host.getByText('cheaper elsewhere').waitFor({ state: 'detached' })
    const again = { showId, key: crypto.randomUUID(), text: 'again and again' }
    // The room lets nobody talk without a breath.
    await until(
      async () => (await guest.call(sendChat, again)).ok,
      10_000,
      () => 'the second line was not let in',
    )
    await desk.getByText('again and again').click()
    await button(desk, 'studio.mute_10').click()
    await until(
      async () => (await owner.must(roomSettings, { showId })).people.length === 1,
      10_000,
      () => 'nobody is muted',
    )
    expect(await guest.call(sendChat, { showId, key: crypto.randomUUID(), text: 'still here' })).toMatchObject({
      refusal: 'chat_muted',
    })
    await desk.keyboard.press('Escape')
    await desk.locator('.desk-chat-text').fill('Welcome')
    await desk.keyboard.press('Enter')
    await host.getByText('Welcome').first().waitFor()
  })

  test('keys pin and unpin, but not while one writes', async () => {
    await desk.locator('h1').click()
    await desk.keyboard.press('p')
    await until(
      async () => (await lots())[1]?.pinned === undefined,
      10_000,
      () => 'still pinned',
    )
    await desk.getByRole('button', { name: new RegExp(`^${en('studio.pin')}`) }).waitFor()
    await desk.keyboard.press('p')
    await until(
      async () => (await lots())[1]?.pinned === 'primary',
      10_000,
      () => 'not pinned',
    )
    await desk.keyboard.press('/')
    await desk.keyboard.type('pp')
    expect(await desk.locator('.desk-chat-text').inputValue()).toBe('pp')
    expect((await lots())[1]?.pinned).toBe('primary')
  })

  test('the slate needs a whole second, and then nothing is sent', async () => {
    const hold = host.locator('.slate-hold')
    const slate = async () => (await owner.must(showPage, { showId })).slate
    await hold.dispatchEvent('pointerdown', { button: 0 })
    await host.waitForTimeout(400)
    await hold.dispatchEvent('pointerup')
    expect(await thumb(host, 'back_on_air').count()).toBe(0)
    await hold.dispatchEvent('pointerdown', { button: 0 })
    await thumb(host, 'back_on_air').waitFor()
    expect(await slate()).toBe(true)
    const sent = () =>
      host.evaluate(() =>
        ((document.querySelector('video[data-own]') as HTMLVideoElement).srcObject as MediaStream)
          .getTracks()
          .map((track) => track.enabled),
      )
    await until(
      async () => (await sent()).every((on) => !on),
      5_000,
      () => 'picture or sound is still sent',
    )
    await thumb(host, 'back_on_air').click()
    await until(
      async () => (await sent()).every((on) => on),
      5_000,
      () => 'picture or sound did not come back',
    )
    expect(await slate()).toBe(false)
  })

  test('what is held into the camera is a lot in three steps', async () => {
    await button(host, 'common.more').click()
    await button(host, 'studio.quick_lot').click()
    await host.locator('.quick-photo img').waitFor()
    await host.getByLabel(en('studio.live_price')).fill('19.90')
    await button(host, 'studio.add_and_pin').click()
    await until(
      async () =>
        (await lots()).some((lot) => lot.price.amount === 1990 && lot.pinned === 'primary' && lot.picture !== undefined),
      15_000,
      () => 'no quick lot',
    )
  })

  test('a lot that sells elsewhere joins the plan; units are set aside, a limit of time comes off, a deal is withdrawn', async () => {
    const [, second] = await lots()
    const { variants, price } = second as NonNullable<typeof second>
    const variantIds = variants.map((one) => one.variantId)
    const spare = await owner.must(createLot, { showId, variantIds, price, quota: 3, windowMs: 60_000 })
    const spareNow = async () => (await lots()).find((one) => one.id === spare.id)
    const top = host.locator('dialog[open]').last()
    await button(host, 'common.more').click()
    await button(host, 'studio.tab_plan').click()
    await button(host, 'studio.link_lot').click()
    await top.getByLabel(en('studio.item_title')).fill('Desk lamp')
    await top.getByLabel(en('studio.live_price')).fill('49')
    await top.locator('input[name=url]').fill('https://www.market.example/lamp?ref=show')
    expect(await top.locator('input[name=seller]').inputValue()).toBe('market.example')
    expect(await faults(host)).toEqual([])
    await top.getByRole('button', { name: en('studio.add_lot'), exact: true }).click()
    await host.locator('.plan-row', { hasText: 'Desk lamp' }).waitFor({ timeout: 15_000 })
    expect((await lots()).find((one) => one.link)).toMatchObject({ link: { seller: 'market.example' }, price: { amount: 4900 } })
    const edit = async () => {
      await host
        .getByRole('button', { name: en('studio.edit_item', { title: 'Lumbra Air' }) })
        .last()
        .click()
    }
    await edit()
    await top.getByLabel(en('studio.window')).selectOption('0')
    await top.getByRole('button', { name: en('common.save'), exact: true }).click()
    await until(
      async () => (await spareNow())?.windowMs === undefined,
      10_000,
      () => 'the limit of time is still there',
    )
    await edit()
    await top.getByRole('button', { name: en('studio.arm'), exact: true }).click()
    await top.getByRole('button', { name: en('studio.revoke'), exact: true }).click({ timeout: 10_000 })
    expect(await spareNow()).toMatchObject({ state: 'armed', left: 3 })
    await host
      .locator('dialog.dialog')
      .getByRole('button', { name: en('studio.revoke'), exact: true })
      .click()
    await until(
      async () => (await spareNow())?.state === 'revoked',
      10_000,
      () => 'the deal was not withdrawn',
    )
    for (
      let sheets = await host.locator('dialog[open]').count();
      sheets > 0;
      sheets = await host.locator('dialog[open]').count()
    ) {
      await host.keyboard.press('Escape')
      await host.waitForTimeout(400)
    }
  })

  test('when the video service dies, the picture comes back by itself', async () => {
    const before = mediaPid()
    process.kill(before, 'SIGKILL')
    await until(
      async () => mediaPid() !== before,
      20_000,
      () => 'media was not started again',
    )
    // The host is told, and does nothing.
    await host.locator('.hud-bar').waitFor({ timeout: 30_000 })
    await host.locator('.hud-bar').waitFor({ state: 'detached', timeout: 60_000 })
    await until(
      async () => (await owner.must(streamState, { showId })).state === 'live' && (await state()) === 'live',
      30_000,
      () => 'the show did not go on',
    )
  })

  test('another device of the host takes over, and the first one lets go', async () => {
    const { context, page } = await open(owner, phone)
    await page.goto(`${efir.base}/studio/show/${showId}`)
    const { token, whipUrl } = await owner.must(publishToken, { showId })
    await whipClock(page, { url: efir.base + whipUrl, token })
    await host.getByText(en('studio.replaced')).first().waitFor({ timeout: 60_000 })
    // What viewers see, now that it comes from elsewhere.
    await moves(host)
    await context.close()
  })

  test('a lost page is a pause, and the same host goes on from where they are', async () => {
    await host.close({ runBeforeUnload: false })
    host = await hostContext.newPage()
    await host.goto(`${efir.base}/studio/show/${showId}`)
    await until(
      async () => (await state()) === 'paused',
      60_000,
      () => 'the show is not paused',
    )
    await button(host, 'studio.camera_on').click({ timeout: 30_000 })
    await button(host, 'studio.back_here').click()
    await until(
      async () => (await state()) === 'live',
      45_000,
      () => 'the show did not go on',
    )
    await host.locator('.hud-live').waitFor()
  })

  test('the end is asked about, and then the show is counted', async () => {
    await button(host, 'common.more').click()
    await button(host, 'studio.end_show').click()
    await host
      .locator('dialog.dialog')
      .getByRole('button', { name: en('studio.end_show'), exact: true })
      .click()
    await until(
      async () => ['ended', 'replay'].includes(await state()),
      20_000,
      () => 'the show did not end',
    )
    await host.getByText(en('studio.takings')).waitFor()
    expect(await faults(host)).toEqual([])
    await desk.getByText(en('studio.takings')).waitFor({ timeout: 30_000 })
    expect(await host.evaluate(() => document.querySelectorAll('video').length)).toBe(0)
  })
})

/** The media process of this server; 0 while there is none. */
function mediaPid(): number {
  const found = readdirSync('/proc').find((name) => {
    if (!/^\d+$/.test(name) || !existsSync(`/proc/${name}/cmdline`)) return false
    const command = readFileSync(`/proc/${name}/cmdline`, 'utf8')
    return command.includes('media/src/main.ts') && readFileSync(`/proc/${name}/environ`, 'utf8').includes(efir.dataDir)
  })
  return Number(found ?? 0)
}

/** Somebody who came by the link of an invitation. */
async function makeModerator(): Promise<Visitor> {
  const { link } = await owner.must(inviteToShow, { showId, role: 'moderator' })
  const person = openVisitor(efir.base)
  const email = 'pavel@mail.example'
  await person.must(startCode, { email })
  let code = ''
  const mailed = async () => {
    const { letters } = (await (await fetch(`${efir.base}/dev/mail.json`)).json()) as {
      letters: { letter: { to: string; text: string } }[]
    }
    code = /\b\d{6}\b/.exec(letters.find(({ letter }) => letter.to.includes(email))?.letter.text ?? '')?.[0] ?? ''
    return code !== ''
  }
  await until(mailed, 20_000, () => 'no code was mailed')
  await person.must(enterCode, { email, code, name: 'Pavel' })
  await person.must(acceptInvitation, { secret: link.split('/').at(-1) ?? '' })
  return person
}
