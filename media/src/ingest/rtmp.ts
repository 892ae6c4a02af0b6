import { randomBytes } from 'node:crypto'
import type { AddressInfo, Server, Socket } from 'node:net'
import { createServer } from 'node:net'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import { RtmpError } from '../wire/rtmp/message.ts'
import type { PublishRequest } from '../wire/rtmp/server.ts'
import { RtmpServer } from '../wire/rtmp/server.ts'
import type { IngestLimits } from './limits.ts'
import { RtmpSource } from './rtmp-source.ts'
import type { Publication, Sessions } from './session.ts'

export interface RtmpIngestOptions {
  readonly sessions: Sessions
  readonly clock: Clock
  readonly log: Log
  readonly limits: IngestLimits
  readonly host: string
  readonly port: number
}

export interface RtmpIngest {
  /** Null: the port was taken (or forbidden); everything else goes on. */
  readonly port: number | null
  close(): Promise<void>
}

const PING_EVERY_MS = 5_000
/** Lets the last status message reach the encoder, which shows it to its user. */
const LINGER_MS = 1_000

export async function openRtmpIngest(options: RtmpIngestOptions): Promise<RtmpIngest> {
  const connections = new Map<Socket, Connection>()
  const server = createServer({ noDelay: true }, (socket) => {
    const remote = socket.remoteAddress ?? ''
    const same = [...connections.values()].filter((connection) => connection.remote === remote).length
    if (connections.size >= options.limits.maxConnections || same >= options.limits.maxConnectionsPerRemote) {
      socket.destroy()
      return
    }
    const connection = new Connection(socket, remote, options)
    connections.set(socket, connection)
    socket.on('close', () => connections.delete(socket))
  })
  const failure = await listen(server, options.port, options.host)
  if (failure !== undefined) {
    options.log.warn('rtmp is off', { port: options.port, reason: failure })
    return { port: null, close: async () => undefined }
  }
  const { port } = server.address() as AddressInfo
  options.log.info('rtmp listens', { port })
  return {
    port,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve))
      for (const connection of connections.values()) connection.drop('media_stopped')
      for (const socket of connections.keys()) socket.destroySoon()
      await closed
    },
  }
}

function listen(server: Server, port: number, host: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
    server.listen({ port, host, backlog: 128 }, () => resolve(undefined))
  })
}

class Connection {
  readonly remote: string
  private publication: Publication | undefined
  private closed = false
  private rttMs: number | null = null
  private readonly cancels: (() => void)[] = []
  private readonly protocol: RtmpServer
  private readonly socket: Socket
  private readonly options: RtmpIngestOptions

  constructor(socket: Socket, remote: string, options: RtmpIngestOptions) {
    this.socket = socket
    this.remote = remote
    this.options = options
    const { clock, limits } = options
    this.protocol = new RtmpServer(
      {
        write: (bytes) => void (socket.writable && socket.write(bytes)),
        publish: (request) => void this.ask(request),
        media: (kind, timestamp, payload) => this.source?.media(kind, timestamp, payload),
        metadata: (values) => this.source?.metadata(values),
        unpublish: () => this.leave('unpublished'),
        roundTrip: (ms) => {
          this.rttMs = Math.round(ms)
        },
      },
      randomBytes(1528),
      () => clock.monotonic(),
    )
    this.cancels.push(
      clock.after(limits.handshakeMs, () => {
        if (this.publication === undefined) this.drop('too_slow')
      }),
    )
    socket.on('data', (bytes) => this.received(bytes))
    // 'close' always follows and does the work.
    socket.on('error', (error) => options.log.info('rtmp socket error', { remote, reason: error.message }))
    socket.on('close', () => this.leave('connection_closed'))
  }

  /** Tells the encoder why, then closes. */
  drop(reason: string): void {
    if (this.closed) return
    this.closed = true
    this.protocol.refuse(reason)
    for (const cancel of this.cancels.splice(0)) cancel()
    this.socket.end()
    this.socket.resume()
    this.options.clock.after(LINGER_MS, () => this.socket.destroy())
  }

  private source: RtmpSource | undefined

  private received(bytes: Buffer): void {
    if (this.closed) return
    try {
      this.protocol.push(bytes)
    } catch (error) {
      if (!(error instanceof RtmpError)) throw error
      this.options.log.warn('rtmp connection dropped', { remote: this.remote, reason: error.message })
      this.publication?.feed.refuse('protocol_error', { reason: error.message })
      this.drop('protocol_error')
      this.leave('connection_closed')
    }
  }

  private async ask(request: PublishRequest): Promise<void> {
    const { sessions } = this.options
    // Nothing more is read from the socket until the key is known to be good.
    this.socket.pause()
    const answer = await sessions.admit({ protocol: 'rtmp', credential: request.streamKey, remote: this.remote })
    if (this.closed || this.socket.destroyed) return
    if (!answer.ok) {
      this.options.log.info('publisher not admitted', { protocol: 'rtmp', remote: this.remote, code: answer.code })
      return this.drop(answer.code)
    }
    const publication = sessions.publish(answer, {
      protocol: 'rtmp',
      remote: this.remote,
      close: (reason) => this.drop(reason),
      quality: () => ({ lossRatio: 0, rttMs: this.rttMs, droppedFrames: 0 }),
    })
    if (publication === null) return this.drop('overloaded')
    this.publication = publication
    const { feed } = publication
    this.source = new RtmpSource({
      configure: (config) => feed.configure(config),
      sample: (sample) => feed.sample(sample),
      expectAudio: (wanted) => feed.expectAudio(wanted),
      refuse: (code, detail) => feed.refuse(code, detail),
    })
    this.cancels.push(this.options.clock.every(PING_EVERY_MS, () => this.protocol.ping()))
    this.protocol.accept()
    this.socket.resume()
  }

  private leave(cause: 'connection_closed' | 'unpublished'): void {
    for (const cancel of this.cancels.splice(0)) cancel()
    this.publication?.lost(cause)
    this.source = undefined
    if (cause === 'unpublished') this.socket.end()
    this.closed = true
  }
}
