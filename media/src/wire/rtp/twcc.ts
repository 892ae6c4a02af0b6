/**
 * Transport-wide congestion control feedback (draft-holmer-rmcat-transport-wide-cc-extensions-01): when each packet came, so that
 * the sender can estimate its bandwidth.
 */
import { Unwrapper } from '../unwrap.ts'

export const TRANSPORT_WIDE_CC = 'http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01'

/** Deltas are told in steps of 250 µs, the reference in steps of 64 ms. */
const TICK_US = 250
const TICKS_PER_REFERENCE = 256
const MAX_STATUSES = 1_000
/** Arrivals kept after they were told: a late packet makes their range be told again. */
const KEPT = 2_000
const SYMBOLS_PER_VECTOR = 7
const MAX_RUN = 0x1fff

const NOT_RECEIVED = 0
const SMALL = 1
const LARGE = 2

export class TransportFeedback {
  private readonly sequences = new Unwrapper(16)
  private readonly arrivals = new Map<number, number>()
  /** The lowest number that was not told yet. */
  private lowest: number | undefined
  private next: number | undefined
  private count = 0

  received(sequence: number, arrivalUs: number): void {
    const unwrapped = this.sequences.next(sequence)
    if (this.arrivals.has(unwrapped)) return
    this.arrivals.set(unwrapped, Math.round(arrivalUs / TICK_US))
    this.lowest = Math.min(this.lowest ?? unwrapped, this.next ?? unwrapped, unwrapped)
    if (this.arrivals.size > KEPT) this.forget()
  }

  /** The RTCP packets for what came since the last call. */
  take(senderSsrc: number, mediaSsrc: number): Buffer[] {
    if (this.lowest === undefined) return []
    const newest = this.newest()
    const packets: Buffer[] = []
    let at = Math.max(this.lowest, newest - MAX_STATUSES * 4)
    while (at <= newest) {
      const { body, upTo } = this.body(at, newest)
      if (body !== undefined) packets.push(frame(senderSsrc, mediaSsrc, body))
      at = upTo + 1
    }
    this.next = newest + 1
    this.lowest = undefined
    return packets
  }

  private newest(): number {
    let newest = Number.NEGATIVE_INFINITY
    for (const sequence of this.arrivals.keys()) newest = Math.max(newest, sequence)
    return newest
  }

  private forget(): void {
    const floor = this.newest() - KEPT / 2
    for (const sequence of this.arrivals.keys()) if (sequence < floor) this.arrivals.delete(sequence)
  }

  /** One packet's worth: ends early at a delta that does not fit or when it is full. */
  private body(from: number, newest: number): { body: Buffer | undefined; upTo: number } {
    const statuses: number[] = []
    const deltas: number[] = []
    let reference: number | undefined
    let lastTick = 0
    let upTo = from - 1
    for (let sequence = from; sequence <= newest && statuses.length < MAX_STATUSES; sequence += 1) {
      const tick = this.arrivals.get(sequence)
      if (tick !== undefined) {
        if (reference === undefined) {
          reference = Math.floor(tick / TICKS_PER_REFERENCE)
          lastTick = reference * TICKS_PER_REFERENCE
        }
        const delta = tick - lastTick
        if (delta < -0x8000 || delta > 0x7fff) break
        statuses.push(delta >= 0 && delta <= 0xff ? SMALL : LARGE)
        deltas.push(delta)
        lastTick = tick
      } else statuses.push(NOT_RECEIVED)
      upTo = sequence
    }
    if (reference === undefined) return { body: undefined, upTo }
    const head = Buffer.alloc(8)
    head.writeUInt16BE(from & 0xffff, 0)
    head.writeUInt16BE(statuses.length, 2)
    head.writeUIntBE(reference & 0xffffff, 4, 3)
    head[7] = this.count
    this.count = (this.count + 1) & 0xff
    return { body: Buffer.concat([head, writeChunks(statuses), writeDeltas(deltas)]), upTo }
  }
}

/** Section 3.1.3 and 3.1.4: long runs in one chunk, the rest seven at a time with two bits each. */
function writeChunks(statuses: readonly number[]): Buffer {
  const chunks: number[] = []
  let at = 0
  while (at < statuses.length) {
    const status = statuses[at] ?? NOT_RECEIVED
    let run = 1
    while (run < MAX_RUN && statuses[at + run] === status) run += 1
    if (run >= SYMBOLS_PER_VECTOR) {
      chunks.push((status << 13) | run)
      at += run
      continue
    }
    let vector = 0xc000
    for (let i = 0; i < SYMBOLS_PER_VECTOR; i += 1) vector |= (statuses[at + i] ?? NOT_RECEIVED) << (12 - i * 2)
    chunks.push(vector)
    at += SYMBOLS_PER_VECTOR
  }
  const out = Buffer.alloc(chunks.length * 2)
  chunks.forEach((chunk, i) => {
    out.writeUInt16BE(chunk, i * 2)
  })
  return out
}

function writeDeltas(deltas: readonly number[]): Buffer {
  const out = Buffer.alloc(deltas.length * 2)
  let at = 0
  for (const delta of deltas) at = delta >= 0 && delta <= 0xff ? out.writeUInt8(delta, at) : out.writeInt16BE(delta, at)
  return out.subarray(0, at)
}

/** RTCP transport layer feedback, format 15, padded to whole words (RFC 3550 section 6.4.1, RFC 4585 section 6.1). */
function frame(senderSsrc: number, mediaSsrc: number, body: Buffer): Buffer {
  const padding = (4 - (body.length % 4)) % 4
  const out = Buffer.alloc(12 + body.length + padding)
  out[0] = 0x80 | (padding > 0 ? 0x20 : 0) | 15
  out[1] = 205
  out.writeUInt16BE(out.length / 4 - 1, 2)
  out.writeUInt32BE(senderSsrc >>> 0, 4)
  out.writeUInt32BE(mediaSsrc >>> 0, 8)
  body.copy(out, 12)
  if (padding > 0) out[out.length - 1] = padding
  return out
}
