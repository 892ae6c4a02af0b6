import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  dealSteps,
  fairCountdownMs,
  graceOf,
  lowestIn30Days,
  nextState,
  type PastPrice,
  placePin,
  referenceFor,
  type Slot,
  shareQuota,
  termsSeen,
} from './rules.ts'

const day = 86_400_000
const now = 100 * day

test('[LOT1] what is over only begins anew, and nothing skips the table', () => {
  for (const over of ['sold_out', 'expired', 'revoked'] as const) {
    expect(Object.keys(dealSteps).filter((s) => nextState(over, s as never) !== null)).toEqual(['renew'])
  }
  expect(nextState('draft', 'expire')).toBeNull()
  expect(nextState('open', 'arm')).toBeNull()
})

test('[LOT2] a countdown lies between 3 and 15 s', () => {
  expect([0, 2_999, 3_000, 7_499.6, 15_000, 60_000].map(fairCountdownMs)).toEqual([3_000, 3_000, 3_000, 7_500, 15_000, 15_000])
})

test('[LOT3] grace is the reported delay, at most 10 s', () => {
  expect([undefined, -5, 0, 1_234.4, 10_000, 600_000].map(graceOf)).toEqual([0, 0, 0, 1_234, 10_000, 10_000])
})

test('[LOT4] a tap buys by the terms it saw while its picture can have shown them', () => {
  const versions = [
    { version: 1, amount: 900, untilAt: now - 5_000 },
    { version: 2, amount: 1000, untilAt: now - 1_000 },
    { version: 3, amount: 900, untilAt: null },
  ]
  expect(termsSeen(versions, 3, now, 0)?.version).toBe(3)
  expect(termsSeen(versions, undefined, now, 0)?.version).toBe(3)
  expect(termsSeen(versions, 1, now, 0)?.version).toBe(3)
  expect(termsSeen(versions, 2, now, 1_000)).toBeNull()
  expect(termsSeen(versions, 2, now, 1_001)?.amount).toBe(1000)
  expect(termsSeen(versions, 7, now, 10_000)).toBeNull()
})

test('[LOT9] the lowest price of 30 days, only where the history covers them', () => {
  const history: PastPrice[] = [
    { amount: 2000, fromAt: now - 90 * day },
    { amount: 1500, fromAt: now - 40 * day },
    { amount: 1800, fromAt: now - 10 * day },
  ]
  expect(lowestIn30Days(history, now)).toBe(1500)
  expect(lowestIn30Days(history.slice(2), now)).toBeNull()
  expect(lowestIn30Days([...history, { amount: 100, fromAt: now + 1 }], now)).toBe(1500)
  expect(lowestIn30Days([{ amount: 700, fromAt: now - 30 * day }], now)).toBe(700)
})

test('[LOT9] a reference is recomputed, needs a saving, and only the maker is believed', () => {
  const long: PastPrice[] = [
    { amount: 2000, fromAt: now - 90 * day },
    { amount: 2500, fromAt: now - day },
  ]
  expect(referenceFor({ amount: 9900, basis: 'lowest_30_days' }, long, 1500, now)).toEqual({
    amount: 2000,
    basis: 'lowest_30_days',
  })
  expect(referenceFor({ amount: 9900, basis: 'usual_price' }, long, 1500, now)).toEqual({ amount: 2500, basis: 'usual_price' })
  expect(referenceFor(undefined, long.slice(1), 1500, now)).toEqual({ amount: 2500, basis: 'usual_price' })
  expect(referenceFor({ amount: 9900, basis: 'makers_price' }, [], 1500, now)).toEqual({ amount: 9900, basis: 'makers_price' })
  expect(referenceFor(undefined, long, 2000, now)).toBeNull()
  expect(referenceFor(null, long, 100, now)).toBeNull()
  expect(referenceFor(undefined, [], 100, now)).toBeNull()
})

test('[LOT5] shares sum to the quota and no variant gives more than it has', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 5000 }),
      fc.array(fc.integer({ min: 0, max: 2000 }), { minLength: 1, maxLength: 12 }),
      (quota, free) => {
        const shares = shareQuota(quota, free)
        expect(shares.reduce((a, b) => a + b, 0)).toBe(
          Math.min(
            quota,
            free.reduce((a, b) => a + b, 0),
          ),
        )
        for (const [i, share] of shares.entries()) expect(share >= 0 && share <= (free[i] ?? 0)).toBe(true)
      },
    ),
  )
  expect(shareQuota(10, [30, 10])).toEqual([8, 2])
})

test('[LOT10] a new pin becomes the primary one, the old one steps aside while there is room', () => {
  const open = (...list: [Slot, string][]) => new Map<Slot, string>(list)
  expect(placePin(open(), 'a', undefined)).toEqual({ slot: 'primary' })
  expect(placePin(open(['primary', 'a']), 'a', undefined)).toEqual({ slot: 'primary' })
  expect(placePin(open(['primary', 'a']), 'b', undefined)).toEqual({ slot: 'primary', moved: 'second' })
  expect(placePin(open(['primary', 'a'], ['second', 'b']), 'b', undefined)).toEqual({ slot: 'primary', moved: 'second' })
  expect(placePin(open(['primary', 'a'], ['second', 'b'], ['third', 'c']), 'd', undefined)).toBeNull()
  expect(placePin(open(['primary', 'a'], ['second', 'b'], ['third', 'c']), 'd', 'third')).toEqual({ slot: 'third' })
})
