import { testCards } from '@efir/contract/payments.ts'
import { expect, test } from 'vitest'
import { cardProblems, groupExpiry, groupNumber, luhn, tokenOf } from './card.ts'

const now = Date.UTC(2026, 10, 20)
const good = { number: '4242 4242 4242 4242', expiry: '12/27', code: '123' }

test('a number is grouped as on the card, whatever was pasted', () => {
  expect(groupNumber('4242-42424242 4242')).toBe('4242 4242 4242 4242')
  expect(groupNumber('42424')).toBe('4242 4')
})

test.each([
  ['1', '1'],
  ['13', '01/3'],
  ['5', '05'],
  ['1227', '12/27'],
  ['12/', '12'],
  ['12/2', '12/2'],
])('an expiry typed as %s reads %s', (typed, shown) => expect(groupExpiry(typed)).toBe(shown))

test('one wrong digit is noticed', () => {
  expect(luhn('4242424242424242')).toBe(true)
  expect(luhn('4242424242424241')).toBe(false)
})

test('the card form finds what is wrong, field by field', () => {
  expect(cardProblems(good, now)).toEqual({})
  expect(cardProblems({ number: '', expiry: '', code: '' }, now)).toEqual({ number: 'number', expiry: 'expiry', code: 'code' })
  expect(cardProblems({ ...good, number: '4242 4242 4242 4241' }, now)).toEqual({ number: 'number' })
  expect(cardProblems({ ...good, number: '5555 5555 5555 4444' }, now)).toEqual({ number: 'number_unknown' })
  expect(cardProblems({ ...good, expiry: '13/27' }, now)).toEqual({ expiry: 'expiry' })
})

test('a card is good through the last day of its month', () => {
  expect(cardProblems({ ...good, expiry: '11/26' }, Date.UTC(2026, 10, 30, 23))).toEqual({})
  expect(cardProblems({ ...good, expiry: '11/26' }, Date.UTC(2026, 11, 1))).toEqual({ expiry: 'expired' })
})

test('every test card has its token, and no number leaves the form', () => {
  for (const card of testCards) expect(tokenOf({ ...good, number: groupNumber(card.number) })).toBe(card.token)
})
