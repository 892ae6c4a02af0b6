import type { Kernel } from '../../kernel/context.ts'
import type { Figure } from '../../kernel/figures.ts'
import { assert } from '../../kernel/refusal.ts'
import { sql } from '../../kernel/sql.ts'
import type { BatchPool, ReserveAnswer, ReserveAsk, Row } from './batch.ts'
import { openDeskFigures } from './figures.ts'
import { type Lane, openLane } from './lane.ts'
import { queueLimit, reservationId, retryInMs } from './rules.ts'
import { openSoldOut } from './sold-out.ts'
import { openWriter } from './writer.ts'

/** Where units are reserved: one queue of this process across everything that sells, committed in groups. */
export interface StockDesk extends AsyncDisposable {
  /** Always answers: yours until when, or why not. Rejects only on a defect. */
  reserve(ask: ReserveAsk): Promise<ReserveAnswer>
  metrics(): DeskMetrics
  readonly figures: readonly Figure[]
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
const lookSize = 1024
/** The log is polled anyway; a poke per batch would cost a commit per batch. */
const pokeMs = 50

export function openStockDesk(kernel: Kernel): StockDesk {
  const { clock } = kernel
  const tally = openTally()
  const figures = openDeskFigures(() => metrics())
  const soldOut = openSoldOut(kernel.events)
  let closed = false
  let pokedAt = 0

  const busy = (): ReserveAnswer => ({
    outcome: 'busy',
    retryInMs: retryInMs(writing.waiting(), tally.rowsPerMs(), tally.counts.busy),
  })
  const write = openWriter({
    pool: kernel.db.pool as unknown as BatchPool,
    clock,
    log: kernel.log,
    busy,
    closing: () => closed,
    onRetry: () => void tally.counts.retries++,
    onDone({ rows, tookMs, answers, left, now }) {
      tally.measure(rows, tookMs)
      figures.batch(rows, tookMs)
      soldOut.learn(left, now)
      if (now - pokedAt < pokeMs || !answers.some((a) => a.outcome === 'granted' && !a.replay)) return
      pokedAt = now
      kernel.events.poke()
    },
  })
  // One buyer's wishes for one use never share a batch: the rows of the first must be there when the second is judged.
  const writing = openLane<Row>({ size: batchSize, keyOf: (r) => r.id.slice(0, 22), run: write })
  const looking = openLane<Row>({ size: lookSize, keyOf: (r) => r.id, run: look })

  /** The allotment is empty: only a key that was granted before gets anything else than `sold_out`. Reads, locks nothing. */
  async function look(rows: Row[]): Promise<() => void> {
    const known = await knownIds(kernel, rows)
    return () => {
      for (const row of rows) {
        if (known.has(row.id)) {
          writing.push(row)
          continue
        }
        tally.counts.fromMemory++
        row.settle({ outcome: 'sold_out' })
      }
    }
  }

  const metrics = (): DeskMetrics => ({ ...tally.counts, waiting: writing.waiting(), rowsPerMs: tally.rowsPerMs() })
  return {
    reserve(ask) {
      check(ask)
      const askedAt = clock.now()
      if (closed || writing.waiting() + looking.waiting() >= queueLimit(tally.rowsPerMs()))
        return Promise.resolve(tally.count(busy()))
      const lane = soldOut.knows(ask.allotmentId, askedAt) ? looking : writing
      return queued(lane, ask, askedAt, tally)
    },
    metrics,
    figures: figures.all,
    async [Symbol.asyncDispose]() {
      closed = true
      soldOut[Symbol.dispose]()
      await looking.idle()
      await writing.idle()
    },
  }
}

function queued(lane: Lane<Row>, ask: ReserveAsk, askedAt: number, tally: Tally): Promise<ReserveAnswer> {
  return new Promise((resolve, fail) => {
    const id = reservationId(ask.allotmentId, ask.personId, ask.key)
    lane.push({ ask, id, askedAt, fail, settle: (answer) => resolve(tally.count(answer)) })
  })
}

async function knownIds(kernel: Kernel, rows: readonly Row[]): Promise<ReadonlySet<string>> {
  const ids = rows.map((r) => r.id)
  try {
    const known = await kernel.db.rows<{ id: string }>(sql`select id from stock.reservation where id = any(${ids})`)
    return new Set(known.map((r) => r.id))
  } catch (problem) {
    kernel.log.warn({ problem: (problem as Error).message }, 'sold-out look-up failed; the batch decides')
    return new Set(ids)
  }
}

type Tally = ReturnType<typeof openTally>
function openTally() {
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
  return {
    counts,
    rowsPerMs: () => rowsPerMs,
    /** Small batches say how long a commit takes, not how fast the queue drains. */
    measure(rows: number, tookMs: number) {
      counts.batches++
      counts.rows += rows
      if (rows >= 64) rowsPerMs = 0.8 * rowsPerMs + 0.2 * (rows / Math.max(tookMs, 0.1))
    },
    count(answer: ReserveAnswer): ReserveAnswer {
      switch (answer.outcome) {
        case 'granted':
          counts[answer.replay ? 'replayed' : 'granted']++
          break
        case 'sold_out':
          counts.soldOut++
          break
        case 'limit':
          counts.limit++
          break
        case 'busy':
          counts.busy++
          break
        default:
          counts.closed++
      }
      return answer
    },
  }
}

const plainId = /^[a-z]{3}_[0-9a-z]{26}$/
const plainSource = /^[A-Za-z0-9_:.-]{1,80}$/
const plainCurrency = /^[A-Z]{3}$/
const maxGraceMs = 10_000
const maxHoldMs = 86_400_000

/** What goes into a batch is plain by construction; a caller that breaks it is a defect. */
function check(ask: ReserveAsk): void {
  assert(plainId.test(ask.allotmentId) && plainId.test(ask.personId), 'ids are made by us')
  assert(Number.isInteger(ask.quantity) && ask.quantity > 0 && ask.quantity <= 10_000, 'a quantity is a whole number of units')
  assert(ask.key.length > 0 && ask.key.length <= 200, 'a key is short')
  assert(
    plainSource.test(ask.source) && plainCurrency.test(ask.price.currency) && Number.isSafeInteger(ask.price.amount),
    'terms are plain',
  )
  assert(Number.isInteger(ask.holdMs) && ask.holdMs > 0 && ask.holdMs <= maxHoldMs, 'a hold lasts a day at most')
  assert(
    ask.graceMs === undefined || (Number.isInteger(ask.graceMs) && ask.graceMs >= 0 && ask.graceMs <= maxGraceMs),
    'grace is capped by who asks',
  )
}
