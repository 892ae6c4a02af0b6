import type { Kernel } from '../../../kernel/context.ts'
import { type Cashier, openCashier } from '../verbs/cashier.ts'
import { openAccounts } from './accounts.ts'
import { openCash } from './cash.ts'
import { openTestProvider, type TestProvider } from './test.ts'

export interface Payments {
  readonly cashier: Cashier
  /** Null in production. */
  readonly testProvider: TestProvider | null
}

/** Cash everywhere; the test provider where no real money is taken and no account of a shop or of the platform takes it. */
export function openPayments(kernel: Kernel): Payments {
  const testProvider = kernel.config.production ? null : openTestProvider(kernel)
  const list = testProvider ? [testProvider, openCash()] : [openCash()]
  return { cashier: openCashier(kernel, list, openAccounts(kernel)), testProvider }
}
