import type { LocalText } from '@efir/contract/scalars.ts'

export interface ProductRow {
  id: string
  shop_id: string
  slug: string
  title: LocalText
  about: LocalText
  brand: string
  model: string
  category: string
  tax_rate: number | null
  warranty_months: number | null
  origin_country: string | null
  sheet_version: number
  rating_count: number
  rating_sum: number
  state: 'draft' | 'published' | 'archived'
  demo: boolean
}

export interface VariantRow {
  id: string
  product_id: string
  shop_id: string
  sku: string
  barcode: string | null
  options: Record<string, string>
  position: number
  active: boolean
}

export interface PictureRow {
  id: string
  shop_id: string
  product_id: string | null
  variant_id: string | null
  key: string
  width: number
  height: number
  alt: LocalText
  tint: string
  position: number
}
