import { expect, test } from 'vitest'
import { FrameClock } from './frame-clock.ts'

const FRAME_US = (1024 * 1_000_000) / 44_100

test('[ING6] audio stamps rounded to milliseconds become an even line that stays with them', () => {
  const clock = new FrameClock(FRAME_US)
  let last = Number.NaN
  let worstUs = 0
  for (let i = 0; i < 5000; i += 1) {
    const stamp = Math.round((i * FRAME_US) / 1000) * 1000
    const at = clock.next(stamp)
    if (i > 0) worstUs = Math.max(worstUs, Math.abs(at - last - FRAME_US))
    expect(Math.abs(at - stamp)).toBeLessThan(2000)
    last = at
  }
  expect(worstUs).toBeLessThan(50)
})

test('a true gap is kept', () => {
  const clock = new FrameClock(FRAME_US)
  clock.next(0)
  expect(clock.next(1_000_000)).toBe(1_000_000)
})
