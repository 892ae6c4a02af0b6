import { expect, test } from 'vitest'
import { frameDate, whepUrl } from './whep-time.ts'

test('a frame is dated right whenever the stamp wraps, and though the clock here is hours wrong', () => {
  for (const shown of [1_700_000_000_000, 1_700_000_000_000 + 2 ** 32 / 90 - 5, 1_764_000_123_456]) {
    const stamp = Math.round(shown * 90) % 2 ** 32
    for (const wrongMs of [0, 200, -200, 5 * 3_600_000, -5 * 3_600_000])
      expect(Math.abs(frameDate(stamp, shown + wrongMs) - shown)).toBeLessThan(1)
  }
})

test('the address by WHEP is made of the live one and keeps its signature', () => {
  expect(whepUrl('/media/live/shw_1/index.m3u8?t=1.a')).toBe('/media/whep/shw_1?t=1.a')
  expect(whepUrl('https://cdn.example/media/live/shw_1/index.m3u8')).toBe('https://cdn.example/media/whep/shw_1')
  expect(whepUrl('/media/replay/shw_1/ses_1/vod.m3u8')).toBeNull()
})
