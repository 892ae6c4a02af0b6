import type { Clock } from '../clock.ts'

export type Waited = 'ready' | 'timeout' | 'gone' | 'full'

interface Waiter {
  readonly ready: () => boolean
  readonly done: (how: Waited) => void
}

/** Requests held until the show gets where they want it; bounded in number and in time. */
export class Waiters {
  private readonly clock: Clock
  private readonly max: number
  private readonly waiting = new Set<Waiter>()

  constructor(clock: Clock, max: number) {
    this.clock = clock
    this.max = max
  }

  get size(): number {
    return this.waiting.size
  }

  /** `onGone` registers for the client's hanging up. */
  wait(ready: () => boolean, timeoutMs: number, onGone: (gone: () => void) => void): Promise<Waited> {
    if (ready()) return Promise.resolve('ready')
    if (this.waiting.size >= this.max) return Promise.resolve('full')
    return new Promise((resolve) => {
      const waiter: Waiter = {
        ready,
        done: (how) => {
          if (!this.waiting.delete(waiter)) return
          cancel()
          resolve(how)
        },
      }
      const cancel = this.clock.after(timeoutMs, () => waiter.done('timeout'))
      this.waiting.add(waiter)
      onGone(() => waiter.done('gone'))
    })
  }

  check(): void {
    for (const waiter of [...this.waiting]) if (waiter.ready()) waiter.done('ready')
  }

  close(): void {
    for (const waiter of [...this.waiting]) waiter.done('gone')
  }
}
