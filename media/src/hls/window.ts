/** The sliding window of a show in memory: what the playlist lists, and what stays fetchable a while longer. */
import type { Part } from './part.ts'
import type { Init, Segment } from './segment.ts'

export interface WindowLimits {
  readonly windowUs: number
  readonly maxBytes: number
}

/** A playlist shorter than three target durations can't be played live. */
const MIN_SEGMENTS = 4

export class Window {
  /** In order; the last one may still be growing. */
  readonly segments: Segment[] = []
  ended = false
  /** Grows with every change of the playlist. */
  version = 0
  bytes = 0
  peakBitsPerSecond = 0
  private readonly retired: Segment[] = []
  /** Of both lists. */
  private readonly bySequence = new Map<number, Segment>()
  private readonly limits: WindowLimits

  constructor(limits: WindowLimits) {
    this.limits = limits
  }

  /** False when even the shortest window does not fit into the memory allowed. */
  add(part: Part, segment: Segment): boolean {
    if (this.segments[this.segments.length - 1] !== segment) {
      this.segments.push(segment)
      this.bySequence.set(segment.sequence, segment)
    }
    this.bytes += part.bytes.length
    const fits = segment.complete ? this.slide() : this.bytes <= this.limits.maxBytes || this.shed()
    this.version += 1
    return fits
  }

  end(): void {
    this.ended = true
    this.version += 1
  }

  get ready(): boolean {
    return this.segments[0]?.complete === true
  }

  /** The newest whole segment, or undefined. */
  get newest(): Segment | undefined {
    return this.segments.findLast(({ complete }) => complete)
  }

  get growing(): Segment | undefined {
    const last = this.segments[this.segments.length - 1]
    return last?.complete === false ? last : undefined
  }

  segment(sequence: number): Segment | undefined {
    return this.bySequence.get(sequence)
  }

  init(name: string): Init | undefined {
    return [...this.segments, ...this.retired].find(({ init }) => init.name === name)?.init
  }

  get averageBitsPerSecond(): number {
    const us = this.segments.reduce((sum, { durationUs }) => sum + durationUs, 0)
    const bytes = this.segments.reduce((sum, segment) => sum + segment.bytes, 0)
    return us === 0 ? 0 : Math.ceil((bytes * 8_000_000) / us)
  }

  private slide(): boolean {
    const last = this.segments[this.segments.length - 1]
    // Segments of a blink would make the peak absurd; the standard counts those near the target duration.
    if (last !== undefined && last.durationUs >= 1_000_000) {
      this.peakBitsPerSecond = Math.max(this.peakBitsPerSecond, Math.ceil((last.bytes * 8_000_000) / last.durationUs))
    }
    let listedUs = this.segments.reduce((sum, { durationUs }) => sum + durationUs, 0)
    while (this.segments.length > MIN_SEGMENTS && listedUs - (this.segments[0]?.durationUs ?? 0) >= this.limits.windowUs) {
      listedUs -= this.segments[0]?.durationUs ?? 0
      this.retire()
    }
    const endUs = last === undefined ? 0 : last.mediaUs + last.durationUs
    // Section 6.2.2: a removed segment stays as long as the longest playlist that listed it, plus its own length.
    while (
      this.retired[0] !== undefined &&
      endUs - this.retired[0].mediaUs > 2 * (this.limits.windowUs + this.retired[0].durationUs)
    )
      this.drop()
    return this.shed()
  }

  private shed(): boolean {
    while (this.bytes > this.limits.maxBytes) {
      if (this.retired.length === 0) {
        if (this.segments.length <= MIN_SEGMENTS) return false
        this.retire()
      }
      this.drop()
    }
    return true
  }

  private retire(): void {
    const segment = this.segments.shift()
    if (segment !== undefined) this.retired.push(segment)
  }

  private drop(): void {
    const segment = this.retired.shift()
    if (segment === undefined) return
    this.bytes -= segment.bytes
    this.bySequence.delete(segment.sequence)
  }
}
