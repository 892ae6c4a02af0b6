import { Type } from 'typebox'
import { act, Done, Nothing, Obj, PageOf, pageInput } from './act.ts'
import { AddressField } from './markets.ts'
import { PriceSchema } from './money.ts'
import {
  Address,
  Cart,
  Checkout,
  DeliveryChoice,
  DeliveryMethod,
  deliveryMethodFields,
  Items,
  Market,
  Order,
  OrderBrief,
  OrderNumber,
  OrderStateSchema,
  PackingParcel,
  Quote,
} from './orders/shapes.ts'
import { CardToken } from './payments.ts'
import { CountryCode, Email, Id, IdempotencyKey, LocaleSchema, Millis, Quantity, ShortText } from './scalars.ts'

const known = ['known'] as const
const staff = ['shop:owner', 'shop:manager', 'shop:fulfilment'] as const
const office = ['shop:owner', 'shop:manager'] as const
const itemRefusals = ['reservation_gone', 'stock_short', 'currency_unknown', 'cart_empty', 'delivery_unavailable'] as const
/** A guest on another device proves the order is theirs with the e-mail it was placed with. */
const proof = { email: Type.Optional(Email) }

export const cart = act({
  name: 'cart',
  method: 'GET',
  path: '/cart/:market',
  who: known,
  summary: 'My cart in this market, with prices as they are now.',
  input: Obj({ market: Market }),
  output: Cart,
})
export const setCartLine = act({
  name: 'setCartLine',
  method: 'PUT',
  path: '/cart/:market/lines',
  who: known,
  summary: 'Put a variant in the cart, change how many, or take it out with 0.',
  input: Obj({ market: Market, variantId: Id('variant'), quantity: Type.Integer({ minimum: 0, maximum: 20 }) }),
  output: Cart,
  refusals: ['cart_full', 'currency_unknown'],
})
export const keepInCart = act({
  name: 'keepInCart',
  method: 'POST',
  path: '/cart/:market/reservations',
  who: known,
  summary: 'Put reserved units in the cart; they lapse with the reservation.',
  input: Obj({ market: Market, reservationId: Id('reservation') }),
  output: Cart,
  refusals: ['cart_full', 'reservation_gone', 'currency_unknown'],
})
export const dropFromCart = act({
  name: 'dropFromCart',
  method: 'DELETE',
  path: '/cart/:market/lines/:cartLineId',
  who: known,
  summary: 'Take a line out; reserved units go back.',
  input: Obj({ market: Market, cartLineId: Id('cart') }),
  output: Cart,
})

export const addressForm = act({
  name: 'addressForm',
  method: 'GET',
  path: '/address-form/:country',
  who: ['public'],
  summary: 'The fields of an address in a country.',
  input: Obj({ country: CountryCode }),
  output: Obj({
    country: CountryCode,
    fields: Type.Array(AddressField),
    callingCode: Type.String({ description: 'such as +33' }),
  }),
})

export const quote = act({
  name: 'quote',
  method: 'POST',
  path: '/quote',
  who: known,
  summary:
    'What it would cost: lines, deliveries to choose from and totals, as placeOrder would count them now. Changes nothing.',
  input: Obj({
    market: Market,
    items: Items,
    country: CountryCode,
    delivery: Type.Optional(Type.Array(DeliveryChoice, { maxItems: 50 })),
    address: Type.Optional(Address),
  }),
  output: Quote,
  refusals: itemRefusals,
})

