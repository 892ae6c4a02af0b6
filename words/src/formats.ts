import { decimalsOf, type Money } from '@efir/contract/money.ts'
import type { Locale } from '@efir/contract/scalars.ts'
import { intlTags } from './areas.ts'

export type DateStyle = 'day' | 'date' | 'dateTime' | 'time' | 'clock' | 'month' | 'weekday'

const dateStyles: Readonly<Record<DateStyle, Intl.DateTimeFormatOptions>> = {
  /** Wed 26 Nov */
  day: { weekday: 'short', day: 'numeric', month: 'short' },
  /** 26 November 2025 */
  date: { day: 'numeric', month: 'long', year: 'numeric' },
  /** 26 Nov 2025, 20:41 */
  dateTime: { day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
  /** 20:41 */
  time: { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
  /** 20:41:36 */
  clock: { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' },
  month: { month: 'long', year: 'numeric' },
  weekday: { weekday: 'long' },
}

const secondMs = 1000
const minuteMs = 60 * secondMs
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs

/** Currencies whose shop prices are written without decimals when they are whole. */
const plainWhole = new Set(['RUB', 'UAH', 'KZT', 'PHP', 'INR', 'TWD', 'THB'])

export interface Formats {
  readonly locale: Locale
  number(value: number, options?: Intl.NumberFormatOptions): string
  /** 18,402; from a hundred thousand on shortened to 184K. */
  count(value: number): string
  /** From basis points: 1550 is 15.5%. */
  percent(basisPoints: number): string
  /** All decimals of the currency, for sums and books. */
  money(value: Money): string
  /** As on a price tag: 14,990 ₽ without empty kopecks. */
  price(value: Money): string
  date(at: number, style?: DateStyle, timeZone?: string): string
  /** Two instants as one text: 20 – 24 Nov. */
  dateRange(from: number, to: number, style?: DateStyle, timeZone?: string): string
  /** In 48 minutes, yesterday. */
  relative(at: number, now: number): string
  /** 1 h 18 min: the two largest parts. */
  duration(ms: number): string
  list(items: readonly string[], kind?: 'and' | 'or'): string
  country(code: string): string
  currency(code: string): string
}

const made = new Map<string, Formats>()

export function formatsFor(locale: Locale, timeZone?: string): Formats {
  const key = `${locale} ${timeZone ?? ''}`
  const known = made.get(key)
  if (known) return known
  const formats = make(locale, timeZone)
  made.set(key, formats)
  return formats
}

/** Keeps every `Intl` object: making one costs far more than using it. */
export function remember<T>(build: (name: string, options: object) => T): (name: string, options?: object) => T {
  const kept = new Map<string, T>()
  return (name, options = {}) => {
    const key = name + JSON.stringify(options)
    let one = kept.get(key)
    if (!one) {
      one = build(name, options)
      kept.set(key, one)
    }
    return one
  }
}

export const numberFormat = remember((tag, options) => new Intl.NumberFormat(tag, options))
export const dateFormat = remember((tag, options) => new Intl.DateTimeFormat(tag, options))
export const pluralRules = remember((tag, options) => new Intl.PluralRules(tag, options))
const relativeFormat = remember((tag, options) => new Intl.RelativeTimeFormat(tag, options))
export const listFormat = remember((tag, options) => new Intl.ListFormat(tag, options as Intl.ListFormatOptions))
const nameFormat = remember((tag, options) => new Intl.DisplayNames(tag, options as Intl.DisplayNamesOptions))

/** Exact decimal text of minor units: 1999 with 2 decimals is `19.99`. No float is made of money. */
export function majorText(amount: number, decimals: number): string {
  if (decimals === 0) return String(amount)
  const digits = String(Math.abs(amount)).padStart(decimals + 1, '0')
  return `${amount < 0 ? '-' : ''}${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`
}

const minus = (text: string): string => text.replace('-', '\u2212')

function make(locale: Locale, zone: string | undefined): Formats {
  const tag = intlTags[locale]
  const moneyText = (value: Money, decimals: number) =>
    minus(
      numberFormat(tag, {
        style: 'currency',
        currency: value.currency,
        currencyDisplay: 'narrowSymbol',
        minimumFractionDigits: decimals,
        maximumFractionDigits: decimals,
      }).format(majorText(value.amount, decimalsOf(value.currency)) as unknown as number),
    )
  const at = (style: DateStyle, timeZone = zone) => dateFormat(tag, { ...dateStyles[style], ...(timeZone ? { timeZone } : {}) })
  return {
    locale,
    number: (value, options) => minus(numberFormat(tag, options).format(value)),
    count: (value) =>
      numberFormat(tag, Math.abs(value) < 100_000 ? {} : { notation: 'compact', maximumFractionDigits: 1 }).format(value),
    percent: (basisPoints) =>
      minus(numberFormat(tag, { style: 'percent', maximumFractionDigits: 2 }).format(basisPoints / 10_000)),
    money: (value) => moneyText(value, decimalsOf(value.currency)),
    price: (value) => {
      const decimals = decimalsOf(value.currency)
      const whole = value.amount % 10 ** decimals === 0
      return moneyText(value, whole && plainWhole.has(value.currency) ? 0 : decimals)
    },
    date: (instant, style = 'day', timeZone) => at(style, timeZone).format(instant),
    dateRange: (from, to, style = 'day', timeZone) => at(style, timeZone).formatRange(from, to),
    relative: (instant, now) => relative(tag, instant - now),
    duration: (ms) => duration(tag, ms),
    list: (items, kind = 'and') => listFormat(tag, { type: kind === 'and' ? 'conjunction' : 'disjunction' }).format(items),
    country: (code) => nameFormat(tag, { type: 'region' }).of(code) ?? code,
    currency: (code) => nameFormat(tag, { type: 'currency' }).of(code) ?? code,
  }
}

function relative(tag: string, distanceMs: number): string {
  const size = Math.abs(distanceMs)
  const one = relativeFormat(tag, { numeric: 'auto' })
  if (size < 45 * secondMs) return one.format(0, 'second')
  if (size < 60 * minuteMs) return one.format(Math.round(distanceMs / minuteMs), 'minute')
  if (size < 24 * hourMs) return one.format(Math.round(distanceMs / hourMs), 'hour')
  if (size < 30 * dayMs) return one.format(Math.round(distanceMs / dayMs), 'day')
  if (size < 365 * dayMs) return one.format(Math.round(distanceMs / (30 * dayMs)), 'month')
  return one.format(Math.round(distanceMs / (365 * dayMs)), 'year')
}

function duration(tag: string, ms: number): string {
  const unit = (value: number, name: string) =>
    numberFormat(tag, { style: 'unit', unit: name, unitDisplay: 'short' }).format(value)
  const parts: readonly (readonly [number, string])[] = [
    [Math.floor(ms / dayMs), 'day'],
    [Math.floor(ms / hourMs) % 24, 'hour'],
    [Math.floor(ms / minuteMs) % 60, 'minute'],
    [Math.floor(ms / secondMs) % 60, 'second'],
  ]
  const first = parts.findIndex(([value]) => value > 0)
  if (first < 0) return unit(0, 'second')
  const shown = parts.slice(first, first + 2).filter(([value]) => value > 0)
  return shown.map(([value, name]) => unit(value, name)).join('\u00a0')
}

/** `0:47`, `1:20:34`. Rounded up: 0:00 is shown only when nothing is left. */
export function countdown(leftMs: number): string {
  return clockText(Math.max(0, Math.ceil(leftMs / secondMs)))
}

/** A position in a recording: rounded down. */
export function timecode(ms: number): string {
  return clockText(Math.max(0, Math.floor(ms / secondMs)))
}

function clockText(seconds: number): string {
  const two = (value: number) => String(value).padStart(2, '0')
  const hours = Math.floor(seconds / 3600)
  const minutes = Math.floor(seconds / 60) % 60
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`
}
