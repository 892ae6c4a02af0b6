import { randomBytes } from 'node:crypto'
import type { Bus } from './bus.ts'
import type { Cancel, Clock } from './clock.ts'
import { type Connection, type Db, isPassing } from './db.ts'
import type { Log } from './log.ts'
import { at, json, sql } from './sql.ts'

/** What a module announces: past tense, small, grown only by adding fields. */
export interface EventType<B> {
  readonly type: string
  readonly __body?: B
}
export const eventType = <B>(type: string): EventType<B> => ({ type })

export interface AnyEvent {
  /** Position in the log: gapless, the same for all readers. */
  readonly pos: number
  readonly type: string
  readonly at: number
  readonly topic: string | null
  readonly body: unknown
}
export interface EventOf<B> extends AnyEvent {
  readonly body: B
}
export const isEvent = <B>(type: EventType<B>, event: AnyEvent): event is EventOf<B> => event.type === type.type

/** A durable reaction: runs exactly once per event in one transaction with its cursor. */
export interface Reader {
  readonly name: string
  readonly types: ReadonlySet<string>
  /** What it pushes to `later` runs after the commit, never when the batch rolls back. */
  handle(connection: Connection, event: AnyEvent, later: (() => void)[]): Promise<void>
}

export interface Events extends AsyncDisposable {
  write(connection: Connection, now: number, type: string, body: unknown, topic: string | null): Promise<void>
  /** Events were committed by this process: deliver soon. */
  poke(): void
  /** Live tail from now on, in order, in this process; not durable. Topic readers take a snapshot after following. */
  follow(call: (event: AnyEvent) => void): Cancel
  read(durable: Reader): void
  /** Places and delivers everything committed so far; also what tests and the simulation call. */
  settle(): Promise<void>
  /** Deletes events from before that instant which no durable reader has yet to read, oldest first; how many. */
  prune(beforeMs: number, atMost: number): Promise<number>
  readonly head: () => number
  start(): Promise<void>
}

const batch = 500
const batchOfReader = 50
const triesPerEvent = 5

/** Other processes hear of a commit at most this often; they look by themselves every `pollMs`. */
const tellMs = 10
const topic = 'events'

