/** When to be near: takes a seat while seconds count, and lets the picture stay where it is when there is none. */
import { nearAgainAfterMs, nearFarewellMs } from './policy.ts'
import type { WhepConnection } from './whep-engine.ts'

export interface NearnessOptions {
  /** Null: this show has no such way. */
  readonly url: string | null
  /** Takes the connection over; false: not now. */
  readonly enter: (connection: WhepConnection) => boolean
  /** Back to HLS. */
  readonly leave: (reason: string) => void
}

type Phase = 'far' | 'connecting' | 'near'

export class Nearness {
  private readonly options: NearnessOptions
  private phase: Phase = 'far'
  private wanted = false
  private closed = false
  private notBefore = 0
  private again: ReturnType<typeof setTimeout> | undefined
  private farewell: ReturnType<typeof setTimeout> | undefined

  constructor(options: NearnessOptions) {
    this.options = options
  }

  set(wanted: boolean): void {
    this.wanted = wanted
    clearTimeout(this.farewell)
    if (wanted) void this.approach()
    // The next lot often follows at once: no change of pictures for a pause between two.
    else if (this.phase === 'near') this.farewell = setTimeout(() => this.depart('seconds do not count any more'), nearFarewellMs)
  }

  /** The near picture stopped: HLS takes over, and the seat is not tried again for a while. */
  fail(reason: string): void {
    if (this.phase !== 'near') return
    this.rest()
    this.depart(reason)
  }

  /** The player went its own way. */
  gone(): void {
    if (this.phase === 'near') this.phase = 'far'
  }

  close(): void {
    this.closed = true
    clearTimeout(this.again)
    clearTimeout(this.farewell)
  }

  private depart(reason: string): void {
    if (this.phase !== 'near') return
    this.phase = 'far'
    this.options.leave(reason)
  }

  private rest(): void {
    this.notBefore = performance.now() + nearAgainAfterMs
    clearTimeout(this.again)
    this.again = setTimeout(() => void this.approach(), nearAgainAfterMs + 10)
  }

  private async approach(): Promise<void> {
    const { url } = this.options
    if (url === null || this.closed || !this.wanted || this.phase !== 'far' || performance.now() < this.notBefore) return
    if (typeof RTCPeerConnection === 'undefined') return
    this.phase = 'connecting'
    const connection = await this.connect(url)
    this.phase = 'far'
    if (connection !== null && !this.closed && this.wanted && this.options.enter(connection)) {
      this.phase = 'near'
      return
    }
    connection?.close()
    if (!this.closed) this.rest()
  }

  private async connect(url: string): Promise<WhepConnection | null> {
    try {
      const { connectWhep } = await import('./whep-engine.ts')
      return await connectWhep({ url, onBroken: (reason) => this.fail(reason) })
    } catch {
      // The chunk could not be loaded: HLS plays on.
      return null
    }
  }
}
