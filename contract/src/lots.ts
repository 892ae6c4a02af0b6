import { Type } from 'typebox'
import { act, Done, Obj } from './act.ts'
import { MoneySchema, PriceSchema } from './money.ts'
import { Id, IdempotencyKey, LocalText, Millis, Quantity, ShortText } from './scalars.ts'

export const DealState = Type.Enum(['draft', 'armed', 'counting', 'open', 'sold_out', 'expired', 'revoked'])
/** Who may buy: everybody · who has watched for a while · of those, by a draw among the first. */
export const LotGuard = Type.Enum(['open', 'watching', 'draw'])
export const ReferenceBasis = Type.Enum(['lowest_30_days', 'makers_price', 'usual_price'])

/** What everybody may see of a lot; the room's `lot:<id>` carries the same. */
export const LotCard = Obj({
  id: Id('lot'),
  showId: Id('show'),
  shopId: Id('shop'),
  /** Whose goods: a show may sell for several shops. */
  shopName: Type.String(),
  /** Shown on the card: lot 7. */
  number: Type.Integer({ minimum: 1 }),
  productId: Type.Optional(Id('product')),
  title: LocalText,
  picture: Type.Optional(Type.String({ description: 'base address, see pictures.ts' })),
  rating: Type.Optional(Obj({ average: Type.Number(), count: Type.Integer() })),
  /** The variants that may be bought; the first is shown. One reserveLot names one of them. */
  variants: Type.Array(Obj({ variantId: Id('variant'), options: Type.Record(Type.String(), Type.String()) })),
  price: PriceSchema,
  reference: Type.Optional(Obj({ price: PriceSchema, basis: ReferenceBasis })),
  state: DealState,
  /** Raised by each change of the deal; a tap says which one it saw. */
  dealVersion: Type.Integer(),
  opensAt: Type.Optional(Millis),
  closesAt: Type.Optional(Millis),
  perBuyer: Type.Integer(),
  quota: Type.Integer(),
  left: Type.Integer(),
  /** Reserved and not paid yet: these may come back. */
  paying: Type.Integer(),
  payFirst: Type.Boolean(),
  guard: LotGuard,
  /** Sold elsewhere: a tracked address, no promise of stock. */
  link: Type.Optional(Obj({ url: Type.String(), seller: Type.String() })),
})

export const Pin = Obj({
  lotId: Id('lot'),
  slot: Type.Enum(['primary', 'second', 'third']),
  startAt: Millis,
  endAt: Type.Optional(Millis),
})

/** The same with what only the team sees. */
export const DeskLot = Obj({
  ...LotCard.properties,
  position: Type.Integer(),
  sold: Type.Integer(),
  /** Units that the shop could still add to the quota. */
  stockFree: Type.Integer(),
  clicks: Type.Integer(),
  windowMs: Type.Optional(Type.Integer()),
  pinned: Type.Optional(Type.Enum(['primary', 'second', 'third'])),
  takings: MoneySchema,
})

const team = ['show:host', 'shop:owner', 'shop:manager'] as const
const terms = {
  price: PriceSchema,
  reference: Type.Optional(Obj({ price: PriceSchema, basis: ReferenceBasis })),
  quota: Type.Integer({ minimum: 1, maximum: 1_000_000 }),
  perBuyer: Type.Optional(Type.Integer({ minimum: 1, maximum: 100 })),
  /** How long it stays open; open until closed by hand when absent. */
  windowMs: Type.Optional(Type.Integer({ minimum: 5_000, maximum: 86_400_000 })),
  guard: Type.Optional(LotGuard),
}
const byLot = Obj({ lotId: Id('lot') })
/** Program date-time of the picture at which the host acted, epoch ms; now when absent. */
const pdtMs = Type.Optional(Millis)

