import type { Engine, EngineOptions } from './engine.ts'
import { openHls } from './hls-engine.ts'
import { openNative, playsNatively } from './native-engine.ts'
import { Nearness } from './nearness.ts'
import { giveUpAfterMs, healthyAfterMs, nudgeAfterMs, restartAfterMs, restartPauseMs, stuckAfterMs } from './policy.ts'
import { nextState, type PlayerEvent, type PlayerState } from './state.ts'
import type { WhepConnection } from './whep-engine.ts'
import { whepUrl } from './whep-time.ts'

export interface PlayerOptions {
  readonly url: string
  readonly live: boolean
  /** Captions need the larger build of hls.js. */
  readonly captions?: boolean
  /** With sound from the start, where the browser allows it; otherwise muted. */
  readonly sound?: boolean
  /** Where a recording begins, seconds. */
  readonly startAt?: number
  /** Trying goes on for this long without a moving picture. */
  readonly giveUpAfterMs?: number
  readonly onState?: (snapshot: PlayerSnapshot) => void
}

export interface PlayerSnapshot {
  readonly state: PlayerState
  readonly muted: boolean
  /** The last thing that went wrong, for a report; never shown as it is. */
  readonly reason: string | null
  readonly engine: Engine['kind'] | null
}

export interface Player {
  readonly snapshot: PlayerSnapshot
  /** Program date-time of the frame on the screen, epoch milliseconds of the server. */
  pictureTime(): number | null
  /** How far the picture is behind `serverNow`, milliseconds. */
  behindMs(serverNow: number): number | null
  /** Program date-time of the live point, where catching up leads. */
  liveEdge(): number | null
  droppedFrames(): { readonly dropped: number; readonly shown: number }
  /** To the frame of a program date-time: chapters, pins. False when it cannot be played any more. */
  jumpTo(programAt: number): boolean
  toLive(): void
  /** Seconds count now: the picture comes by WebRTC while there is a seat and a way, and by HLS otherwise. */
  setNear(wanted: boolean): void
  /** From a tap: browsers allow sound then. */
  unmute(): void
  mute(): void
  play(): void
  pause(): void
  /** The way out of `failed`: a new beginning. */
  retry(): void
  close(): void
}

const watchEveryMs = 250
/** A frame told of this late is no longer the one on the screen, unless pictures hang. */
const frameLateS = 0.2

/** Plays a stream until it ends: starts muted, follows live, survives stalls, lost networks and broken media. */
export function openPlayer(video: HTMLVideoElement, options: PlayerOptions): Player {
  return new LivePlayer(video, options)
}

class LivePlayer implements Player {
  private readonly video: HTMLVideoElement
  private readonly options: PlayerOptions
  private readonly ended = new AbortController()
  private engine: Engine | null = null
  /** A newer start makes the answers of an older one void. */
  private generation = 0
  private attempt = 0
  private brokenSince: number | null = null
  private movedAt = performance.now()
  private playingSince: number | null = null
  private lastTime = -1
  private frameTime: number | null = null
  private nudged = false
  private wanted = true
  private lastSegmentKnown = false
  private readonly near: Nearness
  private restartTimer: ReturnType<typeof setTimeout> | undefined
  snapshot: PlayerSnapshot

  constructor(video: HTMLVideoElement, options: PlayerOptions) {
    this.video = video
    this.options = options
    const mayBeLoud = options.sound === true && navigator.userActivation?.hasBeenActive === true
    video.muted = !mayBeLoud
    video.playsInline = true
    this.snapshot = { state: 'connecting', muted: video.muted, reason: null, engine: null }
    this.near = new Nearness({
      url: options.live ? whepUrl(options.url) : null,
      enter: (connection) => this.enterNear(connection),
      leave: (reason) => this.leaveNear(reason),
    })
    this.listen()
    void this.start()
  }

