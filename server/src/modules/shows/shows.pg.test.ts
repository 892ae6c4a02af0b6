import * as lots from '@efir/contract/lots.ts'
import * as c from '@efir/contract/shows.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openWorld, type TestPerson, type World, worldStart } from '../../../test/world.ts'
import { boxLetters } from '../../kernel/mail.ts'
import { sql } from '../../kernel/sql.ts'
import type { MediaControl } from '../media/ports.ts'
import { stockedVariant } from '../stock/testing.ts'
import { shelvesOf } from '../stock/views.ts'
import { streamOwner } from './contributes.ts'
import { cutShow, onStreamLost, onStreamStarted, stepShow, tellMedia } from './verbs/life.ts'

const hourMs = 3_600_000
let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world[Symbol.asyncDispose]())

async function make(given: Partial<Parameters<typeof world.must<typeof c.createShow>>[2]> = {}) {
  const { id: shopId, owner } = await world.shop()
  const show = await world.must(owner, c.createShow, { shopId, title: { en: 'Three watches', fr: 'Trois montres' }, ...given })
  return { shopId, owner, showId: show.id }
}
const onAir = async (showId: string) => {
  await world.tx((tx) => stepShow(tx, showId, 'start'))
  await world.settle()
}
const page = (person: TestPerson | null, showId: string) => world.must(person, c.showPage, { showId })
const account = () => world.person({ kind: 'account' })
const told = async (showId: string, type: string) =>
  (
    await world.ctx.rows<{ body: object }>(
      sql`select body from kernel.event where topic = ${showId} and type = ${type} order by id`,
    )
  ).map((e) => e.body)

async function withLot(showId: string, owner: TestPerson, shopId: string, units = 5) {
  const { variantId } = await stockedVariant(world, units, { id: shopId })
  const price = { amount: 1000, currency: 'EUR' }
  const lot = await world.must(owner, lots.createLot, { showId, variantIds: [variantId], price, quota: units })
  return { variantId, lotId: lot.id }
}
const freeUnits = async (variantId: string) => (await shelvesOf(world.ctx, [variantId])).get(variantId)?.left

test('a weekly series keeps its time on the wall across the change to summer time, with hosts and lots of the first', async () => {
  const { shopId, owner, showId } = await make()
  const host = await account()
  await world.must(owner, c.giveShowRole, { showId, personId: host.id, role: 'host' })
  await withLot(showId, owner, shopId)
  expect(await world.call(owner, c.createSeries, { showId, zone: 'Europe/Paris', weeks: 3 })).toMatchObject({
    refusal: 'show_state',
  })
  // A Friday, 20:00 in Paris; the clocks change on 28 March 2027.
  const first = Date.UTC(2027, 2, 19, 19)
  await world.must(owner, c.scheduleShow, { showId, startsAt: first })
  expect(await world.call(owner, c.createSeries, { showId, zone: 'Mars/Olympus', weeks: 3 })).toMatchObject({
    refusal: 'bad_input',
  })
  const { seriesId, shows } = await world.must(owner, c.createSeries, { showId, zone: 'Europe/Paris', weeks: 3 })
  await world.settle()
  expect(shows.map((s) => s.startsAt)).toEqual([first, Date.UTC(2027, 2, 26, 19), Date.UTC(2027, 3, 2, 18)])
  for (const show of shows) {
    expect(show).toMatchObject({ seriesId, state: 'scheduled', title: { en: 'Three watches' } })
    expect(show.hosts.map((h) => h.id)).toContain(host.id)
    const board = await world.must(owner, lots.lotBoard, { showId: show.id })
    expect(board.lots).toMatchObject([{ state: 'draft', quota: 5 }])
  }
  expect(await world.call(owner, c.createSeries, { showId, zone: 'Europe/Paris', weeks: 2 })).toMatchObject({
    refusal: 'show_state',
  })
})

test('the end of a series calls off what is to come: units that were set aside return, what was on air stays', async () => {
  const { shopId, owner, showId } = await make()
  const { variantId } = await withLot(showId, owner, shopId)
  await world.must(owner, c.scheduleShow, { showId, startsAt: world.clock.now() + hourMs })
  const { shows } = await world.must(owner, c.createSeries, { showId, zone: 'UTC', weeks: 3 })
  await world.settle()
  await onAir(showId)
  const second = shows[1]?.id ?? ''
  const [copy] = (await world.must(owner, lots.lotBoard, { showId: second })).lots
  await world.must(owner, lots.armLot, { lotId: copy?.id ?? '' })
  expect(await freeUnits(variantId)).toBe(0)
  expect(await world.must(owner, c.endSeries, { showId: second })).toEqual({ cancelled: 2 })
  await world.settle()
  expect(await freeUnits(variantId)).toBe(5)
  const states = await Promise.all(shows.map(async (s) => (await page(owner, s.id)).show.state))
  expect(states).toEqual(['live', 'cancelled', 'cancelled'])
})