export const createLot = act({
  name: 'createLot',
  method: 'POST',
  path: '/shows/:showId/lots',
  who: team,
  summary: 'A lot of one product: its variants share the quota, each draws on its own stock.',
  input: Obj({ showId: Id('show'), variantIds: Type.Array(Id('variant'), { minItems: 1, maxItems: 50 }), ...terms }),
  output: DeskLot,
  refusals: ['currency_unknown', 'stock_short'],
})
export const createLinkLot = act({
  name: 'createLinkLot',
  method: 'POST',
  path: '/shows/:showId/link-lots',
  who: team,
  summary: 'A lot that is sold elsewhere.',
  input: Obj({
    showId: Id('show'),
    title: LocalText,
    price: PriceSchema,
    url: Type.String({ maxLength: 2000, pattern: '^https://' }),
    seller: ShortText(80),
    pictureId: Type.Optional(Id('picture')),
  }),
  output: DeskLot,
})
export const quickLot = act({
  name: 'quickLot',
  method: 'POST',
  path: '/shows/:showId/quick-lots',
  who: team,
  summary: 'Photo, price, quantity: a product and its lot at once.',
  input: Obj({
    showId: Id('show'),
    title: ShortText(120),
    price: PriceSchema,
    quantity: Type.Integer({ minimum: 1, maximum: 100_000 }),
    pictureId: Type.Optional(Id('picture')),
    perBuyer: Type.Optional(Type.Integer({ minimum: 1, maximum: 100 })),
  }),
  output: DeskLot,
})
export const changeLot = act({
  name: 'changeLot',
  method: 'PATCH',
  path: '/lots/:lotId',
  who: team,
  summary: 'Change the terms; of an open lot only the quota and the window may change. A window of null ends by hand.',
  input: Obj({
    lotId: Id('lot'),
    price: Type.Optional(PriceSchema),
    reference: Type.Optional(Type.Union([terms.reference, Type.Null()])),
    quota: Type.Optional(terms.quota),
    perBuyer: terms.perBuyer,
    windowMs: Type.Optional(Type.Union([Type.Integer({ minimum: 5_000, maximum: 86_400_000 }), Type.Null()])),
    position: Type.Optional(Type.Integer({ minimum: 0, maximum: 10_000 })),
    guard: terms.guard,
  }),
  output: DeskLot,
  refusals: ['lot_state', 'stock_short'],
})
export const pinLot = act({
  name: 'pinLot',
  method: 'POST',
  path: '/lots/:lotId/pin',
  who: ['show:host', 'show:moderator', 'shop:owner', 'shop:manager'],
  summary: 'Show the lot on every screen; up to three, one primary.',
  input: Obj({ lotId: Id('lot'), slot: Type.Optional(Type.Enum(['primary', 'second', 'third'])), pdtMs }),
  output: DeskLot,
  refusals: ['too_many_pins', 'show_state'],
})
export const unpinLot = act({
  name: 'unpinLot',
  method: 'POST',
  path: '/lots/:lotId/unpin',
  who: ['show:host', 'show:moderator', 'shop:owner', 'shop:manager'],
  summary: 'Take the lot off the screens.',
  input: Obj({ lotId: Id('lot'), pdtMs }),
  output: DeskLot,
})
export const openLot = act({
  name: 'openLot',
  method: 'POST',
  path: '/lots/:lotId/open',
  who: team,
  summary: "Open the buying window for all at one instant, after a countdown that is not shorter than the room's delay.",
  input: Obj({ lotId: Id('lot'), countdownMs: Type.Optional(Type.Integer({ minimum: 0, maximum: 600_000 })), pdtMs }),
  output: DeskLot,
  refusals: ['lot_state', 'show_state', 'stock_short'],
})
export const armLot = act({
  name: 'armLot',
  method: 'POST',
  path: '/lots/:lotId/arm',
  who: team,
  summary: 'Set the units aside before the opening, so that nothing else can sell them.',
  input: byLot,
  output: DeskLot,
  refusals: ['lot_state', 'stock_short'],
})
export const revokeLot = act({
  name: 'revokeLot',
  method: 'POST',
  path: '/lots/:lotId/revoke',
  who: team,
  summary: 'End the deal at once, without grace. What is reserved stays with its buyers.',
  input: byLot,
  output: DeskLot,
  refusals: ['lot_state'],
})
export const removeLot = act({
  name: 'removeLot',
  method: 'DELETE',
  path: '/lots/:lotId',
  who: team,
  summary: 'Take a lot off the shelf; not while it is open.',
  input: byLot,
  output: Done,
  refusals: ['lot_state'],
})
export const closeLot = act({
  name: 'closeLot',
  method: 'POST',
  path: '/lots/:lotId/close',
  who: team,
  summary: 'Close now; what is unsold returns to stock.',
  input: Obj({ lotId: Id('lot'), pdtMs }),
  output: DeskLot,
  refusals: ['lot_state'],
})
export const lotBoard = act({
  name: 'lotBoard',
  method: 'GET',
  path: '/shows/:showId/lots',
  who: ['show:host', 'show:moderator', 'shop:owner', 'shop:manager', 'shop:fulfilment'],
  summary: "The show's lots as its team sees them.",
  input: Obj({ showId: Id('show') }),
  output: Obj({
    lots: Type.Array(DeskLot),
    countdownMinMs: Type.Integer({ description: 'shortest countdown now' }),
    now: Millis,
  }),
})
export const shelf = act({
  name: 'shelf',
  method: 'GET',
  path: '/shows/:showId/shelf',
  who: ['public'],
  summary: 'The lots of a show and its pins in video time; also for the replay.',
  input: Obj({ showId: Id('show') }),
  output: Obj({ lots: Type.Array(LotCard), pins: Type.Array(Pin), now: Millis }),
  refusals: ['show_not_public'],
})
export const chapters = act({
  name: 'chapters',
  method: 'GET',
  path: '/shows/:showId/chapters',
  who: ['public'],
  summary: 'Chapters of the replay, from the pins.',
  input: Obj({ showId: Id('show') }),
  output: Obj({
    chapters: Type.Array(
      Obj({
        title: LocalText,
        lotId: Id('lot'),
        startAt: Millis,
        endAt: Type.Optional(Millis),
        offsetMs: Type.Integer({ minimum: 0 }),
      }),
    ),
  }),
  refusals: ['show_not_public'],
})