  private listen(): void {
    const { video, ended } = this
    const on = (target: EventTarget, name: string, act: () => void) =>
      target.addEventListener(name, act, { signal: ended.signal })
    on(video, 'volumechange', () => this.tell({ muted: video.muted }))
    on(video, 'ended', () => this.step('ended'))
    on(video, 'pause', () => {
      // Browsers pause by themselves at the end and when a tab sleeps; only a hand counts.
      if (!this.wanted) this.step('paused')
    })
    on(video, 'play', () => this.snapshot.state === 'paused' && this.step('resumed'))
    on(window, 'offline', () => this.step('offline'))
    on(window, 'online', () => {
      this.step('online')
      if (this.snapshot.state === 'connecting' || this.snapshot.state === 'stalled') this.restart('online', 0)
    })
    on(document, 'visibilitychange', () => {
      if (document.visibilityState === 'visible') this.movedAt = performance.now()
    })
    const watch = setInterval(() => this.watch(), watchEveryMs)
    ended.signal.addEventListener('abort', () => clearInterval(watch))
    this.followFrames()
  }

  private followFrames(): void {
    const { video, ended } = this
    if (!('requestVideoFrameCallback' in video)) return
    const next = () =>
      video.requestVideoFrameCallback((_, frame) => {
        this.frameTime = frame.mediaTime
        if (!ended.signal.aborted) next()
      })
    next()
  }

  private tell(change: Partial<PlayerSnapshot>): void {
    const next = { ...this.snapshot, ...change }
    const same = (Object.keys(next) as (keyof PlayerSnapshot)[]).every((key) => next[key] === this.snapshot[key])
    this.snapshot = next
    if (!same) this.options.onState?.(next)
  }

  private step(event: PlayerEvent): void {
    this.tell({ state: nextState(this.snapshot.state, event) })
  }

  private async start(): Promise<void> {
    const generation = ++this.generation
    const { video, options } = this
    this.engine?.close()
    this.engine = null
    this.near.gone()
    const mine = () => generation === this.generation && !this.ended.signal.aborted
    const engineOptions: EngineOptions = {
      url: options.url,
      live: options.live,
      captions: options.captions ?? false,
      startAt: this.attempt > 0 && !options.live && this.lastTime > 0 ? this.lastTime : options.startAt,
      onBroken: (reason) => mine() && this.broken(reason),
      onLastSegment: () => {
        this.lastSegmentKnown = true
      },
    }
    this.movedAt = performance.now()
    this.nudged = false
    try {
      const engine = (await openHls(video, engineOptions)) ?? (playsNatively(video) ? openNative(video, engineOptions) : null)
      if (!mine()) {
        engine?.close()
        return
      }
      if (!engine) {
        this.giveUp('no way to play HLS')
        return
      }
      this.engine = engine
      this.tell({ engine: engine.kind })
    } catch (problem) {
      // The chunk of hls.js could not be loaded.
      if (mine()) this.broken(problem instanceof Error ? problem.message : 'player code')
      return
    }
    if (this.wanted) await this.begin(mine)
  }

  /** The connection has pictures already: the change takes no longer than a frame or two. False: it comes at the wrong moment. */
  private enterNear(connection: WhepConnection): boolean {
    const { state } = this.snapshot
    if (this.ended.signal.aborted || !this.wanted || !(state === 'playing' || state === 'connecting' || state === 'stalled'))
      return false
    this.generation++
    clearTimeout(this.restartTimer)
    this.engine?.close()
    this.engine = connection.show(this.video)
    this.movedAt = performance.now()
    this.frameTime = null
    this.tell({ engine: 'whep' })
    const generation = this.generation
    void this.begin(() => generation === this.generation && !this.ended.signal.aborted)
    return true
  }

  private leaveNear(reason: string): void {
    if (this.ended.signal.aborted || this.engine?.kind !== 'whep') return
    this.tell({ reason })
    void this.start()
  }

  private async begin(mine: () => boolean): Promise<void> {
    try {
      await this.video.play()
    } catch (problem) {
      if (!mine() || !(problem instanceof DOMException) || problem.name !== 'NotAllowedError') return
      if (this.video.muted) this.step('refused')
      else {
        this.video.muted = true
        await this.begin(mine)
      }
    }
  }

