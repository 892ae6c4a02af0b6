import { expect, test } from 'vitest'
import { perStep, stepOf, ticks } from './timeline.ts'

const span = { fromAt: 1_000_000, toAt: 1_000_000 + 10 * 60_000 }

test('each event falls into the step it happened in, and outside ones nowhere', () => {
  const steps = perStep(span, 60_000, [
    { at: span.fromAt, n: 1 },
    { at: span.fromAt + 59_999, n: 2 },
    { at: span.fromAt + 60_000, n: 5 },
    { at: span.fromAt - 1, n: 100 },
    { at: span.toAt, n: 100 },
  ])
  expect(steps).toEqual([3, 5, 0, 0, 0, 0, 0, 0, 0, 0])
})

test('the axis has few marks, whatever the length', () => {
  for (const minutes of [1, 3, 10, 45, 80, 300, 1440]) {
    const marks = ticks({ fromAt: 0, toAt: minutes * 60_000 })
    expect(marks[0]).toBe(0)
    expect(marks.length).toBeLessThanOrEqual(9)
  }
})

test('there are some dozens of bars, not five and not a thousand', () => {
  for (const minutes of [3, 5, 20, 45, 80, 300]) {
    const length = { fromAt: 0, toAt: minutes * 60_000 }
    const bars = length.toAt / stepOf(length)
    expect(bars).toBeGreaterThanOrEqual(30)
    expect(bars).toBeLessThanOrEqual(90)
  }
})
