import { expect, test } from 'vitest'
import { picksOf } from './pick.ts'

const line = (sku: string, quantity: number, returned = 0) => ({ sku, title: { en: sku }, options: {}, quantity, returned })

test('an article is picked once for all parcels, by its number', () => {
  const parcels = [
    { orders: [{ lines: [line('B-10', 1), line('B-2', 2)] }, { lines: [line('B-10', 3)] }] },
    { orders: [{ lines: [line('B-10', 1)] }] },
  ]
  expect(picksOf(parcels).map(({ sku, units, parcels: n }) => [sku, units, n])).toEqual([
    ['B-2', 2, 1],
    ['B-10', 5, 2],
  ])
})

test('what came back is not picked', () => {
  expect(picksOf([{ orders: [{ lines: [line('A', 2, 2), line('C', 2, 1)] }] }]).map(({ sku, units }) => [sku, units])).toEqual([
    ['C', 1],
  ])
})
