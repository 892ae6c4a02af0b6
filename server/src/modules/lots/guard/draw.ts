import type { Clock } from '../../../kernel/clock.ts'
import { Refusal } from '../../../kernel/refusal.ts'

/** Wishes that come within this time of the opening have the same chance: nobody is slower than a hand and a late picture. */
export const drawMs = 1_500
const mostWaiting = 20_000

/** Gathers the first wishes of an opening and lets them go on in an order that nobody can know before. */
export interface Draw {
  /** Resolves at `at`, in drawn order; at once when that has passed. */
  turn(opening: string, at: number): Promise<void>
}

/** `pick(n)` gives a whole number from 0 to n - 1, every one as likely. */
export function openDraw(clock: Clock, pick: (n: number) => number): Draw {
  const waiting = new Map<string, (() => void)[]>()
  let count = 0

  function release(opening: string): void {
    const calls = waiting.get(opening) ?? []
    waiting.delete(opening)
    count -= calls.length
    // Fisher-Yates: every order is as likely as any other.
    for (let i = calls.length - 1; i > 0; i--) {
      const k = pick(i + 1)
      const here = calls[i] as () => void
      calls[i] = calls[k] as () => void
      calls[k] = here
    }
    for (const call of calls) call()
  }

  return {
    turn(opening, at) {
      const waitMs = at - clock.now()
      if (waitMs <= 0) return Promise.resolve()
      if (count >= mostWaiting) throw new Refusal('busy', { retryInMs: waitMs })
      count++
      const calls = waiting.get(opening)
      if (!calls) {
        waiting.set(opening, [])
        clock.after(waitMs, () => release(opening))
      }
      return new Promise((resolve) => waiting.get(opening)?.push(resolve))
    },
  }
}
