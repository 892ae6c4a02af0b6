import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createProgramClock } from './program-clock.ts'
import type { MediaSample, SampleSink, TrackConfig } from './sample.ts'
import { openStream } from './stream.ts'
import { fakeClock } from './testing/fake-clock.ts'
import { AAC, SMALL, synthetic } from './testing/synthetic.ts'

interface Kept extends SampleSink {
  readonly samples: MediaSample[]
  readonly configs: TrackConfig[]
  readonly log: string[]
}

function keeper(): Kept {
  const samples: MediaSample[] = []
  const configs: TrackConfig[] = []
  const log: string[] = []
  return {
    samples,
    configs,
    log,
    configure: (config) => void configs.push(config),
    sample: (sample) => void samples.push(sample),
    discontinuity: () => void log.push('discontinuity'),
    end: () => void log.push('end'),
  }
}

function world() {
  const clock = fakeClock()
  const kept = keeper()
  const failures: unknown[] = []
  const stream = openStream({ id: 's', clock, onSinkFailed: (error) => failures.push(error) })
  stream.subscribe(kept)
  return { clock, kept, stream, failures }
}

test('publishers with any clock land on one timeline that never goes back, and a hole of time stays a hole', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 2 ** 50 }), { minLength: 1, maxLength: 4 }), (starts) => {
      const { clock, kept, stream } = world()
      for (const startUs of starts) {
        const sink = stream.attach()
        for (const sample of synthetic({ seconds: 1, fps: 10, startUs })) sink.sample(sample)
        clock.advance(10_000)
        sink.end()
      }
      for (const track of ['video', 'audio']) {
        const times = kept.samples.filter((sample) => sample.track === track).map(({ dtsUs }) => dtsUs)
        for (const [i, at] of times.entries()) expect(at).toBeGreaterThan(times[i - 1] ?? 0)
      }
      expect(kept.log).toEqual(starts.map(() => 'discontinuity'))
      const [first, last] = [kept.samples[0], kept.samples[kept.samples.length - 1]]
      expect((last?.dtsUs ?? 0) - (first?.dtsUs ?? 0)).toBeGreaterThan((starts.length - 1) * 9_000_000)
    }),
  )
})

test('the newest publisher wins; the one it replaced is told and no longer heard', () => {
  const { kept, stream } = world()
  let replaced = 0
  const first = stream.attach({ replaced: () => (replaced += 1) })
  const [sample] = synthetic({ seconds: 1 })
  if (sample === undefined) throw new Error('there is a sample')
  first.sample(sample)
  const second = stream.attach()
  first.sample(sample)
  first.configure(SMALL)
  first.end()
  second.sample(sample)
  expect(replaced).toBe(1)
  expect(kept.samples).toHaveLength(2)
  expect(kept.configs).toHaveLength(0)
  expect(stream.publishing).toBe(true)
})

test('a jump of the publisher clock is a discontinuity; a publisher that only jumps is refused', () => {
  const { kept, stream } = world()
  const codes: string[] = []
  const sink = stream.attach({ refused: (code) => codes.push(code) })
  const at = (dtsUs: number) => sink.sample({ track: 'video', dtsUs, ptsUs: dtsUs, key: true, data: new Uint8Array(1) })
  at(0)
  at(33_000)
  at(60_000_000)
  expect(kept.log).toEqual(['discontinuity'])
  expect(kept.samples).toHaveLength(3)
  for (let i = 0; i < 10; i += 1) at(i % 2 === 0 ? 0 : 60_000_000)
  expect(codes).toEqual(['timestamps_broken'])
  expect(stream.publishing).toBe(false)
})

test('samples that are too large, empty or without a sane time are dropped', () => {
  const { kept, stream } = world()
  const sink = stream.attach()
  const base = { track: 'video', dtsUs: 0, ptsUs: 0, key: true, data: new Uint8Array(1) } as const
  sink.sample({ ...base, data: new Uint8Array(0) })
  sink.sample({ ...base, data: new Uint8Array(4_000_001) })
  sink.sample({ ...base, dtsUs: Number.NaN })
  sink.sample({ ...base, ptsUs: 0.5 })
  expect(kept.samples).toHaveLength(0)
})

test('a sink that throws is dropped and the others go on; a late one gets the configurations first', () => {
  const { kept, stream, failures } = world()
  stream.subscribe({ ...keeper(), sample: () => expect.unreachable('this sink fails') })
  const sink = stream.attach()
  sink.configure(SMALL)
  sink.configure(AAC)
  for (const sample of synthetic({ seconds: 1 })) sink.sample(sample)
  expect(failures).toHaveLength(1)
  expect(kept.samples.length).toBeGreaterThan(60)
  const late = keeper()
  stream.subscribe(late)
  expect(late.configs).toEqual([SMALL, AAC])
  stream.end()
  expect(kept.log).toEqual(['end'])
  expect(() => stream.attach()).toThrow('has ended')
})

test('the wish for a key frame reaches the publisher that can be asked', () => {
  const { stream } = world()
  let asked = 0
  stream.requestKeyframe()
  stream.attach({ requestKeyframe: () => (asked += 1) })
  stream.requestKeyframe()
  stream.attach()
  stream.requestKeyframe()
  expect(asked).toBe(1)
})

test('[HLS10] program time follows the timestamps, not late arrivals, and always increases', () => {
  const delays = fc.array(fc.integer({ min: 0, max: 900 }), { minLength: 100, maxLength: 400 })
  fc.assert(
    fc.property(delays, (late) => {
      const program = createProgramClock()
      program.begin(0, 1_000_000)
      let before = Number.NEGATIVE_INFINITY
      for (const [i, delayMs] of late.entries()) {
        const timeUs = i * 100_000
        program.observe(timeUs, 1_000_000 + timeUs / 1000 + (i === 0 ? 0 : delayMs))
        const at = program.at(timeUs)
        expect(at).toBeGreaterThan(before)
        // Only the slow slew after a whole window of late arrivals may show.
        expect(Math.abs(at - 1_000_000 - timeUs / 1000)).toBeLessThan(15)
        before = at
      }
    }),
  )
})

test('[HLS10] a burst at the start does not put the whole show late, and a step back of the wall clock does not turn time', () => {
  const program = createProgramClock()
  program.begin(0, 5_000)
  program.observe(1_000_000, 5_010)
  expect(program.at(0)).toBe(4_010)
  program.begin(5_000_000, 1_000)
  expect(program.at(5_000_000)).toBeGreaterThan(5_009)
})
