import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { beGuest } from '@efir/contract/identity.ts'
import { createLot, openLot, pinLot, reserveLot } from '@efir/contract/lots.ts'
import { placeOrder, quote } from '@efir/contract/orders.ts'
import type { Down } from '@efir/contract/room/down.ts'
import { createShow } from '@efir/contract/shows.ts'
import { Client } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { toolPath } from '../../scripts/needs.ts'
import { openEmbeddedPostgres } from '../../server/src/kernel/embedded-postgres/open.ts'
import { openLog } from '../../server/src/kernel/log.ts'
import { startRedis } from '../../server/test/redis.ts'
import { RoomSocket, type SocketLike } from '../../web/src/net/socket.ts'
import { type Efir, startEfir, until } from '../support/efir.ts'
import { fetchTls } from '../support/fetch-tls.ts'
import { type Front, openProxy } from '../support/nginx.ts'
import { addGoods, becomeOperator, homes, openShop } from '../support/shop.ts'
import { openVisitor, type Visitor } from '../support/visitor.ts'

const nginx = toolPath('nginx')
const redisServer = toolPath('redis-server')
const stack = new AsyncDisposableStack()
let servers: Efir[] = []
let proxy: Front
let databaseUrl = ''
let through: typeof fetch

beforeAll(async () => {
  if (!nginx) return
  const dataDir = mkdtempSync(join(tmpdir(), 'efir-rolling-'))
  stack.defer(() => rmSync(dataDir, { recursive: true, force: true }))
  databaseUrl = stack.use(await openEmbeddedPostgres({ dataDir, log: openLog('silent') })).url
  const redis: Record<string, string> = redisServer ? { EFIR_REDIS_URL: stack.use(await startRedis()).url } : {}
  const env = {
    ...redis,
    DATABASE_URL: databaseUrl,
    EFIR_SECRET: 'one secret for both of the servers',
    EFIR_DRAIN_MS: '4000',
    EFIR_DB_POOL: '10',
  }
  servers = [await open(env), await open(env)]
  proxy = stack.use(
    await openProxy(
      nginx,
      servers.map((server) => server.port),
    ),
  )
  through = fetchTls(proxy.ca)
})
afterAll(() => stack.disposeAsync())

async function open(env: Record<string, string>): Promise<Efir> {
  const server = await startEfir({ args: ['--empty', '--parts=web,worker,room'], env })
  stack.defer(server.stop)
  return server
}

/** A viewer with the web's own client, and a note of every position that it was handed. */
function watch(showId: string) {
  const seen = { joins: 0, resumes: 0, gaps: [] as string[], last: 0, events: new Set<string>() }
  const open = (url: string): SocketLike => {
    const socket = new WebSocket(url, { ca: proxy.ca })
    socket.on('message', (data: Buffer) => note(JSON.parse(data.toString()) as Down))
    return socket as unknown as SocketLike
  }
  function note(message: Down): void {
    if (message.t === 'welcome') {
      seen.joins++
      if (message.how === 'resume') seen.resumes++
    }
    if (message.t === 'snapshot') {
      seen.last = message.seq
    }
    if (message.t !== 'tick' || message.seq === undefined) return
    if (message.prev !== seen.last) seen.gaps.push(`${message.prev} after ${seen.last}`)
    seen.last = message.seq
    for (const one of message.m ?? []) if ('e' in one) seen.events.add(`${one.seq} ${one.e}`)
  }
  const room = new RoomSocket({ url: `wss://127.0.0.1:${proxy.port}/room`, room: showId, open })
  return { room, seen }
}

interface Sale {
  readonly showId: string
  readonly lotId: string
  readonly shopId: string
  readonly methodId: string
  readonly variantId: string
}

async function openSale(): Promise<Sale> {
  // The code that was offered last counts.
  const owner = await becomeOperator(servers[0]?.base ?? '', servers[1]?.setUpCode() ?? '')
  const { shopId, methodId } = await openShop(owner, { name: 'Orvik', slug: 'orvik' })
  const product = await addGoods(owner, shopId, { title: { en: 'A lamp' }, sku: 'L-1', amount: 2900, units: 20_000 })
  const variantId = product.variantList[0]?.id ?? ''
  const show = await owner.must(createShow, { shopId, title: { en: 'A show' } })
  const client = new Client({ connectionString: databaseUrl })
  await client.connect()
  await client.query("update shows.show set state = 'live', started_at = now() where id = $1", [show.id])
  await client.end()
  const lot = await owner.must(createLot, {
    showId: show.id,
    variantIds: [variantId],
    perBuyer: 20,
    quota: 9_000,
    price: { amount: 1900, currency: 'EUR' },
  })
  await owner.must(pinLot, { lotId: lot.id })
  await owner.must(openLot, { lotId: lot.id })
  return { showId: show.id, lotId: lot.id, shopId, methodId, variantId }
}

