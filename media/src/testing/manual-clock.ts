import type { Clock } from '../clock.ts'

export interface ManualClock extends Clock {
  /** Runs what falls due, in order. */
  advance(ms: number): void
}

export function manualClock(startAt = 1_800_000_000_000): ManualClock {
  let passedMs = 0
  let timers: { dueMs: number; run: () => void }[] = []
  const after = (delayMs: number, run: () => void) => {
    const timer = { dueMs: passedMs + delayMs, run }
    timers.push(timer)
    return () => {
      timers = timers.filter((other) => other !== timer)
    }
  }
  return {
    now: () => startAt + passedMs,
    monotonic: () => passedMs,
    after,
    every(periodMs, run) {
      let cancel = after(periodMs, function again() {
        cancel = after(periodMs, again)
        run()
      })
      return () => cancel()
    },
    advance(ms) {
      const untilMs = passedMs + ms
      for (;;) {
        const next = timers.filter(({ dueMs }) => dueMs <= untilMs).sort((a, b) => a.dueMs - b.dueMs)[0]
        if (next === undefined) break
        timers = timers.filter((timer) => timer !== next)
        passedMs = Math.max(passedMs, next.dueMs)
        next.run()
      }
      passedMs = untilMs
    },
  }
}
