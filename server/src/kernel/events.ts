import type { Cancel, Clock } from './clock.ts'
import type { Connection, Db } from './db.ts'
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
  handle(connection: Connection, event: AnyEvent): Promise<void>
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
  readonly head: () => number
  start(): Promise<void>
}

const batch = 500
const triesPerEvent = 5

export function openEvents(options: { db: Db; clock: Clock; log: Log; pollMs?: number }): Events {
  const { db, log } = options
  const tails = new Set<(event: AnyEvent) => void>()
  const readers: Reader[] = []
  const failures = new Map<string, number>()
  let cursor = 0
  let running: Promise<void> | null = null
  let again = false
  let stopPoll: Cancel = () => undefined
  let closed = false
  let started = false

  async function tail(): Promise<Set<string>> {
    const seen = new Set<string>()
    for (;;) {
      await db.run(sql`select kernel.place_events(${batch})`)
      const events = await readAfter(db, cursor)
      for (const event of events) {
        cursor = event.pos
        seen.add(event.type)
        for (const call of tails) call(event)
      }
      if (events.length < batch) return seen
    }
  }

  async function turn(first: boolean): Promise<void> {
    const seen = await tail()
    for (const reader of readers) {
      if (first || lagging.has(reader.name) || [...reader.types].some((t) => seen.has(t))) await drain(reader)
    }
  }

  const lagging = new Set<string>()
  async function drain(reader: Reader): Promise<void> {
    lagging.add(reader.name)
    try {
      while (await step(reader));
      lagging.delete(reader.name)
    } catch (problem) {
      log.error({ reader: reader.name, problem }, 'a reaction failed; it is tried again')
    }
  }

  /** One batch of one reader; true when there may be more. */
  async function step(reader: Reader): Promise<boolean> {
    return await db.transaction(async (connection) => {
      await connection.run(sql`insert into kernel.event_cursor (reader, pos) values (${reader.name}, 0) on conflict do nothing`)
      const mine = await connection.maybe<{ pos: number }>(
        sql`select pos from kernel.event_cursor where reader = ${reader.name} for update skip locked`,
      )
      if (!mine) return false
      const events = await connection.rows<AnyEvent>(
        sql`select pos, type, at, topic, body from kernel.event where pos > ${mine.pos} and type = any(${[...reader.types]}) order by pos limit 50`,
      )
      for (const event of events) await guarded(connection, reader, event)
      const to = events.at(-1)?.pos
      if (to !== undefined) await connection.run(sql`update kernel.event_cursor set pos = ${to} where reader = ${reader.name}`)
      return events.length === 50
    })
  }

  /** An event that keeps failing is set aside after some tries, so that it cannot block the ones behind it. */
  async function guarded(connection: Connection, reader: Reader, event: AnyEvent): Promise<void> {
    const key = `${reader.name} ${event.pos}`
    await connection.run(sql`savepoint reaction`)
    try {
      await reader.handle(connection, event)
      await connection.run(sql`release savepoint reaction`)
      failures.delete(key)
    } catch (problem) {
      const tries = (failures.get(key) ?? 0) + 1
      failures.set(key, tries)
      if (tries < triesPerEvent) throw problem
      await connection.run(sql`rollback to savepoint reaction`)
      log.error({ reader: reader.name, event: event.type, pos: event.pos, problem }, 'a reaction was given up')
      await connection.run(
        sql`insert into kernel.event_failed values (${reader.name}, ${event.pos}, ${String((problem as Error).message)}, ${at(event.at)}) on conflict do nothing`,
      )
      failures.delete(key)
    }
  }

  function run(first: boolean): Promise<void> {
    if (running) {
      again = true
      return running
    }
    running = turn(first).finally(() => {
      running = null
    })
    return running
  }

  function poke(): void {
    if (closed) return
    void run(false)
      .then(() => {
        if (!again) return
        again = false
        poke()
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
      if (started) poke()
    },
    async settle() {
      for (let round = 0; round < 100; round++) {
        const before = cursor
        // A run that is under way may have read before the last commit: one of our own counts.
        while (running) await running
        await run(true)
        if (cursor === before && !again) return
        again = false
      }
    },
    head: () => cursor,
    async start() {
      cursor = (await db.one<{ pos: number }>(sql`select kernel.place_events(${100_000}) as pos`)).pos
      started = true
      stopPoll = options.clock.every(options.pollMs ?? 200, poke)
      await run(true)
    },
    async [Symbol.asyncDispose]() {
      closed = true
      stopPoll()
      await running?.catch((problem: Error) => log.debug({ problem: problem.message }, 'event log closed while reading'))
    },
  }
}

async function readAfter(db: Db, cursor: number): Promise<AnyEvent[]> {
  return await db.rows<AnyEvent>(
    sql`select pos, type, at, topic, body from kernel.event where pos > ${cursor} order by pos limit ${batch}`,
  )
}
