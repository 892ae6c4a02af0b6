/** What went out on one stream of frames: enough to tell how far behind an acknowledgement lies. A fixed ring. */
const size = 1_024

export class Sent {
  /** Number of the last frame. */
  last = 0
  private count = 0
  private total = 0
  private readonly frames = new Float64Array(size)
  private readonly ats = new Float64Array(size)
  /** Bytes sent before the frame. */
  private readonly before = new Float64Array(size)

  note(frame: number, at: number, bytes: number): void {
    const slot = this.count++ % size
    this.frames[slot] = frame
    this.ats[slot] = at
    this.before[slot] = this.total
    this.total += bytes
    this.last = frame
  }

  /** Age of the oldest frame behind `acked`, and the bytes from there on. What is older than the ring counts as its oldest. */
  lagBehind(acked: number, now: number): { ms: number; bytes: number } {
    if (acked >= this.last) return { ms: 0, bytes: 0 }
    let low = Math.max(0, this.count - size)
    let high = this.count - 1
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.frames[middle % size] as number) > acked) high = middle
      else low = middle + 1
    }
    return { ms: now - (this.ats[low % size] as number), bytes: this.total - (this.before[low % size] as number) }
  }

  /** Whoever acknowledged at least this frame lags neither longer nor more than that. */
  healthyFrom(now: number, ms: number, bytes: number): number {
    const oldest = Math.max(0, this.count - size)
    let low = oldest
    let high = this.count
    while (low < high) {
      const middle = (low + high) >> 1
      const slot = middle % size
      const fine = now - (this.ats[slot] as number) <= ms && this.total - (this.before[slot] as number) <= bytes
      if (fine) high = middle
      else low = middle + 1
    }
    return low === oldest ? 0 : (this.frames[(low - 1) % size] as number)
  }
}
