import { expect, test } from 'vitest'
import { compareSheets } from './compare.ts'
import type { Attribute } from './facts.ts'
import { lowestIn } from './price-history.ts'

const metres = (value: number, unit = 'm'): Attribute => ({ key: 'depth', type: 'quantity', value, unit, label: { en: 'Depth' } })
const esim = (value: boolean): Attribute => ({ key: 'esim', type: 'boolean', value, label: { en: 'eSIM' } })
const weight: Attribute = { key: 'weight', type: 'quantity', value: 38, unit: 'g', label: { en: 'Weight' } }

test('rows that are equal are left out', () => {
  expect(
    compareSheets([
      { id: 'a', attributes: [metres(50)] },
      { id: 'b', attributes: [metres(50)] },
    ]),
  ).toEqual([])
})

test('rows that differ in value or unit stay, in the order of the first sheet', () => {
  const rows = compareSheets([
    { id: 'a', attributes: [esim(false), metres(50)] },
    { id: 'b', attributes: [metres(30), esim(true)] },
  ])
  expect(rows.map((row) => row.key)).toEqual(['esim', 'depth'])
  expect(
    compareSheets([
      { id: 'a', attributes: [metres(50)] },
      { id: 'b', attributes: [metres(50, 'ft')] },
    ]),
  ).toHaveLength(1)
})

test('what a sheet does not say is left unsaid, not guessed', () => {
  const rows = compareSheets([
    { id: 'a', attributes: [metres(50)] },
    { id: 'b', attributes: [] },
    { id: 'c', attributes: [metres(30)] },
  ])
  expect(rows[0]?.values.map((one) => one?.value ?? null)).toEqual([50, null, 30])
})

test('a figure that only one has is no comparison; a yes is', () => {
  expect(
    compareSheets([
      { id: 'a', attributes: [weight, esim(true)] },
      { id: 'b', attributes: [] },
    ]).map((row) => row.key),
  ).toEqual(['esim'])
})

const day = 86_400_000
const now = 1_800_000_000_000
const eur = (amount: number) => ({ amount, currency: 'EUR' })

test('the lowest price of thirty days counts the one in force when they began', () => {
  const history = [
    { price: eur(18_900), fromAt: now - 10 * day },
    { price: eur(17_900), fromAt: now - 40 * day },
    { price: eur(9_900), fromAt: now - 90 * day },
  ]
  expect(lowestIn(history, now)).toEqual(eur(17_900))
  expect(lowestIn(history.slice(0, 1), now)).toEqual(eur(18_900))
  expect(lowestIn([], now)).toBeNull()
})
