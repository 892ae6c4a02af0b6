import { publicEvents } from '@efir/contract/webhooks.ts'
import type { EventType } from '../../kernel/events.ts'
import { productChanged, productPublished } from '../catalog/events.ts'
import { payoutPaid, payoutRefused } from '../ledger/events.ts'
import { dealClosed, dealOpened } from '../lots/events.ts'
import * as orders from '../orders/events.ts'
import { showCancelled, showEnded, showScheduled, showStarted } from '../shows/events.ts'
import { stockLevelChanged } from '../stock/events.ts'

/** How something announced inside is told outside: whose it is, and only what the contract describes. */
export interface News {
  readonly type: string
  readonly version: number
  /** `shopId` or, where the event does not say, the show whose shop it is. */
  tell(body: unknown): { readonly shopId?: string; readonly showId?: string; readonly data: Readonly<Record<string, unknown>> }
}

function news<B extends object>(inside: EventType<B>, more: (body: B) => object = () => ({})): News {
  const outside = publicEvents.find((one) => one.type === inside.type)
  if (!outside) throw new Error(`${inside.type} is not described in the contract`)
  const fields = Object.keys(outside.data.properties)
  return {
    type: inside.type,
    version: outside.version,
    tell(given) {
      const body = { ...(given as B & { shopId?: string; showId?: string }), ...more(given as B) } as Record<string, unknown>
      const { shopId, showId } = given as { shopId?: string; showId?: string | null }
      const data = Object.fromEntries(fields.flatMap((field) => (body[field] === undefined ? [] : [[field, body[field]]])))
      return { shopId, ...(showId ? { showId } : {}), data }
    },
  }
}

const total = (body: orders.OrderBody) => ({ total: { amount: body.amount, currency: body.currency } })
const lines = (body: orders.OrderBody & { lines: orders.SoldLine[] }) => ({
  ...total(body),
  lines: body.lines.map(({ variantId, quantity }) => ({ variantId, quantity })),
})
const refunded = (body: orders.OrderBody & { refunded: number }) => ({
  ...total(body),
  refunded: { amount: body.refunded, currency: body.currency },
})
const amount = (body: { amount: number; currency: string }) => ({ amount: { amount: body.amount, currency: body.currency } })

export const allNews: readonly News[] = [
  news(orders.orderPlaced, lines),
  news(orders.orderConfirmed, lines),
  news(orders.orderPaid, lines),
  news(orders.orderCancelled, refunded),
  news(orders.orderPacked, total),
  news(orders.orderShipped, total),
  news(orders.orderDelivered, total),
  news(orders.orderRefunded, refunded),
  news(showScheduled),
  news(showStarted),
  news(showEnded),
  news(showCancelled),
  news(dealOpened),
  news(dealClosed),
  news(productChanged),
  news(productPublished),
  news(stockLevelChanged),
  news(payoutPaid, amount),
  news(payoutRefused, amount),
]
