import { createHmac } from 'node:crypto'
import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import * as contract from '@efir/contract/integrations.ts'
import { envelopeOf, publicEvents } from '@efir/contract/webhooks.ts'
import { Compile } from 'typebox/compile'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { openWorld, type TestPerson, type World } from '../../../test/world.ts'
import { at, sql } from '../../kernel/sql.ts'
import { bought, openShelf, type Shelf } from '../orders/testing.ts'
import { pausesMs } from './hook-rules.ts'
import { allNews } from './news.ts'

/** Somebody's server: takes, drops, answers wrongly, closes halfway; counts what it did by the id of the message. */
interface Received {
  readonly headers: IncomingHttpHeaders
  readonly body: string
}
type Behave = (response: ServerResponse, nth: number) => void

let world: World
let shelf: Shelf
let owner: TestPerson
let server: Server
let base: string
let received: Received[] = []
const done = new Map<string, number>()
let behave: Behave = (response) => response.writeHead(204).end()

beforeAll(async () => {
  server = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8').on('data', (text: string) => {
      body += text
    })
    request.on('end', () => {
      received.push({ headers: request.headers, body })
      const id = String(request.headers['webhook-id'])
      done.set(id, (done.get(id) ?? 0) + 1)
      behave(response, received.length)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
beforeEach(async () => {
  world = await openWorld()
  shelf = await openShelf(world)
  owner = shelf.owner
  received = []
  done.clear()
  behave = (response) => response.writeHead(204).end()
})
afterEach(() => world[Symbol.asyncDispose]())
afterAll(() => void server.close())

const types = ['order.placed', 'order.confirmed', 'order.paid']
const add = () => world.must(owner, contract.addEndpoint, { shopId: shelf.shopId, url: `${base}/hook`, types })
const buy = async () => {
  await bought(world, await world.person(), shelf)
  await world.settle()
}
const log = async (endpointId: string) =>
  (await world.must(owner, contract.endpointLog, { shopId: shelf.shopId, endpointId })).items.toReversed()
/** To the moment when the endpoint is tried again. */
const wait = (ms: number) => world.advance(ms)
const right = (one: Received, secret: string) => {
  const { 'webhook-id': id, 'webhook-timestamp': time, 'webhook-signature': signature } = one.headers
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64')
  const mac = createHmac('sha256', key).update(`${id}.${time}.${one.body}`).digest('base64')
  return String(signature).split(' ').includes(`v1,${mac}`)
}

test('a shop is told in order, signed, with bodies as the contract describes them; another shop hears nothing', async () => {
  const { endpoint, secret } = await add()
  const other = await world.shop()
  await world.must(other.owner, contract.addEndpoint, { shopId: other.id, url: `${base}/other`, types })
  await buy()
  const told = received.map((one) => JSON.parse(one.body) as { type: string; shopId: string; id: string })
  expect(told.map((one) => one.type)).toEqual(['order.placed', 'order.confirmed', 'order.paid'])
  for (const [n, one] of received.entries()) {
    expect(right(one, secret)).toBe(true)
    expect(one.headers['webhook-id']).toBe(told[n]?.id)
    const described = publicEvents.find((event) => event.type === told[n]?.type)
    expect(Compile(envelopeOf(described as (typeof publicEvents)[number])).Check(told[n]), one.body).toBe(true)
    expect(one.body).not.toMatch(/per_|@/)
  }
  expect(new Set(told.map((one) => one.shopId))).toEqual(new Set([shelf.shopId]))
  expect((await log(endpoint.id)).map((one) => [one.state, one.attempts[0]?.status])).toEqual(Array(3).fill(['taken', 204]))
})

test('every event of the contract is told by something that is announced', () => {
  expect([...allNews.map((one) => one.type), 'ping'].toSorted()).toEqual(publicEvents.map((one) => one.type as string).toSorted())
})

test('a receiver that fails, drops and closes halfway loses nothing, and whoever keeps ids does nothing twice', async () => {
  const { endpoint } = await add()
  behave = (response, nth) => {
    if (nth === 1) response.writeHead(500).end('not now')
    else if (nth === 2) response.destroy()
    else if (nth === 3) {
      response.writeHead(200, { 'content-length': '100' })
      response.write('half', () => response.destroy())
    } else if (nth === 4) response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end()
    else response.writeHead(200).end('ok')
  }
  await buy()
  expect(received.length).toBe(1)
  for (const pause of pausesMs.slice(0, 4)) await wait(pause + 1_000)
  const lines = await log(endpoint.id)
  expect(lines.map((one) => one.state)).toEqual(['taken', 'taken', 'taken'])
  expect(lines[0]?.attempts.map((one) => one.status ?? one.problem)).toEqual([500, 'ECONNRESET', 'ECONNRESET', 302, 200])
  expect(lines[0]?.attempts[0]?.answer).toBe('not now')
  // The first was handed over five times under one id; the others, held back meanwhile, once each and in their order.
  expect([...done.values()]).toEqual([5, 1, 1])
  expect([...done.keys()]).toEqual(lines.map((one) => one.id))
})

test('after about three days in vain the endpoint is switched off, its people get a letter, and it can all be sent again', async () => {
  const { endpoint } = await add()
  behave = (response) => response.writeHead(503).end()
  await buy()
  expect(pausesMs.reduce((sum, ms) => sum + ms, 0) / 86_400_000).toBeGreaterThan(2.9)
  // Virtual days are long: the pauses are taken away, the number of tries stays.
  for (let n = 0; n < 60; n++) {
    await world.ctx.run(sql`update integrations.dispatch set next_at = ${at(world.clock.now())} where state = 'waiting'`)
    await world.ctx.run(sql`update kernel.stepped_job set run_at = ${at(world.clock.now())} where name = 'integrations.deliver'`)
    await world.settle()
  }
  const list = await world.must(owner, contract.shopEndpoints, { shopId: shelf.shopId })
  expect(list.endpoints[0]?.state).toBe('disabled')
  expect((await log(endpoint.id))[0]).toMatchObject({ state: 'given_up' })
  const letters = await world.ctx.rows<{ letter: { subject: string; text: string } }>(sql`select letter from kernel.mail_box`)
  expect(letters.filter(({ letter }) => letter.text.includes(`${base}/hook`)).length).toBe(1)
  behave = (response) => response.writeHead(204).end()
  const sentBefore = received.length
  await world.must(owner, contract.changeEndpoint, { shopId: shelf.shopId, endpointId: endpoint.id, state: 'active' })
  const again = await world.must(owner, contract.replayEvents, { shopId: shelf.shopId, endpointId: endpoint.id, sinceAt: 0 })
  await world.settle()
  expect(again.again).toBe(3)
  expect(new Set(received.slice(sentBefore).map((one) => one.headers['webhook-id'])).size).toBe(3)
  expect((await log(endpoint.id)).map((one) => one.state)).toEqual(['taken', 'taken', 'taken'])
})

test('what a killed process was about to send is sent by the next one when its lease is over', async () => {
  const { endpoint } = await add()
  // It had taken the endpoint and died: its job is gone with it, the lease stands.
  await world.ctx.run(
    sql`update integrations.endpoint set busy_until = ${at(world.clock.now() + 30_000)} where id = ${endpoint.id}`,
  )
  await buy()
  expect(received).toEqual([])
  await wait(31_000)
  expect((await log(endpoint.id)).map((one) => one.state)).toEqual(['taken', 'taken', 'taken'])
  expect([...done.values()]).toEqual([1, 1, 1])
})

test('while the secret changes both sign; a ping and one event again keep to their ids; paused, nothing leaves', async () => {
  const { endpoint, secret } = await add()
  const where = { shopId: shelf.shopId, endpointId: endpoint.id }
  const turned = await world.must(owner, contract.rotateEndpointSecret, where)
  await world.must(owner, contract.pingEndpoint, where)
  await world.settle()
  const ping = received[0] as Received
  expect([right(ping, secret), right(ping, turned.secret)]).toEqual([true, true])
  await world.must(owner, contract.replayEvents, { ...where, dispatchId: String(ping.headers['webhook-id']) })
  await world.settle()
  expect(received[1]?.headers['webhook-id']).toBe(ping.headers['webhook-id'])
  await world.must(owner, contract.changeEndpoint, { ...where, state: 'paused' })
  await buy()
  expect(received.length).toBe(2)
  await world.ctx.run(sql`update integrations.endpoint set old_until = ${at(world.clock.now() - 1)}`)
  await world.must(owner, contract.changeEndpoint, { ...where, state: 'active' })
  await world.settle()
  expect(received.length).toBe(5)
  expect([right(received[4] as Received, secret), right(received[4] as Received, turned.secret)]).toEqual([false, true])
  const stored = await world.ctx.rows(sql`select secret, old_secret from integrations.endpoint`)
  expect(JSON.stringify(stored)).not.toContain(turned.secret)
})

test('private addresses, unknown events and another shop are refused; 410 means never again', async () => {
  const ask = (url: string, more: object = {}) =>
    world.call(owner, contract.addEndpoint, { shopId: shelf.shopId, url, types, ...more })
  for (const url of [
    'http://example.com/x',
    'https://10.0.0.1/x',
    'https://[::1]/x',
    'https://localhost/x',
    'https://u:p@example.com/',
  ])
    expect(await ask(url), url).toMatchObject({ refusal: 'address_not_public' })
  expect(await ask('https://example.com/x', { types: ['person.renamed'] })).toMatchObject({ refusal: 'event_unknown' })
  const { endpoint } = await add()
  const other = await world.shop()
  expect(await world.call(other.owner, contract.endpointLog, { shopId: other.id, endpointId: endpoint.id })).toMatchObject({
    refusal: 'not_found',
  })
  behave = (response) => response.writeHead(410).end()
  await buy()
  expect(received.length).toBe(1)
  expect((await world.must(owner, contract.shopEndpoints, { shopId: shelf.shopId })).endpoints[0]?.state).toBe('disabled')
})
