import { Unwrapper } from '../unwrap.ts'
import type { OrderedPacket, RtpPacketView } from './packet.ts'

const STALE_PACKETS = 100

export interface ReorderOptions {
  /** How long a hole may stay open for a retransmission. */
  readonly waitMs: number
  readonly maxPackets: number
}

/** Puts packets in order, throws doubles away, and gives a hole up after a while. */
export class ReorderBuffer {
  received = 0
  lost = 0
  private expected: number | undefined
  private holeSinceMs = 0
  private afterLoss = false
  private stale = 0
  private readonly sequences = new Unwrapper(16)
  private readonly timestamps = new Unwrapper(32)
  private readonly waiting = new Map<number, RtpPacketView>()
  private readonly options: ReorderOptions

  constructor(options: ReorderOptions) {
    this.options = options
  }

  push(packet: RtpPacketView, nowMs: number): OrderedPacket[] {
    const sequence = this.sequences.next(packet.sequence)
    this.expected ??= sequence
    if (this.waiting.has(sequence) || (sequence < this.expected && !this.restarted())) return []
    if (sequence < this.expected) {
      this.expected = sequence
      this.waiting.clear()
      this.afterLoss = true
    }
    this.stale = 0
    this.received += 1
    if (this.waiting.size === 0) this.holeSinceMs = nowMs
    this.waiting.set(sequence, packet)
    return this.release(nowMs)
  }

  /** Late packets come one by one; only a sender that began anew is behind all the time. */
  private restarted(): boolean {
    this.stale += 1
    return this.stale > STALE_PACKETS
  }

  /** Without new packets a hole must close too. */
  poll(nowMs: number): OrderedPacket[] {
    return this.waiting.size === 0 ? [] : this.release(nowMs)
  }

  private release(nowMs: number): OrderedPacket[] {
    const out: OrderedPacket[] = []
    this.takeRun(out, nowMs)
    while (
      this.waiting.size > 0 &&
      (nowMs - this.holeSinceMs >= this.options.waitMs || this.waiting.size > this.options.maxPackets)
    ) {
      this.skipHole()
      this.takeRun(out, nowMs)
    }
    return out
  }

  private takeRun(out: OrderedPacket[], nowMs: number): void {
    for (;;) {
      const packet = this.expected === undefined ? undefined : this.waiting.get(this.expected)
      if (packet === undefined || this.expected === undefined) return
      this.waiting.delete(this.expected)
      this.expected += 1
      this.holeSinceMs = nowMs
      out.push({
        timestamp: this.timestamps.next(packet.timestamp),
        marker: packet.marker,
        payload: packet.payload,
        afterLoss: this.afterLoss,
      })
      this.afterLoss = false
    }
  }

  private skipHole(): void {
    let next = Number.POSITIVE_INFINITY
    for (const sequence of this.waiting.keys()) next = Math.min(next, sequence)
    // A jump of thousands is another stream's start (or a restart), not that many losses.
    const missing = next - (this.expected ?? next)
    this.lost += missing > 1000 ? 1 : missing
    this.expected = next
    this.afterLoss = true
  }
}
