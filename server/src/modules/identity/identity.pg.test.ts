import * as c from '@efir/contract/identity.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openWorld, type World } from '../../../test/world.ts'
import { sql } from '../../kernel/sql.ts'
import { offerSetUp } from './verbs/sign-in.ts'

let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(async () => {
  await world[Symbol.asyncDispose]()
})

/** A browser: keeps cookies between calls. */
function browser() {
  const jar = new Map<string, string>()
  return async (method: 'GET' | 'POST' | 'PATCH', url: string, payload?: object, headers: Record<string, string> = {}) => {
    const response = await world.app.http.inject({
      method,
      url: `/api${url}`,
      headers: { ...(payload ? { 'x-efir': '1' } : {}), cookie: [...jar].map(([k, v]) => `${k}=${v}`).join('; '), ...headers },
      ...(payload ? { payload } : {}),
    })
    for (const cookie of response.cookies) {
      if (cookie.value) jar.set(cookie.name, cookie.value)
      else jar.delete(cookie.name)
    }
    return { status: response.statusCode, body: response.json(), jar }
  }
}

test('a guest is a person from the first tap and keeps being the same one', async () => {
  const ask = browser()
  expect((await ask('GET', '/me')).body.person).toBeNull()
  const first = await ask('POST', '/me/guest', { name: 'Ana' })
  expect(first.body.person).toMatchObject({ kind: 'guest', name: 'Ana' })
  const again = await ask('POST', '/me/guest', {})
  expect(again.body.person.id).toBe(first.body.person.id)
})

test('a mailed code signs in and claims the guest of the browser', async () => {
  const ask = browser()
  const guest = (await ask('POST', '/me/guest', {})).body.person
  expect((await ask('POST', '/sign-in/code', { email: 'Ira@Example.org' })).status).toBe(200)
  const code = world.codes.get('ira@example.org') as string
  expect(code).toMatch(/^[0-9]{6}$/)
  const wrong = await ask('POST', '/sign-in/code/enter', {
    email: 'ira@example.org',
    code: code === '000000' ? '111111' : '000000',
  })
  expect([wrong.status, wrong.body.refusal.code]).toEqual([403, 'code_wrong'])
  const right = await ask('POST', '/sign-in/code/enter', { email: 'ira@example.org', code, name: 'Ira' })
  expect(right.body.person).toMatchObject({ kind: 'account', email: 'ira@example.org', name: 'Ira' })
  const claimed = await world.kernel.db.pool.query('select claimed_by from identity.person where id = $1', [guest.id])
  expect(claimed.rows[0].claimed_by).toBe(right.body.person.id)
  const used = await ask('POST', '/sign-in/code/enter', { email: 'ira@example.org', code })
  expect(used.status).toBe(403)
})

test('password: weak refused, set, signs in, wrong refused', async () => {
  const ask = browser()
  await ask('POST', '/sign-in/code', { email: 'bob@example.org' })
  await ask('POST', '/sign-in/code/enter', { email: 'bob@example.org', code: world.codes.get('bob@example.org') })
  expect((await ask('POST', '/me/password', { password: 'short' })).body.refusal).toMatchObject({
    code: 'password_weak',
    params: { why: 'short' },
  })
  expect((await ask('POST', '/me/password', { password: 'correct horse battery' })).status).toBe(200)
  const other = browser()
  expect(
    (await other('POST', '/sign-in/password', { email: 'bob@example.org', password: 'correct horse batterz' })).body.refusal.code,
  ).toBe('password_wrong')
  expect(
    (await other('POST', '/sign-in/password', { email: 'bob@example.org', password: 'correct horse battery' })).body.person.kind,
  ).toBe('account')
})

test('signing out everywhere ends the other sessions', async () => {
  const one = browser()
  const two = browser()
  for (const ask of [one, two]) {
    await ask('POST', '/sign-in/code', { email: 'eve@example.org' })
    await ask('POST', '/sign-in/code/enter', { email: 'eve@example.org', code: world.codes.get('eve@example.org') })
  }
  await one('POST', '/sign-out', { everywhere: true })
  expect((await two('GET', '/me')).body.person).toBeNull()
})

test('a foreign page cannot act with the cookies of ours', async () => {
  const ask = browser()
  await ask('POST', '/me/guest', {})
  const foreign = await ask('PATCH', '/me', { name: 'Mallory' }, { 'sec-fetch-site': 'cross-site' })
  expect(foreign.body.refusal.code).toBe('csrf_failed')
})

