import type { RoomLimits } from './limits.ts'

/** Where a viewer stands: everything, without droppables, or nothing until it has drained. */
export type Rung = 'full' | 'lean' | 'held'

export interface Lag {
  /** Age of the oldest frame that was not acknowledged; 0 when none. */
  readonly ms: number
  /** Bytes sent and not acknowledged. */
  readonly bytes: number
  /** Bytes that wait in the runtime because the kernel takes no more. */
  readonly queued: number
}

/**
 * Acknowledgements decide, not the socket's buffer: the kernel takes megabytes before the runtime notices anything.
 * Back up only from half the limit, so that nobody flutters between two rungs.
 */
export function rungOf(now: Rung, lag: Lag, limits: RoomLimits): Rung | 'close' {
  if (lag.ms > limits.closeAfterMs) return 'close'
  if (now === 'held') return 'held'
  if (lag.ms > limits.held.afterMs || lag.bytes > limits.held.bytes || lag.queued > limits.queuedBytes) return 'held'
  if (lag.ms > limits.lean.afterMs || lag.bytes > limits.lean.bytes) return 'lean'
  if (now === 'lean' && (lag.ms > limits.lean.afterMs / 2 || lag.bytes > limits.lean.bytes / 2)) return 'lean'
  return 'full'
}
