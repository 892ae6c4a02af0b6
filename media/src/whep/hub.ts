/** One show as RTP, made once for all who watch it by WHEP. Rules: SPEC.md in this folder. */
import type { Clock } from '../clock.ts'
import type { MediaSample, SampleSink, TrackConfig, VideoConfig } from '../sample.ts'
import { h264Payloads } from '../wire/rtp/h264-out.ts'

export interface OutPacket {
  readonly track: 'video' | 'audio'
  readonly sequence: number
  readonly timestamp: number
  readonly marker: boolean
  readonly payload: Buffer
  /** First packet of a keyframe: a viewer may begin here. */
  readonly entry: boolean
}

/** Where a track stands, for a sender report (RFC 3550 section 6.4.1). */
export interface TrackPoint {
  readonly programAt: number
  readonly timestamp: number
}

export interface HubViewer {
  send(packet: OutPacket): void
  /** Nothing more comes for this reason. */
  closed(why: string): void
}

export interface HubOptions {
  readonly clock: Clock
  /** Program date-time of a time on the stream's timeline. */
  readonly programAt: (timeUs: number) => number
  readonly requestKeyframe: () => void
}

/** RFC 6184 and RFC 7587. */
export const VIDEO_TICKS_PER_MS = 90
export const AUDIO_TICKS_PER_MS = 48
/** A keyframe of 60 packets leaves within a frame's time, and not as one burst that fills a router. */
const BURST = 16
const BURST_EVERY_MS = 4
/** About a second of a heavy stream: more means that the process cannot keep up. */
const MAX_QUEUED = 1_200
const ASK_EVERY_MS = 500
const KEPT_FOR_RESEND = 512
const REORDERED_LIMIT = 3

export type Unfit = 'no_picture' | 'reordered_frames' | 'audio_unsupported'

export class Hub implements SampleSink {
  readonly points: { video: TrackPoint | null; audio: TrackPoint | null } = { video: null, audio: null }
  private readonly options: HubOptions
  private readonly viewers = new Map<HubViewer, { started: boolean }>()
  private video: VideoConfig | null = null
  private audio: 'opus' | 'other' | null = null
  private reordered = 0
  private sequences = { video: 0, audio: 0 }
  private readonly kept: (OutPacket | undefined)[] = new Array(KEPT_FOR_RESEND)
  private queue: OutPacket[] = []
  private cancelFlush: (() => void) | null = null
  private askedMs = Number.NEGATIVE_INFINITY
  private readonly stopAsking: () => void
  private held = 0
  private ended = false

  constructor(options: HubOptions) {
    this.options = options
    this.stopAsking = options.clock.every(ASK_EVERY_MS, () => {
      if ([...this.viewers.values()].some(({ started }) => !started)) this.wantKeyframe()
    })
  }

  /** Seats that are taken. */
  get size(): number {
    return this.viewers.size + this.held
  }

  /** A seat for somebody who is on the way. */
  hold(): () => void {
    this.held += 1
    let holding = true
    return () => {
      if (holding) this.held -= 1
      holding = false
    }
  }

  get profile(): string {
    return this.video?.codecString.slice('avc1.'.length) ?? '42e01f'
  }

  /** Why this show can't be watched so; null when it can. */
  unfit(withAudio: boolean): Unfit | null {
    if (this.video === null || this.ended) return 'no_picture'
    if (this.reordered >= REORDERED_LIMIT) return 'reordered_frames'
    return withAudio && this.audio === 'other' ? 'audio_unsupported' : null
  }

  join(viewer: HubViewer): () => void {
    this.viewers.set(viewer, { started: false })
    this.wantKeyframe()
    return () => void this.viewers.delete(viewer)
  }

  /** One for all who ask at once: keyframes are dear. */
  wantKeyframe(): void {
    const nowMs = this.options.clock.monotonic()
    if (nowMs - this.askedMs < ASK_EVERY_MS) return
    this.askedMs = nowMs
    this.options.requestKeyframe()
  }

