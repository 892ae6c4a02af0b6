import * as c from '@efir/contract/identity.ts'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type Browser, browser } from '../../../test/browser.ts'
import { openWorld, type World } from '../../../test/world.ts'
import { sql } from '../../kernel/sql.ts'
import { networkOf } from './verbs/guard.ts'

let world: World
let ask: Browser
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world[Symbol.asyncDispose]())
beforeEach(() => {
  ask = browser(world)
  world.clock.advance(120_000)
})

const sessionsOf = async (one: Browser) =>
  (await one.ask('GET', '/me/security')).body.sessions as unknown as { id: string; current: boolean; system: string }[]
const heard = async () => {
  await world.kernel.events.settle()
  await world.settle()
}
const mailTo = async (to: string, subject: string) => {
  await world.settle()
  return await world.ctx.rows<{ text: string }>(
    sql`select letter ->> 'text' as text from kernel.mail_box where letter ->> 'to' = ${to} and letter ->> 'subject' = ${subject}`,
  )
}
const phone = { 'user-agent': 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile Safari/604.1' }

test('[SIGN7] one session ends or all do, and their tokens with them', async () => {
  const other = browser(world, phone)
  await other.enter('two@example.org')
  await ask.enter('two@example.org')
  const seen = await sessionsOf(ask)
  expect(seen).toMatchObject([{ current: true }, { current: false, browser: 'Safari', system: 'iPhone', address: '127.0.0.1' }])
  expect((await ask.ask('DELETE', `/me/sessions/${seen[1]?.id}`, {})).status).toBe(200)
  await heard()
  expect((await other.ask('GET', '/my-orders')).no).toBe('not_signed_in')
  expect((await ask.ask('DELETE', `/me/sessions/${seen[1]?.id}`, {})).no).toBe('not_found')
  await other.enter('two@example.org')
  await ask.ask('POST', '/sign-out', { everywhere: true })
  await heard()
  for (const one of [ask, other]) expect((await one.ask('GET', '/my-orders')).no).toBe('not_signed_in')
})

test('[SIGN7] a process that opens later refuses the tokens of sessions that ended before', async () => {
  await ask.enter('later@example.org')
  const token = ask.jar.get('efir_token') as string
  await ask.ask('POST', '/sign-out', {})
  const { openEndedSessions, actorOf } = await import('./access.ts')
  using ended = await openEndedSessions(world.kernel)
  expect(actorOf(world.kernel, token, ended)).toEqual({ kind: 'nobody' })
})

test('[SIGN3] a new password needs the old one or a fresh sign-in, and signs every other browser out', async () => {
  const other = browser(world)
  await other.enter('keeper@example.org')
  await ask.enter('keeper@example.org')
  world.clock.advance(11 * 60_000)
  await ask.ask('GET', '/me')
  const password = 'correct horse battery'
  expect((await ask.ask('POST', '/me/password', { password })).no).toBe('prove_again')
  expect((await ask.ask('POST', '/me/password', { password, current: 'not it at all' })).no).toBe('password_wrong')
  await ask.enter('keeper@example.org')
  expect((await ask.ask('POST', '/me/password', { password })).status).toBe(200)
  await heard()
  expect((await other.ask('GET', '/my-orders')).no).toBe('not_signed_in')
  expect((await ask.ask('GET', '/my-orders')).status).toBe(200)
  world.clock.advance(14 * 60_000)
  await ask.ask('GET', '/me')
  expect((await ask.ask('POST', '/me/password', { password: 'another long password', current: password })).status).toBe(200)
})

test('[SIGN8] an invitation that was mailed is accepted by the person of that address alone', async () => {
  const { id: shopId, owner } = await world.shop()
  const { link } = await world.must(owner, c.inviteToShop, { shopId, role: 'manager', email: 'Meant@example.org' })
  const secret = link.split('/').at(-1) as string
  const path = `/invitations/${secret}/accept`
  await ask.enter('finder@example.org')
  const refused = await ask.ask('POST', path, {})
  expect([refused.no, refused.body.refusal?.params]).toEqual(['invitation_other', { email: 'Meant@example.org' }])
  expect(await world.must(null, c.invitation, { secret })).toMatchObject({ email: 'Meant@example.org' })
  const unproven = await world.person({ kind: 'account', email: 'meant@example.org' })
  await world.kernel.db.run(sql`update identity.person set email_verified_at = null where id = ${unproven.id}`)
  expect(await world.call(unproven, c.acceptInvitation, { secret })).toMatchObject({ refusal: 'invitation_other' })
  await world.kernel.db.run(sql`update identity.person set email_verified_at = now() where id = ${unproven.id}`)
  expect(await world.must(unproven, c.acceptInvitation, { secret })).toEqual({ shopId })
})

test('[SIGN9] guesses at one account wait longer and longer, from wherever they come, and nobody learns whether it exists', async () => {
  await ask.enter('real@example.org')
  await ask.ask('POST', '/me/password', { password: 'correct horse battery' })
  const asked = async (email: string, at: number) =>
    await browser(world).ask('POST', '/sign-in/password', { email, password: `wrong guess ${at}` })
  const tell = async (email: string) => {
    const said: unknown[] = []
    for (let i = 0; i < 12; i++) {
      const { status, body } = await asked(email, i)
      said.push([status, body.refusal?.code])
    }
    return said
  }
  const real = await tell('real@example.org')
  expect(real.slice(0, 10)).toEqual(Array(10).fill([403, 'password_wrong']))
  expect(real[11]).toEqual([429, 'too_many_requests'])
  expect(await tell('nobody@example.org')).toEqual(real)
  const waits: number[] = []
  for (let i = 0; i < 6; i++) {
    const { body } = await asked('real@example.org', i)
    waits.push(Number(body.refusal?.params?.retryInMs))
    world.clock.advance(Math.max(waits.at(-1) ?? 0, 20_000))
    await asked('real@example.org', i)
  }
  expect(waits).toEqual([...waits].sort((a, b) => a - b))
  expect(waits.at(-1)).toBeGreaterThan(20_000)
})

test('[SIGN9] a stranger who guesses does not lock out the browser that has signed in before', async () => {
  await ask.enter('owner@example.org')
  await ask.ask('POST', '/me/password', { password: 'correct horse battery' })
  await ask.ask('POST', '/sign-out', {})
  const right = { email: 'owner@example.org', password: 'correct horse battery' }
  const thief = browser(world)
  for (let i = 0; i < 12; i++) await thief.ask('POST', '/sign-in/password', { ...right, password: `wrong guess ${i}` })
  expect((await thief.ask('POST', '/sign-in/password', right)).no).toBe('too_many_requests')
  expect((await ask.ask('POST', '/sign-in/password', right)).status).toBe(200)
})

test('[SIGN9] one address that tries many accounts is slowed as a whole', async () => {
  const said: (string | undefined)[] = []
  for (let i = 0; i < 75; i++) {
    world.clock.advance(300)
    const one = { email: `list-${i}@example.org`, password: 'from some other leak' }
    said.push((await browser(world).ask('POST', '/sign-in/password', one)).no)
  }
  expect(said.filter((no) => no === 'too_many_requests').length).toBeGreaterThan(5)
  expect(networkOf('2001:db8:1:2:aaaa::1')).toBe(networkOf('2001:db8:1:2:bbbb:1::9'))
  expect(networkOf('2001:db8::1')).toBe('2001:db8:0:0')
  expect(networkOf('::ffff:10.0.0.1')).toBe('10.0.0.1')
  world.clock.advance(3_700_000)
})

test('[SIGN10] a sign-in with a browser that this person never had is told by mail, the first ever is not', async () => {
  const subject = 'A sign-in on a new device'
  await ask.enter('watch@example.org')
  await ask.enter('watch@example.org')
  expect(await mailTo('watch@example.org', subject)).toEqual([])
  await browser(world, phone).enter('watch@example.org')
  const [letter, ...more] = await mailTo('watch@example.org', subject)
  expect(letter?.text).toContain('Safari, iPhone')
  expect(more).toEqual([])
})
