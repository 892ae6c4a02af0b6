import { decimalsOf } from '@efir/contract/money.ts'
import { majorText } from '@efir/words/formats.ts'

/** Digits that people may type: Arabic-Indic, extended (Persian), full width. */
function latinDigits(text: string): string {
  return text.replace(/[\u0660-\u0669\u06f0-\u06f9\uff10-\uff19]/g, (digit) => {
    const code = digit.charCodeAt(0)
    return String(code >= 0xff10 ? code - 0xff10 : code >= 0x06f0 ? code - 0x06f0 : code - 0x0660)
  })
}

/**
 * A typed amount in minor units: `1 299,90`, `1,299.90`, `1299.9`. The last point or comma is the decimal sign if at most
 * `decimals` digits follow it, so `1,299` is a thousand. Null when it is no amount.
 */
export function minorFromText(text: string, currency: string): number | null {
  const decimals = decimalsOf(currency)
  const clean = latinDigits(text)
    .replace(/[\s\u00a0\u202f'’\u066c]/g, '')
    .replace(/\u066b/g, '.')
    .replace(/\u2212/g, '-')
  if (!/^-?\d[\d.,]*$|^-?[.,]\d+$/.test(clean)) return null
  const mark = Math.max(clean.lastIndexOf('.'), clean.lastIndexOf(','))
  const after = mark < 0 ? 0 : clean.length - mark - 1
  const single = mark >= 0 && clean.indexOf(clean[mark] ?? '') === mark
  const isDecimal = mark >= 0 && after <= decimals && decimals > 0 && single
  if (!isDecimal && mark >= 0 && after !== 3 && after !== 0) return null
  const whole = (isDecimal ? clean.slice(0, mark) : clean).replace(/[.,]/g, '')
  const fraction = isDecimal ? clean.slice(mark + 1).padEnd(decimals, '0') : '0'.repeat(decimals)
  const amount = Number(`${whole === '' || whole === '-' ? `${whole}0` : whole}${fraction}`)
  return Number.isSafeInteger(amount) ? amount : null
}

/** For editing: decimals with the sign of the locale, no grouping, no symbol. */
export function textFromMinor(amount: number, currency: string, decimalSign: string): string {
  return majorText(amount, decimalsOf(currency)).replace('.', decimalSign)
}

/** A typed number with point or comma; null when it is none. */
export function numberFromText(text: string): number | null {
  const clean = latinDigits(text)
    .replace(/[\s\u00a0\u202f]/g, '')
    .replace(',', '.')
    .replace(/\u2212/g, '-')
  return /^-?\d+(\.\d*)?$|^-?\.\d+$/.test(clean) ? Number(clean) : null
}
