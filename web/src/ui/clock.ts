import { useEffect, useState } from 'react'

let read: () => number = () => Date.now()

/** Countdowns run on the server's clock; the face sets it once it knows the offset. */
export function setClock(now: () => number): void {
  read = now
}

/** Epoch milliseconds by the clock that was set. */
export const now = (): number => read()

/** Renders again every `everyMs`, on its boundary, so that all countdowns of a page change together. Null stops it. */
export function useNow(everyMs: number | null = 1000): number {
  const [at, setAt] = useState(now)
  useEffect(() => {
    if (everyMs === null) return
    let timer: ReturnType<typeof setTimeout>
    const tick = () => {
      const at = now()
      setAt(at)
      timer = setTimeout(tick, everyMs - (at % everyMs))
    }
    timer = setTimeout(tick, everyMs - (now() % everyMs))
    return () => clearTimeout(timer)
  }, [everyMs])
  return at
}
