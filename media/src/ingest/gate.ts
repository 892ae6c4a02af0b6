import type { Clock } from '../clock.ts'

export interface GateLimits {
  /** So many at once from one address, and so many a minute after that. */
  readonly burst: number
  readonly perMinute: number
}

const MAX_REMEMBERED = 10_000

/** Knocks of each address: a bucket that fills again with time (many publishers may share an address behind a NAT). */
export class Gate {
  private readonly clock: Clock
  private readonly limits: GateLimits
  private readonly buckets = new Map<string, { left: number; atMs: number }>()

  constructor(clock: Clock, limits: GateLimits) {
    this.clock = clock
    this.limits = limits
  }

  /** Null: come in. Otherwise the seconds to wait. */
  knock(remote: string): number | null {
    const { burst, perMinute } = this.limits
    const atMs = this.clock.monotonic()
    const before = this.buckets.get(remote) ?? { left: burst, atMs }
    const left = Math.min(burst, before.left + ((atMs - before.atMs) * perMinute) / 60_000)
    // Newest last, so that the oldest is forgotten first.
    this.buckets.delete(remote)
    this.buckets.set(remote, { left: left < 1 ? left : left - 1, atMs })
    const [oldest] = this.buckets.keys()
    if (this.buckets.size > MAX_REMEMBERED && oldest !== undefined) this.buckets.delete(oldest)
    return left < 1 ? Math.ceil(((1 - left) * 60) / perMinute) : null
  }
}
