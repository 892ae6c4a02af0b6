/** Audio as an unbroken line of frames: rounding and drift are slewed away, holes filled with silence, overlaps dropped. */
import type { AudioConfig, MediaSample } from '../sample.ts'
import { audioTimescale } from '../wire/fmp4/init.ts'
import type { Silence } from './silence.ts'
import { frameTicks, silenceOf } from './silence.ts'

export interface AudioFrame {
  /** Units of the audio timescale on the stream's timeline. */
  readonly ticks: number
  readonly duration: number
  readonly data: Uint8Array
}

/** Beyond this the line and the timestamps are brought together at once; below it, by a few samples per frame. */
const SNAP_MS = 30
const DEADBAND_MS = 2
const SLEW_PER_FRAME = 1 / 256
const SMOOTHING = 1 / 16
const MAX_FILL_S = 10
/** Audio further ahead than this has lost its video: the oldest goes. */
const MAX_QUEUED_S = 30

export class AudioLine {
  readonly config: AudioConfig
  readonly timescale: number
  private readonly silence: Silence | undefined
  private queue: AudioFrame[] = []
  private startTicks = 0
  private nextTicks = 0
  private begun = false
  private driftTicks = 0
  private takenTicks = Number.NEGATIVE_INFINITY

  constructor(config: AudioConfig, startUs: number) {
    this.config = config
    this.timescale = audioTimescale(config)
    this.silence = silenceOf(config)
    this.startTicks = this.toTicks(startUs)
    this.nextTicks = this.startTicks
  }

  /** Where the line ends, in stream microseconds. */
  get endUs(): number {
    return (this.nextTicks / this.timescale) * 1_000_000
  }

  /** How far what was taken reaches beyond a time: the line that follows begins so much later. */
  overhangUs(timeUs: number): number {
    return Math.max(0, (this.takenTicks / this.timescale) * 1_000_000 - timeUs)
  }

  accept(sample: MediaSample): void {
    const at = this.toTicks(sample.ptsUs)
    const duration = frameTicks(this.config, sample.data)
    if (at < this.startTicks) return
    if (!this.begun && at - this.nextTicks < duration) this.nextTicks = at
    this.begun = true
    const snap = this.ms(SNAP_MS)
    if (at - this.nextTicks >= snap) this.bridge(at)
    else if (at - this.nextTicks <= -snap) return
    const off = at - this.nextTicks
    this.driftTicks += (off - this.driftTicks) * SMOOTHING
    const most = Math.ceil(duration * SLEW_PER_FRAME)
    const slew =
      Math.abs(this.driftTicks) < this.ms(DEADBAND_MS) ? 0 : Math.max(-most, Math.min(most, Math.round(this.driftTicks)))
    this.driftTicks -= slew
    this.push(duration + slew, sample.data)
  }

  /** Silence up to a time at which audio should have been there. */
  fillTo(timeUs: number): void {
    this.fill(this.toTicks(timeUs))
  }

  /** Takes the frames that start before a time. */
  take(beforeUs: number): AudioFrame[] {
    const before = this.toTicks(beforeUs)
    const count = this.queue.findIndex(({ ticks }) => ticks >= before)
    const taken = this.queue.splice(0, count < 0 ? this.queue.length : count)
    const last = taken[taken.length - 1]
    if (last !== undefined) this.takenTicks = last.ticks + last.duration
    return taken
  }

  private bridge(at: number): void {
    if (at - this.nextTicks < this.timescale * MAX_FILL_S) this.fill(at)
    this.nextTicks = at
    this.driftTicks = 0
  }

  private fill(until: number): void {
    if (this.silence === undefined) return
    this.begun = true
    const earliest = until - this.timescale * MAX_FILL_S
    if (this.nextTicks < earliest) this.nextTicks = Math.round(earliest)
    while (this.nextTicks + this.silence.ticks <= until) this.push(this.silence.ticks, this.silence.data)
  }

  private push(duration: number, data: Uint8Array): void {
    this.queue.push({ ticks: this.nextTicks, duration, data })
    this.nextTicks += duration
    const oldest = this.queue[0]
    if (oldest !== undefined && this.nextTicks - oldest.ticks > this.timescale * MAX_QUEUED_S) this.queue.shift()
  }

  private toTicks(timeUs: number): number {
    return Math.round((timeUs * this.timescale) / 1_000_000)
  }

  private ms(value: number): number {
    return (value * this.timescale) / 1000
  }
}
