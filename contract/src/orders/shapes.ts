import { Type } from 'typebox'
import { Obj } from '../act.ts'
import { MoneySchema } from '../money.ts'
import { PayFormSchema, PaymentView, RefundView } from '../payments.ts'
import { BasisPoints, CountryCode, CurrencyCode, Id, LocaleSchema, LocalText, Millis, Quantity, ShortText } from '../scalars.ts'

export const orderStates = ['placed', 'paid', 'packed', 'shipped', 'delivered', 'cancelled', 'refunded'] as const
export type OrderState = (typeof orderStates)[number]
export const OrderStateSchema = Type.Enum(orderStates)
export const cancelReasons = ['buyer', 'shop', 'unpaid', 'sold_out', 'limit'] as const
export const deliveryKinds = ['courier', 'post', 'pickup'] as const
/** Letters and digits that are not taken for others when read out; 29 of them, so that the check letter finds every slip. */
export const orderNumberLetters = '23456789ABCDEFGHJKMNPQRTVWXYZ'
export const OrderNumber = Type.String({
  pattern: '^[2-9A-Za-z -]{8,12}$',
  description: 'as read out, such as K7MP-QR4X; case, spaces and the dash do not matter',
})

export const Market = Type.String({ pattern: '^[A-Z]{2,8}$' })
const Field = Type.Optional(Type.String({ maxLength: 200 }))

export const Address = Obj(
  {
    country: CountryCode,
    name: ShortText(100),
    phone: Type.String({ maxLength: 40 }),
    line1: Field,
    line2: Field,
    city: Field,
    region: Field,
    postcode: Field,
    pickup: Field,
  },
  'which fields are needed depends on the country: see addressForm',
)

export const CheckoutItem = Obj(
  {
    reservationId: Type.Optional(Id('reservation')),
    variantId: Type.Optional(Id('variant')),
    quantity: Type.Optional(Quantity),
    offer: Type.Optional(Type.String({ maxLength: 2000 })),
  },
  'one of: units already reserved (their quantity and price stand) · a variant with a quantity, at the price of the shop · an offer of a shop that takes the money first',
)
export const Items = Type.Array(CheckoutItem, { minItems: 1, maxItems: 50 })
export const DeliveryChoice = Obj({ shopId: Id('shop'), methodId: Id('delivery') })

export const LineSource = Obj({
  kind: Type.String({ description: 'shop, lot, ...' }),
  id: Type.Optional(Type.String()),
  showId: Type.Optional(Id('show')),
})

const goodsOf = {
  variantId: Id('variant'),
  productId: Id('product'),
  productSlug: Type.String(),
  title: LocalText,
  options: Type.Record(Type.String(), Type.String()),
  sku: Type.String(),
  picture: Type.Optional(Type.String({ description: 'base of pictureUrl()' })),
  quantity: Type.Integer({ minimum: 1 }),
  unitPrice: MoneySchema,
  total: MoneySchema,
  taxRate: BasisPoints,
  source: LineSource,
}

export const QuoteLine = Obj({ ...goodsOf, reservationId: Type.Optional(Id('reservation')), validUntilAt: Type.Optional(Millis) })

export const DeliveryOffer = Obj({
  methodId: Id('delivery'),
  kind: Type.Enum(deliveryKinds),
  name: LocalText,
  price: MoneySchema,
  daysMin: Type.Integer(),
  daysMax: Type.Integer(),
  joined: Type.Boolean({ description: 'goes into a parcel of this show whose delivery is paid already' }),
})

const totalsOf = {
  goods: MoneySchema,
  delivery: MoneySchema,
  tax: Obj({ ...MoneySchema.properties }, 'inside the total when taxIncluded, else added to goods and delivery to make it'),
  total: MoneySchema,
}

export const Quote = Obj({
  currency: CurrencyCode,
  taxIncluded: Type.Boolean(),
  shops: Type.Array(
    Obj({
      shopId: Id('shop'),
      name: Type.String(),
      slug: Type.String(),
      lines: Type.Array(QuoteLine),
      deliveries: Type.Array(DeliveryOffer),
      chosen: Type.Optional(Id('delivery')),
      ...totalsOf,
    }),
  ),
  ...totalsOf,
  methods: Type.Array(
    Obj({
      method: Type.String(),
      provider: Type.String(),
      atTheDoor: Type.Boolean(),
      form: PayFormSchema,
      account: Type.Optional(Id('payAccount')),
    }),
  ),
  texts: Obj({ payButton: Type.String(), returns: Type.String(), taxNote: Type.String() }, 'keys of words, by market'),
  /** The first reservation lapses then. */
  validUntilAt: Type.Optional(Millis),
})

export const Line = Obj({
  id: Id('line'),
  kind: Type.Enum(['goods', 'delivery', 'fee']),
  variantId: Type.Optional(Id('variant')),
  productId: Type.Optional(Id('product')),
  productSlug: Type.Optional(Type.String()),
  title: LocalText,
  options: Type.Record(Type.String(), Type.String()),
  sku: Type.String(),
  picture: Type.Optional(Type.String()),
  quantity: Type.Integer(),
  unitPrice: MoneySchema,
  total: MoneySchema,
  taxRate: BasisPoints,
  tax: MoneySchema,
  returned: Type.Integer({ description: 'units that came back' }),
  source: LineSource,
})

