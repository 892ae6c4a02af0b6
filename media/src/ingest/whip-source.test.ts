import { expect, test } from 'vitest'
import type { MediaSample } from '../sample.ts'
import { WhipSource } from './whip-source.ts'

const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex')
const KEY = hex('78 0019 674d400deca0a0cfcf80880000030008000003019478a14cb0 0004 68ce3c80 0004 65888400')
const DELTA = hex('41 9a 00 01')

function world() {
  const samples: MediaSample[] = []
  const log: string[] = []
  let asked = 0
  const source = new WhipSource(
    {
      configure: (config) => log.push(`${config.track} ${config.codecString}`),
      sample: (sample) => samples.push(sample),
      refuse: (code) => log.push(`refused ${code}`),
      requestKeyframe: () => {
        asked += 1
      },
    },
    true,
  )
  let sequence = 0
  const video = (timestamp: number, payload: Buffer, nowMs: number) =>
    source.video({ sequence: sequence++ & 0xffff, timestamp: timestamp >>> 0, marker: true, payload }, nowMs)
  return {
    source,
    samples,
    log,
    video,
    skip: () => {
      sequence += 1
    },
    asked: () => asked,
  }
}

test('[ING5] RTP time with a random start runs on over its end', () => {
  const { samples, video, log } = world()
  const start = 2 ** 32 - 4000
  video(start, KEY, 0)
  video(start + 3000, DELTA, 33)
  video(start + 6000, DELTA, 66)
  expect(log).toEqual(['audio opus', 'video avc1.4d400d'])
  expect(samples.map((sample) => sample.dtsUs)).toEqual([0, 33_333, 66_667])
})

test('[ING16] a keyframe is asked for before a segment is due, and after damage, but not in a rush', () => {
  const { source, video, skip, asked } = world()
  video(0, KEY, 0)
  for (let ms = 100; ms < 1800; ms += 100) source.poll(ms)
  expect(asked()).toBe(0)
  source.poll(1800)
  source.poll(1900)
  expect(asked()).toBe(1)
  video(180_000, KEY, 2000)
  skip()
  video(183_000, DELTA, 2100)
  source.poll(2400)
  expect(asked()).toBe(2)
})

test('[ING14] reordered frames are refused: RTP carries no decode times', () => {
  const { log, samples, video } = world()
  for (const timestamp of [0, 9000, 3000, 6000, 18_000, 12_000, 15_000]) video(timestamp, timestamp === 0 ? KEY : DELTA, 0)
  expect(log).toContain('refused reordered_frames')
  expect(samples.map((sample) => sample.ptsUs)).toEqual([0, 100_000, 200_000])
})

test('loss is measured', () => {
  const { source, video, skip } = world()
  for (let i = 0; i < 100; i += 1) {
    if (i % 10 === 5) skip()
    video(i * 3000, i === 0 ? KEY : DELTA, i * 100)
    source.poll(i * 100)
  }
  source.poll(20_001)
  expect(source.lossRatio).toBeGreaterThan(0.05)
  expect(source.lossRatio).toBeLessThan(0.15)
})
