import { hash } from 'node:crypto'
import type { ReservationState } from './tables.ts'

/** A reservation's life. `committed` cannot lapse: payment has begun or its outcome is unknown. */
export const reservationMoves: Readonly<Record<ReservationState, readonly ReservationState[]>> = {
  held: ['committed', 'released', 'expired'],
  committed: ['paid', 'released'],
  paid: [],
  // A payment that succeeds late takes the units again, if any remain.
  released: ['committed'],
  expired: ['committed'],
}

/** States whose units are taken from the allotment and count for the buyer. */
export const liveStates: readonly ReservationState[] = ['held', 'committed', 'paid']

const letters = '0123456789abcdefghjkmnpqrstvwxyz'

/**
 * The id of an intent: 48 bits of time from the allotment, 40 random bits from the person's id, 40 bits of SHA-256 over allotment,
 * person and key. Asking again, in any process, after any crash, asks for the same row; and the primary key alone finds all rows
 * of a buyer in an allotment, which lie together.
 */
export function reservationId(allotmentId: string, personId: string, key: string): string {
  return buyerPrefix(allotmentId, personId) + base32(hash('sha256', `${allotmentId} ${personId} ${key}`, 'buffer'))
}

/** Ids of one buyer's reservations of an allotment begin with this. Others' may, too: whoever reads by it compares the person. */
export const buyerPrefix = (allotmentId: string, personId: string): string =>
  `rsv_${allotmentId.slice(4, 14)}${personId.slice(-8)}`

/** The first 40 bits as 8 letters. */
function base32(digest: Uint8Array): string {
  const high = (digest[0]! << 12) | (digest[1]! << 4) | (digest[2]! >> 4)
  const low = ((digest[2]! & 15) << 16) | (digest[3]! << 8) | digest[4]!
  return four(high) + four(low)
}
const four = (bits: number): string =>
  letters[bits >> 15]! + letters[(bits >> 10) & 31]! + letters[(bits >> 5) & 31]! + letters[bits & 31]!

/** Longest wait that the queue may promise; what comes beyond it is refused at once with a time to come back. */
export const maxWaitMs = 200
export const queueFloor = 1024
export const queueCeiling = 16_384

/** How many may wait, by the measured drain rate. */
export const queueLimit = (rowsPerMs: number): number =>
  Math.min(queueCeiling, Math.max(queueFloor, Math.floor(rowsPerMs * maxWaitMs)))

/** When to come back: after the queue has drained, spread over as long again so that the refused do not return as one. */
export function retryInMs(waiting: number, rowsPerMs: number, turn: number): number {
  const drainMs = Math.ceil(waiting / Math.max(rowsPerMs, 0.1))
  const spread = ((turn * 0x9e3779b1) >>> 0) / 0x1_0000_0000
  return Math.min(10_000, 50 + drainMs + Math.floor(spread * Math.max(drainMs, 200)))
}

/** Expiry is swept on this grid, so that a rush makes one sweep and not thousands. */
export const sweepGridMs = 1000
export const sweepAt = (expiresAt: number): number => Math.floor(expiresAt / sweepGridMs) * sweepGridMs + sweepGridMs