test('a copy has texts, plan, lots and team, and begins as a draft of its own', async () => {
  const { shopId, owner, showId } = await make({
    about: { en: 'Steel' },
    languages: ['fr'],
    plannedMinutes: 45,
    visibility: 'unlisted',
  })
  const [host, moderator] = [await account(), await account()]
  await world.must(owner, c.giveShowRole, { showId, personId: host.id, role: 'host' })
  await world.must(owner, c.giveShowRole, { showId, personId: moderator.id, role: 'moderator' })
  const { lotId } = await withLot(showId, owner, shopId)
  const before = (await world.must(owner, c.rundown, { showId })).items
  await world.must(owner, c.setRundown, {
    showId,
    items: [
      { kind: 'talk', title: 'Hello', note: 'smile', plannedSeconds: 60 },
      ...before.map((i) => ({ id: i.id, kind: i.kind, title: i.title, plannedSeconds: i.plannedSeconds, lotId: i.lotId })),
      { kind: 'talk', title: 'Goodbye', plannedSeconds: 30 },
    ],
  })
  await onAir(showId)
  await world.must(owner, lots.openLot, { lotId })
  await world.must(owner, c.setSlate, { showId, on: true })
  const copy = await world.must(owner, c.duplicateShow, { showId, startsAt: world.clock.now() + hourMs })
  await world.settle()
  expect(copy).toMatchObject({
    state: 'scheduled',
    about: { en: 'Steel' },
    languages: ['fr'],
    plannedMinutes: 45,
    visibility: 'unlisted',
  })
  expect(copy.startedAt).toBeUndefined()
  const { items } = await world.must(owner, c.rundown, { showId: copy.id })
  expect(items.map((i) => [i.kind, i.title, i.note, i.plannedSeconds])).toEqual([
    ['talk', 'Hello', 'smile', 60],
    ['lot', 'A thing', '', 180],
    ['talk', 'Goodbye', '', 30],
  ])
  expect(items.some((i) => i.startedAt !== undefined || i.lotId === lotId)).toBe(false)
  expect((await world.must(owner, lots.lotBoard, { showId: copy.id })).lots).toMatchObject([{ state: 'draft', dealVersion: 1 }])
  const { members } = await world.must(owner, c.showTeamView, { showId: copy.id })
  expect(members.map((m) => [m.personId, m.role]).sort()).toEqual(
    [
      [owner.id, 'host'],
      [host.id, 'host'],
      [moderator.id, 'moderator'],
    ].sort(),
  )
  expect((await page(owner, copy.id)).slate).toBe(false)
})

test('the slate covers the picture while on air, is told once, and goes with the show', async () => {
  const { owner, showId } = await make()
  const moderator = await account()
  await world.must(owner, c.giveShowRole, { showId, personId: moderator.id, role: 'moderator' })
  expect(await world.call(moderator, c.setSlate, { showId, on: true })).toMatchObject({ refusal: 'show_state' })
  await onAir(showId)
  await world.must(moderator, c.setSlate, { showId, on: true })
  await world.must(owner, c.setSlate, { showId, on: true })
  expect((await page(null, showId)).slate).toBe(true)
  await world.must(moderator, c.setSlate, { showId, on: false })
  expect((await page(null, showId)).slate).toBe(false)
  expect(await told(showId, 'show.slateSet')).toEqual([
    { showId, on: true },
    { showId, on: false },
  ])
  await world.must(moderator, c.setSlate, { showId, on: true })
  await world.must(owner, c.endShow, { showId })
  expect((await page(null, showId)).slate).toBe(false)
  expect(await world.call(await account(), c.setSlate, { showId, on: true })).toMatchObject({ refusal: 'not_found' })
})

