import * as contract from '@efir/contract/orders.ts'
import { bind, type Route } from '../../kernel/bind.ts'
import { personOf } from '../../kernel/context.ts'
import * as cart from './verbs/cart.ts'
import { confirmPayment, payAgain, placeOrder, type Till } from './verbs/checkout.ts'
import * as delivery from './verbs/delivery.ts'
import { deliverParcel, packParcel, shipParcel } from './verbs/parcels.ts'
import { buildQuote, quoteView } from './verbs/quote.ts'
import { cancel, refund } from './verbs/returns.ts'
import { cart as cartView } from './views/cart.ts'
import { addressForm, deliveryCountries, deliveryMethods } from './views/delivery.ts'
import * as views from './views/orders.ts'
import { packing, packingOf } from './views/packing.ts'

const buyers = (till: Till): Route[] => [
  bind.view(contract.cart, cartView),
  bind.act(contract.setCartLine, cart.setCartLine),
  bind.act(contract.keepInCart, cart.keepInCart),
  bind.act(contract.dropFromCart, cart.dropFromCart),
  bind.view(contract.addressForm, addressForm),
  bind.view(contract.deliveryCountries, deliveryCountries),
  bind.view(contract.quote, async (ctx, input) =>
    quoteView(
      ctx,
      await buildQuote({
        q: ctx,
        now: ctx.now(),
        secret: ctx.secret,
        personId: personOf(ctx),
        ...input,
        delivery: input.delivery ?? [],
      }),
      till.cashier,
    ),
  ),
  bind.wire(contract.placeOrder, async (ctx, input) => views.checkoutView(ctx, await placeOrder(ctx, till, input))),
  bind.wire(contract.payAgain, async (ctx, input) => {
    const row = await views.myCheckoutRow(ctx, input.checkoutId, input.email)
    await payAgain(ctx, till, { checkoutId: row.id, token: input.token })
    return await views.checkoutView(ctx, row.id)
  }),
  bind.wire(contract.confirmPayment, async (ctx, input) => {
    const row = await views.myCheckoutRow(ctx, input.checkoutId, input.email)
    await confirmPayment(ctx, till, row.id)
    return await views.checkoutView(ctx, row.id)
  }),
  bind.view(contract.checkout, views.checkout),
  bind.view(contract.order, views.order),
  bind.view(contract.findOrder, views.findOrder),
  bind.view(contract.myOrders, views.myOrders),
  bind.act(contract.cancelOrder, async (tx, input) => {
    const row = await views.myOrderRow(tx, input.orderId, input.email)
    await cancel(tx, { orderId: row.id, by: 'buyer' })
    return await views.orderPage(tx, await views.myOrderRow(tx, row.id, input.email), tx.now)
  }),
]

const shops: Route[] = [
  bind.view(contract.shopOrders, views.shopOrders),
  bind.view(contract.orderCounts, views.orderCounts),
  bind.view(contract.shopOrder, views.shopOrder),
  bind.act(contract.cancelShopOrder, async (tx, input) => {
    const row = await views.shopOrderRow(tx, input.shopId, input.orderId)
    await cancel(tx, { orderId: row.id, by: 'shop' })
    return await views.orderPage(tx, await views.shopOrderRow(tx, input.shopId, row.id), tx.now)
  }),
  bind.act(contract.refundOrder, async (tx, input) => {
    const row = await views.shopOrderRow(tx, input.shopId, input.orderId)
    const { key, reason, amount, returned } = input
    await refund(tx, { orderId: row.id, key, reason, amount, returned, askedBy: personOf(tx) })
    return await views.orderPage(tx, await views.shopOrderRow(tx, input.shopId, row.id), tx.now)
  }),
  bind.view(contract.packing, packing),
  bind.act(contract.packParcel, async (tx, input) => {
    await packParcel(tx, input)
    return await packingOf(tx, input.parcelId)
  }),
  bind.act(contract.shipParcel, async (tx, input) => {
    await shipParcel(tx, input)
    return await packingOf(tx, input.parcelId)
  }),
  bind.act(contract.deliverParcel, async (tx, input) => {
    await deliverParcel(tx, input)
    return await packingOf(tx, input.parcelId)
  }),
  bind.view(contract.deliveryMethods, deliveryMethods),
  bind.act(contract.saveDeliveryMethod, delivery.saveDeliveryMethod),
  bind.act(contract.removeDeliveryMethod, delivery.removeDeliveryMethod),
]

export const routes = (till: Till): Route[] => [...buyers(till), ...shops]
