import type { ServerResponse } from 'node:http'
import type { Down } from '@efir/contract/room/down.ts'
import { roomVersion } from '@efir/contract/room/version.ts'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Clock } from '../../kernel/clock.ts'
import { networkOf, openTrust, remoteOf } from '../../kernel/remote.ts'
import { type GateOptions, joinIn, retryS, type Seats, ticketOf } from './gate.ts'
import type { Connection } from './hub/connection.ts'
import { frameText } from './hub/frame.ts'
import type { Hub } from './hub/hub.ts'
import type { Wire } from './hub/viewer.ts'

const ackMs = 5_000
const ackBytes = 64_000
/** Who has so much waiting does not read. */
const drainedBytes = 16_384
const goodbyeMs = 2_000

export interface EventLineOptions extends Pick<GateOptions, 'cookie' | 'origin' | 'trusts'> {
  readonly hub: Hub
  readonly clock: Clock
  readonly seats: Seats
}

/**
 * The room as server-sent events (HTML Standard, 9.2), for networks that let no WebSocket through: `GET /room/:showId/events`. The
 * same messages with the same limits; a `Last-Event-ID` resumes. Nothing goes up this way: words are said by acts.
 */
export const serveEvents =
  (options: EventLineOptions) =>
  (app: FastifyInstance): void => {
    app.get<{ Params: { showId: string } }>('/room/:showId/events', (request, reply) => {
      const from = networkOf(remoteOf(request.raw, options.trusts ?? openTrust(undefined, false)))
      if (!options.seats.take(from))
        return reply.status(503).header('retry-after', String(retryS)).header('cache-control', 'no-store').send()
      const line = open(options, request, reply)
      request.raw.socket.once('close', () => {
        options.seats.leave(from)
        line.gone()
      })
    })
  }

function open(
  options: EventLineOptions,
  request: FastifyRequest<{ Params: { showId: string } }>,
  reply: FastifyReply,
): EventLine {
  reply.hijack()
  reply.raw.writeHead(200, {
    ...(reply.getHeaders() as Record<string, string>),
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    // Proxies of the nginx kind would gather what must leave at once.
    'x-accel-buffering': 'no',
    connection: 'close',
  })
  const line = new EventLine(options.hub, options.clock, reply.raw)
  const join = joinIn(request.raw.url ?? '') ?? JSON.stringify({ t: 'join', v: roomVersion, room: request.params.showId })
  line.begin(ticketOf(options, request.raw), resumed(join, request.headers['last-event-id']))
  return line
}

/** What a browser remembers of the events it saw goes before what its page said. */
function resumed(join: string, lastId: string | string[] | undefined): string {
  const [, epoch, seq] = /^([\w.-]{1,80}):(\d{1,16})$/.exec(String(lastId ?? '')) ?? []
  if (!epoch) return join
  const parts = join.endsWith('}') ? join.slice(0, -1) : join
  return `${parts},"pos":{"epoch":"${epoch}","seq":${seq}}}`
}

/** One event per message; the same bytes for all who read it this way. */
const events = new WeakMap<Buffer, { bytes: Buffer; frame: number | null }>()
function eventOf(frame: Buffer, epoch: string): { bytes: Buffer; frame: number | null } {
  const known = events.get(frame)
  if (known) return known
  const text = frameText(frame)
  const message = JSON.parse(text) as Down
  const seq = message.t !== 'personal' && 'seq' in message ? message.seq : undefined
  const id = seq === undefined ? '' : `id: ${epoch}:${seq}\n`
  const made = { bytes: Buffer.from(`${id}data: ${text}\n\n`), frame: 'frame' in message ? (message.frame ?? null) : null }
  events.set(frame, made)
  return made
}

/** A viewer who only hears. What the kernel has taken counts as read: a reader who takes no more is held, then sent away. */
class EventLine implements Wire {
  private readonly hub: Hub
  private readonly clock: Clock
  private readonly response: ServerResponse
  private connection: Connection | null = null
  private frame = 0
  private ackedAt: number
  private unackedBytes = 0
  private over = false

  constructor(hub: Hub, clock: Clock, response: ServerResponse) {
    this.hub = hub
    this.clock = clock
    this.response = response
    this.ackedAt = clock.now()
    response.on('drain', () => this.acknowledge())
    response.on('error', () => response.destroy())
  }

  begin(ticket: string | undefined, join: string): void {
    this.connection = this.hub.connect(this, ticket)
    if (this.connection) this.connection.receive(join)
    else this.response.end()
  }

  write(frame: Buffer): boolean {
    if (this.over) return true
    const { bytes, frame: number } = eventOf(frame, this.hub.epoch)
    this.unackedBytes += bytes.length
    if (number !== null && number > this.frame) {
      this.frame = number
      const due = this.unackedBytes >= ackBytes || this.clock.now() - this.ackedAt >= ackMs
      // Behind this frame, not within its being written to all.
      if (due) this.clock.after(0, () => this.acknowledge())
    }
    return this.response.write(bytes)
  }

  queued(): number {
    return this.response.writableLength
  }

  close(code: number): void {
    if (this.over) return
    this.over = true
    this.response.end(`event: close\ndata: ${code}\n\n`)
    this.clock.after(goodbyeMs, () => this.response.destroy())
  }

  gone(): void {
    this.over = true
    if (this.connection) this.hub.lost(this.connection)
  }

  private acknowledge(): void {
    if (this.over || this.frame === 0 || this.response.writableLength > drainedBytes) return
    this.ackedAt = this.clock.now()
    this.unackedBytes = 0
    this.connection?.receive(JSON.stringify({ t: 'ack', frame: this.frame, seq: 0 }))
  }
}
