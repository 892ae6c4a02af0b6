/** All that media asks of the world: may this publisher come in, and here is what happened. */
import type { Clock } from './clock.ts'
import { createHookQueue } from './hook-queue.ts'
import type { JsonAnswer, JsonTarget } from './json-request.ts'
import { jsonRequest } from './json-request.ts'
import type { Log } from './log.ts'

export type Protocol = 'whip' | 'rtmp'

export interface AdmitRequest {
  readonly protocol: Protocol
  /** Stream key or bearer token as it came; never logged, never kept by media. */
  readonly credential: string
  readonly remote: string
  readonly streamHint?: string
}

export interface Admission {
  readonly ok: true
  readonly streamId: string
  /** Names one life of the stream from started to ended; media makes one when the server gives none. */
  readonly sessionId?: string
  readonly title?: string
  readonly record: RecordOrder | null
  /** Set for private shows: playback URLs must be signed with it. */
  readonly playbackKey: string | null
  /** How long a lost publisher may stay away before the stream ends. */
  readonly graceMs: number
}

export interface RecordOrder {
  readonly dir: string
  readonly maxBytes: number
}

export interface AdmitRefusal {
  readonly ok: false
  readonly code: string
  readonly retryAfterS?: number
}

export type AdmitAnswer = Admission | AdmitRefusal

/** Why a publisher was turned away or cut off; the studio translates these. */
export type RefusalCode =
  | 'codec_unsupported'
  | 'video_missing'
  | 'keyframes_too_far'
  | 'bitrate_too_high'
  | 'resolution_too_high'
  | 'reordered_frames'
  | 'protocol_error'
  | 'overloaded'
  | 'server_unreachable'

export type LossCause = 'connection_closed' | 'unpublished' | 'silent' | 'refused' | 'kicked' | 'taken_over'
export type EndCause = 'publisher_ended' | 'grace_over' | 'ended_by_server' | 'shutdown'

export interface VideoFacts {
  readonly codec: string
  readonly width: number
  readonly height: number
}

export interface AudioFacts {
  readonly codec: string
  readonly sampleRate: number
  readonly channels: number
}

export interface StreamStats {
  readonly state: 'waiting' | 'live' | 'grace'
  readonly protocol: Protocol | null
  readonly bitrateKbps: number
  readonly fps: number
  /** Share of RTP packets that never came, 0..1, over the last ten seconds. */
  readonly lossRatio: number
  readonly rttMs: number | null
  readonly width: number
  readonly height: number
  readonly keyframeIntervalMs: number | null
  readonly lastKeyframeAt: number | null
  readonly droppedFrames: number
  readonly reconnects: number
}

interface Of {
  readonly streamId: string
  readonly sessionId: string
}

export type HookEvent =
  | (Of & { type: 'started'; protocol: Protocol; remote: string; video: VideoFacts | null; audio: AudioFacts | null })
  | (Of & { type: 'publisherLost'; cause: LossCause; graceUntilAt: number })
  | (Of & { type: 'publisherBack'; protocol: Protocol; remote: string; tookOver: boolean; video: VideoFacts | null; audio: AudioFacts | null })
  | { type: 'refused'; streamId: string | null; sessionId: string | null; protocol: Protocol; remote: string; code: RefusalCode | string; detail: Readonly<Record<string, string | number>> }
  | (Of & SegmentFacts & { type: 'segment' })
  | (Of & { type: 'recordingStopped'; reason: string; bytes: number; durationMs: number })
  | (Of & { type: 'ended'; cause: EndCause; durationMs: number })
  | (Of & { type: 'stats'; stats: StreamStats })

/** A run of finished segments; neighbours are merged when the server is away for long. */
export interface SegmentFacts {
  readonly firstSequence: number
  readonly lastSequence: number
  /** Program date-time of the first one's start, epoch milliseconds. */
  readonly startAt: number
  readonly durationMs: number
  readonly bytes: number
}

/** As it goes over the wire. `n` grows within one `bootId`; gaps are allowed (merged or dropped stats). */
export type NumberedEvent = HookEvent & { readonly n: number; readonly at: number }

export interface Hooks {
  admit(request: AdmitRequest): Promise<AdmitAnswer>
  emit(event: HookEvent): void
  /** Monotonic milliseconds since a server last answered anything. */
  unansweredMs(): number
  /** Tries to hand over what is queued; gives up after the time. */
  drain(timeoutMs: number): Promise<void>
  close(): void
}

