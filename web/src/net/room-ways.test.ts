import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import fastify from 'fastify'
import { afterEach, beforeAll, expect, test } from 'vitest'
import { systemClock } from '../../../server/src/kernel/clock.ts'
import { serveEvents } from '../../../server/src/modules/room/event-line.ts'
import { openGate, Seats } from '../../../server/src/modules/room/gate.ts'
import { Hub, type HubOptions } from '../../../server/src/modules/room/hub/hub.ts'
import { start } from '../../../server/src/modules/room/hub/testing.ts'
import { PageDesk } from '../../../server/src/modules/room/paged/desk.ts'
import { servePages } from '../../../server/src/modules/room/paged/serve.ts'
import { Route } from './room-ways.ts'
import { RoomSocket, type RoomSocketOptions } from './socket.ts'

const open: (() => unknown)[] = []
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close()
})

/** What a browser has and Node has not, for one message per event. */
class Events {
  onmessage: ((event: { data: string }) => void) | null = null
  onerror: (() => void) | null = null
  private onend: ((event: { data: string }) => void) | null = null
  private readonly stop = new AbortController()

  constructor(url: string) {
    this.read(url).catch(() => this.onerror?.())
  }

  addEventListener(_: 'close', call: (event: { data: string }) => void): void {
    this.onend = call
  }

  close(): void {
    this.stop.abort()
  }

  private async read(url: string): Promise<void> {
    const answer = await fetch(url, { signal: this.stop.signal })
    let text = ''
    for await (const part of answer.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      const whole = `${text}${part}`.split('\n\n')
      text = whole.pop() ?? ''
      for (const event of whole) {
        const data = event.slice(event.indexOf('data: ') + 6)
        if (event.startsWith('event: close')) this.onend?.({ data })
        else this.onmessage?.({ data })
      }
    }
    this.onerror?.()
  }
}
beforeAll(() => {
  Object.assign(globalThis, { EventSource: Events })
})

/** A room with all three doors, and in front of it a proxy that does not know what an upgrade is. */
async function serve(options: Partial<HubOptions> = {}) {
  const hub = new Hub({
    clock: systemClock,
    epoch: 'e1',
    pos: 10,
    open: async () => start({ state: [{ k: 'show', value: 'live' }] }),
    memberOf: () => 'token_wrong',
    say: async () => {
      throw new Error('words go by acts')
    },
    ...options,
  })
  const app = fastify({ forceCloseConnections: true })
  serveEvents({ hub, clock: systemClock, seats: new Seats(10, 10) })(app)
  servePages(new PageDesk(hub))(app)
  const doors = openGate({ hub, server: app.server, clock: systemClock })
  await app.listen({ port: 0, host: '127.0.0.1' })
  open.push(
    () => app.close(),
    () => doors[Symbol.asyncDispose](),
  )
  const inner = (app.server.address() as AddressInfo).port
  const proxy = createServer((req, res) => {
    const headers = { ...req.headers, connection: 'close' }
    const out = request({ port: inner, host: '127.0.0.1', path: req.url, method: req.method, headers }, (answer) => {
      res.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(res)
    })
    out.on('error', () => res.destroy())
    res.on('close', () => out.destroy())
    req.pipe(out)
  })
  proxy.on('upgrade', (_, socket) => void socket.end('HTTP/1.1 502 Bad Gateway\r\nConnection: close\r\n\r\n'))
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
  open.push(() => {
    proxy.closeAllConnections()
    proxy.close()
  })
  return { hub, direct: inner, proxied: (proxy.address() as AddressInfo).port }
}

function watch(port: number, more: Partial<RoomSocketOptions> = {}) {
  const room = new RoomSocket({
    url: `ws://127.0.0.1:${port}/room`,
    room: 'shw_1',
    joinsEarly: true,
    random: () => 0,
    otherWays: {
      base: `http://127.0.0.1:${port}/room/shw_1`,
      say: async (key, text) => ({ ok: true, line: { id: key, person: 'p', name: 'P', text, at: 1 } }),
    },
    ...more,
  })
  open.push(() => room.leave())
  const events: unknown[] = []
  room.store.onEvent((event) => void events.push(event.data))
  return { room, events }
}

test('[ROOM29] where a proxy eats the upgrade, the room comes by server-sent events, by itself', async () => {
  const { hub, proxied } = await serve()
  const { room, events } = watch(proxied)
  await expect.poll(() => room.store.value('show'), { timeout: 10_000 }).toBe('live')
  expect(room.status).toEqual({ at: 'open' })
  hub.apply('shw_1', 11, [
    { e: 'sold', data: 1 },
    { k: 'show', value: 'ended' },
  ])
  await expect.poll(() => [events, room.store.value('show')]).toEqual([[1], 'ended'])
  expect(await room.say('hello')).toMatchObject({ ok: true, line: { text: 'hello' } })
  expect(room.store.chat.map((line) => line.text)).toEqual(['hello'])
})

test('[ROOM28] by the word of a full room the client reads its pages, and misses nothing', async () => {
  const { hub, direct } = await serve({ limits: { cachedFrom: 0 } })
  const { room, events } = watch(direct)
  await expect.poll(() => room.store.value('show'), { timeout: 10_000 }).toBe('live')
  for (let seq = 11; seq < 31; seq++) {
    hub.apply('shw_1', seq, [{ e: 'sold', data: seq }])
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  await expect.poll(() => events.length, { timeout: 10_000 }).toBe(20)
  expect(events).toEqual(Array.from({ length: 20 }, (_, i) => 11 + i))
  expect(await room.say('hello')).toMatchObject({ ok: true })
})

test('a way is left after two lines that never opened, and pages after a while', () => {
  const route = new Route(true)
  route.lost(1006, false, 0)
  expect(route.way).toBe('socket')
  route.lost(1006, true, 0)
  route.lost(1006, false, 0)
  expect(route.way).toBe('socket')
  route.lost(1006, false, 0)
  expect(route.way).toBe('events')
  route.lost(1006, false, 0)
  route.lost(1006, false, 0)
  expect(route.way).toBe('socket')
  route.lost(4006, false, 1_000)
  expect(route.way).toBe('pages')
  route.lost(1006, true, 200_000)
  expect(route.way).toBe('pages')
  route.lost(1006, true, 302_000)
  expect(route.way).toBe('socket')
  const only = new Route(false)
  for (let i = 0; i < 5; i++) only.lost(4006, false, 0)
  expect(only.way).toBe('socket')
})
