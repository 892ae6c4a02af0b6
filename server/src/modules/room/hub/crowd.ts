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

/** Histograms of several processes as one. */
export function summedDelays(parts: readonly (readonly [number, number][])[]): Uint32Array {
  const sum = new Uint32Array(buckets)
  for (const [bucket, count] of parts.flat()) if (bucket >= 0 && bucket < buckets) sum[bucket] = (sum[bucket] as number) + count
  return sum
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

  /** The histogram in short: bucket and count, where there are any. */
  sparse(): [number, number][] {
    const list: [number, number][] = []
    this.counts.forEach((count, bucket) => {
      if (count > 0) list.push([bucket, count])
    })
    return list
  }

  /** Upper end of the bucket that 95 of 100 viewers are within, those elsewhere too; null when nobody reported. */
  p95(elsewhere: Uint32Array | null = null): number | null {
    const total = this.total + (elsewhere?.reduce((sum, count) => sum + count, 0) ?? 0)
    if (total === 0) return null
    const wanted = Math.ceil(total * 0.95)
    let sum = 0
    for (let bucket = 0; bucket < buckets; bucket++) {
      sum += (this.counts[bucket] as number) + (elsewhere?.[bucket] ?? 0)
      if (sum >= wanted) return bucket * bucketMs
    }
    return (buckets - 1) * bucketMs
  }
}
