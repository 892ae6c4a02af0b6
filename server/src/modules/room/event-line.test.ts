import { request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { closeCodes } from '@efir/contract/room/close-codes.ts'
import fastify from 'fastify'
import { afterEach, expect, test } from 'vitest'
import { systemClock } from '../../kernel/clock.ts'
import { serveEvents } from './event-line.ts'
import { Seats } from './gate.ts'
import { Hub, type HubOptions } from './hub/hub.ts'
import { start } from './hub/testing.ts'

const open: (() => unknown)[] = []
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close()
})

async function serve(options: Partial<HubOptions> = {}, seats = new Seats(10, 10)) {
  const hub = new Hub({
    clock: systemClock,
    epoch: 'e1',
    pos: 10,
    open: async () => start(),
    memberOf: (token) => ({ personId: token, name: token, operator: false }),
    say: async () => {
      throw new Error('nobody talks here')
    },
    ...options,
  })
  open.push(hub.start())
  const app = fastify({ forceCloseConnections: true })
  serveEvents({ hub, clock: systemClock, seats, cookie: 'efir_token' })(app)
  await app.listen({ port: 0, host: '127.0.0.1' })
  open.push(() => app.close())
  return { hub, port: (app.server.address() as AddressInfo).port }
}

/** Server-sent events as a browser reads them. */
function hear(port: number, more: { path?: string; headers?: Record<string, string> } = {}) {
  const events: { id?: string; event?: string; data: string }[] = []
  const ask = request({ port, host: '127.0.0.1', path: more.path ?? '/room/shw_1/events', headers: more.headers ?? {} })
  const status = new Promise<number>((resolve) => {
    ask.on('response', (answer) => {
      resolve(answer.statusCode ?? 0)
      let text = ''
      answer.on('data', (part) => {
        text += String(part)
        const whole = text.split('\n\n')
        text = whole.pop() ?? ''
        for (const one of whole) {
          const fields = one.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)])
          events.push(Object.fromEntries(fields))
        }
      })
      answer.on('error', () => undefined)
    })
  })
  ask.on('error', () => undefined)
  ask.end()
  open.push(() => ask.destroy())
  const messages = () => events.filter((one) => !one.event).map((one) => JSON.parse(one.data))
  return { ask, status, events, messages }
}

test('[ROOM29] the same messages as on a socket, and the last id resumes behind what was seen', async () => {
  const { hub, port } = await serve()
  const first = hear(port, { headers: { cookie: 'efir_token=per_1' } })
  await expect.poll(() => first.messages().length).toBe(2)
  expect(first.messages()).toMatchObject([
    { t: 'welcome', you: { person: 'per_1' } },
    { t: 'snapshot', seq: 10 },
  ])
  hub.apply('shw_1', 11, [{ e: 'sold', data: 'é\n\ndata: x' }])
  await expect.poll(() => first.messages().at(-1)).toMatchObject({ t: 'tick', seq: 11, m: [{ e: 'sold', data: 'é\n\ndata: x' }] })
  expect(first.events.at(-1)?.id).toBe('e1:11')
  first.ask.destroy()
  await expect.poll(() => hub.size).toBe(0)
  hub.apply('shw_1', 12, [{ e: 'sold', data: 2 }])
  const again = hear(port, { headers: { 'last-event-id': 'e1:11' } })
  await expect.poll(() => again.messages().length).toBeGreaterThan(1)
  expect(again.messages().slice(0, 2)).toMatchObject([
    { t: 'welcome', how: 'resume' },
    { t: 'tick', prev: 11, seq: 12 },
  ])
  const early = hear(port, {
    path: `/room/shw_1/events?join=${encodeURIComponent(JSON.stringify({ t: 'join', v: 1, room: 'shw_1', pos: { epoch: 'e1', seq: 12 } }))}`,
  })
  await expect.poll(() => early.messages()[0]).toMatchObject({ t: 'welcome', how: 'resume' })
})

test('[ROOM29] goodbyes tell their code, foreign pages are nobody, and places are limited', async () => {
  const { hub, port } = await serve({}, new Seats(2, 2))
  const stranger = hear(port, { headers: { cookie: 'efir_token=per_1', origin: 'https://evil.example' } })
  await expect.poll(() => stranger.messages()[0]).toMatchObject({ t: 'welcome', you: null })
  const wrong = hear(port, { path: '/room/shw_1/events?join=%7B' })
  await expect.poll(() => wrong.events.at(-1)).toEqual({ event: 'close', data: String(closeCodes.message_wrong) })
  const bye = hear(port)
  await expect.poll(() => hub.size).toBe(2)
  expect(await hear(port).status).toBe(503)
  hub.leaveAll()
  await expect.poll(() => bye.events.at(-1)).toEqual({ event: 'close', data: String(closeCodes.server_leaving) })
  await expect.poll(() => hub.size).toBe(0)
})

test('[ROOM29] who does not read is held, then sent away; what waits for it stays bounded', async () => {
  const { hub, port } = await serve({
    limits: { closeAfterMs: 4_000, held: { afterMs: 2_000, bytes: 3_000_000 }, lean: { afterMs: 1_000, bytes: 2_000_000 } },
  })
  const stalled = hear(port)
  await expect.poll(() => hub.size).toBe(1)
  stalled.ask.on('response', (answer) => answer.pause())
  const pad = 'x'.repeat(200_000)
  let seq = 10
  let most = 0
  const before = process.memoryUsage().rss
  await expect
    .poll(
      () => {
        hub.apply('shw_1', ++seq, [{ k: 'big', value: pad }])
        most = Math.max(most, process.memoryUsage().rss - before)
        return hub.size
      },
      { timeout: 30_000, interval: 20 },
    )
    .toBe(0)
  expect(most).toBeLessThan(300_000_000)
})
