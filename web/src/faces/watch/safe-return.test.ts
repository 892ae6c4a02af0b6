import { expect, test } from 'vitest'
import { safeReturn } from './safe-return.ts'

test('people go back to pages of ours', () => {
  expect(safeReturn('/bag?x=1')).toBe('/bag?x=1')
  expect(safeReturn(null)).toBe('/')
})

test.each(['//evil.example', 'https://evil.example', '/\\evil.example', 'javascript:alert(1)', '', 'bag'])(
  '%s is no page of ours',
  (to) => {
    expect(safeReturn(to)).toBe('/')
  },
)
