import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { closeCodes } from '@efir/contract/room/close-codes.ts'
import { roomLimits, roomPath } from '@efir/contract/room/version.ts'
import { type WebSocket, WebSocketServer } from 'ws'
import type { Clock } from '../../kernel/clock.ts'
import type { Hub } from './hub/hub.ts'
import type { Wire } from './hub/viewer.ts'

/** After saying goodbye the line is cut, answered or not. */
const goodbyeMs = 2_000

/**
 * Connects the hub to an HTTP server. `ws` does the handshake and reads; frames for viewers are written to the socket directly,
 * the same bytes to each. No compression: it would be paid once per viewer. The origin does not matter, because who one is
 * stands in the first message and not in a cookie.
 */
export function openGate(options: { hub: Hub; server: Server; clock: Clock; path?: string }): AsyncDisposable {
  const { hub, server, clock } = options
  const path = options.path ?? roomPath
  const sockets = new WebSocketServer({ noServer: true, maxPayload: roomLimits.upBytes, perMessageDeflate: false, clientTracking: true })
  const onUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    if (new URL(request.url ?? '/', 'http://room').pathname !== path) {
      if (server.listenerCount('upgrade') === 1) refuse(socket, '404 Not Found')
      return
    }
    if (hub.size >= hub.limits.connections) return refuse(socket, '503 Service Unavailable')
    sockets.handleUpgrade(request, socket, head, (ws) => admit(hub, clock, ws, socket))
  }
  server.on('upgrade', onUpgrade)
  const stop = hub.start()
  return {
    async [Symbol.asyncDispose]() {
      server.off('upgrade', onUpgrade)
      hub.leaveAll()
      stop()
      await new Promise<void>((resolve) => {
        if (sockets.clients.size === 0) return resolve()
        const cancel = clock.after(1_000, resolve)
        for (const ws of sockets.clients) {
          ws.once('close', () => {
            if (sockets.clients.size > 0) return
            cancel()
            resolve()
          })
        }
      })
      for (const ws of sockets.clients) ws.terminate()
      sockets.close()
    },
  }
}

function refuse(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
}

function admit(hub: Hub, clock: Clock, ws: WebSocket, socket: Duplex): void {
  const wire: Wire = {
    write: (frame) => ws.readyState === ws.OPEN && socket.write(frame),
    queued: () => socket.writableLength,
    close(code, reason) {
      ws.close(code, reason)
      const cancel = clock.after(goodbyeMs, () => ws.terminate())
      ws.once('close', cancel)
    },
  }
  const connection = hub.connect(wire)
  if (!connection) return wire.close(closeCodes.overloaded, 'overloaded')
  ws.on('message', (data: Buffer, binary: boolean) => {
    if (binary) connection.close('message_wrong')
    else connection.receive(data.toString())
  })
  ws.on('close', () => hub.lost(connection))
  // A torn line or an oversized message: `close` follows.
  ws.on('error', (problem) => hub.log?.debug({ problem: problem.message }, 'a room connection broke'))
}
