import type { Act, In, Out } from '@efir/contract/act.ts'
import { requestOf } from '@efir/contract/client.ts'
import { closeCodes } from '@efir/contract/room/close-codes.ts'
import * as contract from '@efir/contract/room.ts'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openWorld, type TestPerson, type World } from '../../../test/world.ts'
import { openHttp } from '../../kernel/http.ts'
import { sql } from '../../kernel/sql.ts'
import { authenticator } from '../identity/access.ts'
import * as identityPlaces from '../identity/contributes.ts'
import { roleTaken } from '../identity/events.ts'
import { rolesIn } from '../identity/views.ts'
import * as showsPlaces from '../shows/contributes.ts'
import { setSlate } from '../shows/verbs/life.ts'
import { createShow } from '../shows/verbs/make.ts'
import { openRoom, type RoomPart } from './open-room.ts'
import { routes } from './routes.ts'
import { forgetLines, keepLines, onGuestClaimed } from './verbs.ts'

let world: World
let room: RoomPart
let http: FastifyInstance
beforeAll(async () => {
  world = await openWorld()
  room = openRoom(world.kernel)
  http = await openHttp({
    kernel: world.kernel,
    routes: routes(room.chat),
    places: { ...showsPlaces.places, ...identityPlaces.places },
    authenticate: authenticator(world.kernel),
    rolesIn,
    throttle: () => undefined,
  })
})
afterAll(async () => {
  await room?.[Symbol.asyncDispose]()
  await http?.close()
  await world?.[Symbol.asyncDispose]()
})

async function call<A extends Act>(
  person: TestPerson | null,
  act: A,
  input: In<A>,
): Promise<{ value: Out<A> } | { no: string; params: Record<string, unknown> }> {
  const { path, rest } = requestOf(act, input as Record<string, unknown>)
  const get = act.method === 'GET'
  const response = await http.inject({
    method: act.method,
    url: path,
    headers: { 'x-efir': '1', ...(person ? { authorization: `Bearer ${person.token}` } : {}) },
    ...(get ? { query: Object.fromEntries(Object.entries(rest).map(([k, v]) => [k, String(v)])) } : { payload: rest }),
  })
  const body = response.json()
  if (response.statusCode < 300) {
    await world.settle()
    return { value: body }
  }
  if (!body.refusal) throw new Error(response.body)
  return { no: body.refusal.code, params: body.refusal.params }
}
async function must<A extends Act>(person: TestPerson, act: A, input: In<A>): Promise<Out<A>> {
  const answer = await call(person, act, input)
  if ('no' in answer) throw new Error(`${act.name} was refused: ${answer.no} ${JSON.stringify(answer.params)}`)
  return answer.value
}

async function liveShow(visibility: 'public' | 'team' = 'public') {
  const shop = await world.shop()
  const show = await world.tx((tx) =>
    createShow(
      { ...tx, actor: { kind: 'account', personId: shop.owner.id, name: 'Owner', operator: false, demo: false } },
      { shopId: shop.id, title: { en: 'Evening' }, visibility },
    ),
  )
  await world.kernel.db.run(sql`update shows.show set state = 'live' where id = ${show.id}`)
  const host = await world.person({ kind: 'account', name: 'Hana' })
  await world.giveShow(host, show.id, 'host')
  return { showId: show.id, shop, host }
}

