import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { act, Obj } from '@efir/contract/act.ts'
import { Type } from 'typebox'
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { call, mayRepeat, setRenew } from './api.ts'

const look = act({
  name: 'look',
  method: 'GET',
  path: '/look',
  who: ['public'],
  summary: '',
  input: Obj({}),
  output: Obj({ n: Type.Integer() }),
})
const buy = act({
  name: 'buy',
  method: 'POST',
  path: '/buy',
  who: ['known'],
  summary: '',
  input: Obj({ idempotencyKey: Type.Optional(Type.String()) }),
  output: Obj({ n: Type.Integer() }),
  refusals: ['lot_sold_out'],
})

type Reply = (req: IncomingMessage, res: ServerResponse) => void
let server: Server
let replies: Reply[] = []
let asked = 0

const value: Reply = (_, res) => res.writeHead(200).end('{"n":1}')
const refuse =
  (status: number, code: string, params = {}): Reply =>
  (_, res) =>
    res.writeHead(status, { 'x-request-id': 'req_1' }).end(JSON.stringify({ refusal: { code, params } }))
const drop: Reply = (req) => req.socket.destroy()

beforeAll(async () => {
  server = createServer((req, res) => {
    asked += 1
    const reply = replies.shift() ?? value
    reply(req, res)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const real = fetch
  // A browser completes relative addresses and knows its network; Node does neither.
  vi.stubGlobal('fetch', (path: string, init: RequestInit) => real(base + path, init))
  vi.stubGlobal('navigator', { onLine: true })
  vi.stubGlobal('document', { documentElement: { lang: 'uk' } })
})
beforeEach(() => {
  asked = 0
  replies = []
  setRenew(null)
})
afterAll(async () => {
  vi.unstubAllGlobals()
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})

test('only what means the same twice may be said twice', () => {
  expect(mayRepeat(look, {})).toBe(true)
  expect(mayRepeat(buy, { idempotencyKey: 'k'.repeat(8) })).toBe(true)
  expect(mayRepeat(buy, {})).toBe(false)
})

test('a read that got no answer is asked again', async () => {
  replies = [drop]
  expect(await call(look, {})).toEqual({ ok: true, value: { n: 1 } })
  expect(asked).toBe(2)
})

test('a purchase without a key is never said twice; with its key it is', async () => {
  replies = [drop]
  expect(await call(buy, {})).toMatchObject({ ok: false, failure: 'network' })
  expect(asked).toBe(1)
  replies = [drop]
  expect(await call(buy, { idempotencyKey: 'same-key' })).toEqual({ ok: true, value: { n: 1 } })
})

test('a refusal is an answer: nothing is repeated', async () => {
  replies = [refuse(409, 'lot_sold_out')]
  expect(await call(buy, { idempotencyKey: 'same-key' })).toMatchObject({
    ok: false,
    refusal: 'lot_sold_out',
    requestId: 'req_1',
  })
  expect(asked).toBe(1)
})

test('a busy server is waited for by reads, and told to the buyer by acts', async () => {
  replies = [refuse(503, 'busy', { retryInMs: 100 })]
  expect(await call(look, {})).toMatchObject({ ok: true })
  replies = [refuse(503, 'busy', { retryInMs: 100 })]
  expect(await call(buy, { idempotencyKey: 'same-key' })).toMatchObject({ refusal: 'busy', params: { retryInMs: 100 } })
})

test('a lapsed token is renewed once for all calls that find it lapsed', async () => {
  let renewed = 0
  setRenew(async () => {
    renewed += 1
    return true
  })
  replies = [refuse(401, 'not_signed_in'), refuse(401, 'not_signed_in')]
  const answers = await Promise.all([call(look, {}), call(buy, {})])
  expect(answers.every((one) => one.ok)).toBe(true)
  expect(renewed).toBe(1)
})

test('a stranger stays a stranger: not_signed_in after renewing is the answer', async () => {
  setRenew(async () => true)
  replies = [refuse(401, 'not_signed_in'), refuse(401, 'not_signed_in')]
  expect(await call(look, {})).toMatchObject({ refusal: 'not_signed_in' })
  expect(asked).toBe(2)
})

test('the language of the page is said', async () => {
  let language = ''
  const listen: Reply = (req, res) => {
    language = req.headers['accept-language'] ?? ''
    value(req, res)
  }
  replies = [listen]
  await call(look, {})
  expect(language).toBe('uk')
})
