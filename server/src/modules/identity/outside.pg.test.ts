import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type Browser, browser } from '../../../test/browser.ts'
import { type OidcServer, openOidcServer } from '../../../test/oidc.ts'
import { openWorld, type World } from '../../../test/world.ts'
import { sql } from '../../kernel/sql.ts'

/** Against a real provider: discovery, PKCE, state, nonce, signed id tokens, user info. */
let provider: OidcServer
let world: World
let ask: Browser

const back = (id: string) => `http://localhost:3000/api/sign-in/outside/${id}/back`
beforeAll(async () => {
  provider = await openOidcServer({ redirectUris: () => [back('careful'), back('trusted'), back('other')] })
  const shared = { issuer: provider.issuer, clientId: 'efir', clientSecret: 'a secret between the two' }
  world = await openWorld({
    settings: {
      EFIR_OIDC_PROVIDERS: JSON.stringify([
        { ...shared, id: 'careful', name: 'Careful' },
        { ...shared, id: 'trusted', name: 'Trusted', joinsByEmail: true },
        { ...shared, id: 'other', name: 'Other' },
        { id: 'gone', name: 'Gone', issuer: 'http://127.0.0.1:9', clientId: 'efir' },
      ]),
    },
  })
})
afterAll(async () => {
  await world[Symbol.asyncDispose]()
  await provider[Symbol.asyncDispose]()
})
beforeEach(() => {
  ask = browser(world)
  world.clock.advance(60_000)
})

async function come(one: Browser, id: string, subject: string, given: { link?: boolean; to?: string } = {}) {
  const { body } = await one.ask('POST', `/sign-in/outside/${id}`, given)
  const url = new URL(await provider.walk(String(body.url), subject))
  return await one.ask('GET', `${url.pathname}${url.search}`)
}
const me = async (one: Browser) => (await one.ask('GET', '/me')).body.person
const letters = async (to: string) => {
  await world.settle()
  return await world.ctx.rows<{ subject: string; text: string }>(
    sql`select letter ->> 'subject' as subject, letter ->> 'text' as text from kernel.mail_box where letter ->> 'to' = ${to} order by id`,
  )
}

test('[SIGN1] a first sign-in elsewhere makes an account with the proven address, and the second finds it', async () => {
  provider.accounts.set('ann', { email: 'Ann@Example.org', email_verified: true, name: 'Ann' })
  await ask.ask('POST', '/me/guest', {})
  const guest = await me(ask)
  const answer = await come(ask, 'careful', 'ann', { to: '/orders?x=1' })
  expect([answer.status, answer.location]).toEqual([302, '/orders?x=1'])
  const ann = await me(ask)
  expect(ann).toMatchObject({ kind: 'account', name: 'Ann', email: 'ann@example.org' })
  expect(await world.ctx.one(sql`select claimed_by as by from identity.person where id = ${String(guest?.id)}`)).toEqual({
    by: ann?.id,
  })
  const again = browser(world)
  await come(again, 'careful', 'ann')
  expect((await me(again))?.id).toBe(ann?.id)
  const byCode = browser(world)
  expect((await byCode.enter('ann@example.org')).body.person?.id).toBe(ann?.id)
})

test('[SIGN1] an address that the provider does not vouch for proves nothing', async () => {
  provider.accounts.set('eve', { email: 'somebody@example.org', email_verified: false })
  expect((await come(ask, 'trusted', 'eve')).location).toBe('/sign-in?problem=outside_unverified&to=%2F')
  provider.accounts.set('eve', {})
  expect((await come(ask, 'trusted', 'eve')).location).toBe('/sign-in?problem=outside_unverified&to=%2F')
  expect(await me(ask)).toBeNull()
})

test('[SIGN2] an account that is there already joins after its person has signed in to it once', async () => {
  const first = (await browser(world).enter('bob@example.org')).body.person
  provider.accounts.set('bob', { email: 'bob@example.org', email_verified: true })
  expect((await come(ask, 'careful', 'bob', { to: '/bag' })).location).toBe('/sign-in?problem=outside_join&to=%2Fbag')
  expect(await me(ask)).toBeNull()
  await ask.enter('bob@example.org')
  const again = browser(world)
  await come(again, 'careful', 'bob')
  expect((await me(again))?.id).toBe(first?.id)
  expect((await letters('bob@example.org')).map((l) => l.subject)).toContain('A new way to sign in to your account')
})

test('[SIGN2] what waits for one address joins no other account', async () => {
  await browser(world).enter('carol@example.org')
  provider.accounts.set('carol', { email: 'carol@example.org', email_verified: true })
  await come(ask, 'careful', 'carol')
  await ask.enter('mallory@example.org')
  const again = browser(world)
  expect((await come(again, 'careful', 'carol')).location).toContain('outside_join')
})

