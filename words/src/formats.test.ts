import { locales } from '@efir/contract/scalars.ts'
import { expect, test } from 'vitest'
import { countdown, formatsFor, majorText, timecode } from './formats.ts'

const at = Date.UTC(2025, 10, 20, 20, 41, 36)
const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, ' ').replace(/[\u200e\u200f]/g, '')

test('money of any size is exact to the minor unit', () => {
  expect(majorText(1999, 2)).toBe('19.99')
  expect(majorText(-5, 2)).toBe('-0.05')
  expect(majorText(500, 0)).toBe('500')
  expect(majorText(1_234, 3)).toBe('1.234')
  expect(plain(formatsFor('ru').money({ amount: 9_007_199_254_740_991, currency: 'RUB' }))).toBe(
    '90 071 992 547 409,91 ₽'.replace('90 071', '90 071'),
  )
})

test('a price tag leaves out empty kopecks, books never do', () => {
  const rubles = { amount: 1_499_000, currency: 'RUB' }
  expect(plain(formatsFor('ru').price(rubles))).toBe('14 990 ₽')
  expect(plain(formatsFor('ru').money(rubles))).toBe('14 990,00 ₽')
  expect(plain(formatsFor('ru').price({ ...rubles, amount: 1_499_050 }))).toBe('14 990,50 ₽')
  expect(formatsFor('en').price({ amount: 14_900, currency: 'EUR' })).toBe('€149.00')
  expect(plain(formatsFor('fr').price({ amount: 14_900, currency: 'EUR' }))).toBe('149,00 €')
  expect(formatsFor('en').price({ amount: 500, currency: 'JPY' })).toBe('¥500')
})

test('minus is the sign, not the hyphen', () => {
  expect(formatsFor('en').money({ amount: -43_960, currency: 'EUR' })).toBe('−€439.60')
  expect(formatsFor('en').number(-5)).toBe('−5')
})

test('digits are Latin in every language, also in Arabic', () => {
  for (const locale of locales) {
    const formats = formatsFor(locale, 'UTC')
    const text = [
      formats.number(1234.5),
      formats.price({ amount: 1999, currency: 'EUR' }),
      formats.date(at, 'dateTime'),
      formats.relative(0, 7_200_000),
      formats.percent(1550),
    ].join(' ')
    expect(text).toMatch(/[0-9]/)
    expect(text).not.toMatch(/[\u0660-\u0669\u06f0-\u06f9]/)
  }
})

test('times are of the zone that is asked for', () => {
  expect(formatsFor('en', 'UTC').date(at, 'clock')).toBe('20:41:36')
  expect(formatsFor('en', 'Asia/Dubai').date(at, 'time')).toBe('00:41')
  expect(formatsFor('en', 'UTC').date(at, 'day', 'Asia/Dubai')).toBe('Fri 21 Nov')
  expect(formatsFor('zh', 'UTC').date(at, 'date')).toBe('2025年11月20日')
})

test('a countdown shows zero only when nothing is left', () => {
  expect(countdown(46_001)).toBe('0:47')
  expect(countdown(1)).toBe('0:01')
  expect(countdown(0)).toBe('0:00')
  expect(countdown(-900)).toBe('0:00')
  expect(countdown(4_834_000)).toBe('1:20:34')
  expect(timecode(59_999)).toBe('0:59')
})

test('durations have their two largest parts', () => {
  expect(plain(formatsFor('ru').duration(4_680_000))).toBe('1 ч 18 мин')
  expect(plain(formatsFor('fr').duration(90_000_000))).toBe('1 j 1 h')
  expect(plain(formatsFor('en').duration(0))).toBe('0 secs')
})

test('relative times use the words people use', () => {
  const { relative } = formatsFor('en')
  expect(relative(at + 48 * 60_000, at)).toBe('in 48 minutes')
  expect(relative(at - 26 * 3_600_000, at)).toBe('yesterday')
  expect(relative(at + 20_000, at)).toBe('now')
})

test('large counts are shortened only from a hundred thousand on', () => {
  expect(formatsFor('en').count(18_402)).toBe('18,402')
  expect(formatsFor('en').count(184_020)).toBe('184k')
})
