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
  /** Carries a batch out; what it resolves to hands the answers over. Never rejects. */
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
    running = carry(take())
  }

  async function carry(rows: R[]): Promise<void> {
    const finish = await options.run(rows)
    // With plenty waiting the next batch leaves before the answers are handed out, so that both sides work at once. Otherwise who is
    // answered may ask again and travel with it: a fuller batch is worth more.
    if (queue.length < options.size / 2) {
      finish()
      await null
      running = null
      return turn()
    }
    running = null
    turn()
    finish()
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
