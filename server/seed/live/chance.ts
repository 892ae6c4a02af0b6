/** Chance as it is in crowds. */
export const chance = (share: number): boolean => Math.random() < share
export const between = (least: number, most: number): number => least + Math.random() * (most - least)
export const pickOf = <T>(list: readonly T[]): T | undefined => list[Math.floor(Math.random() * list.length)]

/** Waiting time until the next of events that come `perMinute` on average, independent of one another; never silly long. */
export const untilNextMs = (perMinute: number): number => Math.min(5, -Math.log(1 - Math.random())) * (60_000 / perMinute)

export function shuffled<T>(list: readonly T[]): T[] {
  const out = [...list]
  for (let i = out.length - 1; i > 0; i--) {
    const j = Math.floor(Math.random() * (i + 1))
    ;[out[i], out[j]] = [out[j] as T, out[i] as T]
  }
  return out
}

/** Resolves after the time, or at once when the signal says stop. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve()
    const done = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    signal.addEventListener('abort', done, { once: true })
  })
}
