import { expect, test } from 'vitest'
import { offered, optionGroups, variantWith } from './options.ts'

const variants = [
  { id: 'a', options: { colour: 'black', size: 'S' } },
  { id: 'b', options: { colour: 'black', size: 'M' } },
  { id: 'c', options: { colour: 'sand', size: 'M' } },
]

test('options keep the order in which variants bring them', () => {
  expect(optionGroups(variants)).toEqual([
    { name: 'colour', values: ['black', 'sand'] },
    { name: 'size', values: ['S', 'M'] },
  ])
  expect(optionGroups([{ options: {} }])).toEqual([])
})

test('a choice finds its variant', () => {
  expect(variantWith(variants, { colour: 'black', size: 'M' })?.id).toBe('b')
})

test('where the whole choice is not sold, what was chosen last wins', () => {
  expect(variantWith(variants, { colour: 'sand', size: 'S' }, 'colour')?.id).toBe('c')
  expect(variantWith(variants, { colour: 'sand', size: 'S' }, 'size')?.id).toBe('a')
  expect(variantWith([], { colour: 'sand' })).toBeUndefined()
})

test('values that lead nowhere are known', () => {
  expect(offered(variants, { colour: 'sand', size: 'M' }, 'size', 'S')).toBe(false)
  expect(offered(variants, { colour: 'sand', size: 'M' }, 'colour', 'black')).toBe(true)
})