test('[SIGN2] a trusted provider joins by the address, but never an account whose own person has not proven it', async () => {
  const dora = (await browser(world).enter('dora@example.org')).body.person
  provider.accounts.set('dora', { email: 'dora@example.org', email_verified: true })
  await come(ask, 'trusted', 'dora')
  expect((await me(ask))?.id).toBe(dora?.id)
  const trap = world.kernel.ids.make('person')
  await world.kernel.db.run(
    sql`insert into identity.person (id, kind, name, email, created_at) values (${trap}, 'account', 'A trap', 'victim@example.org', now())`,
  )
  provider.accounts.set('victim', { email: 'victim@example.org', email_verified: true })
  const victim = browser(world)
  expect((await come(victim, 'trusted', 'victim')).location).toContain('outside_join')
  expect(await me(victim)).toBeNull()
})

test('[SIGN3] linking needs a fresh sign-in, and takes nothing from others', async () => {
  provider.accounts.set('fay', { email: 'fay@elsewhere.example', email_verified: true })
  const stranger = await ask.ask('POST', '/sign-in/outside/other', { link: true })
  expect(stranger.no).toBe('prove_again')
  await ask.enter('fay@example.org')
  world.clock.advance(11 * 60_000)
  expect((await ask.ask('POST', '/sign-in/outside/other', { link: true })).no).toBe('prove_again')
  await ask.enter('fay@example.org')
  expect((await come(ask, 'other', 'fay', { link: true, to: '/account' })).location).toBe('/account')
  const fay = await me(ask)
  const again = browser(world)
  await come(again, 'other', 'fay')
  expect((await me(again))?.id).toBe(fay?.id)
  const thief = browser(world)
  await thief.enter('thief@example.org')
  expect((await come(thief, 'other', 'fay', { link: true })).location).toBe('/account?problem=outside_taken')
  expect((await ask.ask('DELETE', '/me/outside/other', {})).status).toBe(200)
  const later = browser(world)
  await come(later, 'other', 'fay')
  expect((await me(later))?.id).not.toBe(fay?.id)
})

test('[SIGN4] what comes back is taken from the browser that asked, once, soon, and as it was asked for', async () => {
  provider.accounts.set('gil', { email: 'gil@example.org', email_verified: true })
  const { body } = await ask.ask('POST', '/sign-in/outside/careful', {})
  const sent = new URL(String(body.url))
  expect(sent.searchParams.get('code_challenge_method')).toBe('S256')
  expect(sent.searchParams.get('state')).toMatch(/^.{40,}$/)
  expect(sent.searchParams.get('nonce')).toMatch(/^.{40,}$/)
  const url = new URL(await provider.walk(sent.href, 'gil'))
  const failed = '/sign-in?problem=outside_failed&to=%2F'
  const other = browser(world)
  expect((await other.ask('GET', `${url.pathname}${url.search}`)).location).toBe(failed)
  const crooked = new URL(url)
  crooked.searchParams.set('state', 'x'.repeat(43))
  const twin = browser(world)
  for (const [name, value] of ask.jar) twin.jar.set(name, value)
  expect((await twin.ask('GET', `${crooked.pathname}${crooked.search}`)).location).toBe(failed)
  expect((await ask.ask('GET', url.pathname.replace('careful', 'trusted') + url.search)).location).toBe(failed)
  expect((await ask.ask('GET', `${url.pathname}${url.search}`)).location).toBe(failed)
  expect(await me(ask)).toBeNull()
  const slow = await ask.ask('POST', '/sign-in/outside/careful', {})
  const late = new URL(await provider.walk(String(slow.body.url), 'gil'))
  world.clock.advance(11 * 60_000)
  expect((await ask.ask('GET', `${late.pathname}${late.search}`)).location).toBe(failed)
  const refused = await ask.ask('POST', '/sign-in/outside/careful', {})
  const state = new URL(String(refused.body.url)).searchParams.get('state')
  expect((await ask.ask('GET', `${url.pathname}?error=access_denied&state=${state}`)).location).toBe(failed)
})

test('[SIGN4] afterwards the browser is sent to a page of ours only', async () => {
  for (const to of ['https://evil.example/', '//evil.example/', '/\\evil.example', '/x\\y'])
    expect((await ask.ask('POST', '/sign-in/outside/careful', { to })).no, to).toBe('bad_input')
})

test('a provider that does not answer is said so, and one that is not there is not found', async () => {
  expect((await ask.ask('POST', '/sign-in/outside/gone', {})).no).toBe('outside_down')
  expect((await ask.ask('POST', '/sign-in/outside/nobody', {})).no).toBe('not_found')
  expect((await ask.ask('GET', '/sign-in/ways')).body).toMatchObject({ passkeyHost: 'localhost' })
})
