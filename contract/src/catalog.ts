import { Type } from 'typebox'
import { act, Obj, PageOf, pageInput } from './act.ts'
import { PriceSchema } from './money.ts'
import { BasisPoints, CountryCode, CurrencyCode, Id, LocalText, Millis, ShortText, Slug } from './scalars.ts'

export const Picture = Obj({
  id: Id('picture'),
  /** Add /<width>.webp; see pictures.ts. */
  base: Type.String(),
  width: Type.Integer(),
  height: Type.Integer(),
  tint: Type.String({ description: 'average colour, shown until the picture is there' }),
  alt: LocalText,
  variantId: Type.Optional(Id('variant')),
})

const Condition = Type.Record(
  Type.String({ maxLength: 60 }),
  Type.Union([Obj({ value: Type.Number(), unit: Type.String({ maxLength: 30 }) }), Type.String({ maxLength: 60 })]),
)

/** One typed fact. Units are UCUM; `family` joins keys that an unqualified sentence may mean. */
export const SpecAttribute = Obj({
  key: Type.String({ pattern: '^[a-z][a-z0-9_]{0,59}$' }),
  type: Type.Enum(['quantity', 'range', 'boolean', 'enum', 'text', 'composition']),
  value: Type.Union([
    Type.Number(),
    Type.Boolean(),
    Type.String({ maxLength: 200 }),
    Type.Array(Type.Number(), { minItems: 2, maxItems: 2 }),
    Type.Array(Type.String({ maxLength: 80 }), { minItems: 1, maxItems: 40 }),
    Type.Array(Obj({ material: Type.String({ maxLength: 60 }), percent: Type.Number({ minimum: 0, maximum: 100 }) }), {
      minItems: 1,
      maxItems: 20,
    }),
    LocalText,
  ]),
  unit: Type.Optional(Type.String({ maxLength: 30 })),
  qualifier: Type.Optional(Type.String({ maxLength: 20 })),
  condition: Type.Optional(Condition),
  family: Type.Optional(Type.String({ maxLength: 60 })),
  label: LocalText,
})

export const SpecSheet = Obj({
  productId: Id('product'),
  version: Type.Integer({ minimum: 0 }),
  attributes: Type.Array(SpecAttribute),
  writtenAt: Type.Optional(Millis),
})

export const Variant = Obj({
  id: Id('variant'),
  sku: Type.String(),
  barcode: Type.Optional(Type.String()),
  options: Type.Record(Type.String(), Type.String()),
  active: Type.Boolean(),
  prices: Type.Array(PriceSchema),
  /** Units that can be bought off show; absent when unknown. */
  available: Type.Optional(Type.Integer()),
})

export const ProductCard = Obj({
  id: Id('product'),
  shopId: Id('shop'),
  shopName: Type.String(),
  slug: Type.String(),
  title: LocalText,
  brand: Type.String(),
  category: Type.String(),
  picture: Type.Optional(Picture),
  price: Type.Optional(PriceSchema),
  rating: Type.Optional(Obj({ average: Type.Number(), count: Type.Integer() })),
  variants: Type.Integer(),
  state: Type.Enum(['draft', 'published', 'archived']),
})

export const Product = Obj({
  ...ProductCard.properties,
  about: LocalText,
  model: Type.String(),
  taxRate: Type.Optional(BasisPoints),
  warrantyMonths: Type.Optional(Type.Integer()),
  originCountry: Type.Optional(CountryCode),
  pictures: Type.Array(Picture),
  variantList: Type.Array(Variant),
  sheet: SpecSheet,
  related: Type.Array(Obj({ relation: Type.String(), product: ProductCard })),
  demo: Type.Boolean(),
})

const VariantInput = Obj({
  id: Type.Optional(Id('variant')),
  sku: ShortText(60),
  barcode: Type.Optional(Type.String({ pattern: '^([0-9]{8}|[0-9]{12,14})$' })),
  options: Type.Optional(Type.Record(Type.String({ maxLength: 40 }), Type.String({ maxLength: 80 }))),
  prices: Type.Array(PriceSchema, { maxItems: 20 }),
  active: Type.Optional(Type.Boolean()),
})
const productFields = {
  about: Type.Optional(LocalText),
  brand: Type.Optional(Type.String({ maxLength: 80 })),
  model: Type.Optional(Type.String({ maxLength: 80 })),
  category: Type.Optional(Type.String({ maxLength: 60 })),
  taxRate: Type.Optional(Type.Integer({ minimum: 0, maximum: 10_000, description: 'hundredths of a percent: 2000 = 20 %' })),
  warrantyMonths: Type.Optional(Type.Integer({ minimum: 0, maximum: 600 })),
  originCountry: Type.Optional(CountryCode),
}
const keepers = ['shop:owner', 'shop:manager'] as const
const readers = ['shop:owner', 'shop:manager', 'shop:fulfilment'] as const

