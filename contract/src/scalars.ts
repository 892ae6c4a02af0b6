import { type Static, Type } from 'typebox'

/** Prefix of each id; an id is `<prefix>_` + 26 characters of Crockford base32 (UUIDv7), the same text in database, URL and log. */
export const idPrefixes = {
  person: 'per',
  session: 'ses',
  passkey: 'psk',
  export: 'exp',
  shop: 'shp',
  invitation: 'inv',
  product: 'prd',
  variant: 'var',
  picture: 'pic',
  sheet: 'sht',
  allotment: 'alt',
  reservation: 'rsv',
  movement: 'mov',
  show: 'shw',
  series: 'ser',
  item: 'itm',
  lot: 'lot',
  pin: 'pin',
  deal: 'dea',
  order: 'ord',
  line: 'lin',
  parcel: 'par',
  cart: 'crt',
  checkout: 'cko',
  delivery: 'dlv',
  payment: 'pay',
  refund: 'rfd',
  transfer: 'trf',
  entry: 'ent',
  account: 'acc',
  streamKey: 'key',
  stream: 'str',
  recording: 'rec',
  message: 'msg',
  reminder: 'rmd',
  event: 'evt',
  mail: 'eml',
  request: 'req',
  payout: 'pyt',
  link: 'lnk',
  apiKey: 'apk',
  endpoint: 'whk',
  dispatch: 'dsp',
  device: 'dev',
  payAccount: 'pac',
} as const
export type IdKind = keyof typeof idPrefixes
export type IdOf<K extends IdKind> = string & { readonly __id?: K }

const base32 = '[0-9a-hjkmnp-tv-z]{26}'
export const Id = <K extends IdKind>(kind: K) =>
  Type.Unsafe<IdOf<K>>({ type: 'string', pattern: `^${idPrefixes[kind]}_${base32}$`, description: `id of a ${kind}` })

/** Epoch milliseconds, UTC; up to the last year of four digits. */
export const Millis = Type.Integer({ minimum: 0, maximum: 253_402_300_799_999, description: 'epoch milliseconds, UTC' })
/** Hundredths of a percent: 2000 = 20 %. */
export const BasisPoints = Type.Integer({ minimum: 0, maximum: 1_000_000 })
export const Quantity = Type.Integer({ minimum: 1, maximum: 20 })

export const locales = ['ru', 'en', 'es', 'fr', 'ar', 'zh', 'uk'] as const
export type Locale = (typeof locales)[number]
export const LocaleSchema = Type.Enum(locales)
export const isLocale = (text: string): text is Locale => (locales as readonly string[]).includes(text)
export const directionOf = (locale: Locale): 'rtl' | 'ltr' => (locale === 'ar' ? 'rtl' : 'ltr')

/** A text in some of the languages; at least one. */
export const LocalText = Type.Partial(
  Type.Object(
    Object.fromEntries(locales.map((l) => [l, Type.String({ maxLength: 8000 })])) as Record<
      Locale,
      ReturnType<typeof Type.String>
    >,
  ),
  {
    additionalProperties: false,
    minProperties: 1,
    description: 'text by language',
  },
)
export type LocalText = Partial<Record<Locale, string>>

/** The text in the wanted language, else English, else any. */
export function textIn(text: LocalText | undefined, locale: Locale): string {
  if (!text) return ''
  return text[locale] ?? text.en ?? Object.values(text).find((t) => t !== undefined) ?? ''
}

export const ShortText = (max = 200) => Type.String({ minLength: 1, maxLength: max, pattern: '\\S' })
export const Email = Type.String({ maxLength: 254, pattern: '^[^\\s@<>"]+@[^\\s@<>"]+\\.[^\\s@<>"]+$' })
export const CountryCode = Type.String({ pattern: '^[A-Z]{2}$', description: 'ISO 3166-1 alpha-2' })
export const CurrencyCode = Type.String({ pattern: '^[A-Z]{3}$', description: 'ISO 4217' })
/** Made by the caller, once per intent; the same key again is a replay and gets the same answer. */
export const IdempotencyKey = Type.String({ minLength: 8, maxLength: 64, pattern: '^[A-Za-z0-9_-]+$' })
export const Slug = Type.String({ minLength: 2, maxLength: 60, pattern: '^[a-z0-9]+(-[a-z0-9]+)*$' })
export const ShopRole = Type.Union([Type.Literal('owner'), Type.Literal('manager'), Type.Literal('fulfilment')])
export type ShopRole = Static<typeof ShopRole>
