import { expect, test } from 'vitest'
import { afterCalm, afterStall, restartPauseMs, stallStepMs, startDistance, targetMs } from './policy.ts'

test('stalls add one step, however many there are', () => {
  const once = afterStall(startDistance(1_200), 1_000)
  const often = afterStall(afterStall(once, 2_000), 3_000)
  expect(targetMs(once)).toBe(1_200 + stallStepMs)
  expect(targetMs(often)).toBe(targetMs(once))
  expect(often.stalls).toBe(3)
})

test('the step is kept while it is not calm for long, then goes back bit by bit to the hold-back of the server', () => {
  let distance = afterStall(startDistance(1_200), 0)
  distance = afterCalm(distance, 29_000)
  expect(targetMs(distance)).toBe(1_200 + stallStepMs)
  const seen: number[] = []
  for (let at = 30_000; at < 200_000; at += 250) {
    const next = afterCalm(distance, at)
    if (targetMs(next) !== targetMs(distance)) seen.push(at)
    distance = next
  }
  expect(targetMs(distance)).toBe(1_200)
  expect(seen).toHaveLength(6)
  expect(seen[1]! - seen[0]!).toBe(10_000)
})

test('a stall during the way back starts the step anew', () => {
  const stepped = afterCalm(afterStall(startDistance(1_000), 0), 30_000)
  expect(targetMs(stepped)).toBeLessThan(1_000 + stallStepMs)
  expect(targetMs(afterStall(stepped, 31_000))).toBe(1_000 + stallStepMs)
})

test('pauses grow, are spread, and stay under eleven seconds', () => {
  expect(restartPauseMs(0, 0)).toBe(240)
  expect(restartPauseMs(0, 1)).toBe(560)
  expect(restartPauseMs(20, 1)).toBeLessThan(11_500)
  expect(restartPauseMs(3, 0.5)).toBeGreaterThan(restartPauseMs(2, 0.5))
})
