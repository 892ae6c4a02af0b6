import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Act } from '@efir/contract/act.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { checkInput } from '../src/kernel/input.ts'

import { raw, sql } from '../src/kernel/sql.ts'
import { idSpots, sampleInput, withId } from './sample.ts'
import { openTenant, type Tenant } from './tenant.ts'
import { openWorld, type TestPerson, type World } from './world.ts'

/**
 * Every act × every place of its input that takes an id × everybody who is not of that shop: an id of another shop is answered like one
 * that does not exist, to the last letter. What is public by design stands in the list below with its reason.
 */
const folder = join(import.meta.dirname, '../../contract/src')
const lists = await Promise.all(
  readdirSync(folder)
    .filter((f) => f.endsWith('.ts') && !f.endsWith('.test.ts'))
    .map(async (f) => ((await import(join(folder, f))) as { acts?: readonly Act[] }).acts ?? []),
)
const probes = lists.flat().flatMap((act) => idSpots(act).map((spot) => ({ act, spot, name: `${act.name} ${spot.path}` })))

type Probe = (typeof probes)[number]

const shown = 'what is published is for everybody to see'
const bought = 'what is published is for everybody to buy'
const people = 'people belong to the platform: their public page and their name beside what they say name them'
/** Of a running shop: act and place -> why anybody may. */
const publicByDesign: Readonly<Record<string, string>> = {
  'productPage productId': shown,
  'relateProduct related.0.otherId': 'a product may be compared with any that is published',
  'showPage showId': shown,
  'shelf showId': shown,
  'chapters showId': shown,
  'chatGlimpse showId': shown,
  'sendChat showId': 'whoever watches may speak',
  'embedGuest showId': shown,
  'watchShow showId': shown,
  'remindMe showId': 'whoever sees that it comes may be reminded',
  'reserveLot lotId': bought,
  'priceHistory variantId': shown,
  'setCartLine variantId': bought,
  'quote items.0.variantId': bought,
  'placeOrder items.0.variantId': bought,
  'availability variantIds.0': bought,
}
/** Also of what a shop keeps to itself. */
const teamLink =
  'who opens the link of a team is told that it is a team\u2019s show, so that who belongs to it signs in; nothing of the show'
const alwaysPublic: Readonly<Record<string, string>> = {
  'findProducts shopId': shown,
  'storefront shopId': shown,
  'deliveryMethods shopId': bought,
  'giveRole personId': people,
  'giveShowRole personId': people,
  'createShow hostIds.0': people,
  'followHost hostId': people,
  'mutePerson personId': people,
  'banPerson personId': people,
  'hostPage hostId': people,
  'showPage showId': teamLink,
  'shelf showId': teamLink,
  'chapters showId': teamLink,
  'chatGlimpse showId': teamLink,
  'sendChat showId': teamLink,
  'watchShow showId': teamLink,
  'embedGuest showId': teamLink,
}

let world: World
let theirs: Tenant
let own: Tenant
let callers: Record<string, TestPerson | null>
let secrets: Set<string>
let before = ''

beforeAll(async () => {
  world = await openWorld()
  theirs = await openTenant(world)
  own = await openTenant(world)
  const { owner, host, buyer, open, closed } = theirs
  secrets = new Set([...Object.values(open), ...Object.values(closed), owner.id, host.id, buyer.id])
  callers = {
    'owner of another shop': own.owner,
    'host of another shop': own.host,
    'buyer of another shop': own.buyer,
    guest: await world.person(),
    nobody: null,
  }
  before = await holdings()
})
afterAll(() => world[Symbol.asyncDispose]())

async function ask(act: Act, person: TestPerson | null, input: Record<string, unknown>): Promise<string> {
  checkInput(act, input)
  world.clock.advance(60_000)
  const answer = await world.call(person, act, input)
  return JSON.stringify(answer)
}

/** The id that was asked for, ids and instants that are new, and counters say nothing of the other shop; its own ids would stay. */
const plain = (answer: string, id: string) =>
  answer
    .replaceAll(id, 'the id')
    .replaceAll(/\b[a-z]{3}_[0-9a-z]{26}\b/g, (found) => (secrets.has(found) ? found : 'an id'))
    .replaceAll(/\b17\d{11}\b/g, 'an instant')
    .replaceAll(/"(number|position|Q-\w+)":\d+/g, 'a counter')
    .replaceAll(/Q-[0-9A-Z]{10}/g, 'a new SKU')

/** What differs, by what was asked for: nothing, or what is public by design. */
async function differences({ act, spot }: Probe): Promise<{ closed: string[]; open: string[] }> {
  const wrong = { closed: [] as string[], open: [] as string[] }
  const missing = world.kernel.ids.make(spot.kind)
  const input = sampleInput(act, (kind) => own.open[kind] as string, spot.path)
  for (const [who, person] of Object.entries(callers)) {
    const answer = async (id: string) => plain(await ask(act, person, withId(input, spot.path, id)), id)
    const unknown = await answer(missing)
    for (const state of ['closed', 'open'] as const) {
      const said = await answer(theirs[state][spot.kind] as string)
      if (said !== unknown) wrong[state].push(`${who}: ${said.slice(0, 200)} instead of ${unknown.slice(0, 200)}`)
    }
  }
  return wrong
}

/** All rows of the other shop, where a stranger may write nothing: only a buyer whose card is declined holds units for a moment. */
async function holdings(): Promise<string> {
  const tables = await world.ctx.rows<{ name: string }>(
    sql`select format('%I.%I', table_schema, table_name) as name from information_schema.columns where column_name = 'shop_id' and table_schema <> 'information_schema' and table_schema || '.' || table_name not in ('stock.reservation', 'stock.allotment') order by 1`,
  )
  const kept: string[] = []
  for (const { name } of tables) {
    const rows = await world.ctx.rows<{ row: string }>(
      sql`select t::text as row from ${raw(name)} t where shop_id = ${theirs.open.shop} order by 1`,
    )
    kept.push(`${name}\n${rows.map((r) => r.row).join('\n')}`)
  }
  return kept.join('\n')
}

test('the other shop has one of everything that an act can name', () => {
  const kinds = new Set(probes.map((p) => p.spot.kind))
  for (const kind of kinds)
    expect([kind, typeof theirs.open[kind], typeof theirs.closed[kind]]).toEqual([kind, 'string', 'string'])
})

const used = new Set<string>()
describe.each(probes.map((p) => [p.name, p] as const))('%s', (name, probe) => {
  test('answers for another shop as for nothing', async () => {
    const { closed, open } = await differences(probe)
    if (closed.length > 0 && alwaysPublic[name]) used.add(name)
    else expect(closed, 'of what the shop keeps to itself').toEqual([])
    if (open.length > 0 && (publicByDesign[name] ?? alwaysPublic[name])) used.add(name)
    else expect(open, 'of what the shop shows').toEqual([])
  })
})

test('nothing of the other shop has changed, and nothing is called public that is not', async () => {
  expect(await holdings()).toBe(before)
  expect([...Object.keys(publicByDesign), ...Object.keys(alwaysPublic)].filter((name) => !used.has(name))).toEqual([])
})
