import type { OrderState } from '@efir/contract/orders/shapes.ts'
import type { Locale, LocalText } from '@efir/contract/scalars.ts'

export type DeliveryKind = 'courier' | 'post' | 'pickup'
export type CancelReason = 'buyer' | 'shop' | 'unpaid' | 'sold_out' | 'limit'
export type ParcelState = 'open' | 'packed' | 'shipped' | 'delivered' | 'empty'

export interface AddressValue {
  country: string
  name: string
  /** E.164 */
  phone: string
  line1?: string
  line2?: string
  city?: string
  region?: string
  postcode?: string
  pickup?: string
}

export interface DeliveryMethodRow {
  id: string
  shop_id: string
  kind: DeliveryKind
  name: LocalText
  prices: Record<string, number>
  free_from: Record<string, number>
  countries: string[]
  days_min: number
  days_max: number
  position: number
  active: boolean
  created_at: number
  changed_at: number
}

export interface CheckoutRow {
  id: string
  person_id: string
  key: string
  digest: string
  market: string
  currency: string
  locale: Locale
  email: string
  total_amount: number
  method: string
  pay_first: boolean
  attempts: number
  payment_id: string | null
  pay_until: number
  placed_at: number
}

export interface ParcelRow {
  id: string
  shop_id: string
  person_id: string
  show_id: string | null
  method_id: string
  address_digest: string
  currency: string
  state: ParcelState
  carrier: string
  tracking: string
  opened_at: number
  packed_at: number | null
  shipped_at: number | null
  delivered_at: number | null
}

export interface OrderRow {
  id: string
  number: string
  checkout_id: string
  shop_id: string
  person_id: string
  show_id: string | null
  state: OrderState
  currency: string
  tax_included: boolean
  goods_amount: number
  delivery_amount: number
  tax_amount: number
  total_amount: number
  refunded_amount: number
  pay_on_delivery: boolean
  payment_id: string | null
  confirmed_at: number | null
  parcel_id: string
  method_id: string
  method_kind: DeliveryKind
  method_name: LocalText
  email: string
  phone: string
  locale: Locale
  address: AddressValue
  search: string
  cancel_reason: CancelReason | null
  placed_at: number
  paid_at: number | null
  packed_at: number | null
  shipped_at: number | null
  delivered_at: number | null
  cancelled_at: number | null
}

export interface LineRow {
  id: string
  order_id: string
  shop_id: string
  kind: 'goods' | 'delivery' | 'fee'
  position: number
  variant_id: string | null
  product_id: string | null
  title: LocalText
  options: Record<string, string>
  sku: string
  quantity: number
  unit_amount: number
  total_amount: number
  tax_rate: number
  tax_amount: number
  reservation_id: string | null
  allotment_id: string | null
  terms: string | null
  source_kind: string
  source_id: string | null
  show_id: string | null
  returned: number
}
