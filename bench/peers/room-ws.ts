import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { WebSocketServer } from 'ws'
import { serveBench } from './room-peer.ts'

/** A room as one writes it first: every message to every socket, whoever reads it. */
const server = createServer()
const sockets = new WebSocketServer({ server, perMessageDeflate: false })
function send(message: object): void {
  const text = JSON.stringify(message)
  for (const socket of sockets.clients) socket.send(text)
}
server.listen({ port: 0, host: '127.0.0.1', backlog: 4_096 }, () => {
  serveBench({
    port: (server.address() as AddressInfo).port,
    joined: () => sockets.clients.size,
    emit: (seq, data) => send({ t: 'tick', m: [{ e: 'bench', seq, data }] }),
    state: (seq, k, value) => send({ t: 'tick', m: [{ k, v: seq, value }] }),
    quiet: () => 0,
  })
})
