import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Act } from '@efir/contract/act.ts'
import * as catalog from '@efir/contract/catalog.ts'
import * as lots from '@efir/contract/lots.ts'
import * as shows from '@efir/contract/shows.ts'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sql } from '../src/kernel/sql.ts'
import { bought, openShelf } from '../src/modules/orders/testing.ts'
import { inputsOf, leavesOf, withLeaf } from './hostile/sample.ts'
import { hostileBodies, hostileNumbers, hostileTexts, wrongKinds } from './hostile/texts.ts'
import { openWorld, type TestPerson, type World } from './world.ts'

/** Every act is asked with what its schema allows and with what nobody should send: it answers or refuses, and is never surprised. */
const seed = Number(process.env['EFIR_SEED'] ?? 20_261_121)
const folder = join(import.meta.dirname, '../../contract/src')
const lists = await Promise.all(
  readdirSync(folder)
    .filter((f) => f.endsWith('.ts') && !f.endsWith('.test.ts'))
    .map(async (f) => ((await import(join(folder, f))) as { acts?: readonly Act[] }).acts ?? []),
)
/** What takes the ground away from the others comes last. */
const takesAway = /^(delete|end|cancel|close|erase|reset|signOut|leave|remove|revoke|ban|take|drop|archive|block)/
const acts = lists.flat().sort((a, b) => Number(takesAway.test(a.name)) - Number(takesAway.test(b.name)))

let world: World
let owner: TestPerson
let operator: TestPerson
const ids: Record<string, string> = {}

beforeAll(async () => {
  world = await openWorld()
  const shelf = await openShelf(world)
  owner = shelf.owner
  operator = await world.person({ operator: true })
  for (const { id, name } of [owner, operator])
    await world.ctx.run(
      sql`insert into auth."user" (id, name, email, "emailVerified", "createdAt", "updatedAt") values (${id}, ${name}, ${`${id}@example.com`}, true, now(), now())`,
    )
  const show = await world.must(owner, shows.createShow, { shopId: shelf.shopId, title: { en: 'A show' }, hostIds: [owner.id] })
  await world.giveShow(owner, show.id, 'host')
  const product = await world.must(owner, catalog.createProduct, {
    shopId: shelf.shopId,
    title: { en: 'A thing' },
    variants: [{ sku: 'T-1', prices: [{ amount: 100, currency: 'EUR' }] }],
  })
  const sold = (await bought(world, owner, shelf)).orders[0]
  const lot = await world.must(owner, lots.createLot, {
    showId: show.id,
    variantIds: [shelf.variantId],
    price: { amount: 100, currency: 'EUR' },
    quota: 1,
  })
  Object.assign(ids, {
    shopId: shelf.shopId,
    showId: show.id,
    productId: product.id,
    variantId: shelf.variantId,
    lotId: lot.id,
    orderId: sold?.id,
    methodId: shelf.methodId,
    deliveryId: shelf.methodId,
    personId: owner.id,
    hostId: owner.id,
  })
})
afterAll(() => world[Symbol.asyncDispose]())

const actorOf = (act: Act): TestPerson => (act.who.length === 1 && act.who[0] === 'operator' ? operator : owner)

async function ask(act: Act, input: Record<string, unknown>): Promise<string> {
  const inPath = [...act.path.matchAll(/:(\w+)/g)].map((m) => m[1] as string)
  const path = act.path.replace(/:(\w+)/g, (_, key: string) => encodeURIComponent(textOf(input[key] ?? ids[key] ?? 'x')))
  const rest = Object.fromEntries(Object.entries(input).filter(([key]) => !inPath.includes(key)))
  const query = Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, textOf(value)]))
  const response = await world.app.http.inject({
    method: act.method,
    url: `/api${path}`,
    headers: { 'x-efir': '1', authorization: `Bearer ${actorOf(act).token}` },
    ...(act.method === 'GET' ? { query } : { payload: rest }),
  })
  return response.statusCode >= 500 && response.statusCode !== 503
    ? `${response.statusCode} to ${act.name} ${JSON.stringify(input).slice(0, 160)}`
    : ''
}

const textOf = (value: unknown): string => {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
  return text.isWellFormed() ? text : text.toWellFormed()
}

/** Of each act: as its schema says, and then one thing wrong at a time; the throttle lets this many through. */
const most = 45
test('no act is surprised by anything', { timeout: 240_000 }, async () => {
  const surprises: string[] = []
  let asked = 0
  for (const [i, act] of acts.entries()) {
    const good = fc.sample(inputsOf(act, ids), { numRuns: 12, seed: seed + i })
    const tries = good.flatMap((input, k) => [input, ...spoilt(input, k + i)]).slice(0, most)
    for (const input of tries) {
      const surprise = await ask(act, input)
      if (surprise) surprises.push(surprise)
      asked++
    }
  }
  expect(surprises).toEqual([])
  expect(asked).toBeGreaterThan(acts.length * 10)
  expect(await world.ctx.one(sql`select true as alive`)).toEqual({ alive: true })
})

/** Three places of the input get something else each; which, turns with `k`, so that all acts together meet all of the corpus. */
function spoilt(input: Record<string, unknown>, k: number): Record<string, unknown>[] {
  const pick = <T>(from: readonly T[], n: number): T => from[n % from.length] as T
  return leavesOf(input, 12)
    .slice(k % 3)
    .slice(0, 3)
    .map(({ path, value }, n) => {
      const turn = k * 7 + n
      const bad =
        turn % 5 === 4
          ? pick(wrongKinds, turn)
          : typeof value === 'number'
            ? pick(hostileNumbers, turn)
            : pick(hostileTexts, turn)
      return withLeaf(input, path, bad) as Record<string, unknown>
    })
}

test('bodies that are no input at all are refused as such', async () => {
  const posts = acts.filter((act) => act.method === 'POST' && !act.path.includes(':')).slice(0, 12)
  for (const act of posts) {
    for (const { name, type, body } of hostileBodies) {
      const response = await world.app.http.inject({
        method: 'POST',
        url: `/api${act.path}`,
        headers: { 'x-efir': '1', authorization: `Bearer ${owner.token}`, ...(type ? { 'content-type': type } : {}) },
        payload: body,
      })
      expect([`${act.name}: ${name}`, response.statusCode < 500 || response.statusCode === 503]).toEqual([
        `${act.name}: ${name}`,
        true,
      ])
    }
  }
  expect(({} as Record<string, unknown>)['operator']).toBeUndefined()
})
