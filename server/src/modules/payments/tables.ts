import type { DeclineReason, PaymentState } from '@efir/contract/payments.ts'
import type { PaymentAction } from './ports.ts'

export interface PaymentRow {
  id: string
  key: string
  subject_id: string
  person_id: string
  shop_id: string | null
  provider: string
  method: string
  capture: 'automatic' | 'manual'
  amount: number
  currency: string
  state: PaymentState
  wanted: 'capture' | 'void' | null
  wanted_amount: number | null
  provider_ref: string | null
  fingerprint: string | null
  card: { brand: string; last4: string } | null
  action: PaymentAction | null
  decline_reason: DeclineReason | null
  captured_amount: number
  fee_amount: number
  refunded_amount: number
  asked_count: number
  created_at: number
  begun_at: number | null
  changed_at: number
}

export interface RefundRow {
  id: string
  key: string
  payment_id: string
  order_id: string
  amount: number
  currency: string
  state: 'asked' | 'done' | 'refused'
  reason: string
  provider_ref: string | null
  problem: string
  asked_by: string | null
  asked_at: number
  done_at: number | null
}

export interface InboxRow {
  provider: string
  event_id: string
  payment_id: string
  body: unknown
  refund_id: string | null
  asks: boolean
  ref: string | null
  state: 'waiting' | 'applied' | 'stale' | 'orphan'
  copies: number
  received_at: number
  done_at: number | null
}

export interface AccountRow {
  id: string
  provider: 'stripe' | 'yookassa'
  shop_id: string | null
  markets: string[]
  active: boolean
  public_key: string
  sealed: string
  ends: Record<string, string>
  version: number
  created_at: number
  changed_at: number
}
