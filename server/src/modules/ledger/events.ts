import { eventType } from '../../kernel/events.ts'

export interface PayoutBody {
  payoutId: string
  shopId: string
  amount: number
  currency: string
}
export const payoutRequested = eventType<PayoutBody>('payout.requested')
export const payoutPaid = eventType<PayoutBody & { reference: string }>('payout.paid')
export const payoutRefused = eventType<PayoutBody & { reason: string }>('payout.refused')
