import type { ChatLine, StateMessage } from '@efir/contract/room/down.ts'
import type { Entry } from './ring.ts'

/** A shared frame as every process writes it. */
export interface Composed {
  readonly frame: number
  /** Positions that it carries: behind `prev`, up to `seq`; equal when it carries none. */
  readonly prev: number
  readonly seq: number
  /** For who is lean: null when there are only droppables. */
  readonly plain: Buffer | null
  readonly full: Buffer | null
  readonly desk: Buffer | null
}

/** Enough for another process to go on as this one does. */
export interface RoomImage {
  readonly seq: number
  readonly frame: number
  readonly floor: number
  readonly state: readonly StateMessage[]
  readonly entries: readonly Entry[]
  readonly chat: readonly ChatLine[]
}

/** What the same room holds in other processes; all nothing when there are none. */
export interface Elsewhere {
  viewers: number
  desk: number
  /** Viewers of the largest process: it writes longest. */
  largest: number
  delays: Uint32Array | null
}
