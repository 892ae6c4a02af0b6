import { type Locale, textIn } from '@efir/contract/scalars.ts'
import { intlTags, type WordKey, type WordValues } from './areas.ts'
import { listFormat, numberFormat } from './formats.ts'

/** A quantity or range of a spec sheet, as stored: UCUM unit, qualifier, condition. */
export interface SpecQuantity {
  readonly value: number | readonly [number, number]
  readonly unit?: string
  readonly qualifier?: string
  readonly condition?: Readonly<Record<string, string | { readonly value: number; readonly unit: string }>>
}

export type Say = (key: WordKey<'units'>, values?: WordValues) => string

/** UCUM codes whose texts exist; the key carries a plain name because codes hold brackets, dots and slashes. */
const unitNames: Readonly<Record<string, string>> = {
  '%': 'percent',
  '[den]': 'denier',
  '[in_i]': 'inch',
  a: 'year',
  'A.h': 'ampere_hour',
  'cd/m2': 'nit',
  Cel: 'celsius',
  cm: 'centimetre',
  d: 'day',
  dB: 'decibel',
  deg: 'degree',
  g: 'gram',
  'g/m2/d': 'gram_m2_day',
  GBy: 'gigabyte',
  h: 'hour',
  Hz: 'hertz',
  kg: 'kilogram',
  km: 'kilometre',
  'km/h': 'kilometre_hour',
  L: 'litre',
  m: 'metre',
  'm/s': 'metre_second',
  m2: 'square_metre',
  'mA.h': 'milliampere_hour',
  min: 'minute',
  mL: 'millilitre',
  mm: 'millimetre',
  'mm[H2O]': 'water_column',
  mo: 'month',
  ms: 'millisecond',
  Pa: 'pascal',
  s: 'second',
  TBy: 'terabyte',
  V: 'volt',
  W: 'watt',
  'W.h': 'watt_hour',
  wk: 'week',
  '{frame}/s': 'frames_second',
  '{Mpx}': 'megapixel',
  '{rev}/min': 'revolutions_minute',
}

const qualifierNames = new Set(['up_to', 'min', 'max', 'typical', 'about'])
const conditionNames = new Set(['depth', 'charging_time', 'speed', 'volume', 'mass', 'size', 'resolution'])

/** `30 min`: the number by locale and the unit in its plural form. A unit without text is shown as written. */
export function quantityText(locale: Locale, say: Say, value: SpecQuantity['value'], unit = '1'): string {
  const numbers = numberFormat(intlTags[locale], { maximumFractionDigits: 4 })
  const pair = typeof value === 'number' ? null : value
  // Lines of numbers read left to right also in Arabic; the no-break dash keeps both ends together.
  const text = (pair ? `${numbers.format(pair[0])}–${numbers.format(pair[1])}` : numbers.format(value as number)).replace(
    /^-/,
    '−',
  )
  const count = pair ? pair[1] : (value as number)
  if (unit === '1') return text
  const name = unitNames[unit]
  return name ? say(`units.${name}` as WordKey<'units'>, { value: text, n: count }) : `${text}\u00a0${unit}`
}

/** `max 30 min at a depth of 50 m`: qualifier before the value, condition after it. */
export function specText(locale: Locale, say: Say, given: SpecQuantity): string {
  const value = quantityText(locale, say, given.value, given.unit)
  const qualifier = given.qualifier
  const qualified =
    qualifier && qualifierNames.has(qualifier) ? say(`units.q_${qualifier}` as WordKey<'units'>, { value }) : value
  const conditions = conditionTexts(locale, say, given.condition)
  return conditions.length === 0 ? qualified : say('units.with_condition', { value: qualified, condition: conditions.join(', ') })
}

/** The same in parts, for faces that set qualifier, value and condition in different sizes. */
export function specParts(
  locale: Locale,
  say: Say,
  given: SpecQuantity,
): { qualifier: string; value: string; condition: string } {
  const known = given.qualifier !== undefined && qualifierNames.has(given.qualifier)
  return {
    qualifier: known ? say(`units.q_${given.qualifier}` as WordKey<'units'>, { value: '' }).trim() : '',
    value: quantityText(locale, say, given.value, given.unit),
    condition: conditionTexts(locale, say, given.condition).join(', '),
  }
}

function conditionTexts(locale: Locale, say: Say, condition: SpecQuantity['condition']): string[] {
  return Object.entries(condition ?? {}).map(([name, given]) => {
    if (typeof given === 'string') {
      if (name === 'mode' && given === 'power_saving') return say('units.c_mode_power_saving')
      const value = name === 'size' ? given.toUpperCase() : given
      return conditionNames.has(name) ? say(`units.c_${name}` as WordKey<'units'>, { value }) : value
    }
    const value = quantityText(locale, say, given.value, given.unit)
    return conditionNames.has(name) ? say(`units.c_${name}` as WordKey<'units'>, { value }) : value
  })
}

/** Closed values and materials that have a word of their own; others (codecs, IP codes) are said as written. */
const valueNames = new Set(
  `amoled oled aluminium stainless_steel titanium gyroscope lidar tubeless_pneumatic ceramic combination dry mature normal oily sensitive glass
  cotton elastane linen polyamide polyester polyurethane viscose graphite ivory moss orange sage terracotta short v_neck back_zip road trail
  neutral 3_season`.split(/\s+/),
)

/** A single closed value: `stainless_steel`, `IP68`, `xl`. */
export function valueText(say: Say, value: string): string {
  if (valueNames.has(value)) return say(`units.v_${value}` as WordKey<'units'>)
  return value.length <= 4 && value === value.toLowerCase() ? value.toUpperCase() : value.replaceAll('_', ' ')
}

/** An attribute of a spec sheet, whatever its type. */
export type SpecAttribute =
  | ({ readonly type: 'quantity' | 'range' } & SpecQuantity)
  | { readonly type: 'boolean'; readonly value: boolean }
  | { readonly type: 'enum'; readonly value: string | readonly string[] }
  | { readonly type: 'composition'; readonly value: readonly { readonly material: string; readonly percent: number }[] }
  | { readonly type: 'text'; readonly value: Partial<Record<Locale, string>> }

/** The whole value as one line. */
export function attributeText(locale: Locale, say: Say, given: SpecAttribute): string {
  const list = listFormat(intlTags[locale], { type: 'unit', style: 'long' })
  switch (given.type) {
    case 'boolean':
      return say(given.value ? 'units.value_yes' : 'units.value_no')
    case 'text':
      return textIn(given.value, locale)
    case 'enum':
      return list.format([given.value].flat().map((one) => valueText(say, one)))
    case 'composition':
      return list.format(
        given.value.map((part) => `${valueText(say, part.material)} ${quantityText(locale, say, part.percent, '%')}`),
      )
    default:
      return specText(locale, say, given)
  }
}

export const knownUnits: readonly string[] = ['1', ...Object.keys(unitNames)]