export interface HooksOptions {
  readonly target: JsonTarget
  readonly bootId: string
  readonly clock: Clock
  readonly log: Log
}

const ADMIT_TIMEOUT_MS = 5_000
const EVENTS_TIMEOUT_MS = 10_000
const BATCH = 200
const RETRY_MIN_MS = 200
const RETRY_MAX_MS = 5_000
const NO_SERVER: AdmitRefusal = { ok: false, code: 'server_unreachable', retryAfterS: 2 }

export function createHooks({ target, bootId, clock, log }: HooksOptions): Hooks {
  const queue = createHookQueue({ maxEvents: 4_000 })
  let answeredAt = clock.monotonic()
  let sending = false
  let closed = false
  let retryMs = RETRY_MIN_MS
  let batch = BATCH
  let idle: (() => void)[] = []

  async function post(path: string, body: unknown, timeoutMs: number): Promise<JsonAnswer> {
    const answer = await jsonRequest(target, path, body, timeoutMs)
    if (answer.status !== 0) answeredAt = clock.monotonic()
    return answer
  }

  function pump(): void {
    if (sending || closed || queue.size() === 0) return
    sending = true
    // One tick later, so that what happens together leaves together.
    setImmediate(() => void deliver())
  }

  async function deliver(): Promise<void> {
    const events = queue.peek(batch)
    const answer = await post('/hooks/events', { bootId, events }, EVENTS_TIMEOUT_MS)
    sending = false
    if (closed) return
    const last = events[events.length - 1]
    if (last !== undefined && answer.status >= 200 && answer.status < 300) {
      queue.acknowledge(last.n)
      retryMs = RETRY_MIN_MS
      batch = BATCH
    } else if (last !== undefined && (answer.status === 400 || answer.status === 422)) {
      // One event the server can't read must not hold up the rest: find it alone, then let it go.
      if (events.length > 1) batch = 1
      else {
        queue.acknowledge(last.n)
        log.error('hook event refused for good', { type: last.type, n: last.n, status: answer.status })
      }
    } else {
      const waitMs = retryMs
      retryMs = Math.min(retryMs * 2, RETRY_MAX_MS)
      sending = true
      clock.after(waitMs, () => {
        sending = false
        pump()
      })
      return
    }
    if (queue.size() > 0) return pump()
    for (const done of idle.splice(0)) done()
  }

  return {
    async admit(request) {
      const answer = await post('/hooks/admit', request, ADMIT_TIMEOUT_MS)
      return readAdmit(answer) ?? NO_SERVER
    },
    emit(event) {
      queue.push(event, clock.now())
      pump()
    },
    unansweredMs: () => clock.monotonic() - answeredAt,
    async drain(timeoutMs) {
      if (queue.size() === 0) return
      await new Promise<void>((resolve) => {
        const cancel = clock.after(timeoutMs, resolve)
        idle.push(() => {
          cancel()
          resolve()
        })
        pump()
      })
    },
    close() {
      closed = true
      for (const done of idle.splice(0)) done()
      idle = []
    },
  }
}

function readAdmit(answer: JsonAnswer): AdmitAnswer | undefined {
  const body = answer.body
  if (answer.status < 200 || answer.status >= 500 || typeof body !== 'object' || body === null) return undefined
  const fields = body as Record<string, unknown>
  if (fields.ok === false) {
    const retryAfterS = typeof fields.retryAfterS === 'number' ? { retryAfterS: fields.retryAfterS } : {}
    return { ok: false, code: typeof fields.code === 'string' ? fields.code : 'refused', ...retryAfterS }
  }
  if (answer.status >= 300 || fields.ok !== true || typeof fields.streamId !== 'string') return undefined
  return {
    ok: true,
    streamId: fields.streamId,
    ...(typeof fields.sessionId === 'string' ? { sessionId: fields.sessionId } : {}),
    ...(typeof fields.title === 'string' ? { title: fields.title } : {}),
    record: readRecordOrder(fields.record),
    playbackKey: typeof fields.playbackKey === 'string' ? fields.playbackKey : null,
    graceMs: typeof fields.graceMs === 'number' && fields.graceMs >= 0 ? fields.graceMs : 30_000,
  }
}

export function readRecordOrder(value: unknown): RecordOrder | null {
  if (typeof value !== 'object' || value === null) return null
  const { dir, maxBytes } = value as Record<string, unknown>
  if (typeof dir !== 'string' || dir === '' || typeof maxBytes !== 'number' || !(maxBytes > 0)) return null
  return { dir, maxBytes }
}
