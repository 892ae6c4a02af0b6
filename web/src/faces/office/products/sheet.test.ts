import { expect, test } from 'vitest'
import { type Fact, factProblem, mergeSheets, sinceVersions, withFact } from './sheet.ts'

const fact = (key: string, value: number): Fact => ({ key, type: 'quantity', value, unit: 'g', label: { en: key } })

test('what one of two changed is kept, whoever it was', () => {
  const base = [fact('weight', 38), fact('depth', 50)]
  const merged = mergeSheets(base, [fact('weight', 40), fact('depth', 50)], [fact('weight', 38), fact('depth', 60)])
  expect(merged).toEqual({ facts: [fact('weight', 40), fact('depth', 60)], conflicts: [] })
})

test('what both changed differently is asked, and theirs stands until it is answered', () => {
  const merged = mergeSheets([fact('weight', 38)], [fact('weight', 40)], [fact('weight', 41)])
  expect(merged).toEqual({
    facts: [fact('weight', 41)],
    conflicts: [{ key: 'weight', mine: fact('weight', 40), theirs: fact('weight', 41) }],
  })
})

test('the same change by both is no conflict, whatever the order of its parts', () => {
  const mine: Fact = { key: 'weight', type: 'quantity', value: 40, unit: 'g', label: { en: 'w' } }
  const theirs: Fact = { label: { en: 'w' }, unit: 'g', value: 40, type: 'quantity', key: 'weight' }
  expect(mergeSheets([fact('weight', 38)], [mine], [theirs])).toEqual({ facts: [theirs], conflicts: [] })
})

test('added, taken out, and taken out against changed', () => {
  const base = [fact('a', 1), fact('b', 1), fact('c', 1)]
  const merged = mergeSheets(base, [fact('a', 1), fact('c', 1), fact('mine', 5)], [fact('b', 1), fact('c', 1), fact('theirs', 6)])
  expect(merged.facts.map((one) => one.key)).toEqual(['c', 'theirs', 'mine'])
  expect(merged.conflicts).toEqual([])
  const clash = mergeSheets([fact('a', 1)], [], [fact('a', 2)])
  expect(clash.conflicts).toEqual([{ key: 'a', mine: undefined, theirs: fact('a', 2) }])
})

test('an answer takes the place of the fact, or takes it out', () => {
  expect(withFact([fact('a', 1)], 'a', fact('a', 2))).toEqual([fact('a', 2)])
  expect(withFact([fact('a', 1)], 'a', undefined)).toEqual([])
  expect(withFact([], 'a', fact('a', 2))).toEqual([fact('a', 2)])
})

test('a fact is as old as its present value', () => {
  const since = sinceVersions([
    { version: 3, attributes: [fact('a', 2), fact('b', 1), fact('new', 1)] },
    { version: 2, attributes: [fact('a', 2), fact('b', 1)] },
    { version: 1, attributes: [fact('a', 1), fact('b', 1)] },
  ])
  expect([...since]).toEqual([
    ['a', 2],
    ['b', 1],
    ['new', 3],
  ])
})

test('what is missing in a fact is named', () => {
  expect(factProblem(fact('a', 1))).toBe(null)
  expect(factProblem({ ...fact('a', 1), unit: undefined })).toBe('unit')
  expect(factProblem({ ...fact('Wrong Key', 1) })).toBe('key')
  expect(factProblem({ ...fact('a', 1), label: {} })).toBe('label')
  expect(factProblem({ ...fact('a', 1), type: 'range', value: [5, 1] })).toBe('order')
})
