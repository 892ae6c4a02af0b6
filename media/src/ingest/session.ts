import { randomUUID } from 'node:crypto'
import type { Clock } from '../clock.ts'
import type { EndCause, LossCause, Protocol, RefusalCode, RefusalDetail, StreamStats } from '../hook-events.ts'
import type { Admission, AdmitAnswer, AdmitRequest, Hooks, RecordOrder } from '../hooks.ts'
import type { Log } from '../log.ts'
import type { SampleSink } from '../sample.ts'
import type { FeedFacts } from './feed.ts'
import { Feed } from './feed.ts'
import type { IngestLimits } from './limits.ts'

/** Where a stream's samples go: the live window and the recording. Made once per session. */
export interface Output {
  /** The newest attached publisher wins. */
  attach(publisher: { requestKeyframe?(): void; refused?(code: 'timestamps_broken'): void }): SampleSink
  record(order: RecordOrder | null): void
  /** Resolves when the recording is whole on disk. */
  end(): Promise<void>
}

export interface OutputRequest {
  readonly streamId: string
  readonly sessionId: string
  readonly playbackKey: string | null
  readonly record: RecordOrder | null
  /** The present publisher can't be packaged. */
  readonly refused: (code: RefusalCode, detail: RefusalDetail) => void
}

/** One connected source, as the protocol's side shows it. */
export interface PublisherLink {
  readonly protocol: Protocol
  readonly remote: string
  /** Longer than the common limit where a silent publisher may still come back by itself. */
  readonly silenceMs?: number
  /** Must not call back into the publication. */
  close(reason: string): void
  requestKeyframe?(): void
  quality?(): { lossRatio: number; rttMs: number | null; droppedFrames: number }
}

/** What a protocol gets once its publisher is in. After any of the last three calls it is deaf. */
export interface Publication {
  readonly streamId: string
  readonly sessionId: string
  readonly feed: Feed
  lost(cause: LossCause): void
  end(): void
}

export interface StreamFacts {
  readonly streamId: string
  readonly sessionId: string
  readonly startedAt: number | null
  readonly graceUntilAt: number | null
  readonly recording: boolean
  readonly stats: StreamStats
}

export interface SessionsOptions {
  readonly hooks: Hooks
  readonly clock: Clock
  readonly log: Log
  readonly limits: IngestLimits
  readonly openOutput: (request: OutputRequest) => Output
}

interface Current {
  readonly link: PublisherLink
  readonly feed: Feed
}

interface Session {
  readonly streamId: string
  readonly sessionId: string
  readonly output: Output
  graceMs: number
  record: RecordOrder | null
  current: Current | null
  startedAt: number | null
  startedMs: number
  graceUntilAt: number | null
  cancelGrace: () => void
  reconnects: number
  tookOver: boolean
  measureFirst: boolean
}

const REAP_EVERY_MS = 1_000
/** A disk that hangs must not keep the end of a show from being told. */
const CLOSE_LIMIT_MS = 10_000
const REMEMBERED_ENDS = 256

/** All streams of this process: one publisher each, the newest wins, a lost one may come back within its grace. */
export class Sessions {
  private readonly sessions = new Map<string, Session>()
  /** Sessions that are over: an admission that still names one was given before the server knew. */
  private readonly over = new Set<string>()
  private readonly options: SessionsOptions
  private readonly cancels: (() => void)[]

  constructor(options: SessionsOptions) {
    this.options = options
    const { clock, limits } = options
    this.cancels = [clock.every(REAP_EVERY_MS, () => this.reap()), clock.every(limits.statsEveryMs, () => this.report())]
  }

  admit(request: AdmitRequest): Promise<AdmitAnswer> {
    return this.options.hooks.admit(request)
  }

  hasRoom(streamId: string): boolean {
    return this.sessions.has(streamId) || this.sessions.size < this.options.limits.maxStreams
  }

