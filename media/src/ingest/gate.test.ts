import { expect, test } from 'vitest'
import { fakeClock } from '../testing/fake-clock.ts'
import { Gate } from './gate.ts'

test('[ING26] an address has a burst of knocks and then so many a minute; others are not touched; memory is bounded', () => {
  const clock = fakeClock()
  const gate = new Gate(clock, { burst: 3, perMinute: 6 })
  expect([1, 2, 3, 4].map(() => gate.knock('a'))).toEqual([null, null, null, 10])
  expect(gate.knock('b')).toBeNull()
  clock.advance(9_000)
  expect(gate.knock('a')).toBe(1)
  clock.advance(1_100)
  expect([gate.knock('a'), gate.knock('a')]).toEqual([null, 10])
  for (let i = 0; i < 30_000; i += 1) gate.knock(`c${i}`)
  expect(gate.knock('a')).toBeNull()
})
