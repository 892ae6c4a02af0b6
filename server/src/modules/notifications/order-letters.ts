import { type Locale, textIn } from '@efir/contract/scalars.ts'
import { formatsFor } from '@efir/words/formats.ts'
import { messagesFor, wordsIn } from '@efir/words/words.ts'
import type { Ctx } from '../../kernel/context.ts'
import { originOf } from '../../kernel/origin.ts'
import { type JobSpec, job, on, type Reaction } from '../../kernel/reactions.ts'
import * as orders from '../orders/events.ts'
import { type OrderLetter, orderLetter } from '../orders/views/letter.ts'
import { isolate, letterOf } from './letters.ts'

/** What happened to an order, as the first line of its letter. */
const subjects = {
  placed: 'mail.order_placed_subject',
  paid: 'mail.order_paid_subject',
  packed: 'mail.order_packed_subject',
  shipped: 'mail.order_shipped_subject',
  delivered: 'mail.order_delivered_subject',
  cancelled: 'mail.order_cancelled_subject',
  refunded: 'mail.order_refunded_subject',
  tooLate: 'mail.order_too_late_subject',
} as const
export type OrderNews = keyof typeof subjects

function blocksOf(letter: OrderLetter, origin: string): string[] {
  const { order, locale } = letter
  const words = wordsIn(locale)
  const { money } = formatsFor(locale)
  const lines = order.lines
    .filter((l) => l.kind === 'goods')
    .map(
      (l) =>
        `${l.quantity} × ${isolate(`${textIn(l.title, locale)}${optionsOf(l.options, locale)}`)} — ${isolate(money(l.total))}`,
    )
  const sums = [
    `${words('mail.order_delivery')}: ${money(order.delivery)}`,
    `${words('mail.order_total')}: ${money(order.total)}`,
  ]
  const news = [
    ...(order.parcel.tracking
      ? [words('mail.order_tracking', { tracking: isolate(`${order.parcel.carrier} ${order.parcel.tracking}`.trim()) })]
      : []),
    ...(order.refunded.amount > 0 ? [words('mail.order_refunded', { amount: money(order.refunded) })] : []),
  ]
  return [
    words('mail.order_hello', { name: isolate(order.address.name) }),
    ...news,
    [words('mail.order_from', { shop: isolate(order.shop.name) }), ...lines, ...sums].join('\n'),
    words('mail.order_page', { link: `${origin}/order/${order.number}`, number: order.number }),
  ]
}

/** Colours and the like in the language of the letter where it knows them, as on the order's page. */
const optionsOf = (options: Readonly<Record<string, string>>, locale: Locale): string => {
  const known = messagesFor('store', locale)
  const list = Object.values(options).map((value) => known[`store.colour_${value}`] ?? value)
  return list.length ? ` (${list.join(', ')})` : ''
}

async function sendOrder(ctx: Ctx, payload: Record<string, unknown>): Promise<void> {
  const letter = await orderLetter(ctx, String(payload['orderId']))
  const news = payload['news'] as OrderNews
  await ctx.mail.send(
    letterOf({
      to: letter.to,
      locale: letter.locale,
      subject: subjects[news],
      values: { number: letter.order.number },
      blocks: blocksOf(letter, originOf(ctx.config)),
    }),
  )
}

/** One letter for each piece of news; the same event twice is the same job. */
const letter = <B extends orders.OrderBody>(type: Parameters<typeof on<B>>[0], newsOf: (body: B) => OrderNews | null): Reaction =>
  on(type, async (tx, body) => {
    const news = newsOf(body)
    if (news)
      await tx.addJob(
        'notifications.sendOrder',
        { orderId: body.orderId, news },
        { key: `order.${news}.${body.orderId}`, maxAttempts: 20 },
      )
  })

export const orderJobs: JobSpec[] = [job('notifications.sendOrder', sendOrder, 'letters')]

export const orderReactions: Reaction[] = [
  letter(orders.orderPaid, () => 'paid'),
  letter(orders.orderConfirmed, (body) => (body.payOnDelivery ? 'placed' : null)),
  letter(orders.orderPacked, () => 'packed'),
  letter(orders.orderShipped, () => 'shipped'),
  letter(orders.orderDelivered, () => 'delivered'),
  letter(orders.orderCancelled, (body) => (body.reason === 'unpaid' ? null : 'cancelled')),
  letter(orders.orderRefunded, () => 'refunded'),
  letter(orders.orderPaidTooLate, () => 'tooLate'),
]