  /** Null: there is no room for one more stream, or the session has just ended: come back a little later. */
  publish(admission: Admission, link: PublisherLink): Publication | null {
    const { clock, limits, log } = this.options
    const known = this.sessions.get(admission.streamId)
    if (!this.hasRoom(admission.streamId) || this.over.has(admission.sessionId ?? '')) return null
    const session = known ?? this.tryOpen(admission)
    if (session === null) return null
    this.replace(session)
    session.cancelGrace()
    session.graceUntilAt = null
    session.graceMs = admission.graceMs
    if (known !== undefined && admission.record !== null) setRecord(session, admission.record)

    const sink = session.output.attach({
      requestKeyframe: () => link.requestKeyframe?.(),
      refused: (code) => feed.refuse(code),
    })
    const feed = new Feed({
      sink,
      clock,
      limits,
      keyframesOnDemand: link.requestKeyframe !== undefined,
      measureFirst: session.measureFirst,
      opened: (facts) => this.opened(session, link, facts),
      refused: (code, detail) => this.refused(session, current, code, detail),
    })
    const current: Current = { link, feed }
    session.current = current
    log.info('publisher in', { ...of(session), protocol: link.protocol, remote: link.remote, back: session.startedAt !== null })
    return {
      streamId: session.streamId,
      sessionId: session.sessionId,
      feed,
      lost: (cause) => this.lose(session, current, cause),
      end: () => {
        if (session.current === current) this.finish(session, 'publisher_ended')
      },
    }
  }

  /** Also ends what waits for a lost publisher. False: no such stream. */
  end(streamId: string): boolean {
    const session = this.sessions.get(streamId)
    if (session !== undefined) this.finish(session, 'ended_by_server')
    return session !== undefined
  }

  /** Sends the publisher away; the stream waits for another. */
  kick(streamId: string, reason: string): boolean {
    const session = this.sessions.get(streamId)
    const current = session?.current
    if (session === undefined || !current) return false
    current.link.close(reason)
    this.lose(session, current, 'kicked')
    return true
  }

  ensure(streamId: string, record: RecordOrder | null): boolean {
    const session = this.sessions.get(streamId)
    if (session !== undefined) setRecord(session, record)
    return session !== undefined
  }

  requestKeyframe(streamId: string): void {
    this.sessions.get(streamId)?.current?.link.requestKeyframe?.()
  }

  list(): StreamFacts[] {
    return [...this.sessions.values()].map((session) => factsOf(session, this.options.clock))
  }

  get(streamId: string): StreamFacts | undefined {
    const session = this.sessions.get(streamId)
    return session === undefined ? undefined : factsOf(session, this.options.clock)
  }

  /** Closes outputs, so that recordings are whole; the shows are not ended. */
  stop(): void {
    for (const cancel of this.cancels.splice(0)) cancel()
    for (const session of this.sessions.values()) {
      const { current } = session
      if (current !== null) {
        current.link.close('media_stopped')
        this.lose(session, current, 'media_stopped')
      }
      session.cancelGrace()
      void session.output.end()
    }
    this.sessions.clear()
  }

  private tryOpen(admission: Admission): Session | null {
    try {
      return this.open(admission)
    } catch (error) {
      this.options.log.error('stream not opened', {
        streamId: admission.streamId,
        reason: error instanceof Error ? error.message : String(error),
      })
      return null
    }
  }

  private open(admission: Admission): Session {
    const { clock, openOutput } = this.options
    const { streamId, record, playbackKey } = admission
    const sessionId = admission.sessionId ?? randomUUID()
    const session: Session = {
      streamId,
      sessionId,
      output: openOutput({
        streamId,
        sessionId,
        playbackKey,
        record,
        refused: (code, detail) => session.current?.feed.refuse(code, detail),
      }),
      graceMs: admission.graceMs,
      record,
      current: null,
      startedAt: null,
      startedMs: clock.monotonic(),
      graceUntilAt: null,
      cancelGrace: () => undefined,
      reconnects: 0,
      tookOver: false,
      measureFirst: false,
    }
    this.sessions.set(streamId, session)
    return session
  }

  private replace(session: Session): void {
    const old = session.current
    if (old === null) return
    session.current = null
    session.tookOver = true
    old.feed.close()
    old.link.close('taken_over')
    this.options.log.info('publisher taken over', { ...of(session), remote: old.link.remote })
  }

  private opened(session: Session, link: PublisherLink, facts: FeedFacts): void {
    const { clock, hooks } = this.options
    const { protocol, remote } = link
    session.measureFirst = false
    if (session.startedAt === null) {
      session.startedAt = clock.now()
      session.startedMs = clock.monotonic()
      hooks.emit({ type: 'started', ...of(session), protocol, remote, ...facts })
    } else {
      session.reconnects += 1
      hooks.emit({ type: 'publisherBack', ...of(session), protocol, remote, tookOver: session.tookOver, ...facts })
    }
    session.tookOver = false
  }

