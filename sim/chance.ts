import { Client } from 'pg'
import type { Around, World } from '../server/test/world.ts'
import { type Random, seeded } from './random.ts'

/** What goes wrong around the story: jobs that die, batches of events that come again, connections that are cut. */
export interface Chance extends AsyncDisposable {
  readonly around: Around
  begin(seed: number): void
  /** From now on nothing goes wrong any more. */
  calm(): void
  /** Ends one of the world's connections within the next turns of the loop; what it was doing. */
  killSoon(world: World, random: Random): Promise<string>
}

class Death extends Error {
  /** As a server that goes down says it: no fault of what was being done. */
  readonly code = '57P01'
  constructor(what: string) {
    super(`${what} dies here`)
    this.name = 'Death'
  }
}

const terminate = `select state, pg_terminate_backend(pid, 1000) from (
  select *, row_number() over (order by pid) - 1 as n, count(*) over () as all_of_them from pg_stat_activity
  where datname = $1 and application_name = 'efir' and ($3 or state <> 'idle')
) a where n = floor($2::float8 * all_of_them)`

export function openChance(adminUrl: string): Chance {
  let random: Random | null = null
  /** Readers that die some more times. */
  const dying = new Map<string, number>()
  const admin = new Client({ connectionString: adminUrl })
  const connected = admin.connect()
  const happens = (share: number): boolean => random?.chance(share) ?? false
  return {
    around: {
      /** At least once: it may die before its work, and after it, when the queue has not heard of that yet. */
      async job(name, run) {
        if (happens(0.03)) throw new Death(name)
        await run()
        if (happens(0.08)) throw new Death(name)
      },
      /** The transaction of the batch dies with it, and the whole batch is delivered again; that one may die too. */
      async reaction(reader, run) {
        await run()
        const left = dying.get(reader) ?? (happens(0.03) ? 1 + (random?.below(3) ?? 0) : 0)
        dying.set(reader, left - 1)
        if (left > 0) throw new Death(reader)
        dying.delete(reader)
      },
    },
    begin(seed) {
      random = seeded(seed ^ 0x5eed)
    },
    calm() {
      random = null
      dying.clear()
    },
    async killSoon(world, choose) {
      await connected
      const turns = choose.below(40)
      const which = choose.next()
      for (let turn = 0; turn < turns; turn++) await new Promise((resolve) => setImmediate(resolve))
      const database = new URL(world.kernel.db.url).pathname.slice(1)
      let state = 'none'
      // Rather one that is at work: it may take a few looks to find one.
      for (let look = 0; look < 6 && state === 'none'; look++) {
        const { rows } = await admin.query<{ state: string }>(terminate, [database, which, look === 5])
        state = rows[0]?.state ?? 'none'
      }
      // The socket hears of it in the next turns; what the pool gives out afterwards is whole.
      for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve))
      return state
    },
    async [Symbol.asyncDispose]() {
      await connected
      await admin.end()
    },
  }
}

/** Comes of a cut connection: the answer is unknown, not wrong. */
export const isLost = (problem: Error): boolean =>
  /terminat|connection|ECONN|EPIPE|not queryable|broke with 500/i.test(
    `${problem.message} ${(problem as { code?: string }).code ?? ''}`,
  )
