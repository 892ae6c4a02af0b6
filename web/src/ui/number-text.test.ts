import fc from 'fast-check'
import { expect, test } from 'vitest'
import { minorFromText, numberFromText, textFromMinor } from './number-text.ts'

test('amounts as people write them in any of our languages', () => {
  for (const text of [
    '1299,90',
    '1 299,90',
    '1\u202f299,90',
    '1,299.90',
    '1.299,90',
    '1299.9',
    '1’299.90',
    '١٢٩٩٫٩٠',
    '１２９９．９０'.replace('．', '.'),
  ])
    expect([text, minorFromText(text, 'EUR')]).toEqual([text, 129_990])
})

test('three digits after a mark are thousands, unless the currency has three decimals', () => {
  expect(minorFromText('1,299', 'EUR')).toBe(129_900)
  expect(minorFromText('1.299', 'EUR')).toBe(129_900)
  expect(minorFromText('1,299', 'KWD')).toBe(1_299)
  expect(minorFromText('12,000', 'JPY')).toBe(12_000)
})

test('what is no amount is not guessed', () => {
  for (const text of ['', ' ', '-', 'abc', '12,3,4', '1.2345', '12 €', '1e5', '0x10'])
    expect([text, minorFromText(text, 'EUR')]).toEqual([text, null])
  expect(minorFromText('99999999999999999999', 'EUR')).toBeNull()
  expect(minorFromText('12,5', 'JPY')).toBeNull()
})

test('what is shown for editing reads back to the same amount', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: -1_000_000_000, max: 1_000_000_000 }),
      fc.constantFrom('EUR', 'JPY', 'RUB', 'KWD'),
      fc.constantFrom('.', ','),
      (amount, currency, sign) => {
        expect(minorFromText(textFromMinor(amount, currency, sign), currency)).toBe(amount)
      },
    ),
  )
})

test('numbers take point or comma and any digits', () => {
  expect(['1,5', '1.5', '١٫٥'.replace('٫', '.'), '-3', '−3', ''].map(numberFromText)).toEqual([1.5, 1.5, 1.5, -3, -3, null])
})
