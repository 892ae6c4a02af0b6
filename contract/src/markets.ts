import { Type } from 'typebox'
import { act, Nothing, Obj } from './act.ts'
import { PriceSchema } from './money.ts'
import { CountryCode, CurrencyCode, LocaleSchema } from './scalars.ts'

export const AddressField = Obj({
  name: Type.Enum(['name', 'phone', 'line1', 'line2', 'city', 'region', 'postcode', 'pickup']),
  required: Type.Boolean(),
  pattern: Type.Optional(Type.String()),
  example: Type.Optional(Type.String()),
  /** Key of words for the label where the country has its own, such as `oblast`. */
  label: Type.Optional(Type.String()),
})

/** A market is one data file; nothing in code knows a market by name. */
export const MarketProfile = Obj({
  code: Type.String({ pattern: '^[A-Z]{2,8}$' }),
  country: CountryCode,
  currency: CurrencyCode,
  languages: Type.Array(LocaleSchema, { minItems: 1 }),
  paymentMethods: Type.Array(Type.Union([Type.Literal('card'), Type.Literal('cod')]), { minItems: 1 }),
  hesitationPrice: PriceSchema,
  priceHoldHours: Type.Integer({ minimum: 0, maximum: 720 }),
  attributionHours: Type.Integer({ minimum: 0, maximum: 2160 }),
  usualShowMinutes: Type.Integer({ minimum: 5, maximum: 1440 }),
  /** Prices are shown with tax inside. */
  taxIncluded: Type.Boolean(),
  /** Basis points, the usual rate. */
  taxRate: Type.Integer({ minimum: 0, maximum: 5000 }),
  returnDays: Type.Integer({ minimum: 0, maximum: 365 }),
  numberingSystem: Type.Union([Type.Literal('latn'), Type.Literal('arab')]),
  /** Keys of words; the law names the button in some markets. */
  texts: Obj({ payButton: Type.String(), returns: Type.String(), taxNote: Type.String() }),
  address: Type.Array(AddressField),
})

export const listMarkets = act({
  name: 'listMarkets',
  method: 'GET',
  path: '/markets',
  who: ['public'],
  summary: 'All market profiles.',
  input: Nothing,
  output: Obj({ markets: Type.Array(MarketProfile) }),
})
export const market = act({
  name: 'market',
  method: 'GET',
  path: '/markets/:code',
  who: ['public'],
  summary: 'One market profile.',
  input: Obj({ code: Type.String({ pattern: '^[A-Z]{2,8}$' }) }),
  output: MarketProfile,
})

export const acts = [listMarkets, market]
