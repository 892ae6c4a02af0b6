import { expect, test } from 'vitest'
import { fits } from './FileDrop.tsx'

test('files are held against the kinds that are asked for', () => {
  expect(fits({ name: 'a.JPG', type: 'image/jpeg' }, 'image/*')).toBe(true)
  expect(fits({ name: 'a.csv', type: '' }, 'image/*, .csv')).toBe(true)
  expect(fits({ name: 'a.svg', type: 'image/svg+xml' }, 'image/jpeg,image/png')).toBe(false)
})
