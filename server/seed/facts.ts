import type { Tx } from '../src/kernel/context.ts'
import type { Queries } from '../src/kernel/db.ts'
import { json, sql } from '../src/kernel/sql.ts'

/** Ids of what was loaded, by the names of the seed files. Kept in kernel.setting, so that a later start finds them again. */
export interface DemoWorld {
  readonly people: Readonly<Record<string, string>>
  readonly shops: Readonly<Record<string, string>>
  readonly products: Readonly<Record<string, string>>
  /** By SKU. */
  readonly variants: Readonly<Record<string, string>>
  readonly shows: Readonly<Record<string, string>>
  /** By show and key of the lot: `always-on/watch`. */
  readonly lots: Readonly<Record<string, string>>
  readonly replays: readonly Replay[]
}

/** A show that is over, by its name in the seed. */
export interface Replay {
  readonly name: string
  /** Of its recording. */
  readonly sessionId: string
  readonly startedAt: number
  readonly endedAt: number
}

/** Raised when the seed changes: an older world is wiped and loaded anew. */
export const demoVersion = 1

export const readSetting = async <T>(q: Queries, name: string): Promise<T | null> =>
  (await q.maybe<{ value: T }>(sql`select value from kernel.setting where name = ${name}`))?.value ?? null

export async function writeSetting(q: Queries, name: string, value: unknown): Promise<void> {
  await q.run(
    sql`insert into kernel.setting values (${name}, ${json(value)}) on conflict (name) do update set value = excluded.value`,
  )
}

export const readWorld = (q: Queries): Promise<DemoWorld | null> => readSetting<DemoWorld>(q, 'demo.world')
export const saveWorld = (tx: Tx, world: DemoWorld): Promise<void> => writeSetting(tx, 'demo.world', world)

/** The id behind a name of the seed; a name that was not loaded is a defect of the seed. */
export function idOf(ids: Readonly<Record<string, string>>, name: string): string {
  const id = ids[name]
  if (id === undefined) throw new Error(`defect: the demo world has no ${name}`)
  return id
}

/** The same transaction at another time: what the demo world did before it was loaded happens then. */
export const txAt = (tx: Tx, now: number): Tx => ({ ...tx, now })
