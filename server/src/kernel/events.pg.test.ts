import { expect, test } from 'vitest'
import { cloneDatabase } from '../../test/database.ts'
import { fakeClock } from './clock.ts'
import { type Connection, openDb } from './db.ts'
import { type AnyEvent, type Events, openEvents, type Reader } from './events.ts'
import { openLog } from './log.ts'
import { sql } from './sql.ts'

const start = Date.UTC(2026, 0, 1)
const dayMs = 86_400_000

async function openWorld() {
  const database = await cloneDatabase()
  const log = openLog('silent')
  const db = openDb({ url: database.url, size: 8, log })
  const clock = fakeClock(start)
  await db.run(sql`create table took (reader text, pos bigint, type text)`)
  const opened: Events[] = []
  return {
    db,
    clock,
    /** One more process on the same log. */
    process() {
      const events = openEvents({ db, clock, log })
      opened.push(events)
      return events
    },
    write: (type: string, body: unknown = {}, at = clock.now()) =>
      db.transaction((c) => (opened[0] as Events).write(c, at, type, body, null)),
    took: (reader: string) =>
      db.rows<{ pos: number; type: string }>(sql`select pos, type from took where reader = ${reader} order by pos`),
    async [Symbol.asyncDispose]() {
      for (const events of opened) await events[Symbol.asyncDispose]()
      await db[Symbol.asyncDispose]()
      await database.drop()
    },
  }
}

/** Writes down what it handles, in the transaction of the batch. */
const reader = (
  name: string,
  types: readonly string[],
  extra: (connection: Connection, event: AnyEvent, later: (() => void)[]) => Promise<void> = async () => undefined,
): Reader => ({
  name,
  types: new Set(types),
  async handle(connection, event, later) {
    await connection.run(sql`insert into took values (${name}, ${event.pos}, ${event.type})`)
    await extra(connection, event, later)
  },
})

const upTo = (last: number) => Array.from({ length: last }, (_, i) => i + 1)

test('whatever the order of commits, everybody reads every event once, in one order without gaps', async () => {
  await using world = await openWorld()
  const processes = [world.process(), world.process()]
  const tails = processes.map((events) => {
    const seen: number[] = []
    events.follow((event) => void seen.push(event.pos))
    events.read(reader('shared', ['a', 'b']))
    return seen
  })
  for (const events of processes) await events.start()
  const writers = Array.from({ length: 60 }, (_, n) =>
    world.db.transaction(async (c) => {
      await (processes[0] as Events).write(c, start, n % 2 ? 'a' : 'b', { n }, null)
      // The later ones commit first.
      await c.run(sql`select pg_sleep(${((n * 7) % 10) / 200})`)
    }),
  )
  let writing = true
  const done = Promise.all(writers).finally(() => {
    writing = false
  })
  while (writing) await Promise.all(processes.map((p) => p.settle()))
  await done
  for (const events of processes) await events.settle()
  expect(tails).toEqual([upTo(60), upTo(60)])
  expect((await world.took('shared')).map((t) => t.pos)).toEqual(upTo(60))
})

test('what was committed before a transaction began lies before what it announces', async () => {
  await using world = await openWorld()
  const events = world.process()
  await events.start()
  const long = world.db.transaction(async (c) => {
    await c.run(sql`select 1`)
    await world.write('cause')
    await events.settle()
    await events.write(c, start, 'effect', {}, null)
  })
  await long
  await world.write('after')
  await events.settle()
  expect(await world.db.rows(sql`select pos, type from kernel.event order by pos`)).toEqual([
    { pos: 1, type: 'cause' },
    { pos: 2, type: 'effect' },
    { pos: 3, type: 'after' },
  ])
})

test('a reaction that fails takes its batch back, and after the next try everything has happened exactly once', async () => {
  await using world = await openWorld()
  const events = world.process()
  const after: number[] = []
  let failures = 3
  events.read(
    reader('careful', ['a'], async (_, event, later) => {
      later.push(() => void after.push(event.pos))
      if (event.pos === 4 && failures-- > 0) throw new Error('not now')
    }),
  )
  await events.start()
  for (let n = 0; n < 6; n++) await world.write('a')
  await events.settle()
  expect(await world.took('careful')).toEqual([])
  // What waits for the commit must not have run for a batch that was taken back.
  expect(after).toEqual([])
  for (let round = 0; round < 4; round++) await events.settle()
  expect((await world.took('careful')).map((t) => t.pos)).toEqual(upTo(6))
  expect(after).toEqual(upTo(6))
  expect(await world.db.rows(sql`select * from kernel.event_failed`)).toEqual([])
})

