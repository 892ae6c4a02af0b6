export interface LevelRow {
  variant_id: string
  shop_id: string
  shelf_id: string
  on_hand: number
  allotted: number
  changed_at: number
}

export interface AllotmentRow {
  id: string
  shop_id: string
  variant_id: string
  use: string
  use_id: string | null
  limit_group: string
  topic: string | null
  quota: number
  left_units: number
  per_buyer: number | null
  opens_at: number | null
  closes_at: number | null
  open: boolean
  created_at: number
  changed_at: number
}

export type ReservationState = 'held' | 'committed' | 'paid' | 'released' | 'expired'

export interface ReservationRow {
  id: string
  allotment_id: string
  person_id: string
  shop_id: string
  quantity: number
  returned: number
  state: ReservationState
  amount: number
  currency: string
  source: string
  expires_at: number
  created_at: number
  changed_at: number | null
}

export type MovementCause = 'received' | 'corrected' | 'allotted' | 'unallotted' | 'sold' | 'cancelled' | 'returned'
