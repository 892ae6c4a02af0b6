import * as contract from '@efir/contract/payments.ts'
import { bind, type Route } from '../../kernel/bind.ts'
import { personOf } from '../../kernel/context.ts'
import { Refusal, refuseIf } from '../../kernel/refusal.ts'
import type { TestProvider } from './adapters/test.ts'
import * as accounts from './verbs/accounts.ts'
import type { Cashier } from './verbs/cashier.ts'
import { compareReport } from './verbs/compare.ts'
import { openPayments, paymentRow, paymentView, setupOf } from './views.ts'

export const routes = (deps: { cashier: Cashier; testProvider: TestProvider | null }): Route[] => [
  bind.view(contract.paymentSetup, async () => setupOf(deps.cashier.providers)),
  bind.view(contract.openPayments, openPayments),
  bind.view(contract.shopPayAccounts, (ctx, input) => accounts.accountsOf(ctx, input.shopId)),
  bind.act(contract.saveShopPayAccount, (tx, { shopId, ...input }) => accounts.saveAccount(tx, shopId, input)),
  bind.view(contract.platformPayAccounts, (ctx) => accounts.accountsOf(ctx, null)),
  bind.act(contract.savePlatformPayAccount, (tx, input) => accounts.saveAccount(tx, null, input)),
  bind.act(contract.sealSecretsAnew, accounts.sealAnew),
  bind.act(contract.compareReport, (tx, input) => compareReport(tx, deps.cashier.providers, input)),
  bind.wire(contract.reconcilePayment, async (ctx, input) => ({
    ...paymentView(await deps.cashier.refresh(ctx, input.paymentId)),
    // What lets a browser answer is the payer's alone.
    action: undefined,
  })),
  bind.wire(contract.answerTestChallenge, async (ctx, input) => {
    if (!deps.testProvider) throw new Refusal('payment_method_unavailable')
    const payment = await paymentRow(ctx, input.paymentId)
    refuseIf(payment.person_id !== personOf(ctx), 'not_found')
    refuseIf(!(await deps.testProvider.challenge(payment.id, input.approve)), 'payment_pending')
    return { done: true as const }
  }),
]
