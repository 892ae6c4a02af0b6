import type { LocalText } from '@efir/contract/scalars.ts'

interface PickedLine {
  readonly variantId?: string
  readonly sku: string
  readonly title: LocalText
  readonly options: Readonly<Record<string, string>>
  readonly picture?: string
  readonly quantity: number
  readonly returned: number
}

export interface Pick {
  readonly sku: string
  readonly title: LocalText
  readonly options: Readonly<Record<string, string>>
  readonly picture: string | undefined
  readonly units: number
  readonly parcels: number
}

/** One walk along the shelves for many parcels: each article once, with how many of it in all. */
export function picksOf(parcels: readonly { readonly orders: readonly { readonly lines: readonly PickedLine[] }[] }[]): Pick[] {
  const picks = new Map<string, Pick>()
  for (const parcel of parcels) {
    const seen = new Set<string>()
    for (const line of parcel.orders.flatMap((order) => order.lines)) {
      const units = line.quantity - line.returned
      if (units <= 0) continue
      const key = line.variantId ?? line.sku
      const known = picks.get(key)
      const parcelsWith = (known?.parcels ?? 0) + (seen.has(key) ? 0 : 1)
      seen.add(key)
      const { sku, title, options, picture } = line
      picks.set(key, { sku, title, options, picture, units: (known?.units ?? 0) + units, parcels: parcelsWith })
    }
  }
  return [...picks.values()].sort((one, other) => one.sku.localeCompare(other.sku, 'en', { numeric: true }))
}
