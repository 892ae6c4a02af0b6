import { expect, test } from 'vitest'
import { moved, rowAt } from './reorder.ts'

test('a row lands where it is dropped and the others close up', () => {
  expect(moved(['a', 'b', 'c', 'd'], 0, 2)).toEqual(['b', 'c', 'a', 'd'])
  expect(moved(['a', 'b', 'c', 'd'], 3, 0)).toEqual(['d', 'a', 'b', 'c'])
  expect(moved(['a', 'b'], 1, 1)).toEqual(['a', 'b'])
  expect(moved(['a'], 4, 0)).toEqual(['a'])
})

test('the row is found by the middles, and below the last one it is the last', () => {
  expect([5, 20, 35, 99].map((y) => rowAt([10, 30, 50], y))).toEqual([0, 1, 2, 2])
})
