import { Pool } from 'pg'
import { readConfig } from '../server/src/config.ts'
import { type Kernel, openCtx, systemActor } from '../server/src/kernel/context.ts'
import { openLog } from '../server/src/kernel/log.ts'
import { openKernel } from '../server/src/kernel/open.ts'
import { sql } from '../server/src/kernel/sql.ts'
import { verifierChecks } from '../server/src/modules/stock/contributes.ts'
import { openStockDesk, type StockDesk } from '../server/src/modules/stock/desk.ts'
import { allot } from '../server/src/modules/stock/verbs/allotments.ts'
import { receiveStock } from '../server/src/modules/stock/verbs/goods.ts'
import { formOf, interleave, median, openBenchDatabase, quantile, ratioOf, report, rounded } from './measure.ts'
import { oneByOne } from './peers/one-by-one.ts'
import { pgbenchInserts } from './peers/pgbench.ts'

/**
 * One lot, everybody at once. Ours is the whole desk with durable commits; peers on the same PostgreSQL, in turns: a transaction with
 * FOR UPDATE per order, one statement per order, and, as the limit of one commit per row, pgbench inserting single rows.
 */
const plenty = 50_000_000

interface Shop {
  readonly kernel: Kernel
  readonly desk: StockDesk
  readonly lots: readonly string[]
}

/** Lots with stock that does not run out, each buyer limited to two. */
async function openLots(kernel: Kernel, count: number, units: number): Promise<string[]> {
  const ctx = openCtx(kernel, { actor: systemActor })
  const shopId = kernel.ids.make('shop')
  await kernel.db.run(
    sql`insert into identity.shop (id, slug, name, market, country, currency, created_at) values (${shopId}, ${shopId.slice(4)}, 'Bench', 'FR', 'FR', 'EUR', now())`,
  )
  const lots: string[] = []
  for (let i = 0; i < count; i++) {
    const productId = kernel.ids.make('product')
    const variantId = kernel.ids.make('variant')
    await kernel.db.run(
      sql`insert into catalog.product (id, shop_id, slug, title, created_at, changed_at) values (${productId}, ${shopId}, ${productId.slice(4)}, '{}', now(), now())`,
    )
    await kernel.db.run(
      sql`insert into catalog.variant (id, product_id, shop_id, sku, created_at) values (${variantId}, ${productId}, ${shopId}, ${variantId}, now())`,
    )
    await ctx.transaction((tx) => receiveStock(tx, { variantId, quantity: units }))
    lots.push(
      (
        await ctx.transaction((tx) =>
          allot(tx, { variantId, quantity: units, use: 'lot', useId: kernel.ids.make('lot'), perBuyer: 2 }),
        )
      ).id,
    )
  }
  return lots
}

/** Made before the clock starts: the buyers' own work is not ours. */
const crowd = (kernel: Kernel, size: number): string[] => Array.from({ length: size }, () => kernel.ids.make('person'))

const wish = (allotmentId: string, personId: string) => ({
  allotmentId,
  personId,
  quantity: 1,
  key: 'the-first-tap',
  holdMs: 600_000,
  price: { amount: 1999, currency: 'EUR' },
  source: 'deal',
})

/** Closed loop: as many buyers as `clients` wait at any moment. Returns granted per second. */
async function ours(
  shop: Shop,
  lots: readonly string[],
  clients: number,
  buyers: readonly string[],
  forMs: number,
  waits?: number[],
): Promise<number> {
  let next = 0
  let granted = 0
  const startedAt = performance.now()
  const endsAt = startedAt + forMs
  async function buyer(): Promise<void> {
    while (performance.now() < endsAt && next < buyers.length) {
      const person = buyers[next++] as string
      const askedAt = performance.now()
      const answer = await shop.desk.reserve(wish(lots[next % lots.length] as string, person))
      if (answer.outcome === 'granted') granted++
      waits?.push(performance.now() - askedAt)
    }
  }
  await Promise.all(Array.from({ length: clients }, buyer))
  return (granted / (performance.now() - startedAt)) * 1000
}

/** The drop: everybody asks once, at once; exactly the quota may be granted. */
async function drop(kernel: Kernel, desk: StockDesk, buyers: number, units: number): Promise<{ wrong: number; ms: number }> {
  const [lot] = (await openLots(kernel, 1, units)) as [string]
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

async function main(args: readonly string[]): Promise<void> {
  const form = formOf(args)
  const forMs = form.short ? 1500 : 5000
  const rounds = form.short ? 3 : 7
  await using database = await openBenchDatabase()
  await using stack = new AsyncDisposableStack()
  const config = readConfig({ EFIR_DATA: database.folder, EFIR_LOG: 'warn' }, [])
  const kernel = await openKernel(stack, { config, log: openLog('warn'), databaseUrl: database.url })
  await kernel.events.start()
  const desk = stack.use(openStockDesk(kernel))
  const lots = await openLots(kernel, 101, plenty)
  const shop: Shop = { kernel, desk, lots }
  const one = lots.slice(0, 1)
  const pool = new Pool({ connectionString: database.url, max: 20 })
  pool.on('error', () => undefined)
  const peers = await oneByOne(pool, plenty)
  const buyers = () => crowd(kernel, forMs * 80)
  await ours(shop, one, 256, buyers(), 500)
  const waits: number[] = []
  const speeds = await interleave(
    {
      ours: async () => await ours(shop, one, 512, buyers(), forMs, waits),
      naive: () => peers.naive(512, forMs),
      cte: () => peers.cte(512, forMs),
      pgbench: () => pgbenchInserts(database.url, 64, forMs),
      ours256: async () => await ours(shop, one, 256, buyers(), forMs),
      hundred: async () => await ours(shop, lots.slice(1), 512, buyers(), forMs),
    },
    rounds,
  )
  const rush = await drop(kernel, desk, 20_000, 500)
  const ctx = openCtx(kernel, { actor: systemActor })
  const differences = (await Promise.all(verifierChecks.map((c) => c.run(ctx)))).flat()
  for (const line of differences.slice(0, 10)) console.log(line)
  const wrong = rush.wrong + differences.length + (await peers.oversold())
  for (const [name, list] of Object.entries(speeds))
    console.log(`${name.padEnd(8)} ${Math.round(median(list))}/s   of ${list.map(Math.round).join(' ')}`)
  report(form, 'hot-lot', {
    wrong,
    ratios: {
      vsNaive: ratioOf(speeds.ours, speeds.naive),
      vsCte: ratioOf(speeds.ours, speeds.cte),
      vsPgbench: ratioOf(speeds.ours, speeds.pgbench),
    },
    figures: {
      perSecond: Math.round(median(speeds.ours)),
      perSecond256: Math.round(median(speeds.ours256)),
      perSecond100Lots: Math.round(median(speeds.hundred)),
      naivePerSecond: Math.round(median(speeds.naive)),
      ctePerSecond: Math.round(median(speeds.cte)),
      pgbenchPerSecond: Math.round(median(speeds.pgbench)),
      p50Ms: rounded(quantile(waits, 0.5)),
      p99Ms: rounded(quantile(waits, 0.99)),
      dropMs: Math.round(rush.ms),
    },
    targets: [
      { name: 'vsNaive', atLeast: 60 },
      { name: 'vsCte', atLeast: 40 },
      { name: 'vsPgbench', atLeast: 3 },
    ],
  })
  await pool.end()
}

await main(process.argv.slice(2))
