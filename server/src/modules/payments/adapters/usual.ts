import type { Kernel } from '../../../kernel/context.ts'
import { type Cashier, openCashier } from '../verbs/cashier.ts'
import { openCash } from './cash.ts'
import { openTestProvider, type TestProvider } from './test.ts'

export interface Payments {
  readonly cashier: Cashier
  /** Null in production. */
  readonly testProvider: TestProvider | null
}

/** Cash everywhere; the test provider where no real money is taken. */
export function openPayments(kernel: Kernel): Payments {
  const testProvider = kernel.config.production ? null : openTestProvider(kernel)
  return { cashier: openCashier(kernel, testProvider ? [testProvider, openCash()] : [openCash()]), testProvider }
}
