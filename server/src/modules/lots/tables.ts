import type { LocalText } from '@efir/contract/scalars.ts'
import type { CloseReason, DealState, LotGuard, ReferenceBasis, Slot } from './rules.ts'

export interface LotRow {
  id: string
  show_id: string
  shop_id: string
  number: number
  position: number
  product_id: string | null
  state: DealState
  version: number
  quota: number
  per_buyer: number
  window_ms: number | null
  guard: LotGuard
  opens_at: number | null
  closes_at: number | null
  closed_because: CloseReason | null
  link_url: string | null
  link_seller: string | null
  link_title: LocalText | null
  link_picture: string | null
  clicks: number
  removed_at: number | null
}

export interface LotVariantRow {
  lot_id: string
  variant_id: string
  position: number
  allotment_id: string | null
}

export interface DealRow {
  id: string
  lot_id: string
  version: number
  amount: number
  currency: string
  reference_amount: number | null
  reference_basis: ReferenceBasis | null
  from_at: number
  until_at: number | null
}

export interface PinRow {
  id: string
  show_id: string
  lot_id: string
  slot: Slot
  start_at: number
  end_at: number | null
}
