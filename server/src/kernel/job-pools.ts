import { randomInt } from 'node:crypto'
import type { Pool, PoolClient } from 'pg'
import type { Cancel, Clock } from './clock.ts'
import type { Db } from './db.ts'
import type { Log } from './log.ts'
import { sql } from './sql.ts'

const lockSpace = 7302
const sweepMs = 5_000
/** A pool that nobody signed in for: its process is an older build, or died before it could. */
const unknownMs = 30_000

/**
 * What a killed process was doing stays locked for hours, and a lot would not close. PostgreSQL knows at once who is gone: each process
 * holds an advisory lock on a connection of its own. Should the connection alone have died, a job may run twice, which every job bears.
 */
export interface JobPools extends AsyncDisposable {
  /** Before a pool takes its first job. */
  signIn(pool: string): Promise<void>
  /** Frees what dead processes had begun; how many jobs. */
  freeOrphans(): Promise<number>
  start(): Promise<void>
}

export function openJobPools(options: { db: Db; pool: Pool; clock: Clock; log: Log }): JobPools {
  const { db, log } = options
  const process = randomInt(1, 2 ** 31 - 1)
  let client: PoolClient | null = null
  let stop: Cancel = () => undefined
  let closed = false
  let taking: Promise<void> | null = null
  let sweeping: Promise<unknown> = Promise.resolve()

  /** Several workers may find the lock gone at once. */
  function keepLock(): Promise<void> {
    if (client || closed) return Promise.resolve()
    taking ??= takeLock().finally(() => {
      taking = null
    })
    return taking
  }

  async function takeLock(): Promise<void> {
    const fresh = await options.pool.connect()
    fresh.once('error', () => {
      if (client !== fresh) return
      client = null
      fresh.release(true)
    })
    try {
      await fresh.query('select pg_advisory_lock_shared($1, $2)', [lockSpace, process])
      client = fresh
    } catch (problem) {
      fresh.release(true)
      throw problem
    }
  }

  async function freeOrphans(): Promise<number> {
    const dead = await db.rows<{ pool: string }>(
      sql`with gone as (
            delete from kernel.job_pool p where not exists (select from pg_locks l where l.locktype = 'advisory' and l.classid = ${lockSpace}
              and l.objid = p.process::oid and l.database = (select oid from pg_database where datname = current_database()))
            returning pool)
          select pool from gone union
          select distinct locked_by from graphile_worker.jobs j where locked_by is not null and locked_at < now() - ${unknownMs} * interval '1 millisecond'
            and not exists (select from kernel.job_pool p where p.pool = j.locked_by)`,
    )
    const pools = dead.map((row) => row.pool)
    if (pools.length === 0) return 0
    const { freed } = await db.one<{ freed: number }>(
      sql`select count(*) as freed from graphile_worker.jobs where locked_by = any(${pools})`,
    )
    await db.run(sql`select graphile_worker.force_unlock_workers(${pools})`)
    if (freed > 0) log.warn({ jobs: freed }, 'jobs of a process that died are done by others')
    return freed
  }

  async function sweep(): Promise<void> {
    try {
      await keepLock()
      await freeOrphans()
    } catch (problem) {
      if (!closed) log.warn({ problem: (problem as Error).message }, 'jobs of dead processes were not looked for')
    }
  }

  return {
    freeOrphans,
    async signIn(pool) {
      await keepLock()
      await db.run(sql`insert into kernel.job_pool (pool, process) values (${pool}, ${process}) on conflict do nothing`)
    },
    async start() {
      await keepLock()
      await freeOrphans()
      stop = options.clock.every(sweepMs, () => {
        sweeping = sweeping.then(sweep)
      })
    },
    async [Symbol.asyncDispose]() {
      closed = true
      stop()
      await sweeping
      await db.run(sql`delete from kernel.job_pool where process = ${process}`).catch((problem: Error) => {
        log.debug({ problem: problem.message }, 'the next process finds that this one is gone')
      })
      client?.release(true)
      client = null
    },
  }
}