  /** Looks whether the picture moves; events alone miss pictures that freeze in silence. */
  private watch(): void {
    const { video } = this
    const at = performance.now()
    const moved = video.currentTime !== this.lastTime && !video.seeking && video.readyState >= 2
    if (moved) {
      this.lastTime = video.currentTime
      this.movedAt = at
      this.nudged = false
      if (!video.paused && this.lastTime > 0) this.moving(at)
      return
    }
    if (video.paused || video.ended || !this.wanted || document.visibilityState === 'hidden') {
      this.movedAt = at
      return
    }
    const stillMs = at - this.movedAt
    if (this.snapshot.state === 'playing' && stillMs > stuckAfterMs) this.stall(at)
    if (this.snapshot.state !== 'stalled') return
    // A finished show may stop short of its declared length by a fraction of a frame.
    if (this.lastSegmentKnown && video.duration - video.currentTime < 0.5) this.step('ended')
    else if (stillMs > restartAfterMs) this.broken('stalled')
    else if (stillMs > nudgeAfterMs && !this.nudged) {
      this.nudged = true
      this.engine?.wake()
      if (this.options.live) this.toLive()
    }
  }

  private moving(at: number): void {
    this.playingSince ??= at
    if (at - this.playingSince > healthyAfterMs) this.attempt = 0
    this.brokenSince = null
    this.engine?.calm(at)
    this.step('moved')
    if (this.snapshot.reason) this.tell({ reason: null })
  }

  private stall(at: number): void {
    this.playingSince = null
    if (this.options.live) this.engine?.stalled(at)
    this.step('stuck')
    if (!navigator.onLine) this.step('offline')
  }

  private broken(reason: string): void {
    if (this.engine?.kind === 'whep') {
      this.near.fail(reason)
      return
    }
    const at = performance.now()
    this.brokenSince ??= at
    this.playingSince = null
    this.tell({ reason })
    if (at - this.brokenSince > (this.options.giveUpAfterMs ?? giveUpAfterMs)) this.giveUp(reason)
    else this.restart(reason, restartPauseMs(this.attempt++, Math.random()))
  }

  private restart(reason: string, pauseMs: number): void {
    clearTimeout(this.restartTimer)
    this.tell({ reason })
    this.step(navigator.onLine ? 'restarted' : 'offline')
    this.movedAt = performance.now()
    this.restartTimer = setTimeout(() => {
      if (!this.ended.signal.aborted) void this.start()
    }, pauseMs)
  }

  private giveUp(reason: string): void {
    this.generation++
    clearTimeout(this.restartTimer)
    this.engine?.close()
    this.engine = null
    this.tell({ reason })
    this.step('gave_up')
  }

  pictureTime(): number | null {
    const now = this.video.currentTime
    // Frames are told of late. Only when they lag visibly behind the sound does the last one say more than the clock; in a hidden tab none are told.
    const lateS = this.frameTime === null ? 0 : now - this.frameTime
    const shown = this.frameTime !== null && lateS > frameLateS && lateS < 1 ? this.frameTime : now
    return this.engine?.dateAt(shown) ?? null
  }

  behindMs(serverNow: number): number | null {
    const at = this.pictureTime()
    return at === null ? null : Math.max(0, serverNow - at)
  }

  liveEdge(): number | null {
    const position = this.engine?.livePosition() ?? null
    return position === null ? null : (this.engine?.dateAt(position) ?? null)
  }

  droppedFrames(): { dropped: number; shown: number } {
    const quality = this.video.getVideoPlaybackQuality()
    return { dropped: quality.droppedVideoFrames, shown: quality.totalVideoFrames - quality.droppedVideoFrames }
  }

  jumpTo(programAt: number): boolean {
    const position = this.engine?.positionOf(programAt) ?? null
    if (position === null) return false
    this.video.currentTime = position
    this.play()
    return true
  }

  toLive(): void {
    const position = this.engine?.livePosition() ?? null
    if (position !== null && Math.abs(position - this.video.currentTime) > 0.3) this.video.currentTime = position
  }

  setNear(wanted: boolean): void {
    this.near.set(wanted)
  }

  unmute(): void {
    this.video.muted = false
    this.play()
  }

  mute(): void {
    this.video.muted = true
  }

  play(): void {
    this.wanted = true
    this.movedAt = performance.now()
    if (this.snapshot.state === 'blocked') this.step('resumed')
    void this.begin(() => !this.ended.signal.aborted)
  }

  pause(): void {
    this.wanted = false
    this.video.pause()
    this.step('paused')
  }

  retry(): void {
    this.attempt = 0
    this.brokenSince = null
    this.wanted = true
    this.restart('retry', 0)
  }

  close(): void {
    this.generation++
    clearTimeout(this.restartTimer)
    this.ended.abort()
    this.near.close()
    this.engine?.close()
    this.engine = null
  }
}
