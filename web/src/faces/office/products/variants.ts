import type { In } from '@efir/contract/act.ts'
import type { setVariants } from '@efir/contract/catalog.ts'
import type { ProductView } from './product.tsx'

export interface VariantDraft {
  /** Of the row, also before the server has given it an id. */
  readonly key: string
  readonly id: string | null
  readonly sku: string
  readonly barcode: string
  readonly options: Readonly<Record<string, string>>
  /** Minor units by currency; null: not sold in it. */
  readonly prices: Readonly<Record<string, number | null>>
  readonly active: boolean
}

export const draftsOf = (product: ProductView): VariantDraft[] =>
  product.variantList.map(({ id, sku, barcode, options, prices, active }) => ({
    key: id,
    id,
    sku,
    barcode: barcode ?? '',
    options,
    prices: Object.fromEntries(prices.map((price) => [price.currency, price.amount])),
    active,
  }))

export const optionNames = (drafts: readonly VariantDraft[]): string[] => [
  ...new Set(drafts.flatMap((draft) => Object.keys(draft.options))),
]
export const currencies = (drafts: readonly VariantDraft[], shopCurrency: string): string[] => [
  ...new Set([shopCurrency, ...drafts.flatMap((draft) => Object.keys(draft.prices))]),
]

/** EAN-8, UPC-A, EAN-13 or GTIN-14, as far as its length goes; the server checks the last digit. */
export const barcodeLooksRight = (code: string): boolean => code === '' || /^(\d{8}|\d{12,14})$/.test(code)

export function problemsOf(drafts: readonly VariantDraft[]): ReadonlyMap<string, 'sku' | 'twice' | 'barcode'> {
  const problems = new Map<string, 'sku' | 'twice' | 'barcode'>()
  const seen = new Set<string>()
  for (const draft of drafts) {
    const sku = draft.sku.trim()
    if (sku === '') problems.set(draft.key, 'sku')
    else if (seen.has(sku)) problems.set(draft.key, 'twice')
    else if (!barcodeLooksRight(draft.barcode.trim())) problems.set(draft.key, 'barcode')
    seen.add(sku)
  }
  return problems
}

export function variantsInput(drafts: readonly VariantDraft[]): In<typeof setVariants>['variants'] {
  return drafts.map(({ id, sku, barcode, options, prices, active }) => ({
    ...(id ? { id } : {}),
    sku: sku.trim(),
    ...(barcode.trim() ? { barcode: barcode.trim() } : {}),
    options: Object.fromEntries(Object.entries(options).filter(([, value]) => value.trim() !== '')),
    prices: Object.entries(prices).flatMap(([currency, amount]) => (amount === null ? [] : [{ amount, currency }])),
    active,
  }))
}
