/** Counts on past the end of a field of `bits` bits (RTP sequence 16, RTP time 32, RTMP time 31). */
export class Unwrapper {
  private last: number | undefined
  private readonly size: number

  constructor(bits: number) {
    this.size = 2 ** bits
  }

  /** The value nearest to the one before, so that small steps back stay steps back. */
  next(raw: number): number {
    if (this.last === undefined) {
      this.last = raw
      return raw
    }
    const half = this.size / 2
    let step = (raw - this.last) % this.size
    if (step > half) step -= this.size
    else if (step <= -half) step += this.size
    this.last += step
    return this.last
  }
}