  private refused(session: Session, current: Current, code: RefusalCode, detail: RefusalDetail): void {
    const { link } = current
    this.options.log.warn('publisher refused', { ...of(session), code, ...detail })
    this.options.hooks.emit({ type: 'refused', ...of(session), protocol: link.protocol, remote: link.remote, code, detail })
    if (code === 'keyframes_too_far') session.measureFirst = true
    link.close(code)
    this.lose(session, current, 'refused')
  }

  private lose(session: Session, current: Current, cause: LossCause): void {
    if (session.current !== current) return
    const { clock, hooks, log } = this.options
    session.current = null
    current.feed.close()
    session.graceUntilAt = clock.now() + session.graceMs
    log.info('publisher lost', { ...of(session), cause, started: session.startedAt !== null })
    if (session.startedAt !== null)
      hooks.emit({ type: 'publisherLost', ...of(session), cause, graceUntilAt: session.graceUntilAt })
    session.cancelGrace = clock.after(session.graceMs, () => this.finish(session, 'grace_over'))
  }

  private finish(session: Session, cause: EndCause): void {
    if (this.sessions.get(session.streamId) !== session) return
    const { clock, hooks, log } = this.options
    this.sessions.delete(session.streamId)
    session.cancelGrace()
    const { current } = session
    session.current = null
    current?.feed.close()
    current?.link.close('ended')
    this.remember(session.sessionId)
    const durationMs = Math.round(clock.monotonic() - session.startedMs)
    const started = session.startedAt !== null
    log.info('stream ended', { ...of(session), cause, started })
    const closed = this.within(session.output.end())
    if (started) void closed.then(() => hooks.emit({ type: 'ended', ...of(session), cause, durationMs }))
  }

  private within(done: Promise<void>): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.options.clock.after(CLOSE_LIMIT_MS, resolve)
      void done.finally(() => {
        cancel()
        resolve()
      })
    })
  }

  private remember(sessionId: string): void {
    this.over.add(sessionId)
    const [oldest] = this.over
    if (this.over.size > REMEMBERED_ENDS && oldest !== undefined) this.over.delete(oldest)
  }

  private reap(): void {
    const { clock, limits } = this.options
    for (const session of [...this.sessions.values()]) {
      const { current } = session
      if (current === null || clock.monotonic() - current.feed.lastSampleMs < (current.link.silenceMs ?? limits.silenceMs))
        continue
      current.link.close('silent')
      this.lose(session, current, 'silent')
    }
  }

  private report(): void {
    const { clock, hooks } = this.options
    for (const session of this.sessions.values()) {
      if (session.startedAt !== null) hooks.emit({ type: 'stats', ...of(session), stats: statsOf(session, clock) })
    }
  }
}

function setRecord(session: Session, record: RecordOrder | null): void {
  session.record = record
  session.output.record(record)
}

const of = (session: Session) => ({ streamId: session.streamId, sessionId: session.sessionId })

function factsOf(session: Session, clock: Clock): StreamFacts {
  const { startedAt, graceUntilAt, record } = session
  return { ...of(session), startedAt, graceUntilAt, recording: record !== null, stats: statsOf(session, clock) }
}

function statsOf(session: Session, clock: Clock): StreamStats {
  const { current, reconnects } = session
  const rate = current?.feed.meter.read(clock.monotonic())
  const quality = current?.link.quality?.()
  return {
    state: current === null ? 'grace' : current.feed.open ? 'live' : 'waiting',
    protocol: current?.link.protocol ?? null,
    bitrateKbps: rate?.kbps ?? 0,
    fps: rate?.fps ?? 0,
    lossRatio: quality?.lossRatio ?? 0,
    rttMs: quality?.rttMs ?? null,
    width: current?.feed.video?.width ?? 0,
    height: current?.feed.video?.height ?? 0,
    keyframeIntervalMs: current?.feed.keyframeIntervalMs ?? null,
    lastKeyframeAt: current?.feed.lastKeyframeAt ?? null,
    droppedFrames: quality?.droppedFrames ?? 0,
    reconnects,
  }
}
