import * as contract from '@efir/contract/ledger.ts'
import { bind, type Route } from '../../kernel/bind.ts'
import * as verbs from './verbs/payouts.ts'
import * as views from './views.ts'

export const routes: Route[] = [
  bind.view(contract.shopBalances, views.shopBalances),
  bind.view(contract.shopStatement, views.shopStatement),
  bind.view(contract.shopPayouts, views.shopPayouts),
  bind.act(contract.requestPayout, verbs.requestPayout),
  bind.view(contract.openPayouts, views.openPayouts),
  bind.act(contract.markPayoutPaid, verbs.markPayoutPaid),
  bind.act(contract.refusePayout, verbs.refusePayout),
  bind.act(contract.recordSettlement, verbs.recordSettlement),
  bind.view(contract.platformBalances, views.platformBalances),
]
