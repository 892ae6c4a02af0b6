import { afterAll, beforeAll, expect, test } from 'vitest'
import { cloneDatabase } from '../../test/database.ts'
import { type Db, openDb } from './db.ts'
import { type Jobs, openWorkerJobs } from './jobs.ts'
import { openLog } from './log.ts'
import { sql } from './sql.ts'

/** What happened, in order; `until` waits for it without a clock. */
function diary() {
  const lines: string[] = []
  const waiting = new Set<() => void>()
  return {
    lines,
    say(line: string) {
      lines.push(line)
      for (const look of [...waiting]) look()
    },
    until: (line: string, times = 1) =>
      new Promise<void>((resolve) => {
        const look = () => {
          if (lines.filter((l) => l === line).length < times) return
          waiting.delete(look)
          resolve()
        }
        waiting.add(look)
        look()
      }),
  }
}

let database: Awaited<ReturnType<typeof cloneDatabase>>
let db: Db
let jobs: Jobs
let letGo: () => void = () => undefined
const log = openLog('silent')
const told = diary()
const hanging = new Promise<void>((resolve) => {
  letGo = resolve
})
let troubles = 0
const name = (payload: Record<string, unknown>) => String(payload['name'])

beforeAll(async () => {
  database = await cloneDatabase()
  db = openDb({ url: database.url, size: 4, log })
  jobs = openWorkerJobs({ db, log })
  jobs.handle('test.ring', async (payload) => told.say(`ring ${name(payload)}`), 'clock')
  jobs.handle(
    'test.letter',
    async (payload) => {
      told.say(`letter ${name(payload)} begins`)
      await hanging
      told.say(`letter ${name(payload)} ends`)
    },
    'letters',
  )
  jobs.handle('test.work', async (payload) => told.say(`work ${name(payload)}`))
  jobs.handle('test.trouble', async (payload) => {
    if (troubles-- > 0) {
      told.say(`trouble ${name(payload)}`)
      throw new Error('not now')
    }
    told.say(`done ${name(payload)}`)
  })
  jobs.handle('test.cut', async (payload) => {
    told.say(`cut ${name(payload)} begins`)
    // Every connection of the queue dies while its work is under way.
    await db.run(
      sql`select pg_terminate_backend(pid, 1000) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and application_name <> 'efir'`,
    )
    told.say(`cut ${name(payload)} ends`)
  })
  await jobs.start()
})
afterAll(async () => {
  letGo()
  await jobs[Symbol.asyncDispose]()
  await db[Symbol.asyncDispose]()
  await database.drop()
})

const add = (what: string, payload: Record<string, unknown>, options: Parameters<Jobs['add']>[3] = {}) =>
  db.transaction((c) => jobs.add(c, what, payload, options))
const waiting = async () => (await db.one<{ n: number }>(sql`select count(*) as n from graphile_worker.jobs`)).n

test('letters that hang delay neither the clock nor other work', async () => {
  for (const n of [1, 2, 3, 4, 5]) await add('test.letter', { name: `l${n}` })
  await Promise.all([1, 2, 3].map((n) => told.until(`letter l${n} begins`)))
  await add('test.ring', { name: 'bell' })
  await add('test.work', { name: 'saw' })
  await Promise.all([told.until('ring bell'), told.until('work saw')])
  expect(told.lines.filter((l) => l.endsWith('ends'))).toEqual([])
  letGo()
  await Promise.all([1, 2, 3, 4, 5].map((n) => told.until(`letter l${n} ends`)))
})

test('what is rolled back is never done, what is cancelled neither', async () => {
  await db
    .transaction(async (c) => {
      await jobs.add(c, 'test.work', { name: 'undone' })
      throw new Error('no')
    })
    .catch((problem: Error) => expect(problem.message).toBe('no'))
  await add('test.work', { name: 'cancelled' }, { key: 'k0', runAt: Date.now() + 500 })
  await db.transaction((c) => jobs.cancel(c, 'k0'))
  await add('test.work', { name: 'marker' }, { runAt: Date.now() + 600 })
  await told.until('work marker')
  expect(told.lines.filter((l) => l.includes('undone') || l.includes('cancelled'))).toEqual([])
})

test('a later job with the same key replaces the one that has not run, also when it is to run earlier', async () => {
  await add('test.work', { name: 'old' }, { key: 'k1', runAt: Date.now() + 3_600_000 })
  await add('test.work', { name: 'new' }, { key: 'k1' })
  await told.until('work new')
  await add('test.work', { name: 'again' }, { key: 'k1' })
  await told.until('work again')
  expect(told.lines.filter((l) => l === 'work old')).toEqual([])
})

test('what fails is tried again later, and done once it succeeds', async () => {
  troubles = 1
  await add('test.trouble', { name: 't' })
  await told.until('trouble t')
  // The queue waits longer after each failure; nobody wants to wait here.
  while (
    (await db.run(sql`update graphile_worker._private_jobs set run_at = now() where attempts = 1 and locked_at is null`)) === 0
  );
  await told.until('done t')
  expect(told.lines.filter((l) => l.endsWith(' t'))).toEqual(['trouble t', 'done t'])
})

test('when all connections of the queue die in the middle of a job, that job is closed and the next ones are done', async () => {
  await add('test.cut', { name: 'c' })
  await told.until('cut c ends')
  await add('test.ring', { name: 'after' })
  await add('test.work', { name: 'after' })
  await add('test.work', { name: 'later' }, { runAt: Date.now() + 700 })
  await Promise.all([told.until('ring after'), told.until('work after'), told.until('work later')])
  while ((await waiting()) > 0) await db.run(sql`select pg_sleep(0.05)`)
})

test('what a killed process had begun is done by others as soon as they look', async () => {
  await add('test.ring', { name: 'orphan' }, { runAt: Date.now() + 3_600_000 })
  // As a killed process leaves it: signed in, begun and locked a moment ago, and its connections gone.
  await db.run(sql`insert into kernel.job_pool (pool, process) values ('a dead one', 1)`)
  await db.run(
    sql`update graphile_worker._private_jobs set locked_at = now(), locked_by = 'a dead one', run_at = now(), attempts = 1`,
  )
  await using next = openWorkerJobs({ db, log })
  next.handle('test.ring', async (payload) => told.say(`next ring ${name(payload)}`), 'clock')
  await next.start()
  await Promise.race([told.until('next ring orphan'), told.until('ring orphan')])
})

test('what a living process has begun is left to it, however many others start', async () => {
  let finish: () => void = () => undefined
  const waits = new Promise<void>((resolve) => {
    finish = resolve
  })
  await using busy = openWorkerJobs({ db, log })
  // Before the queue closes, which waits for it, also when something was not as expected.
  using _ = { [Symbol.dispose]: () => finish() }
  const long = async (payload: Record<string, unknown>) => {
    told.say(`long ${name(payload)} begins`)
    await waits
  }
  busy.handle('test.long', long)
  await busy.start()
  await add('test.long', { name: 'once' })
  await told.until('long once begins')
  for (let n = 0; n < 2; n++) {
    await using other = openWorkerJobs({ db, log })
    other.handle('test.long', long)
    await other.start()
  }
  await add('test.work', { name: 'passer-by' })
  await told.until('work passer-by')
  expect(told.lines.filter((line) => line === 'long once begins')).toHaveLength(1)
  const locked = sql`select count(*) as n from graphile_worker.jobs where locked_by is not null and task_identifier = 'test.long'`
  expect((await db.one<{ n: number }>(locked)).n).toBe(1)
})
