import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openEmbeddedPostgres } from '../../server/src/kernel/embedded-postgres/open.ts'
import { openLog } from '../../server/src/kernel/log.ts'
import { migrate } from '../../server/src/kernel/migrate.ts'

export const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN
export const quantile = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? Number.NaN
export const rounded = (value: number): number => Math.round(value * 100) / 100

export interface Form {
  readonly short: boolean
  readonly json: boolean
}
export const formOf = (args: readonly string[]): Form => ({ short: args.includes('--short'), json: args.includes('--json') })

/** Runs all contenders in turn, some rounds long, so that a busy moment of the machine falls on all of them alike. */
export async function interleave<K extends string>(
  contenders: Readonly<Record<K, () => Promise<number>>>,
  rounds: number,
): Promise<Record<K, number[]>> {
  const names = Object.keys(contenders) as K[]
  const results = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<K, number[]>
  for (let round = 0; round < rounds; round++) {
    for (const name of names) results[name].push(await contenders[name]())
  }
  return results
}

/** The median of the ratios of each round: what disturbs a round disturbs both of its sides. */
export const ratioOf = (ours: readonly number[], theirs: readonly number[]): number =>
  rounded(median(ours.map((value, round) => value / (theirs[round] ?? Number.NaN))))

/** Ours before and after each peer: a peer is held against its neighbours in time, and the median over the rounds is the ratio. */
export async function beside<K extends string>(
  ours: () => Promise<number>,
  peers: Readonly<Record<K, () => Promise<number>>>,
  rounds: number,
): Promise<{ ours: number[]; speeds: Record<K, number[]>; ratios: Record<K, number> }> {
  const names = Object.keys(peers) as K[]
  const speeds = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<K, number[]>
  const shares = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<K, number[]>
  const mine = [await ours()]
  for (let round = 0; round < rounds; round++) {
    for (const name of names) {
      const theirs = await peers[name]()
      mine.push(await ours())
      speeds[name].push(theirs)
      shares[name].push(((mine.at(-2) ?? 0) + (mine.at(-1) ?? 0)) / 2 / theirs)
    }
  }
  const ratios = Object.fromEntries(names.map((name) => [name, rounded(median(shares[name]))])) as Record<K, number>
  return { ours: mine, speeds, ratios }
}

/** A migrated PostgreSQL of its own, in a folder that goes away: the embedded one as a small install runs it, fsync on. */
export async function openBenchDatabase(): Promise<AsyncDisposable & { readonly url: string; readonly folder: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'efir-bench-'))
  const postgres = await openEmbeddedPostgres({ dataDir: folder, log: openLog('silent') })
  await migrate(postgres.url)
  return {
    url: postgres.url,
    folder,
    async [Symbol.asyncDispose]() {
      await postgres[Symbol.asyncDispose]()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

export interface Target {
  readonly name: string
  readonly atLeast?: number
  readonly atMost?: number
}

/** Prints the table line and, last, the one object that others read. Wrong results fail; a missed target is only told. */
export function report(
  form: Form,
  bench: string,
  result: {
    wrong: number
    ratios: Readonly<Record<string, number>>
    figures: Readonly<Record<string, number>>
    targets?: readonly Target[]
  },
): void {
  for (const { name, atLeast, atMost } of result.targets ?? []) {
    const value = result.ratios[name] ?? result.figures[name]
    if (value === undefined) continue
    const met = (atLeast === undefined || value >= atLeast) && (atMost === undefined || value <= atMost)
    console.log(
      `${name}  ${value}  (target ${atLeast === undefined ? `<= ${atMost}` : `>= ${atLeast}`}) ${met ? 'met' : 'MISSED'}`,
    )
  }
  if (result.wrong > 0) console.log(`WRONG RESULTS: ${result.wrong}`)
  if (form.json)
    console.log(
      JSON.stringify({ bench, ok: result.wrong === 0, wrong: result.wrong, ratios: result.ratios, figures: result.figures }),
    )
  if (result.wrong > 0) process.exitCode = 1
}
