import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Server } from 'socket.io'
import { serveBench } from './room-peer.ts'

/** Socket.IO as its manual says: WebSocket only, no compression, one room, one emit per event. */
const server = createServer()
const io = new Server(server, { transports: ['websocket'], perMessageDeflate: false, httpCompression: false, serveClient: false })
io.on('connection', (socket) => void socket.join('bench'))
server.listen({ port: 0, host: '127.0.0.1', backlog: 4_096 }, () => {
  serveBench({
    port: (server.address() as AddressInfo).port,
    joined: () => io.sockets.adapter.rooms.get('bench')?.size ?? 0,
    emit: (seq, data) => void io.to('bench').emit('bench', { seq, data }),
    quiet: () => 0,
  })
})
