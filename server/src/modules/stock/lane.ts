/**
 * A queue with one batch in flight: what comes meanwhile waits and goes together when the batch returns. No timer: an idle lane
 * starts at once, a busy one fills its next batch by itself.
 */
export interface Lane<R> {
  push(row: R): void
  waiting(): number
  /** Resolves when nothing is waiting or in flight. */
  idle(): Promise<void>
}

export interface LaneOptions<R> {
  readonly size: number
  /** Rows with the same key never share a batch; the later one goes with the next. */
  readonly keyOf: (row: R) => string
  /** Carries a batch out. What it resolves to is called when the next batch is already on its way. Never rejects. */
  readonly run: (rows: R[]) => Promise<() => void>
}

export function openLane<R>(options: LaneOptions<R>): Lane<R> {
  let queue: R[] = []
  let running: Promise<void> | null = null

  function take(): R[] {
    const keys = new Set<string>()
    const rows: R[] = []
    const later: R[] = []
    let seen = 0
    for (const row of queue) {
      if (rows.length === options.size) break
      seen++
      const key = options.keyOf(row)
      if (keys.has(key)) later.push(row)
      else {
        keys.add(key)
        rows.push(row)
      }
    }
    queue = later.length > 0 ? [...later, ...queue.slice(seen)] : queue.slice(seen)
    return rows
  }

  function turn(): void {
    if (running || queue.length === 0) return
    running = options
      .run(take())
      .then((finish) => finish())
      .then(() => {
        running = null
        turn()
      })
  }

  return {
    push(row) {
      queue.push(row)
      turn()
    },
    waiting: () => queue.length,
    async idle() {
      while (running) await running
    },
  }
}
