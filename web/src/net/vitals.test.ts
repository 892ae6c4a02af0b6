import { expect, test } from 'vitest'
import { largestWindow, pageKind } from './vitals.ts'

test('layout shift is that of the worst five seconds, not of a whole evening', () => {
  const at = (startTime: number, value: number) => ({ startTime, value })
  expect(largestWindow([])).toBe(0)
  expect(largestWindow([at(0, 0.1), at(900, 0.1), at(1_800, 0.1)])).toBeCloseTo(0.3)
  expect(largestWindow([at(0, 0.1), at(2_000, 0.15), at(4_000, 0.1)])).toBeCloseTo(0.15)
  expect(largestWindow(Array.from({ length: 20 }, (_, n) => at(n * 900, 0.01)))).toBeCloseTo(0.06)
})

test('a visit is counted by kind of page', () => {
  expect(['/', '/show/shw_1', '/order/E-1', '/notifications', '/else'].map(pageKind)).toEqual([
    'home',
    'show',
    'own',
    'own',
    'other',
  ])
})
