import { execFile } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'
import { createLot, lotBoard, openLot } from '@efir/contract/lots.ts'
import { placeOrder, quote } from '@efir/contract/orders.ts'
import { Client } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { signToken } from '../../server/src/kernel/token.ts'
import { type Efir, secretOf, startEfir, until } from '../support/efir.ts'
import { goOnAir, type OnAir } from '../support/on-air.ts'
import { addGoods, becomeOperator, homes, openShop } from '../support/shop.ts'
import type { Visitor } from '../support/visitor.ts'

/** 10,000 buyers on 3,000 units, with kill -9 of the server and of PostgreSQL in the middle. */
const buyers = 10_000
const units = 3_000
let efir: Efir
let owner: Visitor
let air: OnAir
let lotId: string
let shop: { shopId: string; methodId: string }
const agent = new Agent({ keepAlive: true, maxSockets: 128 })

beforeAll(async () => {
  efir = await startEfir()
  owner = await becomeOperator(efir.base, efir.setUpCode())
  shop = await openShop(owner, { name: 'Rush', slug: 'rush' })
  const product = await addGoods(owner, shop.shopId, { title: { en: 'A watch' }, sku: 'W-1', amount: 18_900, units: units + 500 })
  air = await goOnAir(owner, shop.shopId)
  const lot = await owner.must(createLot, {
    showId: air.showId,
    variantIds: [product.variantList[0]?.id as string],
    price: { amount: 14_900, currency: 'EUR' },
    quota: units,
    perBuyer: 1,
  })
  lotId = lot.id
}, 120_000)
afterAll(async () => {
  await air?.stop()
  await efir?.stop()
  agent.destroy()
})

interface Buyer {
  readonly id: string
  readonly token: string
  readonly key: string
}

/** People as the server itself would make them, without ten thousand first taps. */
async function makeBuyers(): Promise<Buyer[]> {
  const secret = secretOf(efir)
  const letters = '0123456789abcdefghjkmnpqrstvwxyz'
  const idOf = (n: number) =>
    `per_${'0'.repeat(18)}${[...n.toString(32).padStart(8, '0')].map((c) => letters[Number.parseInt(c, 32)]).join('')}`
  const list = Array.from({ length: buyers }, (_, n) => {
    const id = idOf(n)
    return {
      id,
      key: `rush-${id}`,
      token: signToken(secret, { p: id, k: 'guest', n: `Buyer ${n}`, s: `ses_${id.slice(4)}`, e: Date.now() + 3_600_000 }),
    }
  })
  await withDatabase((c) =>
    c.query(
      "insert into identity.person (id, kind, name, created_at) select id, 'guest', 'Buyer', now() from unnest($1::text[]) as id",
      [list.map((b) => b.id)],
    ),
  )
  return list
}

async function withDatabase<T>(work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: databaseUrl() })
  client.on('error', () => undefined)
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}
const databaseUrl = (): string => `postgres://efir@/efir?host=${encodeURIComponent(socketFolder())}`
function socketFolder(): string {
  const folder = join(efir.dataDir, 'postgres')
  const found = readdirSync(folder, { recursive: true })
    .map(String)
    .find((name) => /\.s\.PGSQL\.\d+$/.test(name))
  if (!found) throw new Error('the database has no socket')
  return join(folder, found, '..')
}

function post(path: string, token: string, body: object): Promise<{ status: number; body: Record<string, unknown> } | null> {
  return new Promise((resolve) => {
    const text = JSON.stringify(body)
    const out = request(
      {
        agent,
        host: '127.0.0.1',
        port: efir.port,
        method: 'POST',
        path: `/api${path}`,
        timeout: 15_000,
        headers: {
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(text),
          'x-efir': '1',
          authorization: `Bearer ${token}`,
        },
      },
      (answer) => {
        let got = ''
        answer.setEncoding('utf8').on('data', (part: string) => {
          got += part
        })
        answer.on('end', () =>
          resolve(
            got.startsWith('{') ? { status: answer.statusCode ?? 0, body: JSON.parse(got) as Record<string, unknown> } : null,
          ),
        )
        answer.on('error', () => resolve(null))
      },
    )
    out.on('timeout', () => out.destroy())
    out.on('error', () => resolve(null))
    out.end(text)
  })
}

/** Presses Buy until there is an answer; the same key every time. */
async function press(buyer: Buyer): Promise<{ outcome: string; reservationId?: string }> {
  for (let attempt = 0; attempt < 400; attempt++) {
    const answer = await post(`/lots/${lotId}/reserve`, buyer.token, { quantity: 1, key: buyer.key })
    const refusal = (answer?.body['refusal'] as { code: string } | undefined)?.code
    if (answer?.status === 200) return { outcome: 'granted', reservationId: (answer.body['reservation'] as { id: string }).id }
    if (refusal && refusal !== 'busy' && refusal !== 'too_many_requests') return { outcome: refusal }
    await pause(50 + (attempt % 10) * 40)
  }
  return { outcome: 'no answer' }
}

async function each<T>(list: readonly T[], width: number, work: (item: T) => Promise<void>): Promise<void> {
  let next = 0
  await Promise.all(
    Array.from({ length: width }, async () => {
      while (next < list.length) await work(list[next++] as T)
    }),
  )
}