export const Parcel = Obj({
  id: Id('parcel'),
  state: Type.Enum(['open', 'packed', 'shipped', 'delivered', 'empty']),
  carrier: Type.String(),
  tracking: Type.String(),
  numbers: Type.Array(Type.String(), { description: 'numbers of all orders in it' }),
})

export const Order = Obj({
  id: Id('order'),
  number: Type.String(),
  checkoutId: Id('checkout'),
  state: OrderStateSchema,
  shop: Obj({ id: Id('shop'), name: Type.String(), slug: Type.String() }),
  taxIncluded: Type.Boolean(),
  ...totalsOf,
  refunded: MoneySchema,
  lines: Type.Array(Line),
  email: Type.String(),
  phone: Type.String(),
  address: Address,
  deliveryMethod: Obj({ methodId: Id('delivery'), kind: Type.Enum(deliveryKinds), name: LocalText }),
  parcel: Parcel,
  payOnDelivery: Type.Boolean(),
  payment: Type.Optional(PaymentView),
  payUntilAt: Type.Optional(Millis),
  refunds: Type.Array(RefundView),
  showId: Type.Optional(Id('show')),
  locale: LocaleSchema,
  placedAt: Millis,
  paidAt: Type.Optional(Millis),
  packedAt: Type.Optional(Millis),
  shippedAt: Type.Optional(Millis),
  deliveredAt: Type.Optional(Millis),
  cancelledAt: Type.Optional(Millis),
  cancelReason: Type.Optional(Type.Enum(cancelReasons)),
  canCancel: Type.Boolean(),
  canPayAgain: Type.Boolean(),
})

export const OrderBrief = Obj({
  id: Id('order'),
  number: Type.String(),
  state: OrderStateSchema,
  shopId: Id('shop'),
  shopName: Type.String(),
  buyer: Type.String(),
  total: MoneySchema,
  units: Type.Integer(),
  title: LocalText,
  picture: Type.Optional(Type.String()),
  payOnDelivery: Type.Boolean(),
  toPack: Type.Boolean({ description: 'paid, or promised at the door, and not packed yet' }),
  parcelId: Id('parcel'),
  country: CountryCode,
  showId: Type.Optional(Id('show')),
  placedAt: Millis,
})

export const checkoutStates = ['to_pay', 'needs_action', 'unknown', 'declined', 'paid', 'at_the_door', 'cancelled'] as const
export const Checkout = Obj({
  id: Id('checkout'),
  state: Type.Enum(checkoutStates, {
    description:
      'to_pay: call payAgain · needs_action: show payment.action, then confirmPayment · unknown: it is being found out, ask again in a while · declined: payAgain until payUntilAt · paid · at_the_door · cancelled',
  }),
  total: MoneySchema,
  payUntilAt: Millis,
  payment: Type.Optional(PaymentView),
  orders: Type.Array(OrderBrief),
})

const CartLine = Obj({
  id: Id('cart'),
  item: CheckoutItem,
  ...goodsOf,
  shopId: Id('shop'),
  shopName: Type.String(),
  validUntilAt: Type.Optional(Millis),
  left: Type.Integer({ description: 'units that can be had now' }),
})
export const Cart = Obj({
  market: Market,
  currency: CurrencyCode,
  lines: Type.Array(CartLine),
  goods: MoneySchema,
  gone: Type.Integer({ description: 'lines whose reservation lapsed; they are no longer here' }),
})

export const PackingParcel = Obj({
  ...Parcel.properties,
  openedAt: Millis,
  method: Obj({ kind: Type.Enum(deliveryKinds), name: LocalText }),
  address: Address,
  orders: Type.Array(
    Obj({
      id: Id('order'),
      number: Type.String(),
      state: OrderStateSchema,
      buyer: Type.String(),
      total: MoneySchema,
      payOnDelivery: Type.Boolean(),
      placedAt: Millis,
      lines: Type.Array(Line),
    }),
  ),
  toCollect: Type.Optional(Obj({ ...MoneySchema.properties }, 'cash to take at the door')),
})
const Prices = Type.Record(Type.String({ pattern: '^[A-Z]{3}$' }), Type.Integer({ minimum: 0, maximum: 1_000_000_000 }), {
  description: 'minor units by currency',
})
export const deliveryMethodFields = {
  kind: Type.Enum(deliveryKinds),
  name: LocalText,
  prices: Prices,
  freeFrom: Type.Optional(Prices),
  countries: Type.Array(CountryCode, { maxItems: 250, description: 'empty: everywhere' }),
  daysMin: Type.Integer({ minimum: 0, maximum: 365 }),
  daysMax: Type.Integer({ minimum: 0, maximum: 365 }),
  position: Type.Integer({ minimum: 0, maximum: 1000 }),
}
export const DeliveryMethod = Obj({ id: Id('delivery'), shopId: Id('shop'), ...deliveryMethodFields })