test('an event that always fails is set aside without a trace, and those behind it are handled', async () => {
  await using world = await openWorld()
  const events = world.process()
  const after: number[] = []
  events.read(
    reader('stuck', ['a'], async (_, event, later) => {
      later.push(() => void after.push(event.pos))
      if (event.pos === 2) throw new Error('never')
    }),
  )
  events.read(reader('other', ['a']))
  await events.start()
  for (let n = 0; n < 3; n++) await world.write('a')
  await events.settle()
  expect((await world.took('other')).map((t) => t.pos)).toEqual([1, 2, 3])
  for (let round = 0; round < 5; round++) await events.settle()
  expect((await world.took('stuck')).map((t) => t.pos)).toEqual([1, 3])
  expect(after).toEqual([1, 3])
  expect(await world.db.rows(sql`select reader, pos, problem from kernel.event_failed`)).toEqual([
    { reader: 'stuck', pos: 2, problem: 'never' },
  ])
})

test.each([
  ['a deadlock', async () => Promise.reject(Object.assign(new Error('deadlock detected'), { code: '40P01' }))],
  ['a lock that was not given', async () => Promise.reject(Object.assign(new Error('lock timeout'), { code: '55P03' }))],
  [
    'a connection that dies',
    async (c: Connection) => {
      await c.run(sql`select pg_terminate_backend(pg_backend_pid())`)
    },
  ],
] as const)('%s is no fault of the event: it is never set aside for that', async (_, trouble) => {
  await using world = await openWorld()
  const events = world.process()
  let troubles = 12
  events.read(
    reader('patient', ['a'], async (c) => {
      if (troubles-- > 0) await trouble(c)
    }),
  )
  await events.start()
  await world.write('a')
  for (let round = 0; round < 14; round++) await events.settle()
  expect((await world.took('patient')).map((t) => t.pos)).toEqual([1])
  expect(await world.db.rows(sql`select * from kernel.event_failed`)).toEqual([])
})

test('a batch that another process took and died with is taken over without a further event', async () => {
  await using world = await openWorld()
  const events = world.process()
  events.read(reader('shared', ['a']))
  await events.start()
  let die: (problem: Error) => void = () => undefined
  const dying = new Promise<never>((_, reject) => {
    die = reject
  })
  let holds: () => void = () => undefined
  const held = new Promise<void>((resolve) => {
    holds = resolve
  })
  const other = world.db.transaction(async (c) => {
    await c.run(sql`select 1 from kernel.event_cursor where reader = 'shared' for update`)
    holds()
    await dying
  })
  await held
  await world.write('a')
  await events.settle()
  expect(await world.took('shared')).toEqual([])
  die(new Error('killed'))
  await expect(other).rejects.toThrow('killed')
  await events.settle()
  expect(await world.took('shared')).toEqual([{ pos: 1, type: 'a' }])
})

test('a reader that comes later catches up with what was announced before', async () => {
  await using world = await openWorld()
  const events = world.process()
  await events.start()
  for (let n = 0; n < 120; n++) await world.write(n % 2 ? 'a' : 'b')
  await events.settle()
  events.read(reader('late', ['a']))
  await events.settle()
  expect(await world.took('late')).toHaveLength(60)
})

test('pruning leaves what a reader has yet to read, and quiet readers hold nothing', async () => {
  await using world = await openWorld()
  const events = world.process()
  let broken = true
  events.read(
    reader('lagging', ['a'], async () => {
      if (broken) throw Object.assign(new Error('in trouble'), { code: '55P03' })
    }),
  )
  events.read(reader('quiet', ['never']))
  await events.start()
  for (let n = 0; n < 10; n++) await world.write(n % 2 ? 'a' : 'b')
  await events.settle()
  world.clock.advance(dayMs)
  await world.write('b')
  await events.settle()
  const kept = async () =>
    (await world.db.rows<{ pos: number }>(sql`select pos from kernel.event order by pos`)).map((e) => e.pos)
  expect(await events.prune(start + 1, 3)).toBe(3)
  expect(await events.prune(start + 1, 100)).toBe(2)
  expect(await kept()).toEqual([2, 4, 6, 8, 10, 11])
  broken = false
  await events.settle()
  expect((await world.took('lagging')).map((t) => t.pos)).toEqual([2, 4, 6, 8, 10])
  expect(await events.prune(start + 1, 100)).toBe(5)
  expect(await kept()).toEqual([11])
  await world.write('a')
  await events.settle()
  expect((await world.took('lagging')).map((t) => t.pos)).toEqual([2, 4, 6, 8, 10, 12])
})

test('a reader that has not said what it reacts to holds everything back', async () => {
  await using world = await openWorld()
  const events = world.process()
  await events.start()
  await world.db.run(sql`insert into kernel.event_cursor (reader, pos) values ('of an older version', 1)`)
  for (let n = 0; n < 3; n++) await world.write('a')
  await events.settle()
  expect(await events.prune(start + 1, 100)).toBe(1)
})
