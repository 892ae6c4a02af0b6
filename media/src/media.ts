/** The whole media process without its environment: so that tests can run several of them. */
import { randomUUID } from 'node:crypto'
import { chmod, unlink } from 'node:fs/promises'
import type { Server } from 'node:http'
import { connect } from 'node:net'
import { AacEncoders } from './audio/aac-encoders.ts'
import type { Clock } from './clock.ts'
import { createControl } from './control.ts'
import { createOrigin } from './hls/origin.ts'
import type { Hooks } from './hooks.ts'
import { createHooks } from './hooks.ts'
import type { IngestLimits } from './ingest/limits.ts'
import { INGEST_LIMITS } from './ingest/limits.ts'
import type { RtmpIngest } from './ingest/rtmp.ts'
import { openRtmpIngest } from './ingest/rtmp.ts'
import { Sessions } from './ingest/session.ts'
import { WhipIngest } from './ingest/whip.ts'
import type { JsonTarget } from './json-request.ts'
import type { Log } from './log.ts'
import type { OutputsOptions } from './output.ts'
import { Outputs } from './output.ts'
import { openStrain } from './strain.ts'
import { Whep } from './whep/whep.ts'

export interface MediaOptions {
  readonly socketPath: string
  readonly hooks: JsonTarget
  readonly secret: string
  readonly version: string
  readonly rtmp: { readonly host: string; readonly port: number }
  readonly webrtc: { readonly announcedIps: readonly string[]; readonly portRange: readonly [number, number] | null }
  readonly clock: Clock
  readonly log: Log
  readonly limits?: Partial<IngestLimits>
  readonly openRecording: OutputsOptions['openRecording']
  /** AAC beside Opus, for phones that cannot play Opus. */
  readonly aac: boolean
  /** Seats per stream for viewers by WHEP. */
  readonly whepViewers: number
  /** Without a word from a server for so long the process stops itself. */
  readonly orphanMs?: number
}

export class SocketTaken extends Error {}

const ORPHAN_MS = 30 * 60_000
const ORPHAN_CHECK_MS = 60_000
const DRAIN_MS = 2_000
/** Room above the picture for sound, retransmissions and bursts. */
const VIDEO_SHARE = 0.8

export class Media {
  readonly bootId = randomUUID()
  /** Resolves when the process may end. */
  readonly over: Promise<void>
  private resolveOver: () => void = () => undefined
  private readonly options: MediaOptions
  private readonly strain = openStrain()
  private readonly startedAt: number
  private readonly hooks: Hooks
  private readonly origin
  private readonly aac: AacEncoders | null
  private readonly whep: Whep
  private readonly outputs: Outputs
  private readonly sessions: Sessions
  private readonly whip: WhipIngest
  private readonly server: Server
  private rtmp: RtmpIngest | undefined
  private heardMs: number
  private stopping = false
  private cancelOrphan: () => void = () => undefined

  private constructor(options: MediaOptions) {
    this.options = options
    const { clock, log, secret } = options
    const limits = { ...INGEST_LIMITS, ...options.limits }
    this.over = new Promise((resolve) => {
      this.resolveOver = resolve
    })
    this.startedAt = clock.now()
    this.heardMs = clock.monotonic()
    this.hooks = createHooks({ target: options.hooks, bootId: this.bootId, clock, log })
    this.origin = createOrigin({ clock })
    this.aac = options.aac ? new AacEncoders({ clock, log }) : null
    const { openRecording } = options
    this.whep = new Whep({ clock, log, webrtc: options.webrtc, maxViewers: options.whepViewers })
    this.outputs = new Outputs({
      origin: this.origin,
      hooks: this.hooks,
      clock,
      log,
      openRecording,
      aac: this.aac,
      whep: this.whep,
    })
    this.sessions = new Sessions({ hooks: this.hooks, clock, log, limits, openOutput: (request) => this.outputs.open(request) })
    const webrtc = { ...options.webrtc, maxVideoKbps: Math.round(limits.maxBitrateKbps * VIDEO_SHARE) }
    this.whip = new WhipIngest({ sessions: this.sessions, hooks: this.hooks, clock, log, limits, webrtc })
    this.server = createControl({
      secret,
      sessions: this.sessions,
      log,
      health: () => this.health(),
      figures: () => ({ whepViewers: this.whep.size, ...this.origin.figures, ...this.origin.load(), ...this.strain.read() }),
      live: (request, response, path) => this.origin.handle(request, response, path),
      whip: (request, response, path) => this.whip.handle(request, response, path),
      whep: (request, response, path) => this.whep.handle(request, response, path),
      heard: () => {
        this.heardMs = clock.monotonic()
      },
      shutdown: () => void this.stop('asked'),
    })
  }

  /** Throws SocketTaken when a living process answers there. */
  static async open(options: MediaOptions): Promise<Media> {
    await clearSocket(options.socketPath)
    const media = new Media(options)
    await media.start()
    return media
  }

  get rtmpPort(): number | null {
    return this.rtmp?.port ?? null
  }

  health(): Readonly<Record<string, unknown>> {
    const { version } = this.options
    return {
      version,
      pid: process.pid,
      bootId: this.bootId,
      rtmpPort: this.rtmpPort,
      startedAt: this.startedAt,
      streams: this.sessions.list(),
    }
  }

  /** Recordings are made whole; the shows are not ended: publishers may come back to the next process. */
  async stop(why: string): Promise<void> {
    if (this.stopping) return this.over
    this.stopping = true
    this.options.log.info('media stops', { why })
    this.cancelOrphan()
    await this.rtmp?.close()
    this.sessions.stop()
    this.whip.close()
    this.whep.stop()
    await this.outputs.settled()
    this.origin.close()
    await this.aac?.close()
    await this.hooks.drain(DRAIN_MS)
    this.hooks.close()
    this.strain.close()
    this.server.closeAllConnections()
    await new Promise((resolve) => this.server.close(resolve))
    this.resolveOver()
  }

  private async start(): Promise<void> {
    const { clock, limits, log, rtmp, socketPath } = this.options
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', reject)
      this.server.listen({ path: socketPath, backlog: 4096 }, resolve)
    })
    await chmod(socketPath, 0o600)
    this.rtmp = await openRtmpIngest({ sessions: this.sessions, clock, log, limits: { ...INGEST_LIMITS, ...limits }, ...rtmp })
    this.cancelOrphan = clock.every(ORPHAN_CHECK_MS, () => {
      const silentMs = Math.min(this.hooks.unansweredMs(), clock.monotonic() - this.heardMs)
      if (silentMs > (this.options.orphanMs ?? ORPHAN_MS)) void this.stop('no server for too long')
    })
    log.info('media is up', { bootId: this.bootId, rtmpPort: this.rtmpPort })
  }
}

/** A socket file outlives a killed process: gone, unless somebody answers on it. */
async function clearSocket(path: string): Promise<void> {
  const answered = await new Promise<boolean>((resolve) => {
    const socket = connect(path)
    socket.on('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.on('error', () => resolve(false))
  })
  if (answered) throw new SocketTaken(`another media process answers on ${path}`)
  await unlink(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error
  })
}
