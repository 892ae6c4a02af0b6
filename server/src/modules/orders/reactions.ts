import type { Tx } from '../../kernel/context.ts'
import { type JobSpec, job, on, type Reaction } from '../../kernel/reactions.ts'
import { guestClaimed } from '../identity/events.ts'
import {
  paymentAuthorised,
  paymentCaptured,
  paymentDeclined,
  paymentFeeKnown,
  paymentVoided,
  refundRefused,
} from '../payments/events.ts'
import { orderCancelled, orderRefunded } from './events.ts'
import { actMs } from './rules/life.ts'
import { onGuestClaimed } from './verbs/cart.ts'
import { goOn, type Till } from './verbs/checkout.ts'
import { giveDeliveryBack, refundFailed } from './verbs/returns.ts'
import { checkoutOf, isSettled, lapse, onFeeKnown, settlePayment, voidStray } from './verbs/settle.ts'

async function onGivenUp(tx: Tx, body: { subjectId: string }): Promise<void> {
  const checkoutId = await checkoutOf(tx, body.subjectId)
  if (checkoutId !== null) await lapse(tx, checkoutId)
}

async function onAuthorised(tx: Tx, body: { paymentId: string; subjectId: string }): Promise<void> {
  const checkoutId = await checkoutOf(tx, body.subjectId)
  if (checkoutId === null || (await isSettled(tx, body.paymentId, 'authorised'))) return
  if (checkoutId !== body.subjectId) return await settleSoon(tx, body.paymentId)
  if (await voidStray(tx, { paymentId: body.paymentId, checkoutId })) return
  await tx.addJob('orders.goOn', { checkoutId }, { runAt: tx.now + actMs, key: `orders.goOn:${checkoutId}` })
}

const settleSoon = (tx: Tx, paymentId: string): Promise<void> =>
  tx.addJob('orders.settle', { paymentId }, { key: `orders.settle:${paymentId}` })

/** What the acts bring about is found done here; what comes by callback or after a crash is done by jobs, each with locks of its own. */
export const reactions: Reaction[] = [
  on(paymentCaptured, async (tx, body) => {
    if (!(await isSettled(tx, body.paymentId, 'captured'))) await settleSoon(tx, body.paymentId)
  }),
  on(paymentAuthorised, onAuthorised),
  on(paymentDeclined, onGivenUp),
  on(paymentVoided, onGivenUp),
  on(paymentFeeKnown, onFeeKnown),
  on(guestClaimed, onGuestClaimed),
  on(orderCancelled, giveDeliveryBack),
  on(orderRefunded, giveDeliveryBack),
  on(refundRefused, (tx, body) => refundFailed(tx, { refundId: body.refundId, orderId: body.orderId, amount: body.amount })),
]

const text = (value: unknown): string => {
  if (typeof value !== 'string') throw new Error('defect: a job of orders without its id')
  return value
}

export const jobs = (till: Till): JobSpec[] => [
  job('orders.lapse', (ctx, payload) => ctx.transaction((tx) => lapse(tx, text(payload['checkoutId'])))),
  job('orders.settle', (ctx, payload) => ctx.transaction((tx) => settlePayment(tx, text(payload['paymentId'])))),
  job('orders.goOn', (ctx, payload) => goOn(ctx, till, text(payload['checkoutId']), '')),
]