export const placeOrder = act({
  name: 'placeOrder',
  method: 'POST',
  path: '/orders',
  who: known,
  summary:
    'Buy: one order per shop, the reserved units committed in the same transaction, then the payment begins. The same key again answers the same.',
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
  refusals: [
    ...itemRefusals,
    'price_changed',
    'address_invalid',
    'payment_method_unavailable',
    'lot_limit_reached',
    'lot_sold_out',
    'lot_closed',
    'lot_not_open',
    'key_reused',
  ],
})
export const payAgain = act({
  name: 'payAgain',
  method: 'POST',
  path: '/checkouts/:checkoutId/pay',
  who: known,
  summary: 'Try another card while the units wait.',
  input: Obj({ checkoutId: Id('checkout'), token: CardToken, ...proof }),
  output: Checkout,
  refusals: ['order_state', 'payment_pending', 'lot_limit_reached', 'reservation_gone'],
})
export const confirmPayment = act({
  name: 'confirmPayment',
  method: 'POST',
  path: '/checkouts/:checkoutId/confirm',
  who: known,
  summary: 'The buyer has answered the bank: find out what came of it.',
  input: Obj({ checkoutId: Id('checkout'), ...proof }),
  output: Checkout,
})
export const checkout = act({
  name: 'checkout',
  method: 'GET',
  path: '/checkouts/:checkoutId',
  who: known,
  summary: 'How far a purchase is.',
  input: Obj({ checkoutId: Id('checkout'), ...proof }),
  output: Checkout,
})

export const order = act({
  name: 'order',
  method: 'GET',
  path: '/orders/:orderId',
  who: known,
  summary: 'The page of my order.',
  input: Obj({ orderId: Id('order'), ...proof }),
  output: Order,
})
export const findOrder = act({
  name: 'findOrder',
  method: 'POST',
  path: '/orders/find',
  who: ['public'],
  summary: 'A guest opens an order again by its number and e-mail.',
  input: Obj({ number: OrderNumber, email: Email }),
  output: Order,
})
export const myOrders = act({
  name: 'myOrders',
  method: 'GET',
  path: '/my-orders',
  who: known,
  summary: 'My orders, newest first.',
  input: Obj({ ...pageInput }),
  output: PageOf(OrderBrief),
})
export const cancelOrder = act({
  name: 'cancelOrder',
  method: 'POST',
  path: '/orders/:orderId/cancel',
  who: known,
  summary: 'Cancel my order before it is packed; what was paid goes back.',
  input: Obj({ orderId: Id('order'), ...proof }),
  output: Order,
  refusals: ['order_state', 'payment_pending'],
})

const ofShop = { shopId: Id('shop') }
const ofOrder = { ...ofShop, orderId: Id('order') }
const ofParcel = { ...ofShop, parcelId: Id('parcel') }
export const shopOrders = act({
  name: 'shopOrders',
  method: 'GET',
  path: '/shops/:shopId/orders',
  who: staff,
  summary: 'Orders of a shop, newest first.',
  input: Obj({
    ...ofShop,
    ...pageInput,
    state: Type.Optional(Type.Array(OrderStateSchema, { maxItems: 7 })),
    toPack: Type.Optional(Type.Boolean({ description: 'only those that wait to be packed' })),
    search: Type.Optional(Type.String({ maxLength: 100, description: 'number, e-mail, name, phone, SKU' })),
    showId: Type.Optional(Id('show')),
    fromAt: Type.Optional(Millis),
    toAt: Type.Optional(Millis),
  }),
  output: PageOf(OrderBrief),
})
export const orderCounts = act({
  name: 'orderCounts',
  method: 'GET',
  path: '/shops/:shopId/order-counts',
  who: staff,
  summary: 'How many orders are in each state.',
  input: Obj(ofShop),
  output: Obj({ counts: Type.Array(Obj({ state: OrderStateSchema, count: Type.Integer() })), toPack: Type.Integer() }),
})
export const shopOrder = act({
  name: 'shopOrder',
  method: 'GET',
  path: '/shops/:shopId/orders/:orderId',
  who: staff,
  summary: 'An order as its shop sees it.',
  input: Obj(ofOrder),
  output: Order,
})
export const cancelShopOrder = act({
  name: 'cancelShopOrder',
  method: 'POST',
  path: '/shops/:shopId/orders/:orderId/cancel',
  who: office,
  summary: 'The shop cancels before it ships; what was paid goes back.',
  input: Obj(ofOrder),
  output: Order,
  refusals: ['order_state', 'payment_pending'],
})
export const refundOrder = act({
  name: 'refundOrder',
  method: 'POST',
  path: '/shops/:shopId/orders/:orderId/refunds',
  who: office,
  summary:
    'Give back an amount, or the price of returned units, or (with neither) all that is left. Returned units go back into stock.',
  input: Obj({
    ...ofOrder,
    key: IdempotencyKey,
    reason: ShortText(300),
    amount: Type.Optional(PriceSchema),
    returned: Type.Optional(Type.Array(Obj({ lineId: Id('line'), quantity: Quantity }), { minItems: 1, maxItems: 50 })),
  }),
  output: Order,
  refusals: ['order_state', 'refund_too_large'],
})

