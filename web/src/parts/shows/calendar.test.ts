import { expect, test } from 'vitest'
import { calendarFile } from './calendar.ts'

const entry = {
  id: 'shw_1',
  title: 'Часы; три, один\nбассейн',
  startsAt: Date.UTC(2026, 10, 20, 18, 30),
  minutes: 90,
  url: 'https://live.example/show/shw_1',
}

test('instants are UTC and the end follows from the planned minutes', () => {
  const file = calendarFile(entry)
  expect(file).toContain('DTSTART:20261120T183000Z\r\n')
  expect(file).toContain('DTEND:20261120T200000Z\r\n')
})

test('signs with a meaning are escaped', () => {
  expect(calendarFile(entry)).toContain('SUMMARY:Часы\\; три\\, один\\nбассейн')
})

test('no line is longer than 75 octets, and unfolding gives the title back', () => {
  const title = 'Палатка за десять минут и ещё очень длинное название '.repeat(4)
  const file = calendarFile({ ...entry, title })
  for (const line of file.split('\r\n')) expect(new TextEncoder().encode(line).length).toBeLessThanOrEqual(75)
  expect(file.replace(/\r\n /g, '')).toContain(`SUMMARY:${title}`)
})