test('a cut stops the picture for everybody, sends the publisher away and keeps it away until it is undone', async () => {
  const { owner, showId } = await make()
  const kicked: string[] = []
  const media: MediaControl = {
    endStream: async () => true,
    kick: async (streamId, reason) => kicked.push(`${streamId} ${reason}`) > 0,
    rtmpPort: () => null,
    alive: async () => true,
  }
  const host = await account()
  await world.must(owner, c.giveShowRole, { showId, personId: host.id, role: 'host' })
  expect(await world.call(owner, c.cutShow, { showId, on: true, reason: 'x' })).toMatchObject({ refusal: 'show_state' })
  await onAir(showId)
  expect((await page(null, showId)).playback.liveUrl).toBeDefined()
  expect(await world.call(host, c.cutShow, { showId, on: true, reason: 'x' })).toMatchObject({ refusal: 'not_allowed' })
  await world.tx((tx) => cutShow(media)(tx, { showId, on: true, reason: 'A stranger on the set' }))
  expect(kicked).toEqual([`${showId} cut`])
  expect(await page(null, showId)).toMatchObject({ show: { state: 'cut' } })
  expect((await page(null, showId)).playback.liveUrl).toBeUndefined()
  expect((await world.must(null, c.storefront, {})).live.map((s) => s.id)).not.toContain(showId)
  expect(await streamOwner(world.ctx, showId)).toEqual({ refusal: 'show_cut' })
  // The stream that was sent away is lost, and an encoder that tries again changes nothing.
  await world.tx((tx) => onStreamLost(tx, showId))
  await world.tx((tx) => onStreamStarted(tx, showId))
  expect((await page(null, showId)).show.state).toBe('cut')
  await world.must(await world.person({ operator: true }), c.cutShow, { showId, on: false, reason: 'all is well' })
  expect((await page(null, showId)).show.state).toBe('paused')
  await world.tx((tx) => onStreamStarted(tx, showId))
  expect((await page(null, showId)).show.state).toBe('live')
  expect(await streamOwner(world.ctx, showId)).toMatchObject({ title: 'Three watches' })
  await world.must(owner, c.cutShow, { showId, on: true, reason: 'again' })
  await world.must(owner, c.endShow, { showId })
  expect(await streamOwner(world.ctx, showId)).toEqual({ refusal: 'show_over' })
})

test('media is told once more of a cut and of an end, in case the process died right after writing it down', async () => {
  const { owner, showId } = await make()
  const told: string[] = []
  const media: MediaControl = {
    endStream: async (streamId) => told.push(`end ${streamId}`) > 0,
    kick: async (streamId) => told.push(`kick ${streamId}`) > 0,
    rtmpPort: () => null,
    alive: async () => true,
  }
  await onAir(showId)
  await tellMedia(media)(world.ctx, { showId })
  expect(told).toEqual([])
  await world.must(owner, c.cutShow, { showId, on: true, reason: 'x' })
  await tellMedia(media)(world.ctx, { showId })
  await world.must(owner, c.endShow, { showId })
  await tellMedia(media)(world.ctx, { showId })
  expect(told).toEqual([`kick ${showId}`, `end ${showId}`])
})

test('a reminder brings a calendar file of the announced time, once, and can be taken back', async () => {
  const { owner, showId } = await make({ plannedMinutes: 45 })
  const guest = await world.person({ locale: 'fr' })
  const email = 'guest.reminder@example.org'
  expect(await world.call(guest, c.remindMe, { showId, email })).toMatchObject({ refusal: 'show_state' })
  const startsAt = worldStart + 30 * hourMs
  await world.must(owner, c.scheduleShow, { showId, startsAt })
  await world.must(guest, c.remindMe, { showId, email })
  await world.must(guest, c.remindMe, { showId, email })
  await world.settle()
  const letters = (await boxLetters(world.kernel.db)).filter((l) => l.letter.to === email)
  expect(letters).toHaveLength(1)
  const [file] = letters[0]?.letter.attachments ?? []
  expect(file?.contentType).toContain('text/calendar')
  const text = String(file?.content)
  expect(text).toContain('DTSTART:20261122T000000Z')
  expect(text).toContain('DURATION:PT45M')
  expect(text).toContain(`UID:${showId}@efir`)
  expect(text.endsWith('END:VCALENDAR\r\n')).toBe(true)
  expect(await page(guest, showId)).toMatchObject({ reminded: true, show: { reminders: 1 } })
  await world.must(guest, c.forgetReminder, { showId })
  expect(await page(guest, showId)).toMatchObject({ reminded: false, show: { reminders: 0 } })
  await onAir(showId)
  expect((await boxLetters(world.kernel.db)).filter((l) => l.letter.to === email)).toHaveLength(1)
})

test('what a guest followed and wanted to be reminded of is counted once when the guest signs in', async () => {
  const { owner, showId } = await make()
  await world.must(owner, c.scheduleShow, { showId, startsAt: worldStart + 30 * hourMs })
  const [guest, person] = [await world.person(), await account()]
  for (const one of [guest, person]) {
    await world.must(one, c.remindMe, { showId, email: 'same@example.org' })
    await world.must(one, c.followHost, { hostId: owner.id, on: true })
  }
  await world.tx((tx) => tx.announce({ type: 'guest.claimed' }, { guestId: guest.id, personId: person.id }))
  await world.settle()
  expect(await page(person, showId)).toMatchObject({ reminded: true, following: [owner.id], show: { reminders: 1 } })
  expect((await world.must(person, c.hostPage, { hostId: owner.id })).host).toMatchObject({ followers: 1, following: true })
})