  /** A packet of the picture that a viewer has lost; undefined when it is too old. */
  lost(sequence: number): OutPacket | undefined {
    const packet = this.kept[sequence % KEPT_FOR_RESEND]
    return packet?.sequence === sequence ? packet : undefined
  }

  configure(config: TrackConfig): void {
    if (config.track === 'video') {
      this.video = config
      this.reordered = 0
    } else this.audio = config.codec === 'opus' ? 'opus' : 'other'
  }

  sample(sample: MediaSample): void {
    if (sample.track === 'video') this.picture(sample)
    else if (this.audio === 'opus' && this.viewers.size > 0) this.sound(sample)
  }

  discontinuity(): void {
    this.queue = []
    this.audio = null
    for (const state of this.viewers.values()) state.started = false
  }

  end(): void {
    this.close('ended')
  }

  close(why: string): void {
    if (this.ended) return
    this.ended = true
    this.stopAsking()
    this.cancelFlush?.()
    this.queue = []
    for (const viewer of [...this.viewers.keys()]) viewer.closed(why)
    this.viewers.clear()
  }

  private picture(sample: MediaSample): void {
    // RTP carries no decode times: frames that are shown in another order would stutter.
    if (sample.ptsUs !== sample.dtsUs) this.reordered += 1
    if (this.viewers.size === 0 || this.video === null) return
    if (this.reordered >= REORDERED_LIMIT) {
      for (const viewer of [...this.viewers.keys()]) viewer.closed('reordered_frames')
      this.viewers.clear()
      return
    }
    if (this.queue.length > MAX_QUEUED) this.discontinuity()
    const timestamp = this.stamp('video', sample.ptsUs, VIDEO_TICKS_PER_MS)
    const payloads = h264Payloads(sample.data, sample.key ? [...this.video.sps, ...this.video.pps] : [])
    for (const [i, payload] of payloads.entries()) {
      const marker = i === payloads.length - 1
      const packet = {
        track: 'video',
        sequence: this.next('video'),
        timestamp,
        marker,
        payload,
        entry: sample.key && i === 0,
      } as const
      this.kept[packet.sequence % KEPT_FOR_RESEND] = packet
      this.queue.push(packet)
    }
    if (this.cancelFlush === null) this.flush()
  }

  private sound(sample: MediaSample): void {
    const timestamp = this.stamp('audio', sample.ptsUs, AUDIO_TICKS_PER_MS)
    const { buffer, byteOffset, length } = sample.data
    const payload = Buffer.from(buffer, byteOffset, length)
    this.deliver({ track: 'audio', sequence: this.next('audio'), timestamp, marker: false, payload, entry: false })
  }

  /**
   * RTP time is program date-time: modulo 2^32, one tick is 1/90 or 1/48 ms since the epoch. Who knows the hour within six of them
   * knows from a frame's stamp when it was in front of the camera (RFC 3550 asks for a random start only against guessing keys).
   */
  private stamp(track: 'video' | 'audio', timeUs: number, ticksPerMs: number): number {
    const programAt = this.options.programAt(timeUs)
    const timestamp = Math.round(programAt * ticksPerMs) % 2 ** 32
    this.points[track] = { programAt, timestamp }
    return timestamp
  }

  private next(track: 'video' | 'audio'): number {
    this.sequences[track] = (this.sequences[track] + 1) & 0xffff
    return this.sequences[track]
  }

  private flush(): void {
    this.cancelFlush = null
    for (const packet of this.queue.splice(0, BURST)) this.deliver(packet)
    if (this.queue.length > 0) this.cancelFlush = this.options.clock.after(BURST_EVERY_MS, () => this.flush())
  }

  private deliver(packet: OutPacket): void {
    for (const [viewer, state] of this.viewers) {
      if (packet.entry) state.started = true
      if (state.started) viewer.send(packet)
    }
  }
}
