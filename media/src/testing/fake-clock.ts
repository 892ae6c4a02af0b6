import type { Clock } from '../clock.ts'

export interface FakeClock extends Clock {
  advance(ms: number): void
}

/** Time that moves only when told to; timers run in their order. */
export function fakeClock(startAt = 1_700_000_000_000): FakeClock {
  let elapsed = 0
  let timers: { at: number; period: number | null; run: () => void }[] = []
  const add = (at: number, period: number | null, run: () => void) => {
    const timer = { at, period, run }
    timers.push(timer)
    return () => {
      timers = timers.filter((other) => other !== timer)
    }
  }
  return {
    now: () => startAt + elapsed,
    monotonic: () => elapsed,
    after: (ms, run) => add(elapsed + ms, null, run),
    every: (ms, run) => add(elapsed + ms, ms, run),
    advance(ms) {
      const end = elapsed + ms
      for (;;) {
        const next = timers.filter((timer) => timer.at <= end).sort((a, b) => a.at - b.at)[0]
        if (next === undefined) break
        elapsed = next.at
        if (next.period === null) timers = timers.filter((timer) => timer !== next)
        else next.at += next.period
        next.run()
      }
      elapsed = end
    },
  }
}
