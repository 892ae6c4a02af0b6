import type { Act, In, Out } from '@efir/contract/act.ts'
import * as o from '@efir/contract/orders.ts'
import { answerTestChallenge, testCards } from '@efir/contract/payments.ts'
import { sql } from '../server/src/kernel/sql.ts'
import { addresses, openShelf, type Shelf } from '../server/src/modules/orders/testing.ts'
import { allot, returnAllotment } from '../server/src/modules/stock/verbs/allotments.ts'
import { receiveStock } from '../server/src/modules/stock/verbs/goods.ts'
import type { TestPerson, World } from '../server/test/world.ts'
import { type Random, seeded } from './random.ts'
import { acceptedRefusals } from './refusals.ts'

/** One shop, a few lots, a handful of buyers, and whatever chance makes of them. */
export interface Story {
  readonly world: World
  readonly random: Random
  readonly shelf: Shelf
  readonly buyers: readonly TestPerson[]
  readonly quotas: string[]
  readonly held: { personIndex: number; reservationId: string; quantity: number }[]
  readonly checkouts: { buyer: TestPerson; value: Out<typeof o.placeOrder> }[]
  readonly said: string[]
  keys: number
}

export async function openStory(world: World, seed: number): Promise<Story> {
  const random = seeded(seed)
  const shelf = await openShelf(world, { units: 5 + random.below(20), settings: random.chance(0.2) ? { payFirst: true } : {} })
  const buyers: TestPerson[] = []
  for (let i = 0; i < 4; i++) buyers.push(await world.person())
  return { world, random, shelf, buyers, quotas: [], held: [], checkouts: [], said: [], keys: 0 }
}

type Step = (story: Story) => Promise<unknown>

/** Calls an act; a refusal that the act may give is part of life, anything else is a defect. */
async function life<A extends Act>(story: Story, person: TestPerson | null, act: A, input: In<A>): Promise<Out<A> | null> {
  const answer = await story.world.call(person, act, input)
  story.said.push(`${act.name} → ${answer.ok ? 'ok' : answer.refusal}`)
  if (answer.ok) return answer.value
  if (acceptedRefusals.has(answer.refusal) || (act.refusals as readonly string[]).includes(answer.refusal)) return null
  throw new Error(`${act.name} refused with ${answer.refusal}, which it does not declare`)
}

/** Half of the cards just pay. */
const cardOf = (random: Random): string => (random.chance(0.5) ? 'tok_test_success' : random.pick(testCards).token)

const newKey = (story: Story): string => `sim-${story.shelf.shopId.slice(-8)}-${++story.keys}`

const openQuota: Step = async (story) => {
  const { random, shelf, world } = story
  const quantity = 1 + random.below(6)
  const made = await world
    .tx((tx) =>
      allot(tx, {
        variantId: shelf.variantId,
        quantity,
        use: 'lot',
        useId: world.kernel.ids.make('lot'),
        perBuyer: 1 + random.below(3),
      }),
    )
    .catch((problem: { code?: string }) => {
      if (problem.code === 'stock_short') return null
      throw problem
    })
  if (made) story.quotas.push(made.id)
}

const closeQuota: Step = async (story) => {
  const id = story.quotas.shift()
  if (id) await story.world.tx((tx) => returnAllotment(tx, id))
}

const reserve: Step = async (story) => {
  const { random, shelf } = story
  const personIndex = random.below(story.buyers.length)
  const person = story.buyers[personIndex] as TestPerson
  const allotmentId = story.quotas.length && random.chance(0.8) ? random.pick(story.quotas) : shelf.shelfId
  const quantity = 1 + random.below(3)
  const askOnce = {
    allotmentId,
    personId: person.id,
    quantity,
    key: newKey(story),
    holdMs: 60_000 + random.below(300_000),
    price: { amount: 1990, currency: 'EUR' },
    source: 'deal' as const,
  }
  const first = await story.world.app.desk.reserve(askOnce)
  story.said.push(`reserve ${quantity} → ${first.outcome}`)
  if (random.chance(0.3)) {
    const again = await story.world.app.desk.reserve(askOnce)
    if (first.outcome === 'granted' && (again.outcome !== 'granted' || again.reservationId !== first.reservationId))
      throw new Error('the same key gave another answer')
  }
  if (first.outcome === 'granted') story.held.push({ personIndex, reservationId: first.reservationId, quantity })
}

/** A crowd in one instant: they share batches. */
const rush: Step = async (story) => {
  await Promise.all(Array.from({ length: 2 + story.random.below(6) }, () => reserve(story)))
}

