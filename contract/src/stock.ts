import { Type } from 'typebox'
import { act, Obj, PageOf, pageInput } from './act.ts'
import { Id, LocalText, Millis, ShortText } from './scalars.ts'

const Units = Type.Integer({ minimum: 0, maximum: 1_000_000_000, description: 'units' })

export const StockLevel = Obj({
  variantId: Id('variant'),
  onHand: Units,
  /** Of these, set aside for lots and other uses. */
  allotted: Units,
  /** On the shelf and in nobody's basket. */
  free: Units,
  changedAt: Type.Union([Millis, Type.Null()]),
})

export const MovementCause = Type.Enum(['received', 'corrected', 'allotted', 'unallotted', 'sold', 'cancelled', 'returned'])
export const StockMovement = Obj({
  id: Id('movement'),
  cause: MovementCause,
  onHandDelta: Type.Integer(),
  allottedDelta: Type.Integer(),
  onHandAfter: Units,
  allottedAfter: Units,
  allotmentId: Type.Optional(Id('allotment')),
  reservationId: Type.Optional(Id('reservation')),
  /** Name of the person; absent when the product did it by itself. */
  by: Type.Optional(Type.String()),
  note: Type.String(),
  at: Millis,
})
export const StockQuota = Obj({
  allotmentId: Id('allotment'),
  use: Type.String({ description: 'what the units are set aside for: shelf, lot, ...' }),
  useId: Type.Union([Type.String(), Type.Null()]),
  quota: Units,
  left: Units,
  held: Units,
  committed: Units,
  paid: Units,
  open: Type.Boolean(),
})

const staff = ['shop:owner', 'shop:manager', 'shop:fulfilment'] as const
const ofVariant = { shopId: Id('shop'), variantId: Id('variant') }
const Count = Type.Integer({ minimum: 1, maximum: 1_000_000 })

export const receiveStock = act({
  name: 'receiveStock',
  method: 'POST',
  path: '/shops/:shopId/stock/:variantId/receive',
  who: staff,
  summary: 'New units came in.',
  input: Obj({ ...ofVariant, quantity: Count, note: Type.Optional(Type.String({ maxLength: 500 })) }),
  output: StockLevel,
})
export const correctStock = act({
  name: 'correctStock',
  method: 'POST',
  path: '/shops/:shopId/stock/:variantId/correct',
  who: staff,
  summary: 'Somebody counted: this many units are on hand. Units promised to buyers or to a lot cannot be counted away.',
  input: Obj({ ...ofVariant, onHand: Type.Integer({ minimum: 0, maximum: 1_000_000 }), note: ShortText(500) }),
  output: StockLevel,
  refusals: ['stock_short'],
})
export const stockOf = act({
  name: 'stockOf',
  method: 'GET',
  path: '/shops/:shopId/stock/:variantId',
  who: staff,
  summary: 'Stock of one variant with its quotas and its journal, newest first.',
  input: Obj({ ...ofVariant, ...pageInput }),
  output: Obj({ level: StockLevel, quotas: Type.Array(StockQuota), journal: PageOf(StockMovement) }),
})
export const stockList = act({
  name: 'stockList',
  method: 'GET',
  path: '/shops/:shopId/stock',
  who: staff,
  summary: 'Stock of all variants of a shop, by SKU.',
  input: Obj({ shopId: Id('shop'), ...pageInput }),
  output: PageOf(
    Obj({ ...StockLevel.properties, sku: Type.String(), title: LocalText, options: Type.Record(Type.String(), Type.String()) }),
  ),
})
export const availability = act({
  name: 'availability',
  method: 'GET',
  path: '/availability',
  who: ['public'],
  summary: 'What can be bought from the shelf now; more than 20 is said as 20.',
  input: Obj({ variantIds: Type.Array(Id('variant'), { minItems: 1, maxItems: 100 }) }),
  output: Obj({ variants: Type.Array(Obj({ variantId: Id('variant'), left: Type.Integer({ minimum: 0, maximum: 20 }) })) }),
})

export const acts = [receiveStock, correctStock, stockOf, stockList, availability]
