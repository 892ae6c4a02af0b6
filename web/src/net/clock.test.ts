import { expect, test } from 'vitest'
import { forgetServerTime, noteServerTime, serverNow } from './clock.ts'

test('the exchange with the smallest delay is believed', () => {
  const at = Date.now()
  noteServerTime(at + 60_000, at - 500, at + 500)
  expect(Math.abs(serverNow() - Date.now() - 60_000)).toBeLessThan(50)
  noteServerTime(at + 90_000, at - 2_000, at + 2_000)
  expect(Math.abs(serverNow() - Date.now() - 60_000)).toBeLessThan(50)
  noteServerTime(at + 61_000, at - 10, at + 10)
  expect(Math.abs(serverNow() - Date.now() - 61_000)).toBeLessThan(50)
  forgetServerTime()
  noteServerTime(at, at - 3_000, at + 3_000)
  expect(Math.abs(serverNow() - Date.now())).toBeLessThan(50)
})
