import type { Tx } from '../../kernel/context.ts'
import { job, type JobSpec, on, type Reaction } from '../../kernel/reactions.ts'
import { paymentAuthorised, paymentCaptured, paymentDeclined, paymentVoided, refundRefused } from '../payments/events.ts'
import { goOn, type Till } from './verbs/checkout.ts'
import { refundFailed } from './verbs/returns.ts'
import { checkoutOf, confirmAtTheDoor, lapse, settlePayment, voidStray } from './verbs/settle.ts'

async function onGivenUp(tx: Tx, body: { subjectId: string }): Promise<void> {
  const checkoutId = await checkoutOf(tx, body.subjectId)
  if (checkoutId !== null) await lapse(tx, checkoutId)
}

/** What the acts themselves bring about is found done here; what comes by callback or after a crash is done here. */
export const reactions: Reaction[] = [
  on(paymentCaptured, (tx, body) => settlePayment(tx, body.paymentId)),
  on(paymentAuthorised, async (tx, body) => {
    await confirmAtTheDoor(tx, body.paymentId)
    const checkoutId = await checkoutOf(tx, body.subjectId)
    if (checkoutId === null || checkoutId !== body.subjectId || (await voidStray(tx, { paymentId: body.paymentId, checkoutId }))) return
    await tx.addJob('orders.goOn', { checkoutId }, { key: `orders.goOn:${checkoutId}` })
  }),
  on(paymentDeclined, onGivenUp),
  on(paymentVoided, onGivenUp),
  on(refundRefused, (tx, body) => refundFailed(tx, { refundId: body.refundId, orderId: body.orderId, amount: body.amount })),
]

const text = (value: unknown): string => {
  if (typeof value !== 'string') throw new Error('defect: a job of orders without its id')
  return value
}

export const jobs = (till: Till): JobSpec[] => [
  job('orders.lapse', (ctx, payload) => ctx.transaction((tx) => lapse(tx, text(payload['checkoutId'])))),
  job('orders.goOn', (ctx, payload) => goOn(ctx, till, text(payload['checkoutId']), '')),
]
