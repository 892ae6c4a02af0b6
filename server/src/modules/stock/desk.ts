import { sleep } from '../../kernel/clock.ts'
import type { Kernel } from '../../kernel/context.ts'
import { isEvent } from '../../kernel/events.ts'
import { assert } from '../../kernel/refusal.ts'
import { sql } from '../../kernel/sql.ts'
import { type BatchPool, type ReserveAnswer, type ReserveAsk, type Row, runBatch } from './batch.ts'
import { stockChanged } from './events.ts'
import { openLane } from './lane.ts'
import { queueLimit, reservationId, retryInMs } from './rules.ts'

/** Where units are reserved: one queue of this process across everything that sells, committed in groups. */
export interface StockDesk extends AsyncDisposable {
  /** Always answers: yours until when, or why not. Rejects only on a defect. */
  reserve(ask: ReserveAsk): Promise<ReserveAnswer>
  metrics(): DeskMetrics
}

export interface DeskMetrics {
  readonly granted: number
  readonly replayed: number
  readonly soldOut: number
  readonly limit: number
  readonly closed: number
  readonly busy: number
  readonly batches: number
  readonly rows: number
  readonly retries: number
  /** Answered without locking the allotment, because it was known to be empty. */
  readonly fromMemory: number
  readonly waiting: number
  readonly rowsPerMs: number
}

const batchSize = 512
/** How long an empty allotment is believed to be empty when no event says otherwise. */
const soldOutMs = 1000
/** Waits before the tries of a batch whose outcome is unknown: about 10 s in all, which a restart of the database takes. */
const pausesMs = [0, 0, 50, 100, 200, 400, ...Array.from({ length: 18 }, () => 500)]
const maxGraceMs = 10_000
const plainId = /^[a-z]{3}_[0-9a-z]{26}$/
const plainSource = /^[A-Za-z0-9_:.-]{1,80}$/
const plainCurrency = /^[A-Z]{3}$/

