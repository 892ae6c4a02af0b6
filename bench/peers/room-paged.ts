import type { AddressInfo } from 'node:net'
import fastify from 'fastify'
import { systemClock } from '../../server/src/kernel/clock.ts'
import { Hub } from '../../server/src/modules/room/hub/hub.ts'
import { PageDesk } from '../../server/src/modules/room/paged/desk.ts'
import { servePages } from '../../server/src/modules/room/paged/serve.ts'

/** The origin of room-cache: the product's own room and pages, with a counter of what it is asked. */
export type PagedOrder = { do: 'talk'; forMs: number } | { do: 'count' }
export interface Counted {
  readonly requests: number
  readonly cpuMs: number
  readonly seq: number
  readonly events: number
  /** Newest value of each key. */
  readonly state: Readonly<Record<string, unknown>>
}

const hub = new Hub({
  clock: systemClock,
  epoch: 'bench',
  pos: 0,
  open: async () => ({ state: [], chat: [], entry: 'all', marks: new Map(), banned: new Set() }),
  memberOf: () => 'token_wrong',
  say: async () => {
    throw new Error('nobody talks in this bench')
  },
})
hub.start()
const app = fastify()
let requests = 0
app.addHook('onRequest', (_request, _reply, done) => {
  requests++
  done()
})
servePages(new PageDesk(hub))(app)

const cpu = process.cpuUsage()
const state: Record<string, unknown> = {}
let seq = 0
let events = 0
function talk(): void {
  const key = `lot:${seq % 20}`
  state[key] = ++seq
  hub.apply('bench', seq, [{ k: key, value: seq }])
  hub.apply('bench', ++seq, [{ e: 'sold', data: ++events }])
  hub.chat('bench', { id: `m${seq}`, person: 'p', name: 'Somebody', text: `What a lovely thing that is, number ${seq}`, at: seq })
}
process.on('message', (order: PagedOrder) => {
  if (order.do === 'talk') {
    const timer = setInterval(talk, 50)
    setTimeout(() => {
      clearInterval(timer)
      process.send?.({ talked: true })
    }, order.forMs)
    return
  }
  const used = process.cpuUsage(cpu)
  process.send?.({ requests, cpuMs: (used.user + used.system) / 1_000, seq, events, state } satisfies Counted)
})
process.on('disconnect', () => process.exit(0))
await app.listen({ port: 0, host: '127.0.0.1' })
process.send?.({ port: (app.server.address() as AddressInfo).port })
