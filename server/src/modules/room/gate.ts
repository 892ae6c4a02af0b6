import type { IncomingMessage, Server } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { closeCodes } from '@efir/contract/room/close-codes.ts'
import { roomLimits, roomPath } from '@efir/contract/room/version.ts'
import type { Clock } from '../../kernel/clock.ts'
import { networkOf, openTrust, remoteOf, type Trust } from '../../kernel/remote.ts'
import { shakeHands } from '../../kernel/websocket/handshake.ts'
import { Line, type LineOptions, type LineUser } from '../../kernel/websocket/line.ts'
import { readerDefaults } from '../../kernel/websocket/reader.ts'
import type { Connection } from './hub/connection.ts'
import type { Hub } from './hub/hub.ts'

export interface GateOptions {
  readonly hub: Hub
  readonly server: Server
  readonly clock: Clock
  readonly path?: string
  /** Cookie that holds a person's token. */
  readonly cookie?: string
  /** Public address of the site when it is not the one in the Host header (behind a proxy). */
  readonly origin?: string | undefined
  readonly seats?: Seats
  /** Which proxies are believed about who asks; nobody when absent. */
  readonly trusts?: Trust
}

/** How long a place is busy in the eyes of somebody who found none. */
export const retryS = 5

/** Connects the hub to an HTTP server. No compression: it would be paid once per viewer. */
export function openGate(options: GateOptions): AsyncDisposable {
  const { hub, server, clock } = options
  const path = options.path ?? roomPath
  const seats = options.seats ?? new Seats(hub.limits.connections, hub.limits.connections)
  const line: LineOptions = { clock, limits: { ...readerDefaults, messageBytes: roomLimits.upBytes } }
  const visitors = new Set<Visitor>()
  const onUpgrade = (request: IncomingMessage, duplex: Duplex, head: Buffer) => {
    const socket = duplex as Socket
    // Node leaves an upgraded socket without listeners: a line cut in this moment would end the process.
    socket.on('error', cutOff)
    if ((request.url ?? '/').split('?')[0] !== path) {
      if (server.listenerCount('upgrade') === 1) refuse(socket, '404 Not Found')
      return
    }
    const handshake = shakeHands(request)
    if (!handshake.ok) return refuse(socket, handshake.status, handshake.headers)
    const from = networkOf(remoteOf(request, options.trusts ?? openTrust(undefined, false)))
    if (!seats.take(from)) return refuse(socket, '503 Service Unavailable', `Retry-After: ${retryS}\r\n`)
    const visitor = new Visitor({ line: new Line(socket, line), hub, seats, visitors, from })
    visitor.enter(handshake.answer, ticketOf(options, request), head, joinIn(request.url ?? ''))
  }
  server.on('upgrade', onUpgrade)
  const stop = hub.start()
  return {
    async [Symbol.asyncDispose]() {
      server.off('upgrade', onUpgrade)
      hub.leaveAll()
      stop()
      await allGone(visitors, clock)
      for (const visitor of visitors) visitor.line.cut()
    },
  }
}

/** Places in the rooms of this process: so many in all, and so many for one network. */
export class Seats {
  private readonly most: number
  private readonly mostPerNetwork: number
  private readonly taken = new Map<string, number>()
  private count = 0

  constructor(most: number, mostPerNetwork: number) {
    this.most = most
    this.mostPerNetwork = mostPerNetwork
  }

  take(network: string): boolean {
    const here = this.taken.get(network) ?? 0
    if (this.count >= this.most || here >= this.mostPerNetwork) return false
    this.taken.set(network, here + 1)
    this.count++
    return true
  }

  leave(network: string): void {
    const here = (this.taken.get(network) ?? 1) - 1
    if (here > 0) this.taken.set(network, here)
    else this.taken.delete(network)
    this.count--
  }
}

/** What a socket says goes to its connection; small, because there are very many. */
class Visitor implements LineUser {
  readonly line: Line
  private readonly at: { hub: Hub; seats: Seats; visitors: Set<Visitor>; from: string }
  private connection: Connection | null = null

  constructor({ line, ...at }: { line: Line; hub: Hub; seats: Seats; visitors: Set<Visitor>; from: string }) {
    this.line = line
    this.at = at
  }

  enter(answer: string, ticket: string | undefined, head: Buffer, join: string | null): void {
    const { hub, visitors } = this.at
    visitors.add(this)
    this.connection = hub.connect(this.line, ticket)
    this.line.open(answer, this, head, () => {
      if (!this.connection) this.line.close(closeCodes.overloaded, 'overloaded')
      else if (join !== null) this.connection.receive(join)
    })
  }

  text(text: string): void {
    this.connection?.receive(text)
  }

  binary(): void {
    this.connection?.close('message_wrong')
  }

  gone(): void {
    const { hub, visitors, seats, from } = this.at
    if (this.connection) hub.lost(this.connection)
    visitors.delete(this)
    seats.leave(from)
  }
}

/** The first message may come with the handshake, so that a herd needs one way there and back instead of two. */
export function joinIn(url: string): string | null {
  const at = url.indexOf('?join=')
  if (at < 0 || url.length - at > roomLimits.upBytes) return null
  try {
    return decodeURIComponent(url.slice(at + 6))
  } catch (problem) {
    if (problem instanceof URIError) return ''
    throw problem
  }
}

/** Until everybody has hung up, a second at most. */
function allGone(visitors: ReadonlySet<Visitor>, clock: Clock): Promise<void> {
  const startedAt = clock.now()
  return new Promise((resolve) => {
    const look = () => {
      if (visitors.size === 0 || clock.now() - startedAt >= 1_000) resolve()
      else clock.after(20, look)
    }
    look()
  })
}

function cutOff(this: Socket): void {
  this.destroy()
}

/** Closed from this side too: who never hangs up must not keep the line. */
function refuse(socket: Socket, status: string, headers = ''): void {
  socket.once('finish', () => socket.destroy())
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\n${headers}Content-Length: 0\r\n\r\n`)
}

/** The cookie counts only for pages of this site: a foreign page's handshake would carry it too. Programs send no origin. */
export function ticketOf(
  { cookie, origin }: Pick<GateOptions, 'cookie' | 'origin'>,
  request: IncomingMessage,
): string | undefined {
  if (!cookie) return undefined
  const from = request.headers.origin
  if (from !== undefined && from !== origin && !from.endsWith(`://${request.headers.host}`)) return undefined
  for (const pair of (request.headers.cookie ?? '').split(';')) {
    const [name, value] = pair.trim().split('=')
    if (name === cookie && value) return value
  }
  return undefined
}
