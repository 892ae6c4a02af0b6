/** All that media asks of the world: may this publisher come in, and here is what happened. */
import type { Clock } from './clock.ts'
import type { HookEvent, NumberedEvent, Protocol } from './hook-events.ts'
import { createHookQueue } from './hook-queue.ts'
import type { JsonAnswer, JsonTarget } from './json-request.ts'
import { jsonRequest } from './json-request.ts'
import type { Log } from './log.ts'

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
const STRIKES = 6
const RETRY_MIN_MS = 200
const RETRY_MAX_MS = 5_000
const NO_SERVER: AdmitRefusal = { ok: false, code: 'server_unreachable', retryAfterS: 2 }

export function createHooks(options: HooksOptions): Hooks {
  return new HookClient(options)
}

class HookClient implements Hooks {
  private readonly queue = createHookQueue({ maxEvents: 4_000 })
  private readonly options: HooksOptions
  private answeredAt: number
  private sending = false
  private closed = false
  private retryMs = RETRY_MIN_MS
  private batch = BATCH
  /** How often in a row the oldest event was answered with a fault of the server. */
  private strikes = 0
  private idle: (() => void)[] = []

  constructor(options: HooksOptions) {
    this.options = options
    this.answeredAt = options.clock.monotonic()
  }

  async admit(request: AdmitRequest): Promise<AdmitAnswer> {
    return readAdmit(await this.post('/hooks/admit', request, ADMIT_TIMEOUT_MS)) ?? NO_SERVER
  }

  emit(event: HookEvent): void {
    this.queue.push(event, this.options.clock.now())
    this.pump()
  }

  unansweredMs(): number {
    return this.options.clock.monotonic() - this.answeredAt
  }

  async drain(timeoutMs: number): Promise<void> {
    if (this.queue.size() === 0) return
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, timeoutMs)
      this.idle.push(() => {
        clearTimeout(timer)
        resolve()
      })
      this.pump()
    })
  }

  close(): void {
    this.closed = true
    this.rest()
  }

  private async post(path: string, body: unknown, timeoutMs: number): Promise<JsonAnswer> {
    const answer = await jsonRequest(this.options.target, path, body, timeoutMs)
    if (answer.status !== 0) this.answeredAt = this.options.clock.monotonic()
    return answer
  }

  private pump(): void {
    if (this.sending || this.closed || this.queue.size() === 0) return
    this.sending = true
    // One turn later, so that what happens together leaves together.
    setImmediate(() => void this.deliver())
  }

  private async deliver(): Promise<void> {
    const events = this.queue.peek(this.batch)
    const { status } = await this.post('/hooks/events', { bootId: this.options.bootId, events }, EVENTS_TIMEOUT_MS)
    this.sending = false
    if (this.closed) return
    const poison = status === 400 || status === 422
    if (status >= 200 && status < 300) this.delivered(events)
    else if (poison && events.length > 1) this.batch = 1
    else if (poison) this.giveUp(events)
    else if (status < 500 || !(await this.strikeOut(events))) return this.later()
    if (this.queue.size() > 0) this.pump()
    else this.rest()
  }

  /**
   * An event that the server breaks on every time must not hold up the rest for ever. Is it the event or the server? The one behind it
   * tells: only when that one is taken the first is let go. True: something changed, go on at once.
   */
  private async strikeOut(events: readonly NumberedEvent[]): Promise<boolean> {
    this.strikes += 1
    if (this.strikes < STRIKES) return false
    if (events.length > 1) {
      this.batch = 1
      return true
    }
    const [, behind] = this.queue.peek(2)
    if (behind === undefined) return false
    const { status } = await this.post('/hooks/events', { bootId: this.options.bootId, events: [behind] }, EVENTS_TIMEOUT_MS)
    if (this.closed || status < 200 || status >= 300) return false
    this.giveUp(events)
    this.delivered([behind])
    return true
  }

  private delivered(events: readonly NumberedEvent[]): void {
    this.strikes = 0
    this.queue.acknowledge(events[events.length - 1]?.n ?? 0)
    this.retryMs = RETRY_MIN_MS
    this.batch = BATCH
  }

  /** One event the server can't read must not hold up the rest: found alone, it is let go. */
  private giveUp(events: readonly NumberedEvent[]): void {
    for (const event of events) this.options.log.error('hook event refused for good', { type: event.type, n: event.n })
    this.delivered(events)
  }

  private later(): void {
    this.sending = true
    this.options.clock.after(this.retryMs, () => {
      this.sending = false
      this.pump()
    })
    this.retryMs = Math.min(this.retryMs * 2, RETRY_MAX_MS)
  }

  private rest(): void {
    for (const done of this.idle.splice(0)) done()
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
