import { CardToken, type paymentStates, testCards, testTokenOf } from '@efir/contract/payments.ts'
import fc from 'fast-check'
import { Check } from 'typebox/value'
import { expect, test } from 'vitest'
import { openCash } from './adapters/cash.ts'
import type { PaymentProvider, ProviderPayment } from './ports.ts'
import { askAgainMs, moveFor, paymentMoves } from './rules.ts'
import { openCashier } from './verbs/cashier.ts'

const states = fc.constantFrom<ProviderPayment['state']>(
  'processing',
  'requires_action',
  'authorised',
  'captured',
  'declined',
  'voided',
)
const news = (state: ProviderPayment['state']): ProviderPayment => ({
  ref: 'r',
  state,
  captured: state === 'captured' ? 1 : 0,
  fee: 0,
})
const follow = (list: readonly ProviderPayment['state'][]) =>
  list.reduce((state, told) => moveFor(state, news(told))?.to ?? state, 'created' as (typeof paymentStates)[number])

test('[PAY3] the same news twice changes nothing the second time', () => {
  fc.assert(
    fc.property(fc.array(states, { maxLength: 8 }), states, (before, told) => {
      const once = follow([...before, told])
      expect(follow([...before, told, told])).toBe(once)
    }),
  )
})

test('[PAY4] whatever order the news comes in, a capture among it ends in captured', () => {
  fc.assert(
    fc.property(
      fc.shuffledSubarray(['processing', 'requires_action', 'authorised', 'captured', 'declined', 'voided'] as const, {
        minLength: 1,
      }),
      (list) => {
        if (list.includes('captured')) expect(follow(list)).toBe('captured')
      },
    ),
  )
})

test('[PAY4] money that comes after giving up is told as late', () => {
  expect(moveFor('declined', news('captured'))).toEqual({ to: 'captured', late: true })
  expect(moveFor('voided', news('captured'))).toEqual({ to: 'captured', late: true })
  expect(moveFor('unknown', news('captured'))).toEqual({ to: 'captured', late: false })
})

test('[PAY3] an authorised payment is declined only by a refused capture', () => {
  expect(moveFor('authorised', news('declined'))).toBeNull()
  expect(moveFor('authorised', { ...news('declined'), declineReason: 'capture_refused' })).toEqual({
    to: 'declined',
    late: false,
  })
})

test('[PAY4] nothing leads out of captured, and nothing back to created', () => {
  expect(paymentMoves.captured).toEqual([])
  expect(Object.values(paymentMoves).flat()).not.toContain('created')
})

test('[PAY6] asking again starts at 5 s and is never rarer than hourly', () => {
  expect([0, 1, 2, 3].map(askAgainMs)).toEqual([5_000, 10_000, 20_000, 40_000])
  fc.assert(fc.property(fc.nat(10_000), (asked) => askAgainMs(asked) <= 3_600_000))
})

test('[PAY10] no card number passes as a token; every test card has its own', () => {
  fc.assert(
    fc.property(
      fc
        .integer({ min: 12, max: 19 })
        .chain((n) =>
          fc.tuple(
            fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: n, maxLength: n }),
            fc.constantFrom('', 'tok_', 'a.'),
          ),
        ),
      ([digits, prefix]) => {
        expect(Check(CardToken, prefix + digits)).toBe(false)
      },
    ),
  )
  expect(new Set(testCards.map((c) => c.token)).size).toBe(testCards.length)
  for (const card of testCards) {
    expect(Check(CardToken, card.token)).toBe(true)
    expect(testTokenOf(card.number.replace(/(.{4})/g, '$1 '))).toBe(card.token)
  }
  expect(testTokenOf('4111 1111 1111 1111')).toBeNull()
})

test('[PAY11] production refuses a provider that takes no real money', () => {
  const fake: PaymentProvider = { ...openCash(), name: 'pretend', testOnly: true }
  const config = (production: boolean) => ({ config: { production } as never })
  expect(() => openCashier(config(true), [fake])).toThrow(/production refuses/)
  expect(() => openCashier(config(true), [openCash()])).not.toThrow()
  expect(() => openCashier(config(false), [fake])).not.toThrow()
})