export function openEvents(options: { db: Db; clock: Clock; log: Log; pollMs?: number; bus?: Bus }): Events {
  const { db, log, clock } = options
  const bus = options.bus?.shared ? options.bus : null
  const me = randomBytes(8)
  const tails = new Set<(event: AnyEvent) => void>()
  const readers: Reader[] = []
  const failures = new Map<string, number>()
  /** Readers with something to read, as far as this process knows. */
  const lagging = new Set<string>()
  const enrolled = new Set<string>()
  let cursor = 0
  let running: Promise<void> | null = null
  let again = false
  let stopPoll: Cancel = () => undefined
  let closed = false
  let started = false

  async function tail(): Promise<void> {
    for (;;) {
      await db.run(sql`select kernel.place_events(${batch})`)
      const events = await readAfter(db, cursor)
      for (const event of events) {
        cursor = event.pos
        // Noted at once: should the next read fail, the reader still knows that it has work.
        for (const reader of readers) if (reader.types.has(event.type)) lagging.add(reader.name)
        for (const call of tails) call(event)
      }
      if (events.length < batch) return
    }
  }

  async function turn(): Promise<void> {
    await tail()
    for (const reader of readers) if (lagging.has(reader.name)) await drain(reader)
  }

  async function drain(reader: Reader): Promise<void> {
    try {
      if (!enrolled.has(reader.name)) await enrol(db, reader)
      enrolled.add(reader.name)
      let outcome = await step(reader)
      while (outcome === 'more') outcome = await step(reader)
      // Another process may die with the batch that it has taken: then it is ours to take.
      if (outcome === 'done') lagging.delete(reader.name)
    } catch (problem) {
      log.error({ reader: reader.name, problem }, 'a reaction failed; it is tried again')
    }
  }

  /** One batch of one reader. */
  async function step(reader: Reader): Promise<'more' | 'done' | 'taken'> {
    let later: (() => void)[] = []
    const outcome = await db.transaction(async (connection) => {
      later = []
      const mine = await connection.maybe<{ pos: number }>(
        sql`select pos from kernel.event_cursor where reader = ${reader.name} for update skip locked`,
      )
      if (!mine) return 'taken'
      const events = await connection.rows<AnyEvent>(
        sql`select pos, type, at, topic, body from kernel.event where pos > ${mine.pos} and type = any(${[...reader.types]}) order by pos limit ${batchOfReader}`,
      )
      for (const event of events) await guarded(connection, reader, event, later)
      const to = events.at(-1)?.pos
      if (to !== undefined) await connection.run(sql`update kernel.event_cursor set pos = ${to} where reader = ${reader.name}`)
      return events.length === batchOfReader ? 'more' : 'done'
    })
    for (const call of later) call()
    return outcome
  }

  /** An event that keeps failing is set aside after some tries, so that it cannot block the ones behind it. */
  async function guarded(connection: Connection, reader: Reader, event: AnyEvent, later: (() => void)[]): Promise<void> {
    const key = `${reader.name} ${event.pos}`
    const before = later.length
    await connection.run(sql`savepoint reaction`)
    try {
      await reader.handle(connection, event, later)
      await connection.run(sql`release savepoint reaction`)
      failures.delete(key)
    } catch (problem) {
      // Fails itself when the connection is gone: that is no fault of the event, nor are locks and a database in trouble.
      await connection.run(sql`rollback to savepoint reaction`)
      if (isPassing(problem)) throw problem
      const tries = (failures.get(key) ?? 0) + 1
      failures.set(key, tries)
      if (tries < triesPerEvent) throw problem
      later.length = before
      log.error({ reader: reader.name, event: event.type, pos: event.pos, problem }, 'a reaction was given up')
      await connection.run(
        sql`insert into kernel.event_failed values (${reader.name}, ${event.pos}, ${String((problem as Error).message)}, ${at(event.at)}) on conflict do nothing`,
      )
      failures.delete(key)
    }
  }

  function run(): Promise<void> {
    if (running) {
      again = true
      return running
    }
    running = turn().finally(() => {
      running = null
    })
    return running
  }

  let telling = false
  let toldAt = 0
  function tellOthers(): void {
    if (telling || !bus) return
    telling = true
    clock.after(Math.max(0, toldAt + tellMs - clock.now()), () => {
      telling = false
      toldAt = clock.now()
      if (!closed) bus.publish(topic, me)
    })
  }

  function poke(): void {
    tellOthers()
    look()
  }

  function look(): void {
    if (closed) return
    void run()
      .then(() => {
        if (!again) return
        again = false
        look()
      })
      .catch((problem: Error) => log.warn({ problem: problem.message }, 'event log not readable; trying again'))
  }

  return {
    async write(connection, now, type, body, topic) {
      await connection.run(
        sql`insert into kernel.event (type, at, topic, body) values (${type}, ${at(now)}, ${topic}, ${json(body)})`,
      )
    },
    poke,
    follow(call) {
      tails.add(call)
      return () => tails.delete(call)
    },
    read(durable) {
      readers.push(durable)
      // It may have to catch up with what was announced before it came.
      lagging.add(durable.name)
      if (started) look()
    },
    async settle() {
      for (let round = 0; round < 100; round++) {
        const before = cursor
        // A run that is under way may have read before the last commit: one of our own counts.
        while (running) await running
        await run()
        if (cursor === before && !again) return
        again = false
      }
    },
    prune: (beforeMs, atMost) =>
      db.run(
        sql`delete from kernel.event where id in (select e.id from kernel.event e where e.pos is not null and e.at < ${at(beforeMs)}
              and not exists (select from kernel.event_cursor c where c.pos < e.pos and (c.types is null or e.type = any(c.types)))
            order by e.id limit ${atMost})`,
      ),
    head: () => cursor,
    async start() {
      cursor = (await db.one<{ pos: number }>(sql`select kernel.place_events(${100_000}) as pos`)).pos
      started = true
      const stops = [
        clock.every(options.pollMs ?? 200, look),
        bus?.subscribe(topic, (from) => me.compare(from) !== 0 && look(), look),
      ]
      stopPoll = () => {
        for (const stop of stops) stop?.()
      }
      await run()
    },
    async [Symbol.asyncDispose]() {
      closed = true
      stopPoll()
      await running?.catch((problem: Error) => log.debug({ problem: problem.message }, 'event log closed while reading'))
    },
  }
}

/** A reader begins at the start of the log, and says what it reacts to. */
async function enrol(db: Db, reader: Reader): Promise<void> {
  await db.run(
    sql`insert into kernel.event_cursor as c (reader, pos, types) values (${reader.name}, 0, ${[...reader.types].toSorted()})
        on conflict (reader) do update set types = excluded.types where c.types is distinct from excluded.types`,
  )
}

async function readAfter(db: Db, cursor: number): Promise<AnyEvent[]> {
  return await db.rows<AnyEvent>(
    sql`select pos, type, at, topic, body from kernel.event where pos > ${cursor} order by pos limit ${batch}`,
  )
}
