import type { Money } from '@efir/contract/money.ts'
import { toStripe } from '@efir/contract/payments.ts'
import type { PayTerms } from './pay-messages.ts'

/** The provider's form, as the sheet asks it. */
export interface PayForm {
  /** A token of what was typed; null while it is wrong, which the form then shows. */
  submit(): Promise<string | null>
}

/** Said instead of a card's token where the provider's page asks for the card. */
export const redirectToken = 'redirect'

/** Money of units that are not held yet is held first and taken when they are granted. */
export function termsOf(total: Money, payFirst: boolean): PayTerms | undefined {
  const counted = toStripe(total)
  return counted ? { ...counted, captureMethod: payFirst ? 'manual' : 'automatic' } : undefined
}
