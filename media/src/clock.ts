/** Time is handed in, so that grace periods and reapers can be tested without waiting. */
export interface Clock {
  /** Epoch milliseconds; may step when the machine's time is corrected. */
  now(): number
  /** Milliseconds that never step back; only differences mean anything. */
  monotonic(): number
  /** Both return a function that cancels; neither keeps the process alive. */
  after(delayMs: number, run: () => void): () => void
  every(periodMs: number, run: () => void): () => void
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs)
    timer.unref()
    return () => clearTimeout(timer)
  },
  every(periodMs, run) {
    const timer = setInterval(run, periodMs)
    timer.unref()
    return () => clearInterval(timer)
  },
}
