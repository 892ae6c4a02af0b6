import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { systemClock } from '../../server/src/kernel/clock.ts'
import { openGate } from '../../server/src/modules/room/gate.ts'
import { Hub } from '../../server/src/modules/room/hub/hub.ts'
import { serveBench } from './room-peer.ts'

/** Efir's own room behind its own gate, as the product runs it; only the event log is replaced by a counter. */
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
const server = createServer()
openGate({ hub, server, clock: systemClock })
server.listen({ port: 0, host: '127.0.0.1', backlog: 4_096 }, () => {
  serveBench({
    port: (server.address() as AddressInfo).port,
    joined: () => hub.room('bench')?.size ?? 0,
    emit: (seq, data) => hub.apply('bench', seq, [{ e: 'bench', data }]),
    state: (seq, k, value) => hub.apply('bench', seq, [{ k, value }]),
    quiet: () => hub.room('bench')?.frame ?? 0,
  })
})
