import type { In } from '@efir/contract/act.ts'
import * as o from '@efir/contract/orders.ts'
import { answerTestChallenge, testCards } from '@efir/contract/payments.ts'
import { addresses } from '../server/src/modules/orders/testing.ts'
import type { Random } from './random.ts'
import { life, maybeTwice, newKey, type Step, type Steps } from './story.ts'

/** Half of the cards just pay. */
const cardOf = (random: Random): string => (random.chance(0.5) ? 'tok_test_success' : random.pick(testCards).token)

const place: Step = async (story) => {
  const { random, shelf } = story
  const one = story.held.length && random.chance(0.8) ? story.held.splice(random.below(story.held.length), 1)[0] : undefined
  const buyer = one?.buyer ?? random.pick(story.buyers)
  const items: In<typeof o.quote>['items'] = [
    one?.reservationId
      ? { reservationId: one.reservationId }
      : one?.offer
        ? { offer: one.offer }
        : { variantId: random.pick(story.variantIds), quantity: 1 + random.below(2) },
  ]
  const delivery = [{ shopId: shelf.shopId, methodId: shelf.methodId }]
  const address = addresses[shelf.market]
  const quoted = await life(story, buyer, o.quote, { market: shelf.market, items, country: address.country, delivery, address })
  if (!quoted) return
  const input: In<typeof o.placeOrder> = {
    key: newKey(story),
    market: shelf.market,
    items,
    email: `${buyer.id}@sim.example`,
    address,
    delivery,
    payment: { method: 'card', token: cardOf(random) },
    total: quoted.total,
  }
  const [value, other] = await maybeTwice(story, buyer, o.placeOrder, input)
  const again = random.chance(0.3) ? await life(story, buyer, o.placeOrder, input) : null
  const ids = new Set([value, other, again].flatMap((v) => (v ? [v.id] : [])))
  if (ids.size > 1) throw new Error('the same key placed a second order')
  const placed = value ?? other ?? again
  if (placed) story.checkouts.push({ buyer, id: placed.id, orderId: placed.orders[0]?.id })
}

const goOn: Step = async (story) => {
  if (story.checkouts.length === 0) return
  const { random } = story
  const { buyer, id } = random.pick(story.checkouts)
  const now = await life(story, buyer, o.checkout, { checkoutId: id })
  if (now?.state === 'needs_action' && now.payment) {
    const answer = { paymentId: now.payment.id, approve: random.chance(0.7) }
    await maybeTwice(story, buyer, answerTestChallenge, answer as never)
    await maybeTwice(story, buyer, o.confirmPayment, { checkoutId: id })
  }
  if (now?.state === 'declined') await maybeTwice(story, buyer, o.payAgain, { checkoutId: id, token: cardOf(random) })
}

const cancel: Step = async (story) => {
  if (story.checkouts.length === 0) return
  const { buyer, orderId } = story.random.pick(story.checkouts)
  if (!orderId) return
  const { shopId, owner } = story.shelf
  if (story.random.chance(0.5)) await maybeTwice(story, buyer, o.cancelOrder, { orderId })
  else await maybeTwice(story, owner, o.cancelShopOrder, { shopId, orderId })
}

const fulfil: Step = async (story) => {
  if (story.checkouts.length === 0) return
  const { orderId } = story.random.pick(story.checkouts)
  if (!orderId) return
  const { shopId, owner } = story.shelf
  const order = await life(story, owner, o.shopOrder, { shopId, orderId })
  const parcelId = order?.parcel.id
  if (!parcelId) return
  const act = story.random.pick([o.packParcel, o.shipParcel, o.deliverParcel] as const)
  const with_ = act.name === 'shipParcel' ? { carrier: 'Post', tracking: 'X1' } : {}
  await maybeTwice(story, owner, act as typeof o.packParcel, { shopId, parcelId, ...with_ } as never)
}

export const buyingSteps: Steps = [
  [7, 'buy', place],
  [4, 'go on paying', goOn],
  [2, 'cancel', cancel],
  [3, 'fulfil', fulfil],
]
