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
 * The id of an intent: 48 bits of time from the allotment, so that rows of one allotment lie together in the index, then 80 bits of
 * SHA-256 over allotment, person and key. Asking again, in any process, after any crash, asks for the same row.
 */
export function reservationId(allotmentId: string, personId: string, key: string): string {
  const digest = hash('sha256', `${allotmentId} ${personId} ${key}`, 'buffer')
  let text = `rsv_${allotmentId.slice(4, 14)}`
  for (let i = 0; i < 10; i += 5) {
    const high = (digest[i]! << 12) | (digest[i + 1]! << 4) | (digest[i + 2]! >> 4)
    const low = ((digest[i + 2]! & 15) << 16) | (digest[i + 3]! << 8) | digest[i + 4]!
    text += letters[high >> 15]! + letters[(high >> 10) & 31] + letters[(high >> 5) & 31] + letters[high & 31]
    text += letters[low >> 15]! + letters[(low >> 10) & 31] + letters[(low >> 5) & 31] + letters[low & 31]
  }
  return text
}

/** Longest wait that the queue may promise; what comes beyond it is refused at once with a time to come back. */
export const maxWaitMs = 200
export const queueFloor = 1024
export const queueCeiling = 16_384

/** How many may wait, by the measured drain rate. */
export const queueLimit = (rowsPerMs: number): number => Math.min(queueCeiling, Math.max(queueFloor, Math.floor(rowsPerMs * maxWaitMs)))

/** When to come back: after the queue has drained, spread over as long again so that the refused do not return as one. */
export function retryInMs(waiting: number, rowsPerMs: number, turn: number): number {
  const drainMs = Math.ceil(waiting / Math.max(rowsPerMs, 0.1))
  const spread = ((turn * 0x9e3779b1) >>> 0) / 0x1_0000_0000
  return Math.min(10_000, 50 + drainMs + Math.floor(spread * Math.max(drainMs, 200)))
}

/** Expiry is swept on this grid, so that a rush makes one sweep and not thousands. */
export const sweepGridMs = 1000
export const sweepAt = (expiresAt: number): number => Math.floor(expiresAt / sweepGridMs) * sweepGridMs + sweepGridMs
