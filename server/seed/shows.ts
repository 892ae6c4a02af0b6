import { type ReferenceBasis, type SeedCurrency, type SeedPrices, seedProduct } from './catalogue/products.ts'
import { readSeed, type SeedLocale, type Texts } from './catalogue/sheets.ts'
import { CLIPS, secondsOf } from './clip/plan.ts'

type LotRow = { key: string; productId: string; percentOff: number; quota: number; perBuyer: number; windowSeconds: number }
type RundownRow = { kind: 'talk'; minutes: number; text: Texts } | { kind: 'lot'; minutes: number; lot: string }
type ShowRow = {
  id: string
  kind: 'always_on' | 'upcoming' | 'replay'
  hostId: string
  producerShopId: string
  locale: SeedLocale
  moderators: string[]
  cover: { hostId: string; productId: string; also: string[] }
  title: Texts
  description: Texts
  rundown: RundownRow[]
  lots: LotRow[]
  /** Name of a clip of `clip/`, for a show on air or a replay. */
  clip?: string
  startsInMinutes?: number
  plannedMinutes?: number
  series?: { every: 'week'; count: number }
  endedHoursAgo?: number
}

export type SeedLot = LotRow & {
  shopId: string
  /** SKUs that may be bought through the lot; the first is shown. */
  skus: string[]
  livePrices: SeedPrices
  reference: { basis: ReferenceBasis; prices: SeedPrices }
}
export type SeedChapter = { atSeconds: number; productId: string; title: Texts }
export type SeedShow = Omit<ShowRow, 'lots'> & {
  lots: SeedLot[]
  /** Where the products change in the clip of a replay; in seconds from its start. */
  chapters: SeedChapter[]
  /** Path of the clip's FLV, when the show has one. */
  clipFile?: URL
}

/** Steps that prices are rounded down to, in minor units. */
const STEP: Record<SeedCurrency, number> = { RUB: 10_000, EUR: 100, USD: 100, UAH: 1_000, CNY: 100, PHP: 1_000 }

/** The price in the show: the usual one less a whole percentage, rounded down to what one would write on a card. */
export const livePrices = (prices: SeedPrices, percentOff: number): SeedPrices =>
  Object.fromEntries(
    Object.entries(prices).map(([currency, amount]) => {
      const step = STEP[currency as SeedCurrency]
      return [currency, Math.max(step, Math.floor((amount * (100 - percentOff)) / 100 / step) * step)]
    }),
  ) as SeedPrices

const lotOf = (row: LotRow): SeedLot => {
  const product = seedProduct(row.productId)
  return {
    ...row,
    shopId: product.shopId,
    skus: product.variants.map((variant) => variant.sku),
    livePrices: livePrices(product.prices, row.percentOff),
    reference: { basis: 'lowest_30_days', prices: product.prices },
  }
}

const chaptersOf = (clipName: string): SeedChapter[] => {
  const plan = CLIPS.find((one) => one.name === clipName)
  if (plan === undefined) throw new Error(`no clip ${clipName}`)
  const share = secondsOf(plan) / plan.products.length
  return plan.products.map(({ id }, index) => ({
    atSeconds: Math.round(share * index * 1000) / 1000,
    productId: id,
    title: seedProduct(id).title,
  }))
}

export const seedShows: readonly SeedShow[] = readSeed<{ shows: ShowRow[] }>('data/shows.json').shows.map((row) => ({
  ...row,
  lots: row.lots.map(lotOf),
  chapters: row.kind === 'replay' && row.clip !== undefined ? chaptersOf(row.clip) : [],
  ...(row.clip === undefined ? {} : { clipFile: new URL(`./clip/${row.clip}.flv`, import.meta.url) }),
}))
