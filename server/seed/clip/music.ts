import { seeded } from '../drawings/svg.ts'
import { SAMPLE_RATE } from './plan.ts'

/** Eight bars, as semitones above A2 (110 Hz); voiced low to high. */
const CHORDS: readonly (readonly number[])[] = [
  [8, 15, 20, 24, 27],
  [0, 12, 15, 19, 22],
  [5, 12, 17, 20, 27],
  [3, 10, 15, 19, 24],
  [1, 13, 17, 20, 24],
  [0, 12, 15, 19, 22],
  [-2, 10, 13, 17, 20],
  [3, 10, 17, 20, 22],
]
const PENTATONIC = [27, 29, 32, 34, 36, 39, 41] as const

const hertz = (semitones: number): number => 110 * 2 ** (semitones / 12)

/** Everything is written into rings, so that a tail that passes the end sounds at the beginning. */
type Ring = { left: Float32Array; right: Float32Array }

const add = (ring: Ring, at: number, sample: number, pan: number): void => {
  const index = at % ring.left.length
  ring.left[index] = (ring.left[index] ?? 0) + sample * Math.cos((pan * Math.PI) / 2)
  ring.right[index] = (ring.right[index] ?? 0) + sample * Math.sin((pan * Math.PI) / 2)
}

const pad = (ring: Ring, start: number, length: number, semitones: number, pan: number): void => {
  const tail = Math.round(SAMPLE_RATE * 1.6)
  const rise = SAMPLE_RATE * 1.3
  for (const detune of [0.997, 1, 1.0035]) {
    const step = (2 * Math.PI * hertz(semitones) * detune) / SAMPLE_RATE
    for (let i = 0; i < length + tail; i += 1) {
      const fade = Math.min(1, i / rise) * Math.min(1, Math.max(0, (length + tail - i) / tail))
      const swell = 0.85 + 0.15 * Math.sin((2 * Math.PI * i) / (SAMPLE_RATE * 3.1))
      const turn = step * i
      add(
        ring,
        start + i,
        0.011 * fade * fade * swell * (Math.sin(turn) + 0.32 * Math.sin(2 * turn) + 0.1 * Math.sin(3 * turn)),
        pan,
      )
    }
  }
}

/** A soft mallet: a sine with a quickly fading overtone. */
const pluck = (ring: Ring, start: number, semitones: number, level: number, pan: number): void => {
  const step = (2 * Math.PI * hertz(semitones)) / SAMPLE_RATE
  const length = Math.round(SAMPLE_RATE * 2.4)
  for (let i = 0; i < length; i += 1) {
    const second = i / SAMPLE_RATE
    const attack = Math.min(1, second / 0.006)
    const body = Math.sin(step * i + 1.6 * Math.exp(-second * 14) * Math.sin(2 * step * i))
    const shine = Math.sin(4 * step * i) * Math.exp(-second * 18) * 0.25
    add(ring, start + i, level * attack * Math.exp(-second * 2.5) * (body + shine), pan)
  }
}

const echo = (ring: Ring, seconds: number, share: number): void => {
  const length = ring.left.length
  const shift = Math.round(seconds * SAMPLE_RATE)
  const [left, right] = [Float32Array.from(ring.left), Float32Array.from(ring.right)]
  for (let turn = 1, gain = share; turn <= 4; turn += 1, gain *= share) {
    for (let i = 0; i < length; i += 1) {
      const from = (i - shift * turn + length * 4) % length
      const [a, b] = turn % 2 === 1 ? [right, left] : [left, right]
      ring.left[i] = (ring.left[i] ?? 0) + gain * (a[from] ?? 0)
      ring.right[i] = (ring.right[i] ?? 0) + gain * (b[from] ?? 0)
    }
  }
}

/** One loop of quiet music as 16-bit stereo PCM; the same seed gives the same melody. */
export const composeLoop = (seconds: number, seed: number): Buffer => {
  const total = Math.round(seconds * SAMPLE_RATE)
  const ring: Ring = { left: new Float32Array(total), right: new Float32Array(total) }
  const bars = Math.max(4, Math.round(seconds / 3.76))
  const bar = total / bars
  const dice = seeded(seed)
  for (let b = 0; b < bars; b += 1) {
    const chord = CHORDS[b % CHORDS.length] ?? []
    for (const [i, tone] of chord.entries())
      pad(ring, Math.round(b * bar), Math.round(bar), tone, 0.25 + (i / chord.length) * 0.5)
    for (let beat = 0; beat < 8; beat += 1) {
      if (dice() < (beat % 2 === 0 ? 0.3 : 0.62)) continue
      const near = chord.map((tone) => tone + 12)
      const pool = dice() < 0.6 ? near : PENTATONIC
      pluck(
        ring,
        Math.round(b * bar + (beat * bar) / 8),
        pool[Math.floor(dice() * pool.length)] ?? 27,
        0.05 + dice() * 0.035,
        0.25 + dice() * 0.5,
      )
    }
  }
  echo(ring, (bar / SAMPLE_RATE / 8) * 3, 0.34)
  const pcm = Buffer.alloc(total * 4)
  for (let i = 0; i < total; i += 1) {
    pcm.writeInt16LE(Math.round(Math.tanh((ring.left[i] ?? 0) * 3) * 30_000), i * 4)
    pcm.writeInt16LE(Math.round(Math.tanh((ring.right[i] ?? 0) * 3) * 30_000), i * 4 + 2)
  }
  return pcm
}
