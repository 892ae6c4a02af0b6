import type { ChatMark } from '@efir/contract/room/down.ts'
import type { Rung } from './ladder.ts'
import type { Seated } from './roster.ts'

/** One connection's way out. Frames are whole WebSocket frames. */
export interface Wire {
  /** Reads for many who come through caches: always let in. */
  readonly forMany?: boolean
  /** False when the runtime has begun to queue. */
  write(frame: Buffer): boolean
  /** Bytes that wait in the runtime. */
  queued(): number
  /** Says goodbye with a code; cuts the line when the other end does not answer. */
  close(code: number, reason: string): void
}

/** Who a token speaks for. */
export interface Member {
  readonly personId: string
  readonly name: string
  readonly operator: boolean
}

/** Somebody in a room. */
export interface Viewer extends Seated {
  readonly wire: Wire
  member: Member | null
  mark: ChatMark | null
  /** Gets the chat whole. */
  desk: boolean
  rung: Rung
  /** Under which the crowd counts this connection. */
  who: string
  /** Last frame acknowledged. */
  acked: number
  /** Last frame written, when the rung is `held`. */
  heldFrame: number
  /** Position up to which messages were written, when the rung is `held`. */
  heldSeq: number
  delayMs: number | null
  /** Position of a personal message that was left out while held; 0 when none was. */
  missed: number
}
