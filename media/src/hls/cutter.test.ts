import fc from 'fast-check'
import { expect, test } from 'vitest'
import { SMALL } from '../testing/synthetic.ts'
import type { Cut, Frame } from './cutter.ts'
import { Cutter, MIN_PART_SHARE } from './cutter.ts'
import { partTarget } from './measure.ts'

const PART_US = 312_000
const TARGET_US = 2_000_000

function frame(dtsUs: number, key = false, config = key && dtsUs < 0 ? SMALL : null): Frame {
  return { dtsUs, ptsUs: dtsUs, key, data: new Uint8Array(1), config }
}

function cutAll(frames: readonly Frame[], partTargetUs = PART_US, targetDurationUs = TARGET_US): Cut[] {
  const cutter = new Cutter({ partTargetUs, targetDurationUs }, frames[0]?.dtsUs ?? 0)
  return [...frames.flatMap((one) => cutter.push(one)), ...cutter.flush()]
}

function segmentsOf(cuts: readonly Cut[]): Cut[][] {
  const segments: Cut[][] = [[]]
  for (const cut of cuts) {
    segments[segments.length - 1]?.push(cut)
    if (cut.endsSegment) segments.push([])
  }
  return segments.filter(({ length }) => length > 0)
}

const length = (cuts: readonly Cut[]): number => cuts.reduce((sum, { startUs, endUs }) => sum + endUs - startUs, 0)

function sums(steps: readonly number[]): number[] {
  let at = 0
  return steps.map((step) => {
    at += step
    return at
  })
}

test('[HLS3] parts keep to the target and to 85 % of it, however uneven the frames are', () => {
  const steps = fc.array(
    fc.oneof(
      { weight: 8, arbitrary: fc.integer({ min: 15_000, max: 45_000 }) },
      { weight: 1, arbitrary: fc.integer({ min: 45_000, max: 1_500_000 }) },
    ),
    { minLength: 30, maxLength: 200 },
  )
  fc.assert(
    fc.property(steps, fc.integer({ min: 20, max: 100 }), (durations, gop) => {
      const times = sums(durations)
      const frames = times.map((at, i) => frame(at, i % gop === 0))
      for (const parts of segmentsOf(cutAll(frames))) {
        for (const [i, part] of parts.entries()) {
          const us = part.endUs - part.startUs
          expect(us).toBeLessThanOrEqual(PART_US)
          if (i < parts.length - 1) expect(us).toBeGreaterThanOrEqual(PART_US * MIN_PART_SHARE)
        }
      }
    }),
  )
})

test('[HLS1] no segment rounds to more than the target duration, whatever the key frames do', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.integer({ min: 15_000, max: 400_000 }), fc.integer({ min: 0, max: 99 })), {
        minLength: 20,
        maxLength: 300,
      }),
      (rows) => {
        const times = sums(rows.map(([step]) => step))
        const frames = rows.map(([, dice], i) => frame(times[i] ?? 0, i === 0 || dice < 3))
        const cuts = cutAll(frames)
        for (const segment of segmentsOf(cuts)) expect(Math.round(length(segment) / 1_000_000)).toBeLessThanOrEqual(2)
        expect(cuts.flatMap(({ frames: held }) => held)).toHaveLength(frames.length)
        for (const [i, cut] of cuts.entries()) expect(cut.startUs).toBe(cuts[i - 1]?.endUs ?? frames[0]?.dtsUs)
      },
    ),
  )
})

test('[HLS3] the part target leaves whole frames in a part at every usual frame rate', () => {
  for (const fps of [12, 15, 20, 23.976, 24, 25, 29.97, 30, 48, 50, 59.94, 60]) {
    const target = partTarget(1_000_000 / fps)
    expect(target).toBeGreaterThanOrEqual(200_000)
    expect(target).toBeLessThanOrEqual(333_000)
    const frames = Array.from({ length: Math.round(fps * 6) }, (_, i) =>
      frame(Math.round((i * 1_000_000) / fps), i % Math.round(fps * 2) === 0),
    )
    for (const parts of segmentsOf(cutAll(frames, target)).slice(0, -1)) {
      for (const part of parts.slice(0, -1)) expect((part.endUs - part.startUs) / target).toBeGreaterThanOrEqual(MIN_PART_SHARE)
    }
  }
})

test('[HLS6] regular GOPs make segments that begin with a key frame and last the target duration', () => {
  const frames = Array.from({ length: 300 }, (_, i) => frame(Math.round(i * 33_333.33), i % 15 === 0))
  const segments = segmentsOf(cutAll(frames))
  for (const segment of segments) expect(segment[0]?.frames[0]?.key).toBe(true)
  expect(segments.slice(0, -1).map((segment) => Math.round(length(segment) / 1000))).toEqual([2000, 2000, 2000, 2000])
})

test('[HLS2] without key frames segments end by force and say so', () => {
  const frames = Array.from({ length: 200 }, (_, i) => frame(i * 33_333, i === 0))
  const cuts = cutAll(frames)
  expect(cuts.filter(({ forced }) => forced).length).toBeGreaterThan(1)
  expect(cuts.every(({ forced, endsSegment }) => !forced || endsSegment)).toBe(true)
})

test('[HLS11] new parameter sets end a segment at once, even when it has only begun', () => {
  const frames = [frame(0, true), frame(33_000), frame(66_000), { ...frame(99_000, true), config: SMALL }, frame(132_000)]
  const [first] = cutAll(frames)
  expect(first).toMatchObject({ startUs: 0, endUs: 99_000, endsSegment: true, nextConfig: SMALL })
})

test('when pictures stop and sound goes on, parts go on without pictures, and pictures come back in place', () => {
  const cutter = new Cutter({ partTargetUs: PART_US, targetDurationUs: TARGET_US }, 0)
  const cuts = [frame(0, true), frame(33_000), frame(66_000)].flatMap((one) => cutter.push(one))
  cuts.push(...cutter.withoutVideo(3_000_000))
  expect(cuts.length).toBeGreaterThanOrEqual(9)
  expect(cuts.flatMap(({ frames }) => frames)).toHaveLength(3)
  cuts.push(...cutter.push(frame(3_100_000, true)), ...cutter.push(frame(3_133_000)), ...cutter.flush())
  for (const [i, cut] of cuts.entries()) expect(cut.startUs).toBe(cuts[i - 1]?.endUs ?? 0)
  expect(cuts.flatMap(({ frames }) => frames)).toHaveLength(5)
})
