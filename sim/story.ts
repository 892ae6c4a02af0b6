import type { Act, In, Out } from '@efir/contract/act.ts'
import { createShow } from '@efir/contract/shows.ts'
import { at, sql } from '../server/src/kernel/sql.ts'
import { openShelf, price, type Shelf } from '../server/src/modules/orders/testing.ts'
import { stepShow } from '../server/src/modules/shows/verbs/life.ts'
import { receiveStock } from '../server/src/modules/stock/verbs/goods.ts'
import type { TestPerson, World } from '../server/test/world.ts'
import type { Chance } from './chance.ts'
import { type Random, seeded } from './random.ts'
import { acceptedRefusals } from './refusals.ts'

/** What a buyer's screen says of a lot. */
export interface SeenLot {
  readonly id: string
  /** Present and past, newest last: a late picture names an old one. */
  readonly versions: number[]
  readonly variantIds: readonly string[]
  opened: boolean
}

export interface Held {
  readonly buyer: TestPerson
  readonly reservationId?: string
  /** Of a shop that takes the money first. */
  readonly offer?: string
}

/** One shop, its show on air, some lots, a handful of buyers, and whatever chance makes of them. */
export interface Story {
  readonly world: World
  readonly seed: number
  readonly random: Random
  readonly chance: Chance
  readonly shelf: Shelf
  readonly variantIds: readonly string[]
  readonly buyers: readonly TestPerson[]
  readonly lots: SeenLot[]
  readonly held: Held[]
  readonly checkouts: { buyer: TestPerson; id: string; orderId: string | undefined }[]
  readonly said: string[]
  showId: string
  keys: number
}

export type Step = (story: Story) => Promise<unknown>
export type Steps = readonly (readonly [weight: number, name: string, step: Step])[]

export async function openStory(world: World, chance: Chance, seed: number): Promise<Story> {
  const random = seeded(seed)
  const shelf = await openShelf(world, { units: 5 + random.below(20), settings: random.chance(0.2) ? { payFirst: true } : {} })
  const variantIds = [shelf.variantId, ...(random.chance(0.5) ? [await secondVariant(world, shelf, random.below(12))] : [])]
  const buyers: TestPerson[] = []
  for (let i = 0; i < 4; i++) buyers.push(await world.person(i === 3 ? { kind: 'account' } : {}))
  const showId = await beginShow(world, shelf)
  const story: Story = {
    ...{ world, seed, random, chance, shelf, variantIds, buyers, showId },
    ...{ lots: [], held: [], checkouts: [], said: [], keys: 0 },
  }
  chance.begin(seed)
  return story
}

export async function beginShow(world: World, shelf: Shelf): Promise<string> {
  const show = await world.must(shelf.owner, createShow, { shopId: shelf.shopId, title: { en: 'A show' } })
  await world.tx((tx) => stepShow(tx, show.id, 'start'))
  return show.id
}

/** Another size of the same thing. */
async function secondVariant(world: World, shelf: Shelf, units: number): Promise<string> {
  const id = world.kernel.ids.make('variant')
  await world.kernel.db.run(
    sql`insert into catalog.variant (id, product_id, shop_id, sku, created_at)
        select ${id}, product_id, shop_id, ${id.slice(4)}, ${at(world.clock.now())} from catalog.variant where id = ${shelf.variantId}`,
  )
  await price(world, id, 2600, shelf.currency)
  if (units > 0) await world.tx((tx) => receiveStock(tx, { variantId: id, quantity: units }))
  return id
}

/** Calls an act; a refusal that the act may give is part of life, anything else is a defect. */
export async function life<A extends Act>(story: Story, person: TestPerson | null, act: A, input: In<A>): Promise<Out<A> | null> {
  const answer = await story.world.call(person, act, input)
  story.said.push(`${act.name} → ${answer.ok ? 'ok' : answer.refusal}`)
  if (answer.ok) return answer.value
  if (acceptedRefusals.has(answer.refusal) || (act.refusals as readonly string[]).includes(answer.refusal)) return null
  throw new Error(`${act.name} refused with ${answer.refusal} ${JSON.stringify(answer.params)}, which it does not declare`)
}

/** Sometimes a line is slow and the same request is under way twice. */
export async function maybeTwice<A extends Act>(
  story: Story,
  person: TestPerson,
  act: A,
  input: In<A>,
): Promise<[Out<A> | null, Out<A> | null]> {
  if (!story.random.chance(0.15)) {
    const value = await life(story, person, act, input)
    return [value, value]
  }
  story.said.push(`${act.name} twice at once:`)
  return await Promise.all([life(story, person, act, input), life(story, person, act, input)])
}

export const newKey = (story: Story): string => `sim-${story.shelf.shopId.slice(-8)}-${++story.keys}`
