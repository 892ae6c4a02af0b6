import { statfs } from 'node:fs/promises'
import type { Kernel } from './context.ts'
import { type Figure, level, type Reading, total } from './figures.ts'
import { type JobLane, jobLanes } from './jobs.ts'
import { sql } from './sql.ts'

/** The log is looked back at most so far: a reader that lags more shows this number. */
const mostWaiting = 5_000
const lookBack = 20_000

/** What the kernel knows of itself. Figures that come from the database are the same in every process. */
export function kernelFigures(kernel: Kernel, lanes: ReadonlyMap<string, JobLane>): readonly Figure[] {
  const { db, mail, clock, config } = kernel
  const queues = kept(kernel, () => readJobs(kernel, lanes))
  const readers = kept(kernel, () => readReaders(kernel))
  return [
    level({ name: 'efir_db_connections', help: 'Connections of this process to PostgreSQL', labels: ['state'] }, (put) => {
      put(db.pool.idleCount, { state: 'idle' })
      put(db.pool.totalCount - db.pool.idleCount, { state: 'busy' })
    }),
    level({ name: 'efir_db_waiting', help: 'Callers that wait for a connection' }, (put) => put(db.pool.waitingCount)),
    level({ name: 'efir_db_connections_most', help: 'Connections this process may open' }, (put) => put(config.EFIR_DB_POOL)),
    ...jobFigures(queues),
    ...readerFigures(readers),
    level({ name: 'efir_events_head', help: 'Position of the newest event that this process has read' }, (put) =>
      put(kernel.events.head()),
    ),
    total({ name: 'efir_letters_total', help: 'Letters handed to the mail server', labels: ['outcome'] }, (put) => {
      put(mail.counts.sent, { outcome: 'sent' })
      put(mail.counts.failed, { outcome: 'failed' })
    }),
    level({ name: 'efir_disk_free_bytes', help: 'Free on the disk of the data folder' }, async (put) => {
      const disk = await statfs(config.dataDir)
      put(disk.bavail * disk.bsize)
    }),
    level(
      { name: 'efir_backup_age_seconds', help: 'Since the last backup was finished; absent when there was none' },
      async (put) => {
        const last = await db.maybe<{ at: number }>(
          sql`select (value ->> 'at')::bigint as at from kernel.setting where name = 'backup.last'`,
        )
        if (last) put((clock.now() - last.at) / 1000)
      },
    ),
  ]
}

interface LaneState {
  readonly lane: JobLane
  waiting: number
  later: number
  failed: number
  /** Epoch ms of the oldest that is due. */
  oldestAt: number | null
}

export async function readJobs(kernel: Pick<Kernel, 'db'>, lanes: ReadonlyMap<string, JobLane>): Promise<readonly LaneState[]> {
  const rows = await kernel.db.rows<{ name: string; waiting: number; later: number; failed: number; oldest: number | null }>(
    sql`select task_identifier as name,
          count(*) filter (where attempts < max_attempts and run_at <= now()) as waiting,
          count(*) filter (where attempts < max_attempts and run_at > now()) as later,
          count(*) filter (where attempts >= max_attempts and locked_at is null) as failed,
          min(run_at) filter (where attempts < max_attempts and run_at <= now()) as oldest
        from graphile_worker.jobs group by 1`,
  )
  const states = jobLanes.map((lane): LaneState => ({ lane, waiting: 0, later: 0, failed: 0, oldestAt: null }))
  for (const row of rows) {
    const state = states.find((s) => s.lane === (lanes.get(row.name) ?? 'work')) as LaneState
    state.waiting += row.waiting
    state.later += row.later
    state.failed += row.failed
    if (row.oldest !== null) state.oldestAt = Math.min(state.oldestAt ?? row.oldest, row.oldest)
  }
  return states
}

function jobFigures(queues: Read<readonly LaneState[]>): readonly Figure[] {
  const each =
    (value: (state: LaneState, now: number) => number): Reading =>
    async (put) => {
      const { value: states, at } = await queues()
      for (const state of states) put(value(state, at), { lane: state.lane })
    }
  const labels = ['lane']
  return [
    level(
      { name: 'efir_jobs_waiting', help: 'Jobs that are due and not done', labels },
      each((s) => s.waiting),
    ),
    level(
      { name: 'efir_jobs_later', help: 'Jobs whose time has not come', labels },
      each((s) => s.later),
    ),
    level(
      { name: 'efir_jobs_failed', help: 'Jobs given up after all their tries', labels },
      each((s) => s.failed),
    ),
    level(
      { name: 'efir_jobs_oldest_seconds', help: 'Age of the oldest job that is due', labels },
      each((s, now) => (s.oldestAt === null ? 0 : Math.max(0, now - s.oldestAt) / 1000)),
    ),
  ]
}

interface ReaderState {
  readonly reader: string
  readonly waiting: number
  readonly oldestAt: number | null
  readonly failed: number
}

export async function readReaders(kernel: Pick<Kernel, 'db'>): Promise<readonly ReaderState[]> {
  return await kernel.db.rows<ReaderState>(
    sql`select c.reader, coalesce(w.waiting, 0) as waiting, w.oldest as "oldestAt",
          (select count(*) from kernel.event_failed f where f.reader = c.reader) as failed
        from kernel.event_cursor c left join lateral (
          select count(*) as waiting, min(at) as oldest from (
            select at from kernel.event e where e.pos > greatest(c.pos, (select pos from kernel.event_head) - ${lookBack}::bigint) and e.type = any(c.types)
            order by e.pos limit ${mostWaiting}) behind) w on true
        order by 1`,
  )
}

function readerFigures(readers: Read<readonly ReaderState[]>): readonly Figure[] {
  const each =
    (value: (state: ReaderState, now: number) => number): Reading =>
    async (put) => {
      const { value: states, at } = await readers()
      for (const state of states) put(value(state, at), { reader: state.reader })
    }
  const labels = ['reader']
  return [
    level(
      { name: 'efir_events_waiting', help: 'Events that a reader has yet to react to', labels },
      each((s) => s.waiting),
    ),
    level(
      { name: 'efir_events_failed', help: 'Events whose reaction was given up', labels },
      each((s) => s.failed),
    ),
    level(
      { name: 'efir_events_lag_seconds', help: 'Age of the oldest event that a reader has yet to react to', labels },
      each((s, now) => (s.oldestAt === null ? 0 : Math.max(0, now - s.oldestAt) / 1000)),
    ),
  ]
}

type Read<T> = () => Promise<{ value: T; at: number }>

const keptMs = 1_000

/** Several figures of one scrape share one answer of the database. */
function kept<T>(kernel: Pick<Kernel, 'clock'>, read: () => Promise<T>): Read<T> {
  let last: { value: Promise<T>; at: number } | null = null
  return async () => {
    const at = kernel.clock.now()
    if (!last || at - last.at >= keptMs) last = { value: read(), at }
    const mine = last
    try {
      return { value: await mine.value, at: mine.at }
    } catch (problem) {
      if (last === mine) last = null
      throw problem
    }
  }
}
