import { type Clock, sleep } from '../../kernel/clock.ts'
import type { Log } from '../../kernel/log.ts'
import { type BatchPool, type ReserveAnswer, type Row, runBatch } from './batch.ts'

/** Waits before the tries of a batch whose outcome is unknown: about 10 s in all, which a restart of the database takes. */
const pausesMs = [0, 0, 50, 100, 200, 400, ...Array.from({ length: 18 }, () => 500)]

export interface WriterOptions {
  readonly pool: BatchPool
  readonly clock: Clock
  readonly log: Log
  /** A batch was committed. */
  readonly onDone: (done: {
    rows: number
    tookMs: number
    answers: readonly ReserveAnswer[]
    left: ReadonlyMap<string, number>
    now: number
  }) => void
  readonly onRetry: () => void
  /** The answer for who cannot be served now. */
  readonly busy: () => ReserveAnswer
  readonly closing: () => boolean
}

/** Carries batches out until each row has an answer. What it resolves to hands the answers over. */
export function openWriter(options: WriterOptions): (rows: Row[]) => Promise<() => void> {
  const { clock } = options

  async function write(rows: Row[], attempt = 0): Promise<() => void> {
    const startedAt = performance.now()
    const now = clock.now()
    try {
      const { answers, left } = await runBatch(options.pool, rows, now)
      options.onDone({ rows: rows.length, tookMs: performance.now() - startedAt, answers, left, now })
      return () => {
        for (const [index, row] of rows.entries()) row.settle(answers[index] as ReserveAnswer)
      }
    } catch (problem) {
      return await recover(rows, problem, attempt)
    }
  }

  /** Any failure may hide a commit. The same ids go again, so what was granted is answered as a replay. */
  async function recover(rows: Row[], problem: unknown, attempt: number): Promise<() => void> {
    const kind = kindOf(problem)
    options.log.warn({ rows: rows.length, attempt, kind, problem: (problem as Error).message }, 'a batch of reservations failed')
    if (kind === 'locked') {
      const groups = [...Map.groupBy(rows, (r) => r.ask.allotmentId).values()]
      return groups.length > 1 ? await oneByOne(groups) : refuse(rows)
    }
    if (kind === 'wrong') {
      if (rows.length === 1) return () => rows[0]?.fail(problem)
      const middle = rows.length >> 1
      return await oneByOne([rows.slice(0, middle), rows.slice(middle)])
    }
    const pauseMs = pausesMs[attempt]
    if (pauseMs === undefined || options.closing()) return refuse(rows)
    options.onRetry()
    if (pauseMs > 0) await sleep(clock, pauseMs)
    return await write(rows, attempt + 1)
  }

  const refuse = (rows: readonly Row[]) => () => {
    for (const row of rows) row.settle(options.busy())
  }

  async function oneByOne(groups: readonly Row[][]): Promise<() => void> {
    const finishes: (() => void)[] = []
    for (const group of groups) finishes.push(await write(group))
    return () => {
      for (const finish of finishes) finish()
    }
  }

  return (rows) => write(rows)
}

/** `locked`: a row stayed locked too long. `wrong`: the statement itself fails and would fail again. Else the outcome is unknown. */
export function kindOf(problem: unknown): 'locked' | 'wrong' | 'unknown' {
  const code = (problem as { code?: string }).code ?? ''
  if (code === '55P03') return 'locked'
  // Codes of the operating system, such as EPIPE, have no digit.
  if (!/^(?=.*\d)[0-9A-Z]{5}$/.test(code))
    return problem instanceof RangeError || problem instanceof TypeError ? 'wrong' : 'unknown'
  return /^(08|40|53|57|58)/.test(code) ? 'unknown' : 'wrong'
}
