import { type ChildProcess, fork } from 'node:child_process'
import { join } from 'node:path'
import { Pool } from 'pg'
import { type Kernel, openCtx, systemActor } from '../server/src/kernel/context.ts'
import { sql } from '../server/src/kernel/sql.ts'
import { verifierChecks } from '../server/src/modules/stock/contributes.ts'
import type { StockDesk } from '../server/src/modules/stock/desk.ts'
import { allot } from '../server/src/modules/stock/verbs/allotments.ts'
import { receiveStock } from '../server/src/modules/stock/verbs/goods.ts'
import { crowd, openNode, type Rush, rush, wish } from './peers/hot-lot-buyers.ts'
import { oneByOne } from './peers/one-by-one.ts'
import { pgbenchInserts } from './peers/pgbench.ts'
import { beside, type Form, formOf, median, openBenchDatabase, quantile, report, rounded } from './support/measure.ts'

/**
 * One lot, everybody at once. Ours is the whole desk with durable commits; peers on the same PostgreSQL, in turns: a transaction with
 * FOR UPDATE per order, one statement per order, and, as the limit of one commit per row, pgbench inserting single rows.
 */
const plenty = 50_000_000
const clients = 512

/** Lots with stock that does not run out, each buyer limited to two. */
async function openLots(kernel: Kernel, count: number, units: number): Promise<string[]> {
  const ctx = openCtx(kernel, { actor: systemActor })
  const { ids, db } = kernel
  const shopId = ids.make('shop')
  await db.run(
    sql`insert into identity.shop (id, slug, name, market, country, currency, created_at) values (${shopId}, ${shopId.slice(4)}, 'Bench', 'XX', 'FR', 'EUR', now())`,
  )
  const lots: string[] = []
  for (let i = 0; i < count; i++) {
    const [productId, variantId] = [ids.make('product'), ids.make('variant')]
    await db.run(
      sql`insert into catalog.product (id, shop_id, slug, title, created_at, changed_at) values (${productId}, ${shopId}, ${productId.slice(4)}, '{}', now(), now())`,
    )
    await db.run(
      sql`insert into catalog.variant (id, product_id, shop_id, sku, created_at) values (${variantId}, ${productId}, ${shopId}, ${variantId}, now())`,
    )
    const lot = await ctx.transaction(async (tx) => {
      await receiveStock(tx, { variantId, quantity: units })
      return await allot(tx, { variantId, quantity: units, use: 'lot', useId: ids.make('lot'), perBuyer: 2 })
    })
    lots.push(lot.id)
  }
  return lots
}

/** The drop: everybody asks once, at once; exactly the quota may be granted. */
async function drop(kernel: Kernel, desk: StockDesk, buyers: number, units: number): Promise<{ wrong: number; ms: number }> {
  const [lot = ''] = await openLots(kernel, 1, units)
  const people = crowd(kernel, buyers)
  const startedAt = performance.now()
  let granted = 0
  let soldOut = 0
  async function insist(person: string): Promise<void> {
    for (;;) {
      const answer = await desk.reserve(wish(lot, person))
      if (answer.outcome === 'granted') return void granted++
      if (answer.outcome === 'sold_out') return void soldOut++
      if (answer.outcome !== 'busy') return
      await new Promise((resolve) => setTimeout(resolve, answer.retryInMs))
    }
  }
  await Promise.all(people.map(insist))
  return { wrong: Math.abs(granted - units) + Math.abs(soldOut - (buyers - units)), ms: performance.now() - startedAt }
}

/** The same lot from two processes at once: both together. */
async function twoNodes(ours: (order: Rush) => Promise<number>, other: ChildProcess, order: Rush): Promise<number> {
  const theirs = new Promise<number>((resolve, reject) => {
    other.once('message', (speed) => resolve(speed as number))
    other.once('exit', () => reject(new Error('the second node ended')))
  })
  other.send(order)
  return (await ours(order)) + (await theirs)
}

async function main(form: Form): Promise<void> {
  const forMs = form.short ? 500 : 2_000
  const rounds = form.short ? 4 : 12
  await using database = await openBenchDatabase()
  await using stack = new AsyncDisposableStack()
  const { kernel, desk } = await openNode(stack, database)
  const lots = await openLots(kernel, 101, plenty)
  const one: Rush = { lots: lots.slice(0, 1), clients, forMs }
  const pool = new Pool({ connectionString: database.url, max: 20 })
  // Connections that close a moment after the pool says it has ended.
  pool.on('error', () => undefined)
  stack.defer(() => pool.end())
  const peers = await oneByOne(pool, plenty)
  const other = fork(join(import.meta.dirname, 'peers/hot-lot-node.ts'), [database.url, database.folder])
  await new Promise((resolve) => other.once('message', resolve))
  await rush(kernel, desk, { ...one, forMs: 1_000 })

  const waits: number[] = []
  const { ours, speeds, ratios } = await beside(
    () => rush(kernel, desk, one, waits),
    {
      naive: () => peers.naive(clients, forMs),
      cte: () => peers.cte(clients, forMs),
      pgbench: () => pgbenchInserts(database.url, 64, forMs),
    },
    rounds,
  )
  const again = async (order: Rush) => rush(kernel, desk, order)
  const perSecond256 = await again({ ...one, clients: 256 })
  const perSecond100Lots = await again({ ...one, lots: lots.slice(1) })
  const perSecond2Nodes = await twoNodes(again, other, one)
  const gone = new Promise((resolve) => other.once('exit', resolve))
  other.disconnect()
  await gone
  const fall = await drop(kernel, desk, 20_000, 500)
  const ctx = openCtx(kernel, { actor: systemActor })
  const differences = (await Promise.all(verifierChecks.map((c) => c.run(ctx)))).flat()
  for (const line of differences.slice(0, 10)) console.log(line)
  console.log(`ours     ${Math.round(median(ours))}/s   of ${ours.map(Math.round).join(' ')}`)
  for (const [name, list] of Object.entries(speeds))
    console.log(`${name.padEnd(8)} ${Math.round(median(list))}/s   of ${list.map(Math.round).join(' ')}`)
  report(form, 'hot-lot', {
    wrong: fall.wrong + differences.length + (await peers.oversold()),
    ratios: { vsNaive: ratios.naive, vsCte: ratios.cte, vsPgbench: ratios.pgbench },
    figures: {
      perSecond: Math.round(median(ours)),
      perSecond256: Math.round(perSecond256),
      perSecond100Lots: Math.round(perSecond100Lots),
      perSecond2Nodes: Math.round(perSecond2Nodes),
      naivePerSecond: Math.round(median(speeds.naive)),
      ctePerSecond: Math.round(median(speeds.cte)),
      pgbenchPerSecond: Math.round(median(speeds.pgbench)),
      p50Ms: rounded(quantile(waits, 0.5)),
      p99Ms: rounded(quantile(waits, 0.99)),
      dropMs: Math.round(fall.ms),
    },
    targets: [
      { name: 'vsNaive', atLeast: 60 },
      { name: 'vsCte', atLeast: 40 },
      { name: 'vsPgbench', atLeast: 3 },
    ],
  })
}

await main(formOf(process.argv.slice(2)))
