import * as contract from '@efir/contract/payments.ts'
import { bind, type Route } from '../../kernel/bind.ts'
import { personOf } from '../../kernel/context.ts'
import { Refusal, refuseIf } from '../../kernel/refusal.ts'
import type { TestProvider } from './adapters/test.ts'
import type { Cashier } from './verbs/cashier.ts'
import { openPayments, paymentRow, paymentView, setupOf } from './views.ts'

export const routes = (deps: { cashier: Cashier; testProvider: TestProvider | null }): Route[] => [
  bind.view(contract.paymentSetup, async () => setupOf(deps.cashier.providers)),
  bind.view(contract.openPayments, openPayments),
  bind.wire(contract.reconcilePayment, async (ctx, input) => paymentView(await deps.cashier.refresh(ctx, input.paymentId))),
  bind.wire(contract.answerTestChallenge, async (ctx, input) => {
    if (!deps.testProvider) throw new Refusal('payment_method_unavailable')
    const payment = await paymentRow(ctx, input.paymentId)
    refuseIf(payment.person_id !== personOf(ctx), 'not_found')
    refuseIf(!(await deps.testProvider.challenge(payment.id, input.approve)), 'payment_pending')
    return { done: true as const }
  }),
]