export function openStockDesk(kernel: Kernel): StockDesk {
  const pool = kernel.db.pool as unknown as BatchPool
  const { clock } = kernel
  const soldOutUntil = new Map<string, number>()
  const counts = {
    granted: 0,
    replayed: 0,
    soldOut: 0,
    limit: 0,
    closed: 0,
    busy: 0,
    batches: 0,
    rows: 0,
    retries: 0,
    fromMemory: 0,
  }
  let rowsPerMs = 10
  let refused = 0
  let pokedAt = 0
  let closed = false

  const unfollow = kernel.events.follow((event) => {
    if (!isEvent(stockChanged, event)) return
    for (const allotment of event.body.allotments) if (allotment.left > 0) soldOutUntil.delete(allotment.allotmentId)
  })

  const writing = openLane<Row>({ size: batchSize, keyOf: (r) => r.id.slice(0, 22), run: (rows) => write(rows, 0) })
  const looking = openLane<Row>({ size: 1024, keyOf: (r) => r.id, run: look })

  async function write(rows: Row[], attempt: number): Promise<() => void> {
    const startedAt = performance.now()
    const now = clock.now()
    try {
      const { answers, left } = await runBatch(pool, rows, now)
      measure(rows.length, performance.now() - startedAt)
      for (const [allotmentId, units] of left) remember(allotmentId, units, now)
      announceSoon(answers, now)
      return () => rows.forEach((row, index) => row.settle(count(answers[index] as ReserveAnswer)))
    } catch (problem) {
      return await recover(rows, problem, attempt)
    }
  }

  /** The allotment is empty: only a key that was granted before gets anything else than `sold_out`. Reads, locks nothing. */
  async function look(rows: Row[]): Promise<() => void> {
    const known = await kernel.db
      .rows<{ id: string }>(sql`select id from stock.reservation where id = any(${rows.map((r) => r.id)})`)
      .catch((problem: Error) => {
        kernel.log.warn({ problem: problem.message }, 'sold-out look-up failed; the batch decides')
        return rows.map((r) => ({ id: r.id }))
      })
    const ids = new Set(known.map((r) => r.id))
    return () => {
      for (const row of rows) {
        if (ids.has(row.id)) writing.push(row)
        else {
          counts.fromMemory++
          row.settle(count({ outcome: 'sold_out' }))
        }
      }
    }
  }

  /** Any failure may hide a commit. The same ids go again, so what was granted is answered as a replay. */
  async function recover(rows: Row[], problem: unknown, attempt: number): Promise<() => void> {
    const kind = kindOf(problem)
    kernel.log.warn({ rows: rows.length, attempt, kind, problem: (problem as Error).message }, 'a batch of reservations failed')
    if (kind === 'locked') {
      const groups = [...Map.groupBy(rows, (r) => r.ask.allotmentId).values()]
      if (groups.length > 1) return await oneByOne(groups)
      return () => rows.forEach((row) => row.settle(busy()))
    }
    if (kind === 'wrong') {
      if (rows.length === 1) return () => rows[0]?.fail(problem)
      const middle = rows.length >> 1
      return await oneByOne([rows.slice(0, middle), rows.slice(middle)])
    }
    const pauseMs = pausesMs[attempt]
    if (pauseMs === undefined || closed) return () => rows.forEach((row) => row.settle(busy()))
    counts.retries++
    if (pauseMs > 0) await sleep(clock, pauseMs)
    return await write(rows, attempt + 1)
  }

  async function oneByOne(groups: readonly Row[][]): Promise<() => void> {
    const finishes: (() => void)[] = []
    for (const group of groups) finishes.push(await write(group, 0))
    return () => finishes.forEach((finish) => finish())
  }

  function remember(allotmentId: string, left: number, now: number): void {
    if (left > 0) return void soldOutUntil.delete(allotmentId)
    if (soldOutUntil.size > 10_000) soldOutUntil.clear()
    soldOutUntil.set(allotmentId, now + soldOutMs)
  }

  /** Readers of the log poll anyway; a poke per batch would cost a commit per batch. */
  function announceSoon(answers: readonly ReserveAnswer[], now: number): void {
    if (now - pokedAt < 50 || !answers.some((a) => a.outcome === 'granted' && !a.replay)) return
    pokedAt = now
    kernel.events.poke()
  }

  function measure(rows: number, tookMs: number): void {
    counts.batches++
    counts.rows += rows
    if (rows >= 64) rowsPerMs = 0.8 * rowsPerMs + 0.2 * (rows / Math.max(tookMs, 0.1))
  }

  function count(answer: ReserveAnswer): ReserveAnswer {
    if (answer.outcome === 'granted') counts[answer.replay ? 'replayed' : 'granted']++
    else if (answer.outcome === 'sold_out') counts.soldOut++
    else if (answer.outcome === 'limit') counts.limit++
    else if (answer.outcome !== 'busy') counts.closed++
    return answer
  }

  function busy(): ReserveAnswer {
    counts.busy++
    return { outcome: 'busy', retryInMs: retryInMs(writing.waiting(), rowsPerMs, refused++) }
  }

  return {
    reserve(ask) {
      check(ask)
      if (closed || writing.waiting() + looking.waiting() >= queueLimit(rowsPerMs)) return Promise.resolve(busy())
      return new Promise((settle, fail) => {
        const askedAt = clock.now()
        const row: Row = { ask, id: reservationId(ask.allotmentId, ask.personId, ask.key), askedAt, settle, fail }
        const lane = (soldOutUntil.get(ask.allotmentId) ?? 0) > askedAt ? looking : writing
        lane.push(row)
      })
    },
    metrics: () => ({ ...counts, waiting: writing.waiting(), rowsPerMs }),
    async [Symbol.asyncDispose]() {
      closed = true
      unfollow()
      await looking.idle()
      await writing.idle()
    },
  }
}

function check(ask: ReserveAsk): void {
  assert(plainId.test(ask.allotmentId) && plainId.test(ask.personId), 'ids are made by us')
  assert(Number.isInteger(ask.quantity) && ask.quantity > 0 && ask.quantity <= 10_000, 'a quantity is a whole number of units')
  assert(ask.key.length > 0 && ask.key.length <= 200, 'a key is short')
  assert(
    plainSource.test(ask.source) && plainCurrency.test(ask.price.currency) && Number.isSafeInteger(ask.price.amount),
    'terms are plain',
  )
  assert(Number.isInteger(ask.holdMs) && ask.holdMs > 0 && ask.holdMs <= 86_400_000, 'a hold lasts a day at most')
  assert(
    ask.graceMs === undefined || (Number.isInteger(ask.graceMs) && ask.graceMs >= 0 && ask.graceMs <= maxGraceMs),
    'grace is capped by who asks',
  )
}

/** `locked`: a row stayed locked too long. `wrong`: the statement itself fails and would fail again. Else the outcome is unknown. */
function kindOf(problem: unknown): 'locked' | 'wrong' | 'unknown' {
  const code = (problem as { code?: string }).code ?? ''
  if (code === '55P03') return 'locked'
  if (!/^(?=.*\d)[0-9A-Z]{5}$/.test(code))
    return problem instanceof RangeError || problem instanceof TypeError ? 'wrong' : 'unknown'
  return /^(08|40|53|57|58)/.test(code) ? 'unknown' : 'wrong'
}
