import { monitorEventLoopDelay } from 'node:perf_hooks'

/** How hard it is for this process to keep up. */
export function openStrain() {
  const delay = monitorEventLoopDelay({ resolution: 20 })
  delay.enable()
  return {
    /** The delay is the 99th percentile since the last reading. */
    read(): { loopDelayMs: number; residentBytes: number } {
      const loopDelayMs = delay.count === 0 ? 0 : delay.percentile(99) / 1e6
      delay.reset()
      return { loopDelayMs, residentBytes: process.memoryUsage.rss() }
    },
    close: () => void delay.disable(),
  }
}
