import { Type } from 'typebox'
import { act, Done, Nothing, Obj, PageOf, pageInput } from './act.ts'
import { AddressField } from './markets.ts'
import { MoneySchema, PriceSchema } from './money.ts'
import { CardToken, PaymentView, RefundView } from './payments.ts'
import { BasisPoints, CountryCode, CurrencyCode, Email, Id, IdempotencyKey, LocaleSchema, LocalText, Millis, Quantity, ShortText } from './scalars.ts'

export const orderStates = ['placed', 'paid', 'packed', 'shipped', 'delivered', 'cancelled', 'refunded'] as const
export type OrderState = (typeof orderStates)[number]
export const OrderStateSchema = Type.Enum(orderStates)
export const cancelReasons = ['buyer', 'shop', 'unpaid', 'sold_out', 'limit'] as const
export const deliveryKinds = ['courier', 'post', 'pickup'] as const
/** Letters and digits that are not taken for others when read out; 29 of them, so that the check letter finds every slip. */
export const orderNumberLetters = '23456789ABCDEFGHJKMNPQRTVWXYZ'
export const OrderNumber = Type.String({ pattern: '^[2-9A-Za-z -]{8,12}$', description: 'as read out, such as K7MP-QR4X; case, spaces and the dash do not matter' })

const Market = Type.String({ pattern: '^[A-Z]{2,8}$' })
const Field = Type.Optional(Type.String({ maxLength: 200 }))

