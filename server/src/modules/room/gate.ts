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

export interface GateOptions {
  readonly hub: Hub
  readonly server: Server
  readonly clock: Clock
  readonly path?: string
  /** Cookie that holds a person's token. */
  readonly cookie?: string
  /** Public address of the site when it is not the one in the Host header (behind a proxy). */
  readonly origin?: string
}

/**
 * Connects the hub to an HTTP server. `ws` does the handshake and reads; frames for viewers are written to the socket directly,
 * the same bytes to each. No compression: it would be paid once per viewer.
 */
export function openGate(options: GateOptions): AsyncDisposable {
  const { hub, server, clock } = options
  const path = options.path ?? roomPath
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: roomLimits.upBytes,
    perMessageDeflate: false,
    clientTracking: true,
  })
  const onUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    // Node leaves an upgraded socket without listeners: a line cut in this moment would end the process.
    socket.on('error', () => socket.destroy())
    if ((request.url ?? '/').split('?')[0] !== path) {
      if (server.listenerCount('upgrade') === 1) refuse(socket, '404 Not Found')
      return
    }
    if (hub.size >= hub.limits.connections) return refuse(socket, '503 Service Unavailable')
    sockets.handleUpgrade(request, socket, head, (ws) => admit(options, ws, socket, ticketOf(options, request)))
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

/** Closed from this side too: who never hangs up must not keep the line. */
function refuse(socket: Duplex, status: string): void {
  socket.once('finish', () => socket.destroy())
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
}

/** The cookie counts only for pages of this site: a foreign page's handshake would carry it too. Programs send no origin. */
function ticketOf({ cookie, origin }: GateOptions, request: IncomingMessage): string | undefined {
  if (!cookie) return undefined
  const from = request.headers.origin
  if (from !== undefined && from !== origin && !from.endsWith(`://${request.headers.host}`)) return undefined
  for (const pair of (request.headers.cookie ?? '').split(';')) {
    const [name, value] = pair.trim().split('=')
    if (name === cookie && value) return value
  }
  return undefined
}

function admit({ hub, clock }: GateOptions, ws: WebSocket, socket: Duplex, ticket: string | undefined): void {
  const wire: Wire = {
    write: (frame) => ws.readyState === ws.OPEN && socket.write(frame),
    queued: () => socket.writableLength,
    close(code, reason) {
      ws.close(code, reason)
      const cancel = clock.after(goodbyeMs, () => ws.terminate())
      ws.once('close', cancel)
    },
  }
  const connection = hub.connect(wire, ticket)
  if (!connection) {
    wire.close(closeCodes.overloaded, 'overloaded')
    return
  }
  ws.on('message', (data: Buffer, binary: boolean) => {
    if (binary) connection.close('message_wrong')
    else connection.receive(data.toString())
  })
  ws.on('close', () => hub.lost(connection))
  // A torn line or an oversized message: `close` follows.
  ws.on('error', (problem) => hub.log?.debug({ problem: problem.message }, 'a room connection broke'))
}
