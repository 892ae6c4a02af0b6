import type { ReservationState } from './tables.ts'

/** What somebody wants; the price is the one shown at the tap. */
export interface ReserveAsk {
  readonly allotmentId: string
  readonly personId: string
  readonly quantity: number
  /** Made by the caller once per intent: the same key again is a replay. */
  readonly key: string
  readonly holdMs: number
  readonly price: { readonly amount: number; readonly currency: string }
  /** Whose terms these are: a deal id, `shelf`, a price hold id. */
  readonly source: string
  /** Extra time after closing, for a viewer whose picture is late; at most 10 s count. */
  readonly graceMs?: number
}

export interface Granted {
  readonly outcome: 'granted'
  readonly reservationId: string
  readonly quantity: number
  readonly expiresAt: number
  readonly price: { readonly amount: number; readonly currency: string }
  readonly source: string
  /** The same key had been granted before; `state` is what became of it. */
  readonly replay: boolean
  readonly state: ReservationState
}
export type ReserveAnswer =
  | Granted
  | { readonly outcome: 'sold_out' | 'limit' | 'closed' | 'not_open' }
  | { readonly outcome: 'busy'; readonly retryInMs: number }

export interface Row {
  readonly ask: ReserveAsk
  readonly id: string
  readonly askedAt: number
  settle(answer: ReserveAnswer): void
  fail(problem: unknown): void
}

const text = 'select outcomes, lefts, replays from stock.reserve($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)'

interface Replay {
  n: number
  state: ReservationState
  quantity: number
  amount: number
  currency: string
  source: string
  expiresAt: number
}

export interface BatchAnswer {
  readonly answers: readonly ReserveAnswer[]
  /** Units left by allotment, after the batch; -1 when it is closed. */
  readonly left: ReadonlyMap<string, number>
}

/** Array literals by hand: every text in them was checked to be free of quotes, commas and braces. */
const literal = (list: readonly (string | number)[]): string => `{${list.join(',')}}`

/** One statement, one commit. */
export async function runBatch(
  pool: { query: (query: object) => Promise<{ rows: unknown[] }> },
  rows: readonly Row[],
  now: number,
): Promise<BatchAnswer> {
  const packed = pack(rows, now)
  const result = await pool.query({ name: 'stock.reserve', text, values: packed.values })
  const answer = result.rows[0] as { outcomes: string; lefts: string; replays: Replay[] | null }
  const left = answer.lefts.split(',')
  const replays = new Map((answer.replays ?? []).map((r) => [r.n, r]))
  return {
    answers: rows.map((row, index) => answerOf(row, answer.outcomes[index], replays.get(index + 1), now)),
    left: new Map(packed.allotments.map((id, index) => [id, Number(left[index])])),
  }
}

function pack(rows: readonly Row[], now: number) {
  const allotments = [...new Set(rows.map((r) => r.ask.allotmentId))].sort()
  const indexOf = new Map(allotments.map((id, index) => [id, index + 1]))
  const terms = new Map<string, number>()
  const term: { which: number[]; amount: number[]; currency: string[]; source: string[]; holdMs: number[] } = {
    which: [],
    amount: [],
    currency: [],
    source: [],
    holdMs: [],
  }
  const row: { term: number[]; id: string[]; person: string[]; quantity: number[]; waitedMs: number[]; graceMs: number[] } = {
    term: [],
    id: [],
    person: [],
    quantity: [],
    waitedMs: [],
    graceMs: [],
  }
  for (const { ask, id, askedAt } of rows) {
    const key = `${ask.allotmentId} ${ask.price.amount} ${ask.price.currency} ${ask.source} ${ask.holdMs}`
    let n = terms.get(key)
    if (n === undefined) {
      n = terms.size + 1
      terms.set(key, n)
      term.which.push(indexOf.get(ask.allotmentId) as number)
      term.amount.push(ask.price.amount)
      term.currency.push(ask.price.currency)
      term.source.push(ask.source)
      term.holdMs.push(ask.holdMs)
    }
    row.term.push(n)
    row.id.push(id)
    row.person.push(ask.personId)
    row.quantity.push(ask.quantity)
    row.waitedMs.push(Math.max(0, now - askedAt))
    row.graceMs.push(ask.graceMs ?? 0)
  }
  const lists = [
    allotments,
    term.which,
    term.amount,
    term.currency,
    term.source,
    term.holdMs,
    row.term,
    row.id,
    row.person,
    row.quantity,
    row.waitedMs,
    row.graceMs,
  ]
  return { allotments, values: [new Date(now).toISOString(), ...lists.map(literal)] }
}

function answerOf(row: Row, letter: string | undefined, replay: Replay | undefined, now: number): ReserveAnswer {
  switch (letter) {
    case 'g':
      return {
        outcome: 'granted',
        reservationId: row.id,
        quantity: row.ask.quantity,
        expiresAt: now + row.ask.holdMs,
        price: row.ask.price,
        source: row.ask.source,
        replay: false,
        state: 'held',
      }
    case 's':
      return { outcome: 'sold_out' }
    case 'l':
      return { outcome: 'limit' }
    case 'n':
      return { outcome: 'not_open' }
    case 'c':
      return { outcome: 'closed' }
    case 'r':
      if (replay) {
        const { state, quantity, amount, currency, source, expiresAt } = replay
        return {
          outcome: 'granted',
          reservationId: row.id,
          quantity,
          expiresAt,
          price: { amount, currency },
          source,
          replay: true,
          state,
        }
      }
      break
  }
  throw new Error(`defect: stock.reserve answered ${letter} for ${row.id}`)
}

export type BatchPool = Parameters<typeof runBatch>[0]