export const Address = Obj(
  { country: CountryCode, name: ShortText(100), phone: Type.String({ maxLength: 40 }), line1: Field, line2: Field, city: Field, region: Field, postcode: Field, pickup: Field },
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
const Items = Type.Array(CheckoutItem, { minItems: 1, maxItems: 50 })
const DeliveryChoice = Obj({ shopId: Id('shop'), methodId: Id('delivery') })

export const LineSource = Obj({ kind: Type.String({ description: 'shop, lot, ...' }), id: Type.Optional(Type.String()), showId: Type.Optional(Id('show')) })

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
  methods: Type.Array(Obj({ method: Type.String(), provider: Type.String(), atTheDoor: Type.Boolean() })),
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

const known = ['known'] as const
const staff = ['shop:owner', 'shop:manager', 'shop:fulfilment'] as const
const office = ['shop:owner', 'shop:manager'] as const
const itemRefusals = ['reservation_gone', 'stock_short', 'currency_unknown', 'cart_empty', 'delivery_unavailable'] as const
/** A guest on another device proves the order is theirs with the e-mail it was placed with. */
const proof = { email: Type.Optional(Email) }

const CartLine = Obj({ id: Id('cart'), item: CheckoutItem, ...goodsOf, shopId: Id('shop'), shopName: Type.String(), validUntilAt: Type.Optional(Millis), left: Type.Integer({ description: 'units that can be had now' }) })
export const Cart = Obj({ market: Market, currency: CurrencyCode, lines: Type.Array(CartLine), goods: MoneySchema, gone: Type.Integer({ description: 'lines whose reservation lapsed; they are no longer here' }) })

export const cart = act({ name: 'cart', method: 'GET', path: '/cart/:market', who: known, summary: 'My cart in this market, with prices as they are now.', input: Obj({ market: Market }), output: Cart })
export const setCartLine = act({
  name: 'setCartLine', method: 'PUT', path: '/cart/:market/lines', who: known, summary: 'Put a variant in the cart, change how many, or take it out with 0.',
  input: Obj({ market: Market, variantId: Id('variant'), quantity: Type.Integer({ minimum: 0, maximum: 20 }) }), output: Cart, refusals: ['cart_full', 'currency_unknown'],
})
export const keepInCart = act({
  name: 'keepInCart', method: 'POST', path: '/cart/:market/reservations', who: known, summary: 'Put reserved units in the cart; they lapse with the reservation.',
  input: Obj({ market: Market, reservationId: Id('reservation') }), output: Cart, refusals: ['cart_full', 'reservation_gone', 'currency_unknown'],
})
export const dropFromCart = act({
  name: 'dropFromCart', method: 'DELETE', path: '/cart/:market/lines/:cartLineId', who: known, summary: 'Take a line out; reserved units go back.',
  input: Obj({ market: Market, cartLineId: Id('cart') }), output: Cart,
})

export const addressForm = act({
  name: 'addressForm', method: 'GET', path: '/address-form/:country', who: ['public'], summary: 'The fields of an address in a country.',
  input: Obj({ country: CountryCode }), output: Obj({ country: CountryCode, fields: Type.Array(AddressField), callingCode: Type.String({ description: 'such as +33' }) }),
})

export const quote = act({
  name: 'quote', method: 'POST', path: '/quote', who: known, summary: 'What it would cost: lines, deliveries to choose from and totals, as placeOrder would count them now. Changes nothing.',
  input: Obj({ market: Market, items: Items, country: CountryCode, delivery: Type.Optional(Type.Array(DeliveryChoice, { maxItems: 50 })), address: Type.Optional(Address) }),
  output: Quote, refusals: itemRefusals,
})

export const placeOrder = act({
  name: 'placeOrder', method: 'POST', path: '/orders', who: known,
  summary: 'Buy: one order per shop, the reserved units committed in the same transaction, then the payment begins. The same key again answers the same.',
  input: Obj({
    key: IdempotencyKey,
    market: Market,
    items: Items,
    email: Email,
    address: Address,
    delivery: Type.Array(DeliveryChoice, { minItems: 1, maxItems: 50 }),
    payment: Obj({ method: Type.String({ maxLength: 30 }), token: Type.Optional(CardToken) }),
    total: Obj({ ...PriceSchema.properties }, 'as quoted and shown'),
    locale: Type.Optional(LocaleSchema),
  }),
  output: Checkout,
  refusals: [...itemRefusals, 'price_changed', 'address_invalid', 'payment_method_unavailable', 'lot_limit_reached', 'lot_sold_out', 'lot_closed', 'lot_not_open', 'key_reused'],
})
export const payAgain = act({
  name: 'payAgain', method: 'POST', path: '/checkouts/:checkoutId/pay', who: known, summary: 'Try another card while the units wait.',
  input: Obj({ checkoutId: Id('checkout'), token: CardToken, ...proof }), output: Checkout, refusals: ['order_state', 'payment_pending', 'lot_limit_reached', 'reservation_gone'],
})
export const confirmPayment = act({
  name: 'confirmPayment', method: 'POST', path: '/checkouts/:checkoutId/confirm', who: known, summary: 'The buyer has answered the bank: find out what came of it.',
  input: Obj({ checkoutId: Id('checkout'), ...proof }), output: Checkout,
})
export const checkout = act({
  name: 'checkout', method: 'GET', path: '/checkouts/:checkoutId', who: known, summary: 'How far a purchase is.', input: Obj({ checkoutId: Id('checkout'), ...proof }), output: Checkout,
})

export const order = act({ name: 'order', method: 'GET', path: '/orders/:orderId', who: known, summary: 'The page of my order.', input: Obj({ orderId: Id('order'), ...proof }), output: Order })
export const findOrder = act({
  name: 'findOrder', method: 'POST', path: '/orders/find', who: ['public'], summary: 'A guest opens an order again by its number and e-mail.', input: Obj({ number: OrderNumber, email: Email }), output: Order,
})
export const myOrders = act({ name: 'myOrders', method: 'GET', path: '/my-orders', who: known, summary: 'My orders, newest first.', input: Obj({ ...pageInput }), output: PageOf(OrderBrief) })
export const cancelOrder = act({
  name: 'cancelOrder', method: 'POST', path: '/orders/:orderId/cancel', who: known, summary: 'Cancel my order before it is packed; what was paid goes back.',
  input: Obj({ orderId: Id('order'), ...proof }), output: Order, refusals: ['order_state', 'payment_pending'],
})

const ofShop = { shopId: Id('shop') }
const ofOrder = { ...ofShop, orderId: Id('order') }
const ofParcel = { ...ofShop, parcelId: Id('parcel') }
export const shopOrders = act({
  name: 'shopOrders', method: 'GET', path: '/shops/:shopId/orders', who: staff, summary: 'Orders of a shop, newest first.',
  input: Obj({
    ...ofShop, ...pageInput,
    state: Type.Optional(Type.Array(OrderStateSchema, { maxItems: 7 })),
    toPack: Type.Optional(Type.Boolean({ description: 'only those that wait to be packed' })),
    search: Type.Optional(Type.String({ maxLength: 100, description: 'number, e-mail, name, phone, SKU' })),
    showId: Type.Optional(Id('show')), fromAt: Type.Optional(Millis), toAt: Type.Optional(Millis),
  }),
  output: PageOf(OrderBrief),
})
export const orderCounts = act({
  name: 'orderCounts', method: 'GET', path: '/shops/:shopId/order-counts', who: staff, summary: 'How many orders are in each state.',
  input: Obj(ofShop), output: Obj({ counts: Type.Array(Obj({ state: OrderStateSchema, count: Type.Integer() })), toPack: Type.Integer() }),
})
export const shopOrder = act({ name: 'shopOrder', method: 'GET', path: '/shops/:shopId/orders/:orderId', who: staff, summary: 'An order as its shop sees it.', input: Obj(ofOrder), output: Order })
export const cancelShopOrder = act({
  name: 'cancelShopOrder', method: 'POST', path: '/shops/:shopId/orders/:orderId/cancel', who: office, summary: 'The shop cancels before it ships; what was paid goes back.',
  input: Obj(ofOrder), output: Order, refusals: ['order_state', 'payment_pending'],
})
export const refundOrder = act({
  name: 'refundOrder', method: 'POST', path: '/shops/:shopId/orders/:orderId/refunds', who: office,
  summary: 'Give back an amount, or the price of returned units, or (with neither) all that is left. Returned units go back into stock.',
  input: Obj({
    ...ofOrder, key: IdempotencyKey, reason: ShortText(300), amount: Type.Optional(PriceSchema),
    returned: Type.Optional(Type.Array(Obj({ lineId: Id('line'), quantity: Quantity }), { minItems: 1, maxItems: 50 })),
  }),
  output: Order, refusals: ['order_state', 'refund_too_large'],
})

export const PackingParcel = Obj({
  ...Parcel.properties,
  openedAt: Millis,
  method: Obj({ kind: Type.Enum(deliveryKinds), name: LocalText }),
  address: Address,
  orders: Type.Array(Obj({ id: Id('order'), number: Type.String(), state: OrderStateSchema, buyer: Type.String(), total: MoneySchema, payOnDelivery: Type.Boolean(), placedAt: Millis, lines: Type.Array(Line) })),
  toCollect: Type.Optional(Obj({ ...MoneySchema.properties }, 'cash to take at the door')),
})
export const packing = act({
  name: 'packing', method: 'GET', path: '/shops/:shopId/parcels', who: staff, summary: 'Parcels to pack, to hand over, or on their way; oldest first. Unpaid orders are not among them.',
  input: Obj({ ...ofShop, ...pageInput, state: Type.Enum(['open', 'packed', 'shipped', 'delivered']) }), output: PageOf(PackingParcel),
})
export const packParcel = act({ name: 'packParcel', method: 'POST', path: '/shops/:shopId/parcels/:parcelId/pack', who: staff, summary: 'Packed: nothing joins it any more.', input: Obj(ofParcel), output: PackingParcel, refusals: ['order_state'] })
export const shipParcel = act({
  name: 'shipParcel', method: 'POST', path: '/shops/:shopId/parcels/:parcelId/ship', who: staff, summary: 'Handed to the carrier.',
  input: Obj({ ...ofParcel, carrier: Type.String({ maxLength: 80 }), tracking: Type.String({ maxLength: 80 }) }), output: PackingParcel, refusals: ['order_state'],
})
export const deliverParcel = act({
  name: 'deliverParcel', method: 'POST', path: '/shops/:shopId/parcels/:parcelId/deliver', who: staff, summary: 'It has arrived; orders paid at the door are paid.', input: Obj(ofParcel), output: PackingParcel, refusals: ['order_state'],
})

const Prices = Type.Record(Type.String({ pattern: '^[A-Z]{3}$' }), Type.Integer({ minimum: 0, maximum: 1_000_000_000 }), { description: 'minor units by currency' })
const methodFields = {
  kind: Type.Enum(deliveryKinds), name: LocalText, prices: Prices, freeFrom: Type.Optional(Prices), countries: Type.Array(CountryCode, { maxItems: 250, description: 'empty: everywhere' }),
  daysMin: Type.Integer({ minimum: 0, maximum: 365 }), daysMax: Type.Integer({ minimum: 0, maximum: 365 }), position: Type.Integer({ minimum: 0, maximum: 1000 }),
}
export const DeliveryMethod = Obj({ id: Id('delivery'), shopId: Id('shop'), ...methodFields })
export const deliveryMethods = act({
  name: 'deliveryMethods', method: 'GET', path: '/shops/:shopId/delivery', who: ['public'], summary: 'How a shop delivers.', input: Obj(ofShop), output: Obj({ methods: Type.Array(DeliveryMethod) }),
})
export const saveDeliveryMethod = act({
  name: 'saveDeliveryMethod', method: 'POST', path: '/shops/:shopId/delivery', who: office, summary: 'Add a way of delivery, or change one.',
  input: Obj({ ...ofShop, deliveryId: Type.Optional(Id('delivery')), ...methodFields }), output: DeliveryMethod,
})
export const removeDeliveryMethod = act({
  name: 'removeDeliveryMethod', method: 'DELETE', path: '/shops/:shopId/delivery/:deliveryId', who: office, summary: 'No longer offered; orders keep what they chose.',
  input: Obj({ ...ofShop, deliveryId: Id('delivery') }), output: Done,
})
export const deliveryCountries = act({ name: 'deliveryCountries', method: 'GET', path: '/address-countries', who: ['public'], summary: 'Countries an address can be in.', input: Nothing, output: Obj({ countries: Type.Array(CountryCode) }) })

export const acts = [
  cart, setCartLine, keepInCart, dropFromCart, addressForm, deliveryCountries, quote, placeOrder, payAgain, confirmPayment, checkout, order, findOrder, myOrders, cancelOrder,
  shopOrders, orderCounts, shopOrder, cancelShopOrder, refundOrder, packing, packParcel, shipParcel, deliverParcel, deliveryMethods, saveDeliveryMethod, removeDeliveryMethod,
] as const
