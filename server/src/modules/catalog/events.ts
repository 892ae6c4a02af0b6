import { eventType } from '../../kernel/events.ts'

export const productChanged = eventType<{ productId: string; shopId: string }>('product.changed')
export const productPublished = eventType<{ productId: string; shopId: string }>('product.published')
export const priceChanged = eventType<{
  productId: string
  variantId: string
  currency: string
  from: number | null
  to: number
}>('price.changed')
/** Answers and claims built on the old version must be looked at again. */
export const sheetWritten = eventType<{ productId: string; version: number }>('sheet.written')
