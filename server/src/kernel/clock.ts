/** Time is given, never taken: everything outside the kernel asks a clock. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number
  /** Calls back once after delayMs unless cancelled. Timers do not keep the process alive. */
  after(delayMs: number, call: () => void): Cancel
  every(periodMs: number, call: () => void): Cancel
}
export type Cancel = () => void

export const systemClock: Clock = {
  now: () => Date.now(),
  after(delayMs, call) {
    const timer = setTimeout(call, delayMs)
    timer.unref()
    return () => clearTimeout(timer)
  },
  every(periodMs, call) {
    const timer = setInterval(call, periodMs)
    timer.unref()
    return () => clearInterval(timer)
  },
}

export interface FakeClock extends Clock {
  /** Moves time forward, firing timers in order. */
  advance(ms: number): void
  set(nowMs: number): void
}

export function fakeClock(startMs: number): FakeClock {
  let now = startMs
  let count = 0
  const timers = new Map<number, { at: number; period: number | null; call: () => void }>()
  const add = (at: number, period: number | null, call: () => void): Cancel => {
    const id = ++count
    timers.set(id, { at, period, call })
    return () => timers.delete(id)
  }
  function advance(ms: number): void {
    const end = now + ms
    for (;;) {
      const due = [...timers].filter(([, t]) => t.at <= end).sort((a, b) => a[1].at - b[1].at || a[0] - b[0])[0]
      if (!due) break
      const [id, timer] = due
      now = Math.max(now, timer.at)
      if (timer.period === null) timers.delete(id)
      else timer.at += timer.period
      timer.call()
    }
    now = end
  }
  return {
    now: () => now,
    after: (delayMs, call) => add(now + delayMs, null, call),
    every: (periodMs, call) => add(now + periodMs, periodMs, call),
    advance,
    set: (to) => advance(Math.max(0, to - now)),
  }
}

/** For code that awaits: resolves after delayMs on this clock. */
export const sleep = (clock: Clock, delayMs: number): Promise<void> => new Promise((resolve) => clock.after(delayMs, resolve))
