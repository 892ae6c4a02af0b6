import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { MediaSample } from '../sample.ts'
import { AAC, OPUS } from '../testing/synthetic.ts'
import { AudioLine } from './audio-line.ts'
import { frameTicks, PLACEHOLDER_AUDIO, silenceOf } from './silence.ts'

const FRAME_US = (1024 / 44_100) * 1_000_000

const sound = (ptsUs: number, name = ''): MediaSample => ({
  track: 'audio',
  dtsUs: Math.round(ptsUs),
  ptsUs: Math.round(ptsUs),
  key: true,
  data: Buffer.from(`x${name}`),
})

const us = (ticks: number): number => (ticks / 44_100) * 1_000_000

test('[HLS9] millisecond timestamps and a drifting clock never put a frame 40 ms off its own time', () => {
  const jitter = fc.array(fc.integer({ min: -900, max: 900 }), { minLength: 200, maxLength: 1500 })
  fc.assert(
    fc.property(jitter, fc.integer({ min: -500, max: 500 }), fc.integer({ min: 0, max: 2 ** 44 }), (noise, driftPpm, startUs) => {
      const line = new AudioLine(AAC, startUs)
      const sent = noise.map((off, i) => startUs + 1000 + i * FRAME_US * (1 + driftPpm / 1_000_000) + off)
      for (const [i, at] of sent.entries()) line.accept(sound(at, String(i)))
      for (const { ticks, data } of line.take(Number.POSITIVE_INFINITY)) {
        const at = sent[Number(data.toString().slice(1))]
        if (at !== undefined && data[0] === 0x78) expect(Math.abs(us(ticks) - at)).toBeLessThan(40_000)
      }
    }),
    { numRuns: 30 },
  )
})

test('[HLS9] the line never overlaps and, with silence known, never has a hole longer than a frame', () => {
  const events = fc.array(
    fc.oneof({ weight: 20, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.integer({ min: -200_000, max: 900_000 }) }),
    { minLength: 20, maxLength: 300 },
  )
  fc.assert(
    fc.property(events, (jumps) => {
      const line = new AudioLine(AAC, 0)
      let at = 0
      for (const jump of jumps) {
        at = Math.max(0, at + FRAME_US + jump)
        line.accept(sound(at))
      }
      const frames = line.take(Number.POSITIVE_INFINITY)
      for (const [i, { ticks }] of frames.entries()) {
        const before = frames[i - 1]
        if (before === undefined) continue
        expect(ticks).toBeGreaterThanOrEqual(before.ticks + before.duration)
        expect(ticks - before.ticks - before.duration).toBeLessThanOrEqual(1024)
      }
    }),
  )
})

test('[HLS8] a gap is filled with silence of the right length, and audio after it is at its own time', () => {
  const line = new AudioLine(AAC, 0)
  for (let i = 0; i < 10; i += 1) line.accept(sound(i * FRAME_US))
  line.accept(sound(2_000_000, 'back'))
  const frames = line.take(Number.POSITIVE_INFINITY)
  const back = frames[frames.length - 1]
  expect(back?.data.toString()).toBe('xback')
  expect(us(back?.ticks ?? 0)).toBeCloseTo(2_000_000, -2)
  expect(frames.length - 11).toBe(Math.floor((2_000_000 - 10 * FRAME_US) / FRAME_US))
})

test('frame lengths: AAC from its description, Opus from its packets', () => {
  expect(frameTicks(AAC, new Uint8Array(9))).toBe(1024)
  expect(frameTicks({ ...AAC, sampleRate: 48_000, description: Uint8Array.of(0x2b, 0x11) }, new Uint8Array(9))).toBe(2048)
  const opus = (...bytes: number[]) => frameTicks(OPUS, Uint8Array.from(bytes))
  expect([opus(0xf8), opus(0xe0), opus(0x08), opus(0x18), opus(0x60), opus(0xf9), opus(0xfb, 0x03)]).toEqual([
    960, 120, 960, 2880, 480, 1920, 2880,
  ])
  expect(silenceOf(PLACEHOLDER_AUDIO)?.ticks).toBe(1024)
  expect(silenceOf({ ...AAC, description: Uint8Array.of(0x12, 0x30) })).toBeUndefined()
})
