/** Bytes and frames over a sliding window of whole seconds. */
export class Meter {
  private readonly buckets: { second: number; bytes: number; frames: number }[] = []
  private readonly windowS: number
  private firstMs: number | undefined

  constructor(windowS: number) {
    this.windowS = windowS
  }

  add(nowMs: number, bytes: number, frames: number): void {
    this.firstMs ??= nowMs
    const second = Math.floor(nowMs / 1000)
    const last = this.buckets[this.buckets.length - 1]
    if (last !== undefined && last.second === second) {
      last.bytes += bytes
      last.frames += frames
      return
    }
    this.buckets.push({ second, bytes, frames })
    if (this.buckets.length > this.windowS + 1) this.buckets.shift()
  }

  read(nowMs: number): { kbps: number; fps: number; coveredMs: number } {
    const second = Math.floor(nowMs / 1000)
    let bytes = 0
    let frames = 0
    for (const bucket of this.buckets) {
      // The current second is not over: it would only blur the figure.
      if (bucket.second < second && bucket.second >= second - this.windowS) {
        bytes += bucket.bytes
        frames += bucket.frames
      }
    }
    const coveredMs = Math.min(this.windowS * 1000, this.firstMs === undefined ? 0 : Math.max(0, second * 1000 - this.firstMs))
    const spanMs = Math.max(1000, coveredMs)
    return { kbps: Math.round((bytes * 8) / spanMs), fps: Math.round((frames * 10_000) / spanMs) / 10, coveredMs }
  }
}
