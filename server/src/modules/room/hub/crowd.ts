/** Who is here, as a number: persons once however many windows they have, looking-on strangers each. */
export class Crowd {
  private readonly here = new Map<string, number>()
  private readonly left = new Map<string, number>()
  private readonly lingerMs: number

  constructor(lingerMs: number) {
    this.lingerMs = lingerMs
  }

  come(who: string): void {
    this.here.set(who, (this.here.get(who) ?? 0) + 1)
    this.left.delete(who)
  }

  leave(who: string, now: number): void {
    const windows = (this.here.get(who) ?? 0) - 1
    if (windows > 0) this.here.set(who, windows)
    else if (this.here.delete(who)) this.left.set(who, now)
  }

  count(now: number): number {
    for (const [who, at] of this.left) {
      if (now - at < this.lingerMs) break
      this.left.delete(who)
    }
    return this.here.size + this.left.size
  }
}

const bucketMs = 250
const buckets = 241

/** How late the pictures of a room are: a histogram of what viewers reported last. */
export class Delays {
  private readonly counts = new Uint32Array(buckets)
  private total = 0

  /** Replaces a viewer's earlier report; null is none. */
  report(before: number | null, ms: number | null): void {
    if (before !== null) this.change(before, -1)
    if (ms !== null) this.change(ms, 1)
  }

  private change(ms: number, by: number): void {
    const bucket = Math.min(buckets - 1, Math.max(0, Math.ceil(ms / bucketMs)))
    this.counts[bucket] = (this.counts[bucket] as number) + by
    this.total += by
  }

  /** Upper end of the bucket that 95 of 100 viewers are within; null when nobody reported. */
  p95(): number | null {
    if (this.total === 0) return null
    const wanted = Math.ceil(this.total * 0.95)
    let sum = 0
    for (let bucket = 0; bucket < buckets; bucket++) {
      sum += this.counts[bucket] as number
      if (sum >= wanted) return bucket * bucketMs
    }
    return (buckets - 1) * bucketMs
  }
}
