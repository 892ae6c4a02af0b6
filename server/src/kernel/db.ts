import { type Pool, type PoolClient, types } from 'pg'
import type { Log } from './log.ts'
import { openPool } from './pool.ts'
import { compiled, type Sql } from './sql.ts'

/** Reads and writes; rows come back as plain objects: int8 as number, timestamptz as epoch ms. */
export interface Queries {
  rows<T>(query: Sql): Promise<T[]>
  /** Exactly one row, else a defect. */
  one<T>(query: Sql): Promise<T>
  maybe<T>(query: Sql): Promise<T | null>
  /** Number of rows changed. */
  run(query: Sql): Promise<number>
}

export interface Connection extends Queries {
  readonly client: PoolClient
}

export interface Db extends Queries, AsyncDisposable {
  readonly pool: Pool
  readonly url: string
  /** Runs in one transaction (read committed). Repeats it when PostgreSQL asks to (40001, 40P01), at most 5 times. */
  transaction<T>(work: (connection: Connection) => Promise<T>): Promise<T>
}

const safe = (text: string): number => {
  const value = Number(text)
  if (!Number.isSafeInteger(value)) throw new RangeError(`int8 ${text} is past the safe integers`)
  return value
}
/** Only for our own connections: libraries that share the driver keep its usual types. */
const parsers: Record<number, (text: string) => unknown> = {
  20: safe,
  1700: Number,
  1184: (text) => new Date(text).getTime(),
  1114: (text) => new Date(`${text}Z`).getTime(),
  1082: (text) => text,
}
const ownTypes = {
  getTypeParser: ((oid: number, format?: 'text') =>
    (format === undefined || format === 'text' ? parsers[oid] : undefined) ??
    types.getTypeParser(oid, format)) as typeof types.getTypeParser,
}

export function openDb(options: { url: string; size: number; log: Log; application?: string }): Db {
  const pool = openPool(
    {
      connectionString: options.url,
      max: options.size,
      types: ownTypes,
      idleTimeoutMillis: 30_000,
      connectionTimeoutMillis: 10_000,
      application_name: options.application ?? 'efir',
      options: '-c timezone=UTC -c lock_timeout=5000 -c statement_timeout=30000 -c idle_in_transaction_session_timeout=15000',
    },
    (problem) => options.log.warn({ problem: problem.message }, 'database connection lost'),
  )
  return {
    ...queriesOn(pool),
    pool,
    url: options.url,
    transaction: (work) => transaction(pool, work),
    [Symbol.asyncDispose]: () => pool.end(),
  }
}

type Runner = Pick<Pool, 'query'> | PoolClient

export function queriesOn(runner: Runner): Queries {
  const ask = async (query: Sql) => await (runner as Pool).query(compiled(query))
  return {
    rows: async <T>(query: Sql) => (await ask(query)).rows as T[],
    one: async <T>(query: Sql) => {
      const { rows } = await ask(query)
      if (rows.length !== 1)
        throw new Error(`defect: expected one row, got ${rows.length}: ${compiled(query).text.slice(0, 200)}`)
      return rows[0] as T
    },
    maybe: async <T>(query: Sql) => ((await ask(query)).rows[0] as T | undefined) ?? null,
    run: async (query) => (await ask(query)).rowCount ?? 0,
  }
}

const repeatable = new Set(['40001', '40P01'])
const codeOf = (problem: unknown): string => (problem as { code?: string } | null)?.code ?? ''
export const isUniqueViolation = (problem: unknown, constraint?: string): boolean =>
  codeOf(problem) === '23505' && (constraint === undefined || (problem as { constraint?: string }).constraint === constraint)

/** Contention or a database in trouble: the same work may succeed when it is done again (PostgreSQL, appendix A: classes 08, 40, 53, 57P, 58). */
export const isPassing = (problem: unknown): boolean => /^(08...|40...|53...|57P..|58...|55P03)$/.test(codeOf(problem))

async function transaction<T>(pool: Pool, work: (connection: Connection) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    const client = await pool.connect()
    let broken: Error | undefined
    try {
      await client.query('begin')
      const result = await work({ ...queriesOn(client), client })
      await client.query('commit')
      return result
    } catch (problem) {
      await client.query('rollback').catch((rollbackProblem: Error) => {
        broken = rollbackProblem
      })
      if (attempt < 5 && repeatable.has(codeOf(problem))) continue
      throw problem
    } finally {
      client.release(broken)
    }
  }
}
