import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { Socket } from 'node:net'
import { connect } from 'node:net'
import type { Clock } from '../clock.ts'
import { RtmpClient } from '../wire/rtmp/client.ts'
import type { Clip } from './clip.ts'
import { readClip } from './clip.ts'

export interface PublishOptions {
  /** rtmp://host[:port]/app/key */
  readonly url: string
  /** FLV with H264 and AAC; or the clip itself. */
  readonly file?: string
  readonly clip?: Clip
  readonly clock: Clock
  readonly signal: AbortSignal
  readonly onState?: (state: 'on air' | 'lost', detail: string) => void
}

/** One wake-up carries what has become due: smooth enough for parts of 200 ms and more, and cheap. */
const TICK_MS = 40
const RETRY_MIN_MS = 500
const RETRY_MAX_MS = 10_000
/** More unsent bytes than this mean that the other side does not read: begin anew instead of piling up. */
const MAX_UNSENT_BYTES = 8 << 20

const MAX_BEHIND_MS = 10_000

/** Publishes the clip again and again, in real time, with timestamps that run on; reconnects until aborted. */
export async function publishLoop({ url, file, clip: given, clock, signal, onState }: PublishOptions): Promise<void> {
  const clip = given ?? readClip(await readFile(file ?? ''))
  let retryMs = RETRY_MIN_MS
  while (!signal.aborted) {
    const begunMs = clock.monotonic()
    const reason = await publishOnce(url, clip, clock, signal, () => onState?.('on air', url.replace(/[^/]*$/, '...')))
    if (signal.aborted) return
    onState?.('lost', reason)
    if (clock.monotonic() - begunMs > RETRY_MAX_MS) retryMs = RETRY_MIN_MS
    await pause(retryMs, clock, signal)
    retryMs = Math.min(retryMs * 2, RETRY_MAX_MS)
  }
}

/** Until the connection is gone; says why. */
function publishOnce(url: string, clip: Clip, clock: Clock, signal: AbortSignal, onAir: () => void): Promise<string> {
  const { hostname, port, pathname } = new URL(url.replace(/^rtmp:/, 'http:'))
  const [app = '', ...rest] = pathname.slice(1).split('/')
  const streamKey = rest.join('/')
  return new Promise((resolve) => {
    const socket = connect({ host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || 1935), noDelay: true })
    let reason = 'closed'
    let stop: () => void = () => undefined
    const write = (bytes: Buffer) => void (socket.writable && socket.write(bytes))
    const client = new RtmpClient({ write, ready }, { app, streamKey, tcUrl: `rtmp://${hostname}:${port || 1935}/${app}` })

    function ready(): void {
      onAir()
      for (const { kind, body } of clip.headers) client.media(kind, 0, body)
      stop = play(clip, client, socket, clock)
    }
    const abort = () => {
      client.unpublish()
      socket.end()
      clock.after(500, () => socket.destroy())
    }
    signal.addEventListener('abort', abort, { once: true })
    socket.on('connect', () => client.begin(randomBytes(1528)))
    socket.on('data', (bytes) => {
      try {
        client.push(bytes)
      } catch (error) {
        reason = error instanceof Error ? error.message : String(error)
        socket.destroy()
      }
    })
    socket.on('error', (error) => {
      reason = error.message
    })
    socket.on('close', () => {
      stop()
      signal.removeEventListener('abort', abort)
      resolve(reason)
    })
  })
}

function play(clip: Clip, client: RtmpClient, socket: Socket, clock: Clock): () => void {
  const startMs = clock.monotonic()
  let next = 0
  let roundMs = 0
  return clock.every(TICK_MS, () => {
    const elapsedMs = clock.monotonic() - startMs
    if (socket.writableLength > MAX_UNSENT_BYTES) return void socket.destroy(new Error('the server does not read'))
    socket.cork()
    for (;;) {
      const frame = clip.frames[next]
      if (frame === undefined) {
        next = 0
        roundMs += clip.durationMs
        continue
      }
      const behindMs = elapsedMs - roundMs - frame.atMs
      if (behindMs < 0) break
      if (behindMs > MAX_BEHIND_MS) return void socket.destroy(new Error('the machine slept'))
      client.media(frame.kind, roundMs + frame.atMs, frame.body)
      next += 1
    }
    socket.uncork()
  })
}

function pause(ms: number, clock: Clock, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      cancel()
      signal.removeEventListener('abort', done)
      resolve()
    }
    const cancel = clock.after(ms, done)
    signal.addEventListener('abort', done, { once: true })
  })
}
