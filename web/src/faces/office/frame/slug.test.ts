import { expect, test } from 'vitest'
import { slugOf } from './slug.ts'

test.each([
  ['Orvik & Co', 'orvik-co'],
  ['Полден', 'polden'],
  ['Maison Lumière', 'maison-lumiere'],
  ['Гарна Річ', 'garna-rich'],
  ['متجر', ''],
  ['  -- A --  ', 'a'],
])('%s becomes %s', (name, slug) => {
  expect(slugOf(name)).toBe(slug)
})
