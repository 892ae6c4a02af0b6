import { expect, test } from 'vitest'
import { fromLocalTime, toLocalTime } from './local-time.ts'

test('an instant survives the field to the minute, in any zone', () => {
  for (const at of [Date.UTC(2026, 0, 1, 0, 0), Date.UTC(2026, 10, 20, 23, 59), Date.UTC(2024, 1, 29, 12, 30)])
    expect(fromLocalTime(toLocalTime(at))).toBe(at)
})

test('nothing typed is no time', () => {
  expect(fromLocalTime('')).toBe(null)
  expect(fromLocalTime('soon')).toBe(null)
})
