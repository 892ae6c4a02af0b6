import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compare, decimalsOf, minus, money, negate, percent, plus, split, sum, taxIncluded, times } from './money.ts'

const amount = fc.integer({ min: -1_000_000_000_000, max: 1_000_000_000_000 })

test('a split loses no cent and no part is more than one unit from its share', () => {
  fc.assert(
    fc.property(amount, fc.array(fc.integer({ min: 0, max: 100_000 }), { minLength: 1, maxLength: 20 }), (a, weights) => {
      const parts = split(money(a, 'EUR'), weights)
      expect(sum('EUR', parts).amount).toBe(a)
      const given = weights.some((w) => w > 0) ? weights : weights.map(() => 1)
      const total = given.reduce((x, y) => x + y, 0)
      for (const [i, part] of parts.entries())
        expect(Math.abs(part.amount - (a * (given[i] as number)) / total)).toBeLessThan(1.001)
    }),
  )
})

test('plus and minus undo one another; currencies never mix', () => {
  fc.assert(
    fc.property(amount, amount, (a, b) => {
      expect(minus(plus(money(a, 'EUR'), money(b, 'EUR')), money(b, 'EUR')).amount).toBe(a)
    }),
  )
  expect(() => plus(money(1, 'EUR'), money(1, 'USD'))).toThrow(/never mix/)
})

test('shares are rounded half away from zero, symmetrically', () => {
  expect(percent(money(250, 'EUR'), 1000).amount).toBe(25)
  expect(percent(money(25, 'EUR'), 1000).amount).toBe(3)
  expect(percent(money(-25, 'EUR'), 1000).amount).toBe(-3)
  fc.assert(
    fc.property(amount, fc.integer({ min: 0, max: 10_000 }), (a, bp) => {
      expect(percent(negate(money(a, 'EUR')), bp)).toEqual(negate(percent(money(a, 'EUR'), bp)))
    }),
  )
})

test('the tax inside a price plus the net is the price', () => {
  expect(taxIncluded(money(12_000, 'EUR'), 2000).amount).toBe(2000)
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1_000_000_000 }), fc.integer({ min: 0, max: 3000 }), (gross, rate) => {
      const tax = taxIncluded(money(gross, 'EUR'), rate).amount
      expect(Math.abs((gross - tax) * (1 + rate / 10_000) - gross)).toBeLessThanOrEqual(1.01)
    }),
  )
})

test('no floats, no fractions of units', () => {
  expect(() => money(0.1, 'EUR')).toThrow()
  expect(() => times(money(1, 'EUR'), 1.5)).toThrow()
  expect(compare(money(1, 'EUR'), money(2, 'EUR'))).toBe(-1)
})

test('decimals follow ISO 4217', () => {
  expect(['JPY', 'EUR', 'KWD'].map(decimalsOf)).toEqual([0, 2, 3])
})
