import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { Authenticator, type Claim } from '../../../test/authenticator.ts'
import { type Browser, browser } from '../../../test/browser.ts'
import { openWorld, type World } from '../../../test/world.ts'
import { sql } from '../../kernel/sql.ts'

let world: World
let ask: Browser
let people = 0
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world[Symbol.asyncDispose]())
beforeEach(() => {
  ask = browser(world)
  world.clock.advance(60_000)
})

type Options = Parameters<Authenticator['make']>[0]
const options = async (one: Browser, path: string) => (await one.ask('POST', path, {})).body.options as unknown as Options
async function keep(one: Browser, key: Authenticator, claim: Claim = {}, name = 'Phone') {
  const credential = key.make(await options(one, '/me/passkeys/options'), claim)
  return await one.ask('POST', '/me/passkeys', { credential, name })
}
async function show(one: Browser, key: Authenticator, claim: Claim = {}) {
  const credential = key.show(await options(one, '/sign-in/passkey/options'), claim)
  return await one.ask('POST', '/sign-in/passkey', { credential })
}
async function somebody(): Promise<string> {
  const { body } = await ask.enter(`key-${++people}@example.org`)
  return String(body.person?.id)
}

test('[SIGN5] a passkey is made once signed in, and from then on signs in alone, whoever the browser was before', async () => {
  const personId = await somebody()
  const key = new Authenticator()
  expect((await keep(ask, key)).status).toBe(200)
  const other = browser(world)
  await other.ask('POST', '/me/guest', {})
  expect((await show(other, key)).body.person?.id).toBe(personId)
  const { body } = await other.ask('GET', '/me/security')
  expect(body.passkeys).toMatchObject([{ name: 'Phone', synced: true }])
  expect(body.sessions).toMatchObject([{ way: 'passkey', current: true }, { way: 'code' }])
})

test('[SIGN5] several passkeys have names and go one by one', async () => {
  await somebody()
  const [phone, key] = [new Authenticator(), new Authenticator()]
  await keep(ask, phone, {}, 'Phone')
  await keep(ask, key, { flags: 0x05 }, 'USB key')
  const { body } = await ask.ask('GET', '/me/security')
  expect(body.passkeys).toMatchObject([
    { name: 'Phone', synced: true },
    { name: 'USB key', synced: false },
  ])
  const id = String((body.passkeys as unknown as { id: string }[])[0]?.id)
  expect((await ask.ask('PATCH', `/me/passkeys/${id}`, { name: 'Old phone' })).status).toBe(200)
  expect((await ask.ask('DELETE', `/me/passkeys/${id}`, {})).status).toBe(200)
  expect((await show(browser(world), phone)).no).toBe('passkey_wrong')
  expect((await show(browser(world), key)).status).toBe(200)
  const thief = browser(world)
  await thief.enter('key-thief@example.org')
  expect((await thief.ask('DELETE', `/me/passkeys/${id}`, {})).no).toBe('not_found')
})

test('[SIGN6] an answer of another site, another host, without the person, or to no question of ours opens nothing', async () => {
  await somebody()
  const key = new Authenticator()
  await keep(ask, key)
  const lies: Claim[] = [
    { origin: 'https://evil.example' },
    { rpId: 'evil.example' },
    { flags: 0x01 },
    { flags: 0x04 },
    { challenge: Buffer.from('anything').toString('base64url') },
  ]
  for (const lie of lies) {
    expect((await keep(ask, new Authenticator(), lie)).no, JSON.stringify(lie)).toBe('passkey_wrong')
    expect((await show(browser(world), key, lie)).no, JSON.stringify(lie)).toBe('passkey_wrong')
  }
  const stranger = new Authenticator()
  expect((await show(browser(world), stranger)).no).toBe('passkey_wrong')
  const making = await options(ask, '/me/passkeys/options')
  expect((await show(browser(world), key, { challenge: making.challenge })).no).toBe('passkey_wrong')
})

test('[SIGN6] an answer is good once and for five minutes', async () => {
  await somebody()
  const key = new Authenticator()
  await keep(ask, key)
  const asked = await options(ask, '/sign-in/passkey/options')
  const credential = key.show(asked)
  const twice = await Promise.all([1, 2, 3].map(() => browser(world).ask('POST', '/sign-in/passkey', { credential })))
  expect(twice.map((a) => a.status).sort()).toEqual([200, 403, 403])
  const late = key.show(await options(ask, '/sign-in/passkey/options'))
  world.clock.advance(6 * 60_000)
  expect((await browser(world).ask('POST', '/sign-in/passkey', { credential: late })).no).toBe('passkey_wrong')
})

test('[SIGN6] a counter that does not go up is a copy of the key', async () => {
  await somebody()
  const key = new Authenticator()
  await keep(ask, key, { counter: 5 })
  expect((await show(browser(world), key, { counter: 6 })).status).toBe(200)
  for (const counter of [6, 3, 0]) expect((await show(browser(world), key, { counter })).no).toBe('passkey_wrong')
  expect((await show(browser(world), key, { counter: 7 })).status).toBe(200)
})

test('[SIGN3] a passkey is made only shortly after a sign-in, by whoever signed in', async () => {
  await somebody()
  const mine = await options(ask, '/me/passkeys/options')
  const other = browser(world)
  await other.enter('key-other@example.org')
  const credential = new Authenticator().make(mine)
  expect((await other.ask('POST', '/me/passkeys', { credential, name: 'x' })).no).toBe('passkey_wrong')
  world.clock.advance(11 * 60_000)
  await ask.ask('GET', '/me')
  expect((await ask.ask('POST', '/me/passkeys/options', {})).no).toBe('prove_again')
  expect((await ask.ask('POST', '/me/passkeys', { credential, name: 'x' })).no).toBe('prove_again')
})

test('an account has at most twenty, and a bare address has none', async () => {
  const personId = await somebody()
  for (let i = 0; i < 20; i++)
    await world.kernel.db.run(
      sql`insert into identity.passkey (id, credential, person_id, public_key, counter, synced, name, created_at) values (${world.kernel.ids.make('passkey')}, ${`${personId} ${i}`}, ${personId}, '', 0, false, 'x', now())`,
    )
  expect((await ask.ask('POST', '/me/passkeys/options', {})).no).toBe('passkeys_full')
  const bare = { host: '192.168.1.5:3000' }
  expect((await ask.ask('GET', '/sign-in/ways', undefined, bare)).body.passkeyHost).toBeNull()
  expect((await ask.ask('POST', '/sign-in/passkey/options', {}, bare)).no).toBe('passkeys_off')
})