export const createProduct = act({
  name: 'createProduct',
  method: 'POST',
  path: '/shops/:shopId/products',
  who: keepers,
  summary: 'A product, a draft at first.',
  input: Obj({
    shopId: Id('shop'),
    title: LocalText,
    slug: Type.Optional(Slug),
    ...productFields,
    variants: Type.Array(VariantInput, { minItems: 1, maxItems: 100 }),
  }),
  output: Product,
  refusals: ['slug_taken', 'sku_taken', 'currency_unknown'],
})
export const changeProduct = act({
  name: 'changeProduct',
  method: 'PATCH',
  path: '/products/:productId',
  who: keepers,
  summary: 'Change texts and facts of the product itself.',
  input: Obj({ productId: Id('product'), title: Type.Optional(LocalText), ...productFields }),
  output: Product,
})
export const setVariants = act({
  name: 'setVariants',
  method: 'PUT',
  path: '/products/:productId/variants',
  who: keepers,
  summary: 'Set the variants; those that are left out become inactive.',
  input: Obj({ productId: Id('product'), variants: Type.Array(VariantInput, { minItems: 1, maxItems: 100 }) }),
  output: Product,
  refusals: ['sku_taken', 'currency_unknown'],
})
export const setPrice = act({
  name: 'setPrice',
  method: 'PUT',
  path: '/products/:productId/price',
  who: keepers,
  summary: 'The price of a variant in one currency; the old one stays in the history.',
  input: Obj({ productId: Id('product'), variantId: Id('variant'), price: PriceSchema }),
  output: Product,
})
export const publishProduct = act({
  name: 'publishProduct',
  method: 'POST',
  path: '/products/:productId/publish',
  who: keepers,
  summary: 'Show or hide the product in the shop.',
  input: Obj({ productId: Id('product'), state: Type.Enum(['draft', 'published', 'archived']) }),
  output: Product,
  refusals: ['product_incomplete'],
})
export const writeSheet = act({
  name: 'writeSheet',
  method: 'PUT',
  path: '/products/:productId/sheet',
  who: keepers,
  summary: 'A new version of the spec sheet; `overVersion` is the one it was written over.',
  input: Obj({
    productId: Id('product'),
    overVersion: Type.Integer({ minimum: 0 }),
    attributes: Type.Array(SpecAttribute, { maxItems: 200 }),
  }),
  output: SpecSheet,
  refusals: ['sheet_changed', 'sheet_invalid'],
})
export const sheetHistory = act({
  name: 'sheetHistory',
  method: 'GET',
  path: '/products/:productId/sheets',
  who: readers,
  summary: 'Versions of the spec sheet, newest first.',
  input: Obj({ productId: Id('product') }),
  output: Obj({ sheets: Type.Array(SpecSheet) }),
})
export const relateProduct = act({
  name: 'relateProduct',
  method: 'PUT',
  path: '/products/:productId/related',
  who: keepers,
  summary: 'Relations: the other product is the … of this one.',
  input: Obj({
    productId: Id('product'),
    related: Type.Array(
      Obj({
        relation: Type.Enum(['predecessor', 'successor', 'rival', 'accessory', 'bundle', 'sibling']),
        otherId: Id('product'),
      }),
      { maxItems: 40 },
    ),
  }),
  output: Product,
})
/** Multipart: one file field `file`. */
export const addPicture = act({
  name: 'addPicture',
  method: 'POST',
  path: '/shops/:shopId/pictures',
  who: keepers,
  summary: 'Upload a picture (JPEG, PNG, WebP, AVIF, GIF; at most 15 MB): it is re-encoded and loses its metadata.',
  input: Obj({ shopId: Id('shop') }),
  output: Picture,
  refusals: ['picture_unreadable', 'picture_too_large'],
})
export const arrangePictures = act({
  name: 'arrangePictures',
  method: 'PUT',
  path: '/products/:productId/pictures',
  who: keepers,
  summary: 'Pictures of the product in order; the first is its face.',
  input: Obj({
    productId: Id('product'),
    pictures: Type.Array(Obj({ id: Id('picture'), alt: Type.Optional(LocalText), variantId: Type.Optional(Id('variant')) }), {
      maxItems: 40,
    }),
  }),
  output: Product,
})
export const productPage = act({
  name: 'productPage',
  method: 'GET',
  path: '/products/:productId',
  who: ['public'],
  summary: 'All of a published product.',
  input: Obj({ productId: Id('product') }),
  output: Product,
})
export const productEditor = act({
  name: 'productEditor',
  method: 'GET',
  path: '/products/:productId/editor',
  who: readers,
  summary: 'The product as its shop sees it, drafts too.',
  input: Obj({ productId: Id('product') }),
  output: Product,
})
export const findProducts = act({
  name: 'findProducts',
  method: 'GET',
  path: '/products',
  who: ['public'],
  summary: 'Published products by words, shop or category.',
  input: Obj({
    words: Type.Optional(Type.String({ maxLength: 100 })),
    shopId: Type.Optional(Id('shop')),
    category: Type.Optional(Type.String({ maxLength: 60 })),
    currency: Type.Optional(CurrencyCode),
    ...pageInput,
  }),
  output: PageOf(ProductCard),
})
export const shopProducts = act({
  name: 'shopProducts',
  method: 'GET',
  path: '/shops/:shopId/products',
  who: readers,
  summary: 'Products of a shop for its office.',
  input: Obj({
    shopId: Id('shop'),
    words: Type.Optional(Type.String({ maxLength: 100 })),
    state: Type.Optional(Type.Enum(['draft', 'published', 'archived'])),
    ...pageInput,
  }),
  output: PageOf(ProductCard),
})
export const priceHistory = act({
  name: 'priceHistory',
  method: 'GET',
  path: '/variants/:variantId/prices',
  who: ['public'],
  summary: 'What was asked for a variant, newest first.',
  input: Obj({ variantId: Id('variant'), currency: CurrencyCode }),
  output: Obj({ prices: Type.Array(Obj({ price: PriceSchema, fromAt: Millis })) }),
})

export const acts = [
  createProduct,
  changeProduct,
  setVariants,
  setPrice,
  publishProduct,
  writeSheet,
  sheetHistory,
  relateProduct,
  addPicture,
  arrangePictures,
  productPage,
  productEditor,
  findProducts,
  shopProducts,
  priceHistory,
]
