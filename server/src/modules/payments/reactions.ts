import { type JobSpec, job } from '../../kernel/reactions.ts'
import type { TestProvider } from './adapters/test.ts'
import type { Cashier } from './verbs/cashier.ts'
import { readInbox, receiveCallback } from './verbs/inbox.ts'

const text = (value: unknown): string => {
  if (typeof value !== 'string') throw new Error('defect: a job of payments without its id')
  return value
}

export const jobs = (deps: { cashier: Cashier; testProvider: TestProvider | null }): JobSpec[] => [
  job('payments.reconcile', async (ctx, payload) => void (await deps.cashier.refresh(ctx, text(payload['paymentId'])))),
  job('payments.carryOut', async (ctx, payload) => void (await deps.cashier.carryOut(ctx, text(payload['paymentId'])))),
  job('payments.refund', (ctx, payload) => deps.cashier.refund(ctx, text(payload['refundId']), Number(payload['asked'] ?? 0))),
  job('payments.readInbox', (ctx, payload) =>
    readInbox(ctx, deps.cashier, { provider: text(payload['provider']), eventId: text(payload['eventId']) }),
  ),
  job('payments.testCallback', async (ctx, payload) => {
    if (!deps.testProvider) return
    const sent = await deps.testProvider.callbackFor(text(payload['paymentId']), text(payload['eventId']))
    await receiveCallback(ctx, deps.cashier.providers, { provider: 'test', ...sent })
  }),
]