test('a test show is there for its team only, whoever has the link', async () => {
  const { owner, showId } = await make({ visibility: 'team' })
  const [stranger, moderator] = [await account(), await account()]
  await world.must(owner, c.giveShowRole, { showId, personId: moderator.id, role: 'moderator' })
  await world.must(owner, c.scheduleShow, { showId, startsAt: world.clock.now() + hourMs })
  expect(await world.call(stranger, c.remindMe, { showId, email: 'x@example.org' })).toMatchObject({ refusal: 'not_found' })
  await onAir(showId)
  for (const who of [null, await world.person(), stranger]) {
    expect(await world.call(who, c.showPage, { showId })).toMatchObject({ refusal: 'show_not_public' })
    expect(await world.call(who, lots.shelf, { showId })).toMatchObject({ refusal: 'show_not_public' })
    const front = await world.must(who, c.storefront, {})
    expect([...front.live, ...front.soon].map((s) => s.id)).not.toContain(showId)
    expect(front.hosts.map((h) => h.id)).not.toContain(owner.id)
  }
  for (const who of [owner, moderator]) {
    expect((await page(who, showId)).show.id).toBe(showId)
    expect((await world.must(who, c.myShows, {})).items.map((s) => s.id)).toEqual([showId])
  }
  // Nothing of it is recorded, and its pictures have a key.
  expect(await streamOwner(world.ctx, showId)).toMatchObject({ recordingDays: 0, playbackKey: expect.any(String) })
  await world.must(owner, c.takeShowRole, { showId, personId: moderator.id, role: 'moderator' })
  expect(await world.call(moderator, c.showPage, { showId })).toMatchObject({ refusal: 'show_not_public' })
})

test('an unlisted show is there for who has the link, and in no list', async () => {
  const { showId } = await make({ visibility: 'unlisted' })
  await onAir(showId)
  expect((await page(null, showId)).show.id).toBe(showId)
  expect((await world.must(null, c.storefront, {})).live.map((s) => s.id)).not.toContain(showId)
})

test('several moderators help; what sells and what ends is not theirs', async () => {
  const { shopId, owner, showId } = await make()
  const [one, two, guest] = [await account(), await account(), await world.person()]
  for (const { id } of [one, two]) await world.must(owner, c.giveShowRole, { showId, personId: id, role: 'moderator' })
  expect(await world.call(owner, c.giveShowRole, { showId, personId: guest.id, role: 'moderator' })).toMatchObject({
    refusal: 'not_found',
  })
  const { lotId } = await withLot(showId, owner, shopId)
  await onAir(showId)
  await world.must(one, lots.pinLot, { lotId })
  await world.must(two, lots.unpinLot, { lotId })
  await world.must(two, c.setSlate, { showId, on: true })
  const { members } = await world.must(one, c.showTeamView, { showId })
  expect(
    members
      .filter((m) => m.role === 'moderator')
      .map((m) => m.personId)
      .sort(),
  ).toEqual([one.id, two.id].sort())
  for (const person of [one, two]) {
    expect(await world.call(person, lots.openLot, { lotId })).toMatchObject({ refusal: 'not_allowed' })
    expect(await world.call(person, c.endShow, { showId })).toMatchObject({ refusal: 'not_allowed' })
    expect(await world.call(person, c.giveShowRole, { showId, personId: person.id, role: 'host' })).toMatchObject({
      refusal: 'not_allowed',
    })
  }
  await world.must(owner, c.takeShowRole, { showId, personId: two.id, role: 'moderator' })
  expect(await world.call(two, c.setSlate, { showId, on: false })).toMatchObject({ refusal: 'not_found' })
  await world.must(one, c.setSlate, { showId, on: false })
})

test('a show whose publisher never came back is over after half an hour, also when its texts were changed meanwhile', async () => {
  const { owner, showId } = await make()
  await onAir(showId)
  await world.tx((tx) => onStreamLost(tx, showId))
  expect((await page(null, showId)).show.state).toBe('paused')
  await world.advance(10 * 60_000)
  await world.must(owner, c.changeShow, { showId, title: { en: 'Back soon' } })
  await world.advance(25 * 60_000)
  await world.advance(25 * 60_000)
  expect((await page(null, showId)).show.state).toBe('ended')
})

test('a publisher that comes back in time finds the show on air again, and nobody ends it', async () => {
  const { showId } = await make()
  await onAir(showId)
  await world.tx((tx) => onStreamLost(tx, showId))
  await world.advance(20 * 60_000)
  await world.tx((tx) => onStreamStarted(tx, showId))
  await world.advance(2 * hourMs)
  expect((await page(null, showId)).show.state).toBe('live')
})