const place: Step = async (story) => {
  const { random, shelf } = story
  const one = story.held.length && random.chance(0.8) ? story.held.splice(random.below(story.held.length), 1)[0] : undefined
  const buyer = one ? (story.buyers[one.personIndex] as TestPerson) : random.pick(story.buyers)
  const items: In<typeof o.quote>['items'] = [
    one ? { reservationId: one.reservationId } : { variantId: shelf.variantId, quantity: 1 + random.below(2) },
  ]
  const delivery = [{ shopId: shelf.shopId, methodId: shelf.methodId }]
  const address = addresses[shelf.market]
  const quoted = await life(story, buyer, o.quote, { market: shelf.market, items, country: address.country, delivery, address })
  if (!quoted) return
  const key = newKey(story)
  const input: In<typeof o.placeOrder> = {
    key,
    market: shelf.market,
    items,
    email: `${buyer.id}@sim.example`,
    address,
    delivery,
    payment: { method: 'card', token: cardOf(random) },
    total: quoted.total,
  }
  const value = await life(story, buyer, o.placeOrder, input)
  if (random.chance(0.3)) {
    const again = await life(story, buyer, o.placeOrder, input)
    if (value && again && again.id !== value.id) throw new Error('the same key placed a second order')
  }
  if (value) story.checkouts.push({ buyer, value })
}

const goOn: Step = async (story) => {
  if (story.checkouts.length === 0) return
  const { buyer, value } = story.random.pick(story.checkouts)
  const now = await life(story, buyer, o.checkout, { checkoutId: value.id })
  if (now?.state === 'needs_action' && now.payment) {
    await life(story, buyer, answerTestChallenge, { paymentId: now.payment.id, approve: story.random.chance(0.7) } as never)
    await life(story, buyer, o.confirmPayment, { checkoutId: value.id })
  }
  if (now?.state === 'declined') await life(story, buyer, o.payAgain, { checkoutId: value.id, token: cardOf(story.random) })
}

const cancel: Step = async (story) => {
  if (story.checkouts.length === 0) return
  const { buyer, value } = story.random.pick(story.checkouts)
  const orderId = value.orders[0]?.id
  if (!orderId) return
  if (story.random.chance(0.5)) await life(story, buyer, o.cancelOrder, { orderId })
  else await life(story, story.shelf.owner, o.cancelShopOrder, { shopId: story.shelf.shopId, orderId })
}

const fulfil: Step = async (story) => {
  if (story.checkouts.length === 0) return
  const orderId = story.random.pick(story.checkouts).value.orders[0]?.id
  if (!orderId) return
  const { shelf } = story
  const order = await life(story, shelf.owner, o.shopOrder, { shopId: shelf.shopId, orderId })
  const parcelId = order?.parcel.id
  if (!parcelId) return
  const act = story.random.pick([o.packParcel, o.shipParcel, o.deliverParcel] as const)
  await life(
    story,
    shelf.owner,
    act as typeof o.packParcel,
    { shopId: shelf.shopId, parcelId, ...(act.name === 'shipParcel' ? { carrier: 'Post', tracking: 'X1' } : {}) } as never,
  )
}

const restock: Step = (story) =>
  story.world.tx((tx) => receiveStock(tx, { variantId: story.shelf.variantId, quantity: 1 + story.random.below(5) }))
const wait: Step = (story) => story.world.advance(story.random.pick([500, 5_000, 61_000, 400_000]))
const settle: Step = (story) => story.world.settle()

const steps: readonly (readonly [number, Step])[] = [
  [2, openQuota],
  [1, closeQuota],
  [6, reserve],
  [2, rush],
  [7, place],
  [4, goOn],
  [2, cancel],
  [3, fulfil],
  [1, restock],
  [3, wait],
  [3, settle],
]
const weights = steps.reduce((sum, [weight]) => sum + weight, 0)

export async function nextStep(story: Story): Promise<void> {
  let at = story.random.below(weights)
  for (const [weight, step] of steps) {
    at -= weight
    if (at < 0) return void (await step(story))
  }
}

/** What must hold after every step, whatever happened. */
export async function invariants(story: Story): Promise<string[]> {
  const { db } = story.world.kernel
  const { variantId, shopId } = story.shelf
  const wrong = await db.rows<{ wrong: string }>(
    sql`select 'stock below zero' as wrong from stock.level where variant_id = ${variantId} and (on_hand < 0 or allotted < 0 or allotted > on_hand)
        union all select 'quota below zero' from stock.allotment where variant_id = ${variantId} and left_units < 0
        union all select 'ledger of ' || currency || ' sums to ' || sum(amount) from ledger.entry group by currency having sum(amount) <> 0
        union all select 'a reservation in two paid orders: ' || l.reservation_id from orders.line l join orders.order o on o.id = l.order_id
          where o.shop_id = ${shopId} and l.reservation_id is not null and o.paid_at is not null and o.cancelled_at is null group by l.reservation_id having count(*) > 1`,
  )
  return wrong.map((w) => w.wrong)
}
