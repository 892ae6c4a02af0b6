import { type TObject, Type } from 'typebox'
import { Obj } from './act.ts'
import { MoneySchema } from './money.ts'
import { Id, Millis } from './scalars.ts'

/** What a shop can be told of. Names and fields only grow; a change of meaning is a new version. */
export interface PublicEvent {
  readonly type: string
  readonly version: number
  readonly summary: string
  readonly data: TObject
}

const OrderData = {
  orderId: Id('order'),
  number: Type.String({ examples: ['K7MPQR4X'] }),
  showId: Type.Union([Id('show'), Type.Null()]),
  total: MoneySchema,
}
const Lines = Type.Array(Obj({ variantId: Id('variant'), quantity: Type.Integer({ minimum: 1 }) }))
const Parcel = { parcelId: Id('parcel') }
const ShowData = { showId: Id('show') }
const DealData = { showId: Id('show'), lotId: Id('lot') }
const PayoutData = { payoutId: Id('payout'), amount: MoneySchema }

const event = (type: string, summary: string, data: Parameters<typeof Obj>[0]): PublicEvent => ({
  type,
  version: 1,
  summary,
  data: Obj(data),
})

export const publicEvents = [
  event('order.placed', 'An order is placed; it may still wait for its money.', {
    ...OrderData,
    payOnDelivery: Type.Boolean(),
    lines: Lines,
  }),
  event('order.confirmed', 'The sale stands: paid, or promised at the door. Units have left the stock.', {
    ...OrderData,
    payOnDelivery: Type.Boolean(),
    lines: Lines,
  }),
  event('order.paid', 'The money has come.', { ...OrderData, lines: Lines }),
  event('order.cancelled', 'An order will not be sent.', { ...OrderData, reason: Type.String(), refunded: MoneySchema }),
  event('order.packed', 'The parcel of an order is closed.', { ...OrderData, ...Parcel }),
  event('order.shipped', 'The parcel is with the carrier.', {
    ...OrderData,
    ...Parcel,
    carrier: Type.String(),
    tracking: Type.String(),
  }),
  event('order.delivered', 'The parcel has arrived.', { ...OrderData, ...Parcel }),
  event('order.refunded', 'Money went back.', { ...OrderData, refunded: MoneySchema, whole: Type.Boolean() }),
  event('show.scheduled', 'A show has a time.', { ...ShowData, startsAt: Millis }),
  event('show.started', 'A show is on air.', ShowData),
  event('show.ended', 'A show is over.', ShowData),
  event('show.cancelled', 'A show is called off.', ShowData),
  event('deal.opened', 'A lot can be bought.', { ...DealData, opensAt: Millis, closesAt: Type.Union([Millis, Type.Null()]) }),
  event('deal.closed', 'A lot can no longer be bought.', { ...DealData, reason: Type.String() }),
  event('product.changed', 'A product has other texts, prices or variants.', { productId: Id('product') }),
  event('product.published', 'A product is in the shop.', { productId: Id('product') }),
  event('stock.level_changed', 'Units of a variant came or went.', {
    variantId: Id('variant'),
    onHand: Type.Integer(),
    allotted: Type.Integer(),
  }),
  event('payout.paid', 'Money was sent to the shop.', { ...PayoutData, reference: Type.String() }),
  event('payout.refused', 'A payout was refused.', { ...PayoutData, reason: Type.String() }),
  event('ping', 'Asked for in the office, to see that the endpoint answers.', {}),
] as const satisfies readonly PublicEvent[]

export const publicTypes: readonly string[] = publicEvents.map((one) => one.type).filter((type) => type !== 'ping')

/** The body of a webhook: the same for all events. */
export const envelopeOf = (one: PublicEvent) =>
  Obj({
    id: Id('dispatch'),
    type: Type.Literal(one.type),
    version: Type.Literal(one.version),
    shopId: Id('shop'),
    at: Millis,
    data: one.data,
  })
