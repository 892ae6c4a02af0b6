export interface Backoff {
  /** How long to wait before the next attempt: nothing after a long life, else doubling up to the longest pause. */
  after(livedMs: number): number
}

export function openBackoff(firstMs: number, longestMs: number, longLifeMs = 10_000): Backoff {
  let pauseMs = 0
  return {
    after(livedMs) {
      if (livedMs >= longLifeMs) pauseMs = 0
      else pauseMs = pauseMs === 0 ? firstMs : Math.min(pauseMs * 2, longestMs)
      return pauseMs
    },
  }
}
