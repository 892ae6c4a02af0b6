import { Type } from 'typebox'
import { CurrencyCode } from './scalars.ts'

/** Integer minor units of an ISO 4217 currency; 1999 EUR is 19.99 euros, 500 JPY is 500 yen. */
export interface Money {
  readonly amount: number
  readonly currency: string
}

export const MoneySchema = Type.Object(
  { amount: Type.Integer({ minimum: -9_007_199_254_740_991, maximum: 9_007_199_254_740_991 }), currency: CurrencyCode },
  { additionalProperties: false, description: 'integer minor units of an ISO 4217 currency' },
)
export const PriceSchema = Type.Object(
  { amount: Type.Integer({ minimum: 0, maximum: 1_000_000_000_000 }), currency: CurrencyCode },
  { additionalProperties: false, description: 'a price: integer minor units, not negative' },
)

const zeroDecimals = new Set([
  'BIF',
  'CLP',
  'DJF',
  'GNF',
  'ISK',
  'JPY',
  'KMF',
  'KRW',
  'PYG',
  'RWF',
  'UGX',
  'UYI',
  'VND',
  'VUV',
  'XAF',
  'XOF',
  'XPF',
])
const threeDecimals = new Set(['BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND'])

/** Decimals of the minor unit by ISO 4217. */
export function decimalsOf(currency: string): 0 | 2 | 3 {
  if (zeroDecimals.has(currency)) return 0
  return threeDecimals.has(currency) ? 3 : 2
}

/** From a text in major units, such as "-12.50"; null when it is no such text or has more decimals than the currency. */
export function majorToMoney(text: string, currency: string): Money | null {
  const match = /^(-?)(\d{1,13})(?:\.(\d+))?$/.exec(text)
  if (!match) return null
  const [, sign = '', whole = '', part = ''] = match
  const decimals = decimalsOf(currency)
  if (/[1-9]/.test(part.slice(decimals))) return null
  const amount = Number(whole + part.slice(0, decimals).padEnd(decimals, '0'))
  return money(sign && amount !== 0 ? -amount : amount, currency)
}

export const money = (amount: number, currency: string): Money => {
  if (!Number.isSafeInteger(amount)) throw new RangeError(`money amount ${amount} is no safe integer`)
  return { amount, currency }
}
export const zero = (currency: string): Money => ({ amount: 0, currency })

function sameCurrency(a: Money, b: Money): void {
  if (a.currency !== b.currency) throw new RangeError(`currencies never mix: ${a.currency} and ${b.currency}`)
}

export function plus(a: Money, b: Money): Money {
  sameCurrency(a, b)
  return money(a.amount + b.amount, a.currency)
}
export function minus(a: Money, b: Money): Money {
  sameCurrency(a, b)
  return money(a.amount - b.amount, a.currency)
}
export function times(a: Money, count: number): Money {
  if (!Number.isSafeInteger(count)) throw new RangeError('money is multiplied by whole numbers only; use percent()')
  return money(a.amount * count, a.currency)
}
export const negate = (a: Money): Money => money(a.amount === 0 ? 0 : -a.amount, a.currency)
export const sum = (currency: string, list: readonly Money[]): Money => list.reduce(plus, zero(currency))
export function compare(a: Money, b: Money): number {
  sameCurrency(a, b)
  return Math.sign(a.amount - b.amount)
}

/** A share in basis points (2000 = 20 %), rounded half away from zero; exact for any safe amount. */
export function percent(a: Money, basisPoints: number): Money {
  return money(roundedRatio(a.amount, basisPoints, 10_000), a.currency)
}

/** The tax inside a gross price: gross - gross / (1 + rate). */
export function taxIncluded(gross: Money, basisPoints: number): Money {
  return money(roundedRatio(gross.amount, basisPoints, 10_000 + basisPoints), gross.currency)
}

function roundedRatio(amount: number, numerator: number, denominator: number): number {
  const product = BigInt(amount) * BigInt(numerator)
  const size = product < 0n ? -product : product
  const rounded = (2n * size + BigInt(denominator)) / (2n * BigInt(denominator))
  return Number(product < 0n ? -rounded : rounded)
}

/** Divides by weights with the largest remainder method: the parts always sum to the whole. All-zero weights count as equal. */
export function split(whole: Money, weights: readonly number[]): Money[] {
  if (weights.length === 0) throw new RangeError('nothing to split among')
  if (weights.some((w) => !Number.isSafeInteger(w) || w < 0)) throw new RangeError('weights are whole and not negative')
  const given = weights.some((w) => w > 0) ? weights : weights.map(() => 1)
  const total = given.reduce((a, w) => a + BigInt(w), 0n)
  const size = BigInt(Math.abs(whole.amount))
  const parts = given.map((w, index) => ({ index, floor: (size * BigInt(w)) / total, rest: (size * BigInt(w)) % total }))
  let left = Number(size - parts.reduce((a, p) => a + p.floor, 0n))
  const byRest = parts.toSorted((a, b) => (a.rest === b.rest ? a.index - b.index : a.rest > b.rest ? -1 : 1))
  const extra = new Set(byRest.filter(() => left-- > 0).map((p) => p.index))
  const sign = whole.amount < 0 ? -1 : 1
  return parts.map((p) => money(sign * (Number(p.floor) + (extra.has(p.index) ? 1 : 0)) || 0, whole.currency))
}