export const packing = act({
  name: 'packing',
  method: 'GET',
  path: '/shops/:shopId/parcels',
  who: staff,
  summary: 'Parcels to pack, to hand over, or on their way; oldest first. Unpaid orders are not among them.',
  input: Obj({ ...ofShop, ...pageInput, state: Type.Enum(['open', 'packed', 'shipped', 'delivered']) }),
  output: PageOf(PackingParcel),
})
export const packParcel = act({
  name: 'packParcel',
  method: 'POST',
  path: '/shops/:shopId/parcels/:parcelId/pack',
  who: staff,
  summary: 'Packed: nothing joins it any more.',
  input: Obj(ofParcel),
  output: PackingParcel,
  refusals: ['order_state'],
})
export const shipParcel = act({
  name: 'shipParcel',
  method: 'POST',
  path: '/shops/:shopId/parcels/:parcelId/ship',
  who: staff,
  summary: 'Handed to the carrier.',
  input: Obj({ ...ofParcel, carrier: Type.String({ maxLength: 80 }), tracking: Type.String({ maxLength: 80 }) }),
  output: PackingParcel,
  refusals: ['order_state'],
})
export const deliverParcel = act({
  name: 'deliverParcel',
  method: 'POST',
  path: '/shops/:shopId/parcels/:parcelId/deliver',
  who: staff,
  summary: 'It has arrived; orders paid at the door are paid.',
  input: Obj(ofParcel),
  output: PackingParcel,
  refusals: ['order_state'],
})

export const deliveryMethods = act({
  name: 'deliveryMethods',
  method: 'GET',
  path: '/shops/:shopId/delivery',
  who: ['public'],
  summary: 'How a shop delivers.',
  input: Obj(ofShop),
  output: Obj({ methods: Type.Array(DeliveryMethod) }),
})
export const saveDeliveryMethod = act({
  name: 'saveDeliveryMethod',
  method: 'POST',
  path: '/shops/:shopId/delivery',
  who: office,
  summary: 'Add a way of delivery, or change one.',
  input: Obj({ ...ofShop, deliveryId: Type.Optional(Id('delivery')), ...deliveryMethodFields }),
  output: DeliveryMethod,
})
export const removeDeliveryMethod = act({
  name: 'removeDeliveryMethod',
  method: 'DELETE',
  path: '/shops/:shopId/delivery/:deliveryId',
  who: office,
  summary: 'No longer offered; orders keep what they chose.',
  input: Obj({ ...ofShop, deliveryId: Id('delivery') }),
  output: Done,
})
export const deliveryCountries = act({
  name: 'deliveryCountries',
  method: 'GET',
  path: '/address-countries',
  who: ['public'],
  summary: 'Countries an address can be in.',
  input: Nothing,
  output: Obj({ countries: Type.Array(CountryCode) }),
})

export const acts = [
  cart,
  setCartLine,
  keepInCart,
  dropFromCart,
  addressForm,
  deliveryCountries,
  quote,
  placeOrder,
  payAgain,
  confirmPayment,
  checkout,
  order,
  findOrder,
  myOrders,
  cancelOrder,
  shopOrders,
  orderCounts,
  shopOrder,
  cancelShopOrder,
  refundOrder,
  packing,
  packParcel,
  shipParcel,
  deliverParcel,
  deliveryMethods,
  saveDeliveryMethod,
  removeDeliveryMethod,
] as const
