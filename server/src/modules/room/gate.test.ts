import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { closeCodes } from '@efir/contract/room/close-codes.ts'
import { afterEach, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { systemClock } from '../../kernel/clock.ts'
import { openTrust, type Trust } from '../../kernel/remote.ts'
import { openGate, Seats } from './gate.ts'
import { Hub } from './hub/hub.ts'

const open: AsyncDisposable[] = []
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one[Symbol.asyncDispose]()
})

async function gate(more: { seats?: Seats; trusts?: Trust } = {}) {
  const hub = new Hub({
    clock: systemClock,
    epoch: 'e1',
    pos: 0,
    open: async () => ({
      state: [{ k: 'show', value: 'x'.repeat(70_000) }],
      chat: [],
      entry: 'all',
      marks: new Map(),
      banned: new Set(),
    }),
    memberOf: (token) => ({ personId: token, name: token, operator: false }),
    say: async () => {
      throw new Error('nobody talks here')
    },
  })
  const server = createServer()
  const doors = openGate({ hub, server, clock: systemClock, cookie: 'efir_token', ...more })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  open.push({ [Symbol.asyncDispose]: () => new Promise<void>((resolve) => void server.close(() => resolve())) }, doors)
  const { port } = server.address() as AddressInfo
  return { hub, port, doors }
}

function dial(port: number, headers: Record<string, string> = {}, path = '/room') {
  const ws = new WebSocket(`ws://127.0.0.1:${port}${path}`, { headers })
  const waiting: ((message: { t: string; [k: string]: unknown }) => void)[] = []
  const come: { t: string }[] = []
  ws.on('message', (data) => {
    const message = JSON.parse(String(data))
    const next = waiting.shift()
    if (next) next(message)
    else come.push(message)
  })
  const next = () =>
    new Promise<{ t: string; [k: string]: unknown }>((resolve) =>
      come.length > 0 ? resolve(come.shift() as never) : void waiting.push(resolve),
    )
  const closed = new Promise<number>((resolve) => ws.on('close', resolve))
  const opened = new Promise<void>((resolve, reject) => ws.on('open', resolve).on('error', reject))
  return { ws, next, closed, opened, say: (message: object) => ws.send(JSON.stringify(message)) }
}
const hello = { t: 'join', v: 1, room: 'shw_1' }

test('a real socket joins, gets a large snapshot and shared frames, and is told when the server leaves', async () => {
  const { hub, port, doors } = await gate()
  const viewer = dial(port)
  await viewer.opened
  viewer.say(hello)
  expect(await viewer.next()).toMatchObject({ t: 'welcome', you: null })
  expect((await viewer.next()).t).toBe('snapshot')
  hub.apply('shw_1', 1, [{ e: 'sold', data: 'é' }])
  expect(await viewer.next()).toMatchObject({ t: 'tick', prev: 0, seq: 1, m: [{ e: 'sold', data: 'é' }] })
  await doors[Symbol.asyncDispose]()
  expect((await viewer.next()).t).toBe('bye')
  expect(await viewer.closed).toBe(closeCodes.server_leaving)
  open.pop()
})

test('[ROOM1] the first message may come with the handshake, and is judged as any other', async () => {
  const { port, hub } = await gate()
  const early = (join: string) => dial(port, { cookie: 'efir_token=per_1' }, `/room?join=${join}`)
  const viewer = early(encodeURIComponent(JSON.stringify(hello)))
  expect(await viewer.next()).toMatchObject({ t: 'welcome', you: { person: 'per_1' } })
  expect((await viewer.next()).t).toBe('snapshot')
  hub.apply('shw_1', 1, [{ e: 'sold', data: 1 }])
  expect((await viewer.next()).t).toBe('tick')
  for (const wrong of ['', '%7B%7D', '%E0%A4', encodeURIComponent(JSON.stringify({ ...hello, room: 'a b' }))])
    expect(await early(wrong).closed).toBe(closeCodes.message_wrong)
  viewer.say({ t: 'join', v: 1, room: 'shw_1' })
  expect(await viewer.closed).toBe(closeCodes.message_wrong)
})

test("the cookie says who one is to pages of this site and to programs, not to a stranger's page", async () => {
  const { port } = await gate()
  const you = async (headers: Record<string, string>) => {
    const viewer = dial(port, { cookie: 'a=b; efir_token=per_1', ...headers })
    await viewer.opened
    viewer.say(hello)
    const welcome = await viewer.next()
    viewer.ws.terminate()
    return welcome['you']
  }
  expect(await you({})).toMatchObject({ person: 'per_1' })
  expect(await you({ origin: `http://127.0.0.1:${port}` })).toMatchObject({ person: 'per_1' })
  expect(await you({ origin: 'https://evil.example' })).toBeNull()
})

test('[ROOM14] a message that is too large or not text ends the connection, other paths are refused', async () => {
  const { port, hub } = await gate()
  const large = dial(port)
  await large.opened
  large.ws.send('x'.repeat(5_000))
  expect(await large.closed).toBe(1009)
  const binary = dial(port)
  await binary.opened
  binary.ws.send(Buffer.from('{}'))
  expect(await binary.closed).toBe(closeCodes.message_wrong)
  await expect(dial(port, {}, '/elsewhere').opened).rejects.toThrow('404')
  expect(hub.size).toBe(0)
})

test('[ROOM14] places are limited, in all and for one network; who finds none is told when to come again', async () => {
  const { port, hub } = await gate({ seats: new Seats(5, 2), trusts: openTrust(undefined, true) })
  const from = (address: string) => dial(port, { 'x-forwarded-for': address })
  const taken = ['198.51.100.1', '198.51.100.1', '2001:db8::1', '2001:db8::2'].map(from)
  for (const viewer of taken) await viewer.opened
  const refusal = (address: string) =>
    new Promise<unknown>((resolve) =>
      from(address)
        .ws.on('unexpected-response', (_, answer) => resolve([answer.statusCode, answer.headers['retry-after']]))
        .on('error', () => undefined),
    )
  expect(await refusal('198.51.100.1')).toEqual([503, '5'])
  expect(await refusal('2001:db8::3')).toEqual([503, '5'])
  await from('203.0.113.1').opened
  expect(await refusal('203.0.113.2')).toEqual([503, '5'])
  for (const viewer of taken) viewer.ws.close()
  for (const viewer of taken) await viewer.closed
  for (let tries = 0; tries < 200 && hub.size > 1; tries++) await new Promise((resolve) => setTimeout(resolve, 5))
  await from('198.51.100.1').opened
})

const upgradeTo = (path: string) =>
  `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`

test('a handshake to anywhere else, even to no address at all, is refused and its line closed', async () => {
  const { port } = await gate()
  for (const path of ['/foo', '//', 'http://[', '/room/../x', '*']) {
    const line = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
    line.write(upgradeTo(path))
    const said = await new Promise<string>((resolve) => {
      let text = ''
      line.on('data', (part) => {
        text += String(part)
      })
      line.on('end', () => resolve(text))
    })
    expect(said).toMatch(/^HTTP\/1\.1 40[04] /)
    line.destroy()
  }
})

test('lines that are cut in the middle of a handshake harm nobody', async () => {
  const { port } = await gate()
  for (let i = 0; i < 60; i++) {
    await new Promise<void>((resolve) => {
      const line = connect(port, '127.0.0.1', () => {
        line.write(upgradeTo(i % 2 ? '/foo' : '/room'))
        setImmediate(() => line.resetAndDestroy())
      })
      line.on('error', () => undefined)
      line.on('close', () => resolve())
    })
  }
  const ws = dial(port)
  await ws.opened
  ws.ws.terminate()
})