interface Seen {
  t: string
  [field: string]: unknown
}
/** A viewer without a network: what the wire would carry, decoded. */
async function join(showId: string, person: TestPerson | null, more: object = {}) {
  const said: Seen[] = []
  const seen = { code: 0 }
  const connection = room.hub.connect({
    write: (frame) => {
      const short = (frame[1] as number) & 127
      said.push(JSON.parse(frame.subarray(short < 126 ? 2 : short === 126 ? 4 : 10).toString()))
      return true
    },
    queued: () => 0,
    close: (code) => {
      seen.code = code
    },
  })
  connection?.receive(JSON.stringify({ t: 'join', v: 1, room: showId, ...(person ? { token: person.token } : {}), ...more }))
  for (let i = 0; i < 100 && said.length < 2 && seen.code === 0; i++) await new Promise((resolve) => setTimeout(resolve, 10))
  const tick = () => {
    for (let i = 0; i < 16; i++) {
      world.clock.advance(25)
      room.hub.tick()
    }
  }
  const messages = () =>
    said
      .filter((one) => one.t === 'tick')
      .flatMap((one) => (one['m'] as { e?: string; k?: string; value?: unknown; data?: unknown }[]) ?? [])
  const lines = () =>
    said
      .filter((one) => one.t === 'tick')
      .flatMap((one) => (one['d'] as { chat?: { text: string; mark?: string }[] })?.chat ?? [])
  return { said, seen, connection, tick, messages, lines, of: (t: string) => said.filter((one) => one.t === t) }
}
let keys = 0
const key = () => `key-${++keys}-abcdef`
const later = (ms = 1_000) => world.clock.advance(ms)

test('[ROOM15] a line is kept, shown and answered; the same key again is the same line, kept and shown once', async () => {
  const { showId, host } = await liveShow()
  const ana = await world.person({ name: 'Ana' })
  const viewer = await join(showId, null)
  const input = { showId, key: key(), text: '  what a  pretty\nwatch ' }
  const { line } = await must(ana, contract.sendChat, input)
  expect(line).toMatchObject({ person: ana.id, name: 'Ana', text: 'what a pretty watch' })
  expect(await must(ana, contract.sendChat, input)).toEqual({ line })
  await must(host, contract.sendChat, { showId, key: key(), text: 'welcome' })
  viewer.tick()
  expect(viewer.lines()).toMatchObject([{ text: 'what a pretty watch' }, { text: 'welcome', mark: 'host' }])
  expect((await must(host, contract.chatLog, { showId })).items.map((one) => one.text)).toEqual([
    'welcome',
    'what a pretty watch',
  ])
  expect((await join(showId, ana)).of('snapshot')[0]).toMatchObject({ chat: [{ id: line.id }, { text: 'welcome' }] })
})

test('[ROOM15] a thousand lines at once are kept in a few statements, all of them', async () => {
  const { showId, host } = await liveShow()
  const people = await Promise.all(Array.from({ length: 20 }, () => world.person()))
  const before = world.kernel.db.pool.totalCount
  const said = await Promise.all(
    Array.from({ length: 1_000 }, (_, i) =>
      room.chat.say(showId, { personId: `per_${i}`, name: people[i % 20]?.name ?? '' }, key(), `line ${i}`),
    ),
  )
  expect(new Set(said.map((line) => line.id)).size).toBe(1_000)
  expect(world.kernel.db.pool.totalCount).toBeLessThanOrEqual(Math.max(before, 8))
  const { n } = await world.kernel.db.one<{ n: number }>(
    sql`select count(*)::int as n from room.message where show_id = ${showId}`,
  )
  expect(n).toBe(1_000)
  let after: string | undefined
  let read = 0
  do {
    const page: Out<typeof contract.chatLog> = await must(host, contract.chatLog, {
      showId,
      limit: 200,
      ...(after ? { after } : {}),
    })
    read += page.items.length
    after = page.next
  } while (after)
  expect(read).toBe(1_000)
})

