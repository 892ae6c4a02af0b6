import { request } from 'node:http'
import { join } from 'node:path'
import type { StreamStats } from '@efir/media/hook-events.ts'
import { type SupervisedChild, superviseChild } from '../../../kernel/child.ts'
import type { Kernel } from '../../../kernel/context.ts'
import { socketPath } from '../../../kernel/socket-path.ts'
import type { MediaReading, WatchedMedia } from '../ports.ts'

export interface MediaProcess extends WatchedMedia, AsyncDisposable {
  readonly socket: string
}

/** As media tells it, see its `health()`. */
interface Health {
  readonly streams: readonly { readonly sessionId: string; readonly stats: StreamStats }[]
}

const mediaMain = join(import.meta.dirname, '../../../../../media/src/main.ts')
/** Bumped when a living media of an older build must not be adopted. */
const protocolVersion = '1'

/** Starts or adopts the media process, and speaks to it over its socket. */
export async function openMediaProcess(
  kernel: Kernel,
  options: { path: string | undefined; secret: string; hooksSocket: string; lan: boolean; lanAddresses: readonly string[] },
): Promise<MediaProcess> {
  const { config } = kernel
  const socket = socketPath(config.dataDir, 'media.sock')
  const ask: Ask = (method, path, body) => askMedia({ socket, secret: options.secret }, method, path, body)
  let port: number | null = null
  const healthy = async () => {
    const health = (await ask('GET', '/control/health')) as { rtmpPort?: number | null } | null
    port = health?.rtmpPort ?? null
    return health !== null
  }
  const env = {
    PATH: options.path,
    EFIR_MEDIA_SOCKET: socket,
    EFIR_HOOKS_SOCKET: options.hooksSocket,
    EFIR_MEDIA_SECRET: options.secret,
    EFIR_MEDIA_VERSION: protocolVersion,
    EFIR_RTMP_PORT: String(config.EFIR_RTMP_PORT),
    EFIR_RTMP_HOST: options.lan || config.production ? '0.0.0.0' : '127.0.0.1',
    EFIR_WEBRTC_IPS: config.EFIR_WEBRTC_IPS ?? (options.lan ? options.lanAddresses.join(',') : '127.0.0.1'),
    EFIR_WEBRTC_PORTS: config.EFIR_WEBRTC_PORTS,
    EFIR_AAC: config.EFIR_AAC,
    EFIR_WHEP_VIEWERS: String(config.EFIR_WHEP_VIEWERS),
    EFIR_DISK_FLOOR_MB: String(config.EFIR_DISK_FLOOR_MB),
  }
  const child: SupervisedChild = await superviseChild({
    name: 'media',
    command: process.execPath,
    args: [mediaMain],
    env,
    log: kernel.log,
    logFile: join(config.dataDir, 'media.log'),
    stateFile: join(config.dataDir, 'media.json'),
    fingerprint: JSON.stringify([
      protocolVersion,
      env.EFIR_RTMP_PORT,
      env.EFIR_RTMP_HOST,
      env.EFIR_WEBRTC_IPS,
      env.EFIR_WEBRTC_PORTS ?? '',
      env.EFIR_AAC,
      env.EFIR_WHEP_VIEWERS,
    ]),
    healthy,
  })
  const end = () => (config.EFIR_MEDIA_STAYS === 'yes' ? child.leave() : child.stop())
  return { socket, ...speaking(ask, () => port), alive: healthy, [Symbol.asyncDispose]: end }
}

const lookMs = 5_000

/** Media that another process on the same data folder started: this one only speaks to it. */
export async function openMediaBeside(kernel: Kernel, options: { secret: string }): Promise<MediaProcess> {
  const socket = socketPath(kernel.config.dataDir, 'media.sock')
  const ask: Ask = (method, path, body) => askMedia({ socket, secret: options.secret }, method, path, body)
  let port: number | null = null
  const alive = async () => {
    const health = (await ask('GET', '/control/health')) as { rtmpPort?: number | null } | null
    port = health?.rtmpPort ?? port
    return health !== null
  }
  await alive()
  const stop = kernel.clock.every(lookMs, () => void alive())
  return { socket, ...speaking(ask, () => port), alive, [Symbol.asyncDispose]: async () => stop() }
}

type Ask = (method: string, path: string, body?: unknown) => Promise<unknown>

function speaking(ask: Ask, rtmpPort: () => number | null): Omit<WatchedMedia, 'alive'> {
  return {
    rtmpPort,
    endStream: async (streamId) => (await ask('POST', `/control/streams/${streamId}/end`, {})) !== null,
    async sessions() {
      const health = (await ask('GET', '/control/health')) as Partial<Health> | null
      return health?.streams ? new Map(health.streams.map((s) => [s.sessionId, s.stats.state])) : null
    },
    async figures() {
      const [figures, health] = await Promise.all([
        ask('GET', '/control/figures') as Promise<Omit<MediaReading, 'sessions'> | null>,
        ask('GET', '/control/health'),
      ])
      const sessions = (health as Partial<Health> | null)?.streams?.map((s) => s.stats)
      return figures && sessions ? { ...figures, sessions } : null
    },
    kick: async (streamId, reason) => (await ask('POST', `/control/streams/${streamId}/kick`, { reason })) !== null,
  }
}

/** Null when media is down or says no. */
function askMedia(target: { socket: string; secret: string }, method: string, path: string, body?: unknown): Promise<unknown> {
  return new Promise((resolve) => {
    const text = body === undefined ? undefined : JSON.stringify(body)
    const out = request(
      {
        socketPath: target.socket,
        method,
        path,
        timeout: 5000,
        headers: {
          authorization: `Bearer ${target.secret}`,
          ...(text ? { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) } : {}),
        },
      },
      (answer) => {
        let got = ''
        answer.setEncoding('utf8')
        answer.on('data', (part: string) => {
          got += part
        })
        answer.on('close', () => resolve(answer.complete && (answer.statusCode ?? 500) < 300 ? parsed(got) : null))
      },
    )
    out.on('timeout', () => out.destroy())
    out.on('error', () => resolve(null))
    out.end(text)
  })
}

function parsed(text: string): unknown {
  try {
    return text === '' ? {} : JSON.parse(text)
  } catch (problem) {
    if (problem instanceof SyntaxError) return null
    throw problem
  }
}
