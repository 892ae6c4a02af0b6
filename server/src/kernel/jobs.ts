import { type Runner, run as runWorker } from 'graphile-worker'
import type { Pool } from 'pg'
import { type Clock, systemClock } from './clock.ts'
import type { Connection, Db } from './db.ts'
import { type JobPools, openJobPools } from './job-pools.ts'
import type { Log } from './log.ts'
import { openPool } from './pool.ts'
import { at, json, sql } from './sql.ts'

export interface JobOptions {
  /** Epoch ms; now when absent. */
  runAt?: number
  /** A later job with the same key replaces an earlier one that has not run. */
  key?: string
  maxAttempts?: number
  /** Ahead of the others of its lane: somebody waits at the screen. */
  first?: boolean
}
export type JobHandler = (payload: Record<string, unknown>) => Promise<void>

/**
 * Lanes do not wait for one another: `clock` for what must happen at an instant, `letters` for what a slow mail server may hold up,
 * `hooks` for other people's servers, `work` for the rest.
 */
export type JobLane = 'clock' | 'work' | 'letters' | 'hooks'
export const jobLanes: readonly JobLane[] = ['clock', 'work', 'letters', 'hooks']
const width: Record<JobLane, number> = { clock: 2, work: 4, letters: 3, hooks: 4 }

/** Work to be done later, added in the same transaction as its cause; at least once, with retries. */
export interface Jobs extends AsyncDisposable {
  add(connection: Connection, name: string, payload: Record<string, unknown>, options?: JobOptions): Promise<void>
  cancel(connection: Connection, key: string): Promise<void>
  handle(name: string, handler: JobHandler, lane?: JobLane): void
  start(): Promise<void>
}

export function openWorkerJobs(options: { db: Db; log: Log; clock?: Clock }): Jobs {
  const lanes: Record<JobLane, Map<string, JobHandler>> = {
    clock: new Map(),
    work: new Map(),
    letters: new Map(),
    hooks: new Map(),
  }
  const runners: Runner[] = []
  // One for all lanes, and ours: the runner's own lets go of its error listeners before its connections are closed.
  const most = Object.values(width).reduce((sum, n) => sum + n + 1, 1)
  const pool = openPool({ connectionString: options.db.url, max: most }, (problem) =>
    options.log.warn({ problem: problem.message }, 'a connection of the jobs is lost'),
  )
  const pools = openJobPools({ db: options.db, pool, clock: options.clock ?? systemClock, log: options.log })
  return {
    async add(connection, name, payload, how = {}) {
      await connection.run(
        sql`select graphile_worker.add_job(${name}, payload := ${json(payload)}::json, run_at := ${how.runAt === undefined ? null : at(how.runAt)}::timestamptz, job_key := ${how.key ?? null}, max_attempts := ${how.maxAttempts ?? 12}, priority := ${how.first ? -10 : 0})`,
      )
    },
    cancel: async (connection, key) => void (await connection.run(sql`select graphile_worker.remove_job(${key})`)),
    handle(name, handler, lane = 'work') {
      if (Object.values(lanes).some((handlers) => handlers.has(name))) throw new Error(`two handlers for job ${name}`)
      lanes[lane].set(name, handler)
    },
    async start() {
      await pools.start()
      for (const lane of jobLanes) {
        if (lanes[lane].size > 0) runners.push(await runLane({ pool, pools, log: options.log }, lanes[lane], width[lane]))
      }
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(runners.map((runner) => runner.stop()))
      await pools[Symbol.asyncDispose]()
      await pool.end()
    },
  }
}

interface Hall {
  readonly pool: Pool
  readonly pools: JobPools
  readonly log: Log
}

/** The pool signs in before it takes its first job: what it begins then never looks like a dead one's. */
const signInFirst = (pools: JobPools): GraphileConfig.Plugin => ({
  name: 'sign-in-first',
  version: '1.0.0',
  worker: { hooks: { startWorker: (_, { worker }) => pools.signIn(worker.workerPool.id) } },
})

const runLane = (hall: Hall, handlers: ReadonlyMap<string, JobHandler>, concurrency: number): Promise<Runner> =>
  runWorker({
    pgPool: hall.pool,
    preset: { plugins: [signInFirst(hall.pools)] },
    concurrency,
    pollInterval: 500,
    noHandleSignals: true,
    logger: quietLogger(hall.log),
    taskList: Object.fromEntries(
      [...handlers].map(([name, handler]) => [
        name,
        async (payload: unknown) => await handler(payload as Record<string, unknown>),
      ]),
    ),
  })

function quietLogger(log: Log) {
  const forward = (level: string, message: string) => {
    if (level === 'error') log.error(message)
    else log.debug(message)
  }
  return new (class {
    scope() {
      return this
    }
    error = (m: string) => forward('error', m)
    warn = (m: string) => forward('warning', m)
    info = (m: string) => forward('info', m)
    debug = (m: string) => forward('debug', m)
  })() as never
}

export interface SteppedJobs extends Jobs {
  /** Runs everything due at the clock's now, oldest first. A failing job is tried again at the next call, `failures` counts. */
  runDue(): Promise<number>
  readonly failures: Map<string, number>
  /** When the next job is due, epoch ms. */
  nextAt(): Promise<number | null>
}

/** The same contract on virtual time, for tests and the simulation. */
export function openSteppedJobs(options: { db: Db; clock: Clock; log: Log }): SteppedJobs {
  const { db, clock } = options
  const handlers = new Map<string, JobHandler>()
  const failures = new Map<string, number>()
  return {
    failures,
    async add(connection, name, payload, how = {}) {
      const runAt = at(how.runAt ?? clock.now())
      await connection.run(
        sql`insert into kernel.stepped_job (name, payload, run_at, key) values (${name}, ${json(payload)}, ${runAt}, ${how.key ?? null})
            on conflict (key) do update set name = excluded.name, payload = excluded.payload, run_at = excluded.run_at, attempts = 0`,
      )
    },
    cancel: async (connection, key) => void (await connection.run(sql`delete from kernel.stepped_job where key = ${key}`)),
    handle: (name, handler) => void handlers.set(name, handler),
    start: async () => undefined,
    async runDue() {
      let count = 0
      for (;;) {
        const job = await db.maybe<{ id: number; name: string; payload: Record<string, unknown>; attempts: number }>(
          sql`update kernel.stepped_job set attempts = attempts + 1, run_at = run_at + interval '1 second' * power(2, attempts)
              where id = (select id from kernel.stepped_job where run_at <= ${at(clock.now())} order by run_at, id limit 1) returning id, name, payload, attempts`,
        )
        if (!job) return count
        const handler = handlers.get(job.name)
        if (!handler) throw new Error(`defect: no handler for job ${job.name}`)
        try {
          await handler(job.payload)
          await db.run(sql`delete from kernel.stepped_job where id = ${job.id} and attempts = ${job.attempts}`)
          count++
        } catch (problem) {
          failures.set(job.name, (failures.get(job.name) ?? 0) + 1)
          options.log.warn({ job: job.name, problem: (problem as Error).message }, 'job failed; it is tried again')
          if (job.attempts >= 12) await db.run(sql`delete from kernel.stepped_job where id = ${job.id}`)
        }
      }
    },
    async nextAt() {
      return (await db.one<{ at: number | null }>(sql`select min(run_at) as at from kernel.stepped_job`)).at
    },
    [Symbol.asyncDispose]: async () => undefined,
  }
}
