import type { Money } from '@efir/contract/money.ts'

export type AccountKind = 'buyer' | 'shop' | 'clearing' | 'fees' | 'cash' | 'transit' | 'platform'

export type TransferKind =
  | 'sale'
  | 'sale_return'
  | 'capture'
  | 'refund'
  | 'provider_fee'
  | 'shop_fee'
  | 'cash'
  | 'cash_kept'
  | 'payout_asked'
  | 'payout_paid'
  | 'settlement'
  | 'passed_on'
  | 'reversal'

export interface TransferRow {
  id: string
  kind: TransferKind
  cause: string
  digest: string
  entry_count: number
  shop_id: string | null
  order_id: string | null
  payment_id: string | null
  reverses: string | null
  at: number
}

export interface PayoutRow {
  id: string
  shop_id: string
  key: string
  amount: number
  currency: string
  state: 'requested' | 'paid' | 'refused'
  reference: string
  requested_by: string
  requested_at: number
  settled_at: number | null
}

export interface AccountRef {
  readonly kind: AccountKind
  /** Person, shop or provider; empty for the platform. */
  readonly ownerId: string
}

/** Debit positive, credit negative. */
export interface EntryDraft {
  readonly account: AccountRef
  readonly amount: Money
}

export interface TransferDraft {
  readonly kind: Exclude<TransferKind, 'reversal'>
  /** What made it, said once: the same cause again is a replay. */
  readonly cause: string
  readonly entries: readonly EntryDraft[]
  readonly shopId?: string
  readonly orderId?: string
  readonly paymentId?: string
}
