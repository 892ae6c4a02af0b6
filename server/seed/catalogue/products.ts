import { coloursOf, type ProductView, VIEWS } from '../drawings/product.ts'
import { readSeed, type SeedLocale, type SpecSheet, sheetOf, type Texts } from './sheets.ts'

export type SeedCurrency = 'RUB' | 'EUR' | 'USD' | 'UAH' | 'CNY' | 'PHP'
/** Minor units in each currency a product is sold in. */
export type SeedPrices = Record<SeedCurrency, number>
/** What a struck price rests on: the lowest price of the last 30 days, or the maker's list price. */
export type ReferenceBasis = 'lowest_30_days' | 'makers_price'

type ProductRow = {
  id: string
  shopId: string
  skuPrefix: string
  colourOption: 'colour' | 'strap'
  sizes: string[]
  stockPerVariant: number
  prices: SeedPrices
  reference: { basis: ReferenceBasis; prices: SeedPrices }
  description: Texts
}

export type OptionName = 'colour' | 'strap' | 'size'
export type SeedVariant = {
  sku: string
  /** EAN-13 from the range kept for use inside a shop (prefix 20). */
  barcode: string
  options: Partial<Record<OptionName, string>>
  /** "Graphite · M"; empty when there is nothing to choose. */
  label: Texts
  stock: number
  prices: SeedPrices
  /** The colour to draw it in. */
  colour: string
}
export type SeedPicture = { view: ProductView; colour: string }
export type SeedProduct = Omit<ProductRow, 'skuPrefix' | 'colourOption' | 'sizes' | 'stockPerVariant'> & {
  title: Texts
  category: string
  searchWords: Record<SeedLocale, string[]>
  sheet: SpecSheet
  variants: SeedVariant[]
  /** In the order of the gallery; the first is the main picture. */
  pictures: SeedPicture[]
}

const rows = readSeed<ProductRow[]>('catalogue/products.json')
export const optionTexts = readSeed<{ names: Record<OptionName, Texts>; colours: Record<string, Texts> }>(
  'catalogue/options.json',
)
export const categories =
  readSeed<Record<string, { title: Texts; words: Record<SeedLocale, string[]> }>>('catalogue/categories.json')

/** GS1 General Specifications 7.9: weights 1 and 3 from the left, to the next ten. */
export const withCheckDigit = (twelve: string): string => {
  const sum = [...twelve].reduce((total, digit, i) => total + Number(digit) * (i % 2 === 0 ? 1 : 3), 0)
  return `${twelve}${(10 - (sum % 10)) % 10}`
}

const mapTexts = (texts: Texts, change: (text: string) => string): Texts =>
  Object.fromEntries(Object.entries(texts).map(([locale, text]) => [locale, change(text)])) as Texts

/** Sizes in the middle of the range are bought most, so more of them lie in stock. */
const stockOf = (row: ProductRow, sizeIndex: number, variantIndex: number): number => {
  if (row.sizes.length === 0) return Math.max(3, row.stockPerVariant - variantIndex * Math.floor(row.stockPerVariant / 5))
  const middle = (row.sizes.length - 1) / 2
  return Math.max(1, Math.round(row.stockPerVariant * (1.4 - Math.abs(sizeIndex - middle) / row.sizes.length)))
}

const variantsOf = (row: ProductRow, productIndex: number): SeedVariant[] => {
  const sizes = row.sizes.length === 0 ? [undefined] : row.sizes
  return coloursOf(row.id)
    .flatMap((colour) => sizes.map((size, sizeIndex) => ({ colour, size, sizeIndex })))
    .map(({ colour, size, sizeIndex }, variantIndex) => {
      const plain = colour === 'standard'
      const colourTexts = optionTexts.colours[colour]
      if (colourTexts === undefined) throw new Error(`the colour ${colour} has no name`)
      const shownSize = size?.toUpperCase()
      return {
        sku: [row.skuPrefix, plain ? '' : colour.slice(0, 4).toUpperCase(), shownSize ?? '']
          .filter((part) => part !== '')
          .join('-'),
        barcode: withCheckDigit(`200000${String(productIndex + 1).padStart(3, '0')}${String(variantIndex + 1).padStart(3, '0')}`),
        options: { ...(plain ? {} : { [row.colourOption]: colour }), ...(shownSize === undefined ? {} : { size: shownSize }) },
        label: mapTexts(colourTexts, (text) => [plain ? '' : text, shownSize ?? ''].filter((part) => part !== '').join(' · ')),
        stock: stockOf(row, sizeIndex, variantIndex),
        prices: row.prices,
        colour,
      }
    })
}

const picturesOf = (productId: string): SeedPicture[] => {
  const [first = '', ...others] = coloursOf(productId)
  return [...VIEWS.map((view) => ({ view, colour: first })), ...others.map((colour): SeedPicture => ({ view: 'main', colour }))]
}

const searchWordsOf = (sheet: SpecSheet): Record<SeedLocale, string[]> => {
  const category = categories[sheet.category]
  if (category === undefined) throw new Error(`no words for ${sheet.category}`)
  return Object.fromEntries(
    Object.entries(category.words).map(([locale, words]) => [
      locale,
      [...words, sheet.brand.toLowerCase(), sheet.model.toLowerCase()],
    ]),
  ) as Record<SeedLocale, string[]>
}

export const seedProducts: readonly SeedProduct[] = rows.map((row, index) => {
  const sheet = sheetOf(row.id)
  return {
    id: row.id,
    shopId: row.shopId,
    prices: row.prices,
    reference: row.reference,
    description: row.description,
    title: sheet.title,
    category: sheet.category,
    searchWords: searchWordsOf(sheet),
    sheet,
    variants: variantsOf(row, index),
    pictures: picturesOf(row.id),
  }
})

export const seedProduct = (productId: string): SeedProduct => {
  const product = seedProducts.find((one) => one.id === productId)
  if (product === undefined) throw new Error(`no product ${productId}`)
  return product
}
