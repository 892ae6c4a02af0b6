import { request } from 'node:http'
import { join } from 'node:path'
import { caller } from '@efir/contract/client.ts'
import { demoLogin, demoPeople, resetDemo } from '@efir/contract/identity.ts'
import { closeLot, openLot, shelf } from '@efir/contract/lots.ts'
import { storefront } from '@efir/contract/shows.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { toolPath } from '../../scripts/needs.ts'
import { openChromium } from '../support/chromium.ts'
import { type Efir, startEfir, until } from '../support/efir.ts'
import { said } from '../support/texts.ts'

let efir: Efir
const stranger = () => caller({ base: efir.base })

beforeAll(async () => {
  efir = await startEfir({ args: [], readyWithinMs: 90_000 })
}, 120_000)
afterAll(() => efir?.stop())

/** What the process that plays the show says of itself; null while it is down. */
function live(): Promise<{ pid: number; onAir: boolean; viewers: number; open: number; steppedBack: boolean } | null> {
  return new Promise((resolve) => {
    const ask = request({ socketPath: join(efir.dataDir, 'live.sock'), path: '/', timeout: 2_000 }, (answer) => {
      let text = ''
      answer.on('data', (part) => (text += part))
      answer.on('end', () => resolve(JSON.parse(text)))
    })
    ask.on('error', () => resolve(null))
    ask.end()
  })
}

async function front() {
  const answer = await stranger()(storefront, {})
  return answer.ok ? answer.value : null
}
const onAir = () =>
  until(
    async () => (await front())?.live[0]?.state === 'live',
    60_000,
    () => `no show is on air:\n${efir.output()}`,
  )
const lotsOf = async (showId: string) => {
  const answer = await stranger()(shelf, { showId })
  return answer.ok ? answer.value.lots : []
}

/** A caller as the person of this role, signed in by one click. */
async function as(role: string) {
  const people = await stranger()(demoPeople, {})
  const person = people.ok ? people.value.people.find((p) => p.role === role) : undefined
  const answer = await fetch(`${efir.base}/api${demoLogin.path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-efir': '1' },
    body: JSON.stringify({ personId: person?.id }),
  })
  const token = answer.headers
    .getSetCookie()
    .find((c) => c.startsWith('efir_token='))
    ?.slice('efir_token='.length)
    .split(';')[0]
  return caller({ base: efir.base, headers: () => ({ authorization: `Bearer ${token}` }), timeoutMs: 30_000 })
}

test('a show is on air with people in it, and a lot opens within half a minute', async () => {
  await onAir()
  expect(efir.output()).toContain('/sign-in?demo=host')
  const showId = (await front())?.live[0]?.id ?? ''
  await until(
    async () => ((await front())?.live[0]?.viewers ?? 0) >= 10,
    60_000,
    () => 'nobody watches',
  )
  await until(
    async () => (await lotsOf(showId)).some((l) => l.state === 'counting' || l.state === 'open'),
    40_000,
    () => 'nothing can be bought',
  )
  const picture = await fetch(`${efir.base}/media/live/${showId}/index.m3u8`)
  expect(await picture.text()).toContain('#EXT-X-STREAM-INF')
})

test('when a person takes the desk, the program steps back', async () => {
  const showId = (await front())?.live[0]?.id ?? ''
  const host = await as('host')
  const quiet = (await lotsOf(showId)).find((l) => l.state === 'draft')
  const opened = await host(openLot, { lotId: quiet?.id ?? '' })
  expect(opened.ok).toBe(true)
  await until(
    async () => (await live())?.steppedBack === true,
    20_000,
    () => 'it goes on by itself',
  )
  expect((await host(closeLot, { lotId: quiet?.id ?? '' })).ok).toBe(true)
})

test('the show goes on through a SIGKILL of the server, and of the process that plays it', async () => {
  const before = await live()
  await efir.kill()
  await efir.start()
  await onAir()
  expect((await live())?.pid).toBe(before?.pid)
  process.kill(before?.pid ?? 0, 'SIGKILL')
  await until(
    async () => {
      const now = await live()
      return now !== null && now.pid !== before?.pid && now.onAir
    },
    60_000,
    () => 'it does not come back',
  )
})

test('the operator cuts the picture for everybody from the office, and gives it back', async () => {
  if (toolPath('chromium') === null) return
  const showId = (await front())?.live[0]?.id
  const en = said('en')
  const browser = await openChromium()
  try {
    const page = await browser.newPage({ locale: 'en' })
    await page.goto(`${efir.base}/sign-in?demo=operator`)
    await page.waitForURL(/office/)
    await page.goto(`${efir.base}/office/platform?tab=shows`)
    await page.getByRole('button', { name: en('office.cut') }).click()
    const dialog = page.getByRole('dialog')
    await dialog.locator('input[name=reason]').fill('A check of the cut')
    await dialog.getByRole('button', { name: en('office.cut') }).click()
    await page.getByText('A check of the cut').waitFor()
    expect((await front())?.live.map((show) => show.id)).not.toContain(showId)
    await page.getByRole('button', { name: en('office.uncut') }).click()
    await until(
      async () => (await front())?.live.find((show) => show.id === showId)?.state === 'live',
      60_000,
      () => `the picture does not come back:\n${efir.output()}`,
    )
  } finally {
    await browser.close()
  }
})

test('one click resets the world: another show, on air', async () => {
  const before = (await front())?.live[0]?.id
  const host = await as('host')
  const wanted = await host(resetDemo, {})
  expect(wanted.ok).toBe(true)
  await until(
    async () => {
      const now = (await front().catch(() => null))?.live[0]
      return now !== undefined && now.id !== before && now.state === 'live'
    },
    90_000,
    () => `the world does not come back:\n${efir.output()}`,
  )
  expect((await front())?.soon.length).toBeGreaterThan(4)
})

test('the same from the storefront: after a question, with its progress, and back in the fresh world in the same role', async () => {
  if (toolPath('chromium') === null) return
  const before = (await front())?.live[0]?.id
  const browser = await openChromium()
  try {
    const page = await browser.newPage({ locale: 'en' })
    await page.goto(`${efir.base}/sign-in?demo=buyer&to=/`)
    const press = page.getByRole('button', { name: said('en')('account.demo_reset') }).first()
    await press.click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText(said('en')('account.demo_reset_text')).waitFor()
    await dialog.getByRole('button', { name: said('en')('account.demo_reset') }).click()
    await dialog.getByText(said('en')('account.demo_reset_clearing')).waitFor()
    await page.waitForURL(/demo=buyer/, { timeout: 90_000 })
    await page
      .getByRole('button', { name: said('en')('account.demo_reset') })
      .first()
      .waitFor()
    const now = await front()
    expect(now?.live[0]).toMatchObject({ state: 'live' })
    expect(now?.live[0]?.id).not.toBe(before)
    // A stranger is shown the way in, and nothing to reset.
    const stranger = await (await browser.newContext({ locale: 'en' })).newPage()
    await stranger.goto(efir.base)
    await stranger.getByRole('link', { name: said('en')('account.demo_look_around') }).waitFor()
    expect(await stranger.getByRole('button', { name: said('en')('account.demo_reset') }).count()).toBe(0)
  } finally {
    await browser.close()
  }
})