async function backAfter(): Promise<number> {
  const began = performance.now()
  for (;;) {
    const well = await fetch(`${efir.base}/healthz`, { signal: AbortSignal.timeout(2000) }).then(
      (r) => r.ok,
      () => false,
    )
    if (well) return Math.round(performance.now() - began)
    if (performance.now() - began > 60_000) throw new Error(`not back after a minute:\n${efir.output().slice(-8000)}`)
    await pause(50)
  }
}

test('exactly the quota is sold, every acknowledged reservation exists, the verifier agrees', async () => {
  const people = await makeBuyers()
  await owner.must(openLot, { lotId, countdownMs: 3000 })
  await pause(3500)
  const answers = new Map<string, { outcome: string; reservationId?: string }>()
  let killed = 0
  const back: Record<string, number> = {}
  const kills = (async () => {
    while (answers.size < 800) await pause(5)
    await efir.kill()
    killed++
    const began = performance.now()
    await efir.start()
    back['server'] = Math.round(performance.now() - began)
    while (answers.size < 2000) await pause(5)
    const pid = Number(readFileSync(findPid(), 'utf8').split('\n')[0])
    process.kill(pid, 'SIGKILL')
    killed++
    await pause(50)
    back['database'] = await backAfter()
  })()
  await each(people, 128, async (buyer) => void answers.set(buyer.id, await press(buyer)))
  await kills
  expect(killed).toBe(2)
  const count = (outcome: string) => [...answers.values()].filter((a) => a.outcome === outcome).length
  expect({ granted: count('granted'), soldOut: count('lot_sold_out') }).toEqual({ granted: units, soldOut: buyers - units })

  const kept = await withDatabase((c) =>
    c.query<{ id: string; person_id: string }>("select id, person_id from stock.reservation where state <> 'expired'"),
  )
  expect(kept.rows.length).toBe(units)
  const known = new Map(kept.rows.map((r) => [r.id, r.person_id]))
  for (const [person, answer] of answers) if (answer.reservationId) expect(known.get(answer.reservationId)).toBe(person)
  console.info(`after kill -9: server back in ${back['server']} ms, database in ${back['database']} ms`)
}, 300_000)

const findPid = (): string => {
  const folder = join(efir.dataDir, 'postgres')
  const found = readdirSync(folder, { recursive: true })
    .map(String)
    .find((name) => name.endsWith('postmaster.pid'))
  if (!found) throw new Error('no postmaster.pid')
  return join(folder, found)
}

test('everyone who holds a unit and pays has an order; the verifier is green', async () => {
  const secret = secretOf(efir)
  const held = await withDatabase((c) =>
    c.query<{ id: string; person_id: string }>("select id, person_id from stock.reservation where state = 'held' order by id"),
  )
  const delivery = [{ shopId: shop.shopId, methodId: shop.methodId }]
  const tokenOf = (id: string) =>
    signToken(secret, { p: id, k: 'guest', n: 'Buyer', s: `ses_${id.slice(4)}`, e: Date.now() + 3_600_000 })
  const first = held.rows[0] as { id: string; person_id: string }
  const asked = await post(quote.path, tokenOf(first.person_id), {
    market: 'FR',
    items: [{ reservationId: first.id }],
    country: 'FR',
    delivery,
  })
  const total = asked?.body['total']
  const failed: string[] = []
  await each(held.rows, 24, async (row) => {
    const body = {
      key: `order-${row.id}`,
      market: 'FR',
      items: [{ reservationId: row.id }],
      email: `${row.person_id}@rush.example`,
      address: homes.FR,
      delivery,
      payment: { method: 'card', token: 'tok_test_success' },
      total,
    }
    for (let attempt = 0; attempt < 20; attempt++) {
      const answer = await post(placeOrder.path, tokenOf(row.person_id), body)
      if (answer?.body['state'] === 'paid') return
      const code = (answer?.body['refusal'] as { code?: string } | undefined)?.code ?? String(answer?.body['state'])
      if (attempt === 19 || !['busy', 'too_many_requests', 'undefined', 'to_pay'].includes(code))
        return void failed.push(`${row.id} ${code}`)
      await pause(200)
    }
  })
  expect(failed).toEqual([])
  const paid = await withDatabase((c) =>
    c.query<{ n: string }>('select count(*) as n from orders.order where paid_at is not null'),
  )
  expect(Number(paid.rows[0]?.n)).toBe(units)
  // A moment after the last payment: until then somebody might still have given a unit back.
  const board = async () => (await owner.must(lotBoard, { showId: air.showId })).lots[0]
  await until(
    async () => (await board())?.state === 'sold_out',
    15_000,
    () => 'the lot is not sold out',
  )
  expect(await board()).toMatchObject({ left: 0, sold: units, state: 'sold_out' })
  const verified = await promisify(execFile)(process.execPath, ['server/src/verify.ts'], {
    env: { ...process.env, EFIR_DATA: efir.dataDir },
  })
  expect(verified.stdout).toContain('Everything agrees.')
}, 400_000)