test('a buyer opens a shop without a new account, invites by a link that works once', async () => {
  const owner = await world.person({ kind: 'account' })
  const shop = await world.must(owner, c.createShop, {
    name: 'Tea house',
    slug: 'tea-house',
    market: 'FR',
    country: 'FR',
    currency: 'EUR',
  })
  expect(
    await world.call(owner, c.createShop, { name: 'Other', slug: 'tea-house', market: 'FR', country: 'FR', currency: 'EUR' }),
  ).toMatchObject({ refusal: 'slug_taken' })
  const { link } = await world.must(owner, c.inviteToShop, { shopId: shop.id, role: 'fulfilment' })
  const packer = await world.person({ kind: 'account' })
  const secret = link.split('/').at(-1) as string
  expect(await world.must(null, c.invitation, { secret })).toMatchObject({ role: 'fulfilment', place: 'Tea house' })
  expect(await world.must(packer, c.acceptInvitation, { secret })).toEqual({ shopId: shop.id })
  expect(await world.call(packer, c.acceptInvitation, { secret })).toMatchObject({ refusal: 'invitation_gone' })
  expect(await world.call(packer, c.inviteToShop, { shopId: shop.id, role: 'owner' })).toMatchObject({ refusal: 'not_allowed' })
  expect(await world.call(owner, c.takeRole, { shopId: shop.id, personId: owner.id, role: 'owner' })).toMatchObject({
    refusal: 'last_owner',
  })
})

test('bodies are not coerced and unknown fields are refused', async () => {
  const person = await world.person()
  expect(await world.call(person, c.changeMe, { name: null } as never)).toMatchObject({
    status: 400,
    refusal: 'bad_input',
    params: { field: 'name' },
  })
  expect(await world.call(person, c.changeMe, { nick: 'x' } as never)).toMatchObject({ refusal: 'bad_input' })
})

test('a text that no database can keep is refused wherever it stands', async () => {
  const ask = browser()
  await ask('POST', '/me/guest', {})
  for (const name of ['a\u0000b', '\ud800x', 'x\udc00']) {
    const answer = await ask('PATCH', '/me', { name })
    expect([answer.status, answer.body.refusal?.code]).toEqual([400, 'bad_input'])
  }
  expect((await ask('GET', '/products?words=%00')).status).toBe(400)
  expect((await ask('GET', '/shows/shw_%00')).status).toBe(400)
  expect((await ask('POST', '/sign-in/code', { email: 'a\u0000@b.cc' })).status).toBe(400)
  expect((await ask('PATCH', '/me', { name: 'x'.repeat(70_000) })).body.refusal?.code).toBe('bad_input')
  const deep = JSON.parse(`${'{"a":['.repeat(2_000)}"\\u0000"${']}'.repeat(2_000)}`)
  expect((await ask('PATCH', '/me', deep)).status).toBe(400)
})

test('an address is neither flooded with codes nor guessed at by being many guests', async () => {
  const guests = await Promise.all(Array.from({ length: 30 }, () => world.person()))
  const asked = await Promise.all(guests.map((guest) => world.call(guest, c.startCode, { email: 'Target@example.org' })))
  expect(asked.filter((a) => a.ok)).toHaveLength(5)
  const code = world.codes.get('target@example.org') as string
  const wrong = code === '000000' ? '111111' : '000000'
  const guessed = await Promise.all(
    guests.map((guest) => world.call(guest, c.enterCode, { email: 'target@example.org', code: wrong })),
  )
  expect(guessed.filter((a) => !a.ok && a.refusal === 'too_many_requests')).toHaveLength(20)
  const passwords = await Promise.all(
    guests.map((guest) => world.call(guest, c.enterPassword, { email: 'target@example.org', password: 'a guess of many' })),
  )
  expect(passwords.filter((a) => !a.ok && a.refusal === 'too_many_requests')).toHaveLength(20)
  expect((await world.call(guests[0] ?? null, c.startCode, { email: 'other@example.org' })).ok).toBe(true)
})

test('one set-up code makes one operator, also when it is used twice at once', async () => {
  await using fresh = await openWorld()
  const setUpCode = (await fresh.tx(offerSetUp)) as string
  const asked = { setUpCode, name: 'Op', password: 'long enough to be one' }
  const taken = await fresh.call(null, c.startCode, { email: 'early@example.org' })
  expect(taken.ok).toBe(true)
  await fresh.must(null, c.enterCode, { email: 'early@example.org', code: fresh.codes.get('early@example.org') as string })
  expect(await fresh.call(null, c.setUpOperator, { ...asked, email: 'early@example.org' })).toMatchObject({
    refusal: 'email_taken',
  })
  const answers = await Promise.all(
    ['one@example.org', 'two@example.org'].map((email) => fresh.call(null, c.setUpOperator, { ...asked, email })),
  )
  expect(answers.filter((a) => a.ok)).toHaveLength(1)
  const { count } = await fresh.ctx.one<{ count: number }>(sql`select count(*)::int as count from identity.person where operator`)
  expect(count).toBe(1)
})
