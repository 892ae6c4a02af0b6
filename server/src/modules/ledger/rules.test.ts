import { money, split } from '@efir/contract/money.ts'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { checkBalanced, digestOf, reversed } from './rules.ts'
import type { EntryDraft } from './tables.ts'
import { buyer, clearing, fees, move, shop } from './verbs/accounts.ts'

const amount = fc.integer({ min: 1, max: 1_000_000_000_000 })
const currency = fc.constantFrom('EUR', 'JPY', 'KWD', 'RUB')
const account = fc.constantFrom(buyer('per_a'), buyer('per_b'), shop('shp_a'), clearing('test'), fees('test'))
const moves = fc
  .array(fc.tuple(amount, currency, account, account), { minLength: 1, maxLength: 8 })
  .map((list) => list.flatMap(([a, c, from, to]) => move(money(a, c), from, to)))

test('[LED1] whatever is moved, the entries sum to zero in each currency', () => {
  fc.assert(
    fc.property(moves, (entries) => {
      checkBalanced(entries)
      checkBalanced(reversed(entries))
      checkBalanced([...entries, ...reversed(entries)])
    }),
  )
})

test('[LED1] one unit too many or too few anywhere is a defect', () => {
  fc.assert(
    fc.property(moves, fc.nat(), fc.constantFrom(1, -1), (entries, at, by) => {
      const index = at % entries.length
      const crooked = entries.map(
        (e, i): EntryDraft => (i === index ? { ...e, amount: money(e.amount.amount + by, e.amount.currency) } : e),
      )
      expect(() => checkBalanced(crooked)).toThrow(/defect/)
    }),
  )
})

test('[LED6] a sum that is zero only across currencies is a defect', () => {
  expect(() =>
    checkBalanced([
      { account: buyer('p'), amount: money(100, 'EUR') },
      { account: shop('s'), amount: money(-100, 'USD') },
    ]),
  ).toThrow(/defect/)
})

test('[LED2] one entry, a zero and a fraction are defects', () => {
  expect(() => checkBalanced([{ account: buyer('p'), amount: money(1, 'EUR') }])).toThrow(/two entries/)
  expect(() =>
    checkBalanced([
      { account: buyer('p'), amount: money(0, 'EUR') },
      { account: shop('s'), amount: money(0, 'EUR') },
    ]),
  ).toThrow(/not zero/)
  expect(() =>
    checkBalanced([
      { account: buyer('p'), amount: { amount: 0.5, currency: 'EUR' } },
      { account: shop('s'), amount: { amount: -0.5, currency: 'EUR' } },
    ]),
  ).toThrow(/whole/)
})

test('[LED4] the digest tells contents, not their order', () => {
  fc.assert(
    fc.property(moves, (entries) => {
      expect(digestOf({ kind: 'sale', entries: entries.toReversed() })).toBe(digestOf({ kind: 'sale', entries }))
      expect(digestOf({ kind: 'refund', entries })).not.toBe(digestOf({ kind: 'sale', entries }))
    }),
  )
})

test('[LED9] a fee shared among shops loses nothing', () => {
  fc.assert(
    fc.property(amount, fc.array(fc.integer({ min: 1, max: 1_000_000 }), { minLength: 1, maxLength: 20 }), (fee, totals) => {
      const shares = split(money(fee, 'EUR'), totals)
      const entries = shares.filter((s) => s.amount > 0).flatMap((s, i) => move(s, fees('test'), shop(`shp_${i}`)))
      checkBalanced(entries)
      expect(shares.reduce((a, s) => a + s.amount, 0)).toBe(fee)
    }),
  )
})
