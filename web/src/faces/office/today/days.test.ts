import { expect, test } from 'vitest'
import { dayStart, lastDays, sumsByDay } from './days.ts'

const noon = new Date(2026, 10, 21, 12).getTime()

test('days begin at midnight of this device, also around the change of the clocks', () => {
  const days = lastDays(noon, 60)
  expect(days).toHaveLength(60)
  for (const day of days) expect(new Date(day).getHours()).toBe(0)
  expect(new Set(days.map((day) => new Date(day).toDateString())).size).toBe(60)
  expect(days.at(-1)).toBe(dayStart(noon))
})

test('each sum belongs to its day, older ones to none', () => {
  const days = lastDays(noon, 3)
  const [first = 0, second = 0, third = 0] = days
  expect(
    sumsByDay(days, [
      { at: first - 1, amount: 1000 },
      { at: first, amount: 5 },
      { at: second - 1, amount: 7 },
      { at: third, amount: 11 },
      { at: noon, amount: 13 },
    ]),
  ).toEqual([12, 0, 24])
})