test('[ROOM17] slow mode, mute and blocked words hold at once and are told', async () => {
  const { showId, host, shop } = await liveShow()
  const ana = await world.person()
  const viewer = await join(showId, ana)
  await must(host, contract.setSlowMode, { showId, intervalMs: 20_000 })
  await must(ana, contract.sendChat, { showId, key: key(), text: 'one' })
  later()
  expect(await call(ana, contract.sendChat, { showId, key: key(), text: 'two' })).toEqual({
    no: 'chat_slow',
    params: { retryInMs: 19_000 },
  })
  await must(host, contract.setSlowMode, { showId, intervalMs: 0 })
  await must(host, contract.setBlockWords, { showId, words: ['scam', 'scam '] })
  await must(shop.owner, contract.setShopBlockWords, { shopId: shop.id, words: ['обман*'] })
  expect(await call(ana, contract.sendChat, { showId, key: key(), text: 'such a SСAM' })).toMatchObject({
    no: 'chat_blocked_word',
  })
  expect(await call(ana, contract.sendChat, { showId, key: key(), text: 'Обманщики!' })).toMatchObject({
    no: 'chat_blocked_word',
  })
  await must(host, contract.mutePerson, { showId, personId: ana.id, forMs: 60_000 })
  expect(await call(ana, contract.sendChat, { showId, key: key(), text: 'hello' })).toMatchObject({
    no: 'chat_muted',
    params: { untilAt: world.clock.now() + 60_000 },
  })
  viewer.tick()
  expect(viewer.messages()).toMatchObject([{ k: 'slow', value: null }])
  expect(viewer.of('personal')).toMatchObject([{ type: 'chat.muted', data: { showId } }])
  expect(await must(host, contract.roomSettings, { showId })).toMatchObject({
    slowMs: 0,
    words: ['scam'],
    shopWords: ['обман*'],
    people: [{ personId: ana.id, banned: false }],
  })
  later(61_000)
  await must(ana, contract.sendChat, { showId, key: key(), text: 'hello again' })
  expect((await must(host, contract.roomSettings, { showId })).people).toEqual([])
})

test('[ROOM18] a deleted line leaves screens, history and the pin; the log keeps it and says who', async () => {
  const { showId, host } = await liveShow()
  const ana = await world.person()
  const viewer = await join(showId, null)
  const { line } = await must(ana, contract.sendChat, { showId, key: key(), text: 'rude' })
  await must(host, contract.pinMessage, { showId, messageId: line.id as never })
  expect((await join(showId, null)).of('snapshot')[0]).toMatchObject({
    state: expect.arrayContaining([
      expect.objectContaining({ k: 'pinnedMessage', value: { id: line.id, name: ana.name, text: 'rude' } }),
    ]),
  })
  await must(host, contract.deleteMessage, { showId, messageId: line.id as never })
  viewer.tick()
  expect(viewer.messages()).toMatchObject(
    [
      { k: 'pinnedMessage', value: null },
      { e: 'chat.deleted', data: { id: line.id } },
    ].sort(),
  )
  expect((await join(showId, null)).of('snapshot')[0]).toMatchObject({ chat: [] })
  expect((await must(host, contract.chatLog, { showId })).items).toMatchObject([{ text: 'rude', deletedBy: host.id }])
  expect(await call(host, contract.pinMessage, { showId, messageId: line.id as never })).toMatchObject({ no: 'not_found' })
})

test('[ROOM2] [ROOM18] a ban sends away, purges, survives signing in, and can be taken back', async () => {
  const { showId, host } = await liveShow()
  const [guest, account] = [await world.person({ name: 'Guest' }), await world.person({ kind: 'account' })]
  const [viewer, banned] = [await join(showId, null), await join(showId, guest)]
  await must(guest, contract.sendChat, { showId, key: key(), text: 'spam' })
  await must(host, contract.banPerson, { showId, personId: guest.id, banned: true })
  expect(banned.seen.code).toBe(closeCodes.banned)
  viewer.tick()
  expect(viewer.messages()).toMatchObject([{ e: 'chat.purged', data: { person: guest.id } }])
  expect((await join(showId, guest)).seen.code).toBe(closeCodes.banned)
  expect(await call(guest, contract.sendChat, { showId, key: key(), text: 'again' })).toMatchObject({ no: 'chat_banned' })
  await world.tx((tx) => onGuestClaimed(tx, { guestId: guest.id, personId: account.id }))
  await world.settle()
  expect((await join(showId, account)).seen.code).toBe(closeCodes.banned)
  expect(await call(account, contract.sendChat, { showId, key: key(), text: 'again' })).toMatchObject({ no: 'chat_banned' })
  await must(host, contract.banPerson, { showId, personId: guest.id, banned: false })
  expect((await join(showId, guest)).seen.code).toBe(0)
})