export const MyReservation = Obj({
  id: Id('reservation'),
  lotId: Type.Optional(Id('lot')),
  variantId: Id('variant'),
  quantity: Type.Integer(),
  price: PriceSchema,
  takenAt: Millis,
  /** Pay before this instant. */
  expiresAt: Millis,
  state: Type.Enum(['held', 'committed', 'paid', 'released', 'expired']),
})
/** One answer for each: yours until when · sold out · limit · closed · try again in (see the refusals). */
export const reserveLot = act({
  name: 'reserveLot',
  method: 'POST',
  path: '/lots/:lotId/reserve',
  who: ['known'],
  summary: 'Units of a lot for me for a while, at the price I saw.',
  input: Obj({
    lotId: Id('lot'),
    variantId: Type.Optional(Id('variant')),
    quantity: Quantity,
    key: IdempotencyKey,
    seenVersion: Type.Optional(Type.Integer()),
    delayMs: Type.Optional(Type.Integer({ minimum: 0, maximum: 600_000, description: "how late this viewer's picture is" })),
    ticket: Type.Optional(Type.String({ maxLength: 1_024, description: 'of watchShow; needed where the lot is guarded' })),
    proof: Type.Optional(
      Type.String({ maxLength: 2_048, description: 'answer to the challenge; needed where the lot is drawn' }),
    ),
  }),
  output: Obj({
    reservation: Type.Union([MyReservation, Type.Null()]),
    payFirst: Type.Boolean(),
    lotId: Id('lot'),
    variantId: Id('variant'),
    quantity: Type.Integer(),
    price: PriceSchema,
    /** Pay first: hand it to placeOrder as the item's offer; nothing is reserved yet. */
    offer: Type.Optional(Type.String()),
  }),
  refusals: [
    'lot_not_open',
    'lot_closed',
    'lot_sold_out',
    'lot_limit_reached',
    'lot_elsewhere',
    'price_changed',
    'watch_first',
    'proof_wrong',
  ],
})
/** A lot may be kept for those who watch: the ticket says since when. */
export const watchShow = act({
  name: 'watchShow',
  method: 'POST',
  path: '/shows/:showId/watching',
  who: ['known'],
  summary: 'A ticket of somebody who watches; renewed while they do.',
  input: Obj({ showId: Id('show'), ticket: Type.Optional(Type.String({ maxLength: 1_024 })) }),
  output: Obj({
    ticket: Type.String(),
    mayBuyAt: Millis,
    renewInMs: Type.Integer(),
    /** How a drawn lot tells people from programs; `puzzle`: see puzzle.ts, `bits` leading zero bits. */
    challenge: Obj({ kind: Type.String(), bits: Type.Optional(Type.Integer()) }),
  }),
  refusals: ['show_not_public'],
})
export const releaseMyReservation = act({
  name: 'releaseMyReservation',
  method: 'DELETE',
  path: '/reservations/:reservationId',
  who: ['known'],
  summary: 'Give my units back.',
  input: Obj({ reservationId: Id('reservation') }),
  output: Done,
})
/** What I have of one lot. */
export const MyLot = Obj({
  lotId: Id('lot'),
  /** Counted against the limit for each buyer in the present opening: held, being paid and paid. */
  units: Type.Integer(),
  /** My newest order of it that was not cancelled. */
  order: Type.Optional(
    Obj({
      id: Id('order'),
      number: Type.String(),
      quantity: Type.Integer(),
      placedAt: Millis,
      paid: Type.Boolean(),
      /** Neither paid nor to be paid at the door: its bank has not answered, or another card may be tried. */
      open: Type.Boolean(),
    }),
  ),
})
export const myReservations = act({
  name: 'myReservations',
  method: 'GET',
  path: '/me/reservations',
  who: ['known'],
  summary: 'What is held for me now; of a show also what I have bought there.',
  input: Obj({ showId: Type.Optional(Id('show')) }),
  output: Obj({ reservations: Type.Array(MyReservation), lots: Type.Array(MyLot), now: Millis }),
})
export const followLink = act({
  name: 'followLink',
  method: 'POST',
  path: '/lots/:lotId/follow-link',
  who: ['public'],
  summary: 'Count a click and answer where to go.',
  input: byLot,
  output: Obj({ url: Type.String() }),
})

export const acts = [
  createLot,
  createLinkLot,
  quickLot,
  changeLot,
  pinLot,
  unpinLot,
  armLot,
  openLot,
  closeLot,
  revokeLot,
  removeLot,
  lotBoard,
  shelf,
  chapters,
  reserveLot,
  watchShow,
  releaseMyReservation,
  myReservations,
  followLink,
]
