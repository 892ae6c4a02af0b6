import { type ChildProcess, fork } from 'node:child_process'
import { join } from 'node:path'
import { Client } from 'pg'
import type { LoadAnswer, LoadOrder } from './peers/checkout-load.ts'
import type { ServerReady } from './peers/checkout-server.ts'
import { formOf, interleave, median, openBenchDatabase, ratioOf, report, rounded } from './support/measure.ts'

/**
 * The tap through the whole app: token, rights, validation, terms, the desk's durable batch, event. Beside it the same front with a handler
 * that does nothing. The server is a process of its own, and so are the buyers.
 */
const form = formOf(process.argv.slice(2))
const forMs = form.short ? 1_500 : 6_000
const rounds = form.short ? 3 : 5
/** Open loop: this share of the measured capacity. */
const share = 0.6

const start = (file: string, args: readonly string[] = []): ChildProcess =>
  fork(join(import.meta.dirname, 'peers', file), [...args], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })

function answerOf<T>(child: ChildProcess): Promise<T> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null) => reject(new Error(`a process of the bench ended with ${code}`))
    child.once('exit', onExit)
    child.once('message', (answer) => {
      child.off('exit', onExit)
      resolve(answer as T)
    })
  })
}

async function ask<T>(child: ChildProcess, order: object): Promise<T> {
  const answer = answerOf<T>(child)
  child.send(order)
  return await answer
}

const ended = (child: ChildProcess): Promise<void> =>
  new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve()
    child.once('exit', () => resolve())
    child.disconnect()
  })

async function differencesIn(url: string): Promise<number> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    const { rows } = await client.query<{ off: string }>(
      `select count(*) as off from stock.allotment a
       where a.quota - a.left_units <> (select coalesce(sum(r.quantity), 0) from stock.reservation r where r.allotment_id = a.id and r.state in ('held', 'committed', 'paid'))`,
    )
    return Number(rows[0]?.off)
  } finally {
    await client.end()
  }
}

await using database = await openBenchDatabase()
const server = start('checkout-server.ts', [database.url, database.folder])
const load = start('checkout-load.ts')
try {
  const { port, noopPort, barePort, lotId, secret } = await answerOf<ServerReady>(server)
  const all: Record<string, LoadAnswer[]> = {}
  let granted = 0
  let wrong = 0
  const run = async (
    name: string,
    order: Pick<LoadOrder, 'port' | 'connections' | 'perSecond'>,
    ms = forMs,
  ): Promise<LoadAnswer> => {
    const answer = await ask<LoadAnswer>(load, { lotId, secret, forMs: ms, ...order } satisfies LoadOrder)
    all[name] = [...(all[name] ?? []), answer]
    wrong += answer.other
    if (order.port === port) granted += answer.ok
    return answer
  }
  await run('warm-up', { port, connections: 256 }, 1_500)
  await run('warm-up', { port: noopPort, connections: 256 }, 1_500)
  const speeds = await interleave(
    {
      ours: async () => (await run('ours', { port, connections: 256 })).perSecond,
      noop: async () => (await run('noop', { port: noopPort, connections: 256 })).perSecond,
      bare: async () => (await run('bare', { port: barePort, connections: 256 })).perSecond,
      ours512: async () => (await run('ours512', { port, connections: 512 })).perSecond,
      noop512: async () => (await run('noop512', { port: noopPort, connections: 512 })).perSecond,
    },
    rounds,
  )
  const open = await run('open', { port, connections: 512, perSecond: Math.round(median(speeds.ours) * share) }, forMs * 2)
  const { held } = await ask<{ held: number }>(server, { do: 'count' })
  wrong += Math.abs(held - granted) + (await differencesIn(database.url))
  for (const [name, list] of Object.entries(all)) {
    for (const a of list)
      console.log(
        `${name.padEnd(8)} ${Math.round(a.perSecond)}/s  p50 ${rounded(a.p50Ms)}  p99 ${rounded(a.p99Ms)} ms  granted ${a.ok}  busy ${a.busy}  wrong ${a.other}`,
      )
  }
  const late = (name: string) => (all[name] ?? []).map((a) => a.p99Ms)
  report(form, 'checkout-http', {
    wrong,
    ratios: { vsNoop: ratioOf(speeds.ours, speeds.noop), p99VsNoop: ratioOf(late('ours512'), late('noop512')) },
    figures: {
      p99MsOpen: rounded(open.p99Ms),
      perSecond: Math.round(median(speeds.ours)),
      noopPerSecond: Math.round(median(speeds.noop)),
      barePerSecond: Math.round(median(speeds.bare)),
      p99Ms512: rounded(median(late('ours512'))),
      noopP99Ms512: rounded(median(late('noop512'))),
      openPerSecond: Math.round(open.perSecond),
    },
    targets: [
      { name: 'vsNoop', atLeast: 0.75 },
      { name: 'p99VsNoop', atMost: 2 },
      { name: 'p99MsOpen', atMost: 50 },
    ],
  })
} finally {
  await Promise.all([ended(server), ended(load)])
}
