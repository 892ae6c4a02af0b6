/** An unbroken line of samples, and which time of the publisher each of them has. */

/** Less than this between two packets is rounding or slewing of their stamps; more is a hole. */
const HOLE_US = 10_000
/** A longer hole is left to the packager, which fills it with encoded silence. */
const MAX_FILL_US = 1_000_000
const MAX_MARKS = 512

interface Mark {
  readonly position: number
  readonly timeUs: number
}

export class PcmLine {
  private readonly rate: number
  private position = 0
  private marks: Mark[] = []
  private endUs: number | null = null

  constructor(rate: number) {
    this.rate = rate
  }

  /** Samples of silence that must come first for this packet to stand at its time. */
  place(timeUs: number, samples: number): number {
    const holeUs = this.endUs === null ? 0 : timeUs - this.endUs
    this.endUs = timeUs + (samples * 1_000_000) / this.rate
    return holeUs > HOLE_US && holeUs <= MAX_FILL_US ? Math.round((holeUs * this.rate) / 1_000_000) : 0
  }

  /** Where in the line these samples begin. */
  append(samples: number, timeUs: number): number {
    const { position } = this
    this.marks.push({ position, timeUs })
    if (this.marks.length > MAX_MARKS) this.marks.shift()
    this.position += samples
    return position
  }

  /** The publisher's time of a sample; null when it belongs to nothing that is still wanted. */
  timeOf(position: number): number | null {
    const index = this.marks.findLastIndex((mark) => mark.position <= position)
    const mark = this.marks[index]
    if (mark === undefined) return null
    // Frames come in order: what lies before is not asked for again.
    this.marks.splice(0, index)
    return Math.round(mark.timeUs + ((position - mark.position) * 1_000_000) / this.rate)
  }

  restart(): void {
    this.marks = []
    this.endUs = null
  }
}