test("[ROOM2] a team's room lets in its team only, and who loses the role leaves", async () => {
  const { showId, host } = await liveShow('team')
  const stranger = await world.person()
  expect((await join(showId, stranger)).seen.code).toBe(closeCodes.not_allowed)
  expect(await call(stranger, contract.sendChat, { showId, key: key(), text: 'hi' })).toMatchObject({ no: 'show_not_public' })
  const inside = await join(showId, host, { desk: true })
  expect(inside.of('welcome')[0]).toMatchObject({ you: { mark: 'host', desk: true } })
  await world.kernel.db.run(sql`delete from identity.role where person_id = ${host.id}`)
  await world.tx((tx) => tx.announce(roleTaken, { personId: host.id, placeKind: 'show', placeId: showId, role: 'host' }, showId))
  await world.settle()
  for (let i = 0; i < 50 && inside.seen.code === 0; i++) await new Promise((resolve) => setTimeout(resolve, 10))
  expect(inside.seen.code).toBe(closeCodes.not_allowed)
})

test('[ROOM3] [ROOM5] a show tells its own state: the same in the snapshot and by events', async () => {
  const { showId } = await liveShow()
  const viewer = await join(showId, null)
  expect(viewer.of('snapshot')[0]).toMatchObject({
    state: expect.arrayContaining([expect.objectContaining({ k: 'show', value: expect.objectContaining({ state: 'live' }) })]),
  })
  await world.tx((tx) => setSlate(tx, { showId, on: true }))
  await world.settle()
  viewer.tick()
  expect(viewer.messages()).toMatchObject([{ k: 'slate', value: { on: true } }])
  expect((await join(showId, null)).of('snapshot')[0]).toMatchObject({
    state: expect.arrayContaining([expect.objectContaining({ k: 'slate', value: { on: true } })]),
  })
})

test('[ROOM19] [ROOM20] viewers and their delay are written to the show', async () => {
  const { showId } = await liveShow()
  for (let i = 0; i < 3; i++) await join(showId, await world.person(), { delayMs: 4_100 })
  later(6_000)
  room.hub.tick()
  const read = () =>
    world.kernel.db.one<{ viewers: number; room_delay_ms: number }>(
      sql`select viewers, room_delay_ms from shows.show where id = ${showId}`,
    )
  for (let i = 0; i < 50 && (await read()).viewers === 0; i++) await new Promise((resolve) => setTimeout(resolve, 10))
  expect(await read()).toEqual({ viewers: 3, room_delay_ms: 4_250 })
})

test('an unknown show has no room; an ended one no chat', async () => {
  expect((await join('shw_00000000000000000000000000', null)).seen.code).toBe(closeCodes.room_unknown)
  const { showId } = await liveShow()
  await world.kernel.db.run(sql`update shows.show set state = 'ended' where id = ${showId}`)
  expect(await call(await world.person(), contract.sendChat, { showId, key: key(), text: 'hi' })).toMatchObject({
    no: 'show_state',
  })
})

test('old lines are forgotten on demand, a pinned one is not', async () => {
  const { showId, host } = await liveShow()
  const line = (id: string) => ({
    id: `msg_${showId.slice(4, 26)}${id}`,
    showId,
    key: `k-${id}`,
    person: host.id,
    name: 'n',
    text: id,
    at: world.clock.now(),
  })
  await keepLines(world.ctx, ['old1', 'old2'].map(line))
  await must(host, contract.sendChat, { showId, key: key(), text: 'kept' })
  const [kept] = (await must(host, contract.chatLog, { showId, find: 'KEPT' })).items
  await must(host, contract.pinMessage, { showId, messageId: kept?.id as never })
  expect(await forgetLines(world.ctx, showId, world.clock.now() + 1)).toBe(2)
  expect((await must(host, contract.chatLog, { showId })).items).toHaveLength(1)
})