/** Reserves and buys until it is told to stop; what did not go through is written down. */
async function buyer(
  sale: Sale,
  state: { over: boolean },
  count: { reserved: number; ordered: number; failed: string[] },
): Promise<void> {
  const person = openVisitor(proxy.base, through)
  const delivery = [{ shopId: sale.shopId, methodId: sale.methodId }]
  await person.must(beGuest, {}).catch((problem: Error) => {
    throw new Error(`${problem.message}\n${proxy.log().slice(-2_000)}`, { cause: problem })
  })
  for (let turn = 0; !state.over; turn++) {
    try {
      const reserve = await person.call(reserveLot, { lotId: sale.lotId, quantity: 1, key: crypto.randomUUID() })
      if (reserve.ok) count.reserved++
      else if (reserve.refusal !== 'lot_limit_reached') count.failed.push(`reserveLot ${JSON.stringify(reserve)}`)
      if (turn % 3 === 0) await order(person, sale, delivery, count)
    } catch (problem) {
      count.failed.push(String(problem))
    }
    await pause(200)
  }
}

async function order(
  person: Visitor,
  sale: Sale,
  delivery: { shopId: string; methodId: string }[],
  count: { ordered: number; failed: string[] },
): Promise<void> {
  const items = [{ variantId: sale.variantId, quantity: 1 }]
  const asked = await person.must(quote, { market: 'FR', items, country: 'FR', delivery })
  const placed = await person.call(placeOrder, {
    key: crypto.randomUUID(),
    market: 'FR',
    items,
    email: 'jeanne@mail.example',
    address: homes.FR,
    delivery,
    payment: { method: 'card', token: 'tok_test_success' },
    total: asked.total,
  })
  if (placed.ok) count.ordered++
  else count.failed.push(`placeOrder ${JSON.stringify(placed)}`)
}

test.skipIf(!nginx)(
  'both servers are restarted one after the other during a sale: no request fails, no viewer misses anything',
  async () => {
    const sale = await openSale()
    const viewers = Array.from({ length: 40 }, () => watch(sale.showId))
    await until(
      async () => viewers.every(({ seen }) => seen.joins > 0),
      10_000,
      () => 'viewers do not come in',
    )
    const state = { over: false }
    const count = { reserved: 0, ordered: 0, failed: [] as string[] }
    const buyers = Promise.all(Array.from({ length: 24 }, () => buyer(sale, state, count)))
    await pause(1_000)
    for (const server of servers) {
      await server.leave()
      await server.start()
      await pause(1_000)
    }
    state.over = true
    await buyers
    const seens = viewers.map(({ seen }) => seen)
    const all = new Set(seens.flatMap((seen) => [...seen.events]))
    console.log(
      `rolling restart: ${count.reserved} reserved, ${count.ordered} ordered, ${count.failed.length} failed; ${viewers.length} viewers joined ${seens.reduce((sum, s) => sum + s.joins, 0)} times, ${seens.reduce((sum, s) => sum + s.resumes, 0)} of them resumed, ${all.size} events`,
    )
    expect(count.failed, proxy.log().slice(-2_000)).toEqual([])
    expect(count.ordered).toBeGreaterThan(50)
    expect(seens.flatMap((seen) => seen.gaps)).toEqual([])
    for (const seen of seens) expect(seen.events.size).toBe(all.size)
    await sameForAll(viewers, sale)
    for (const { room } of viewers) room.leave()
    await differences(count)
  },
)

/** When all is quiet every viewer knows the same of the lot. */
async function sameForAll(viewers: ReturnType<typeof watch>[], sale: Sale): Promise<void> {
  const told = () => new Set(viewers.map(({ room }) => JSON.stringify(room.store.newest(`stock:${sale.lotId}`))))
  await until(
    async () => told().size === 1 && new Set(viewers.map((v) => v.seen.last)).size === 1,
    15_000,
    () => `viewers know different things: ${[...told()].join(' ')}`,
  )
}

/** What was answered is what the database holds. */
async function differences(count: { reserved: number; ordered: number }): Promise<void> {
  const client = new Client({ connectionString: databaseUrl })
  await client.connect()
  const { rows } = await client.query(
    "select (select count(*)::int from orders.checkout) as orders, (select count(*)::int from stock.reservation where source <> 'shelf') as reserved",
  )
  await client.end()
  expect(rows[0]).toEqual({ orders: count.ordered, reserved: count.reserved })
}
