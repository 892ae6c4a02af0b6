import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parse } from 'yaml'
import { type FiguresServer, openFiguresServer } from '../src/kernel/figures-server.ts'
import { sql } from '../src/kernel/sql.ts'
import { stage, tap } from '../src/modules/lots/testing.ts'
import { bought, buy, openShelf } from '../src/modules/orders/testing.ts'
import { openWorld, type World } from './world.ts'

const ops = join(import.meta.dirname, '../../ops')
const token = 'a token for figures only'

let world: World
let server: FiguresServer
let ready = true
beforeAll(async () => {
  world = await openWorld()
  server = await openFiguresServer({
    port: 0,
    host: '127.0.0.1',
    token,
    figures: world.app.figures,
    health: async () => ({ ok: true }),
    ready: () => ready,
    log: world.kernel.log,
  })
})
afterAll(async () => {
  await server[Symbol.asyncDispose]()
  await world[Symbol.asyncDispose]()
})

const ask = (path: string, headers: Record<string, string> = { authorization: `Bearer ${token}` }) =>
  fetch(`http://127.0.0.1:${server.port}${path}`, { headers })

/** Values by series as they stand in the text: `name{label="value"}`. */
async function scrape(): Promise<Map<string, number>> {
  const answer = await ask('/metrics')
  expect(answer.status).toBe(200)
  const lines = (await answer.text()).split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  return new Map(lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ') + 1))]))
}

const inDatabase = () =>
  world.kernel.db.one<{ reservations: number; orders: number }>(
    sql`select (select count(*) from stock.reservation) as reservations, (select count(*) from orders.checkout) as orders`,
  )

async function names(): Promise<ReadonlySet<string>> {
  const text = await (await ask('/metrics')).text()
  const typed = [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)]
  return new Set(
    typed.flatMap(([, name = '', kind]) => (kind === 'histogram' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name])),
  )
}

/** The series that an expression of Prometheus reads. */
const seriesIn = (expression: string): string[] =>
  [...expression.matchAll(/\b(?:efir|nodejs|process)_[a-z0-9_]+\b/g)].map((m) => m[0])

test('during a small sale the figures say what the database holds', async () => {
  const before = { figures: await scrape(), rows: await inDatabase() }
  const { lot, open } = await stage(world)
  const lotId = await lot({ units: 5, quota: 5 })
  await open(lotId)
  const buyers = await Promise.all(Array.from({ length: 12 }, () => world.person()))
  await Promise.all(buyers.map((buyer) => tap(world, buyer, lotId)))
  const shelf = await openShelf(world, { units: 3 })
  for (let i = 0; i < 2; i++) await bought(world, await world.person(), shelf)
  await buy(world, await world.person(), shelf, { token: 'tok_test_declined' })
  await world.settle()
  // What is read of the database is kept for a moment.
  await world.advance(2_000)
  const after = await scrape()
  const grown = (series: string) => (after.get(series) ?? 0) - (before.figures.get(series) ?? 0)

  const rows = await inDatabase()
  expect(grown('efir_reservations_total{outcome="granted"}')).toBe(rows.reservations - before.rows.reservations)
  expect(grown('efir_reservations_total{outcome="soldOut"}')).toBeGreaterThanOrEqual(7)
  expect(grown('efir_http_requests_total{act="reserveLot",outcome="ok"}')).toBe(5)
  expect(grown('efir_http_requests_total{act="reserveLot",outcome="lot_sold_out"}')).toBe(7)
  expect(grown('efir_http_requests_total{act="placeOrder",outcome="ok"}')).toBe(rows.orders - before.rows.orders)
  expect(grown('efir_http_request_seconds_count{act="reserveLot"}')).toBe(12)
  expect(grown('efir_stock_batch_rows_sum')).toBe(world.app.desk.metrics().rows)
  expect(grown('efir_stock_batch_seconds_count')).toBe(world.app.desk.metrics().batches)
  expect(after.get('efir_events_head')).toBe(
    (await world.kernel.db.one<{ pos: number }>(sql`select pos from kernel.event_head`)).pos,
  )
  expect(after.get('efir_events_waiting{reader="orders"}')).toBe(0)
  expect(after.get('efir_disk_free_bytes')).toBeGreaterThan(0)
})

test('labels hold no ids, and a figure has few series', async () => {
  const all = [...(await scrape()).keys()]
  expect(all.filter((series) => /"[a-z]{3}_[0-9a-z]{26}"/.test(series))).toEqual([])
  const perName = Map.groupBy(all, (series) => series.split('{')[0])
  for (const [name, series] of perName) expect(series.length, name).toBeLessThan(1_000)
})

test('the figures want their token; health and readiness do not; nothing else is there', async () => {
  expect((await ask('/metrics', {})).status).toBe(401)
  expect((await ask('/metrics', { authorization: 'Bearer wrong' })).status).toBe(401)
  expect((await ask('/healthz', {})).status).toBe(200)
  expect((await ask('/readyz', {})).status).toBe(200)
  ready = false
  expect((await ask('/readyz', {})).status).toBe(503)
  ready = true
  expect((await ask('/api/me', {})).status).toBe(404)
})

test('the public port tells no figures', async () => {
  expect((await world.app.http.inject({ url: '/metrics' })).statusCode).toBe(404)
})

test('several scrapers at once get one answer', async () => {
  const answers = await Promise.all(Array.from({ length: 20 }, () => ask('/metrics')))
  expect(answers.map((a) => a.status)).toEqual(answers.map(() => 200))
})

test('every figure that the dashboard shows is told', async () => {
  const dashboard = JSON.parse(readFileSync(join(ops, 'grafana/efir.json'), 'utf8')) as {
    panels: { title: string; targets?: { expr: string }[] }[]
  }
  const known = await names()
  const read = dashboard.panels.flatMap((panel) => panel.targets ?? []).flatMap((target) => seriesIn(target.expr))
  expect(read.length).toBeGreaterThan(40)
  expect([...new Set(read)].filter((name) => !known.has(name))).toEqual([])
})

interface Rule {
  alert: string
  expr: string
  annotations: { summary: string; runbook: string }
}

test('every alert reads figures that are told, and links to a page that names it', async () => {
  const { groups } = parse(readFileSync(join(ops, 'prometheus/alerts.yml'), 'utf8')) as { groups: { rules: Rule[] }[] }
  const rules = groups.flatMap((group) => group.rules)
  const known = await names()
  expect(rules.length).toBeGreaterThan(10)
  for (const { alert, expr, annotations } of rules) {
    const read = seriesIn(expr)
    expect(read.length + Number(expr.includes('up{')), alert).toBeGreaterThan(0)
    expect(
      read.filter((name) => !known.has(name)),
      alert,
    ).toEqual([])
    expect(annotations.summary, alert).not.toBe('')
    expect(readFileSync(join(ops, '..', annotations.runbook), 'utf8'), `${annotations.runbook} names ${alert}`).toContain(alert)
  }
})
