import type { Clock } from '../clock.ts'
import type { AudioFacts, RefusalCode, RefusalDetail, VideoFacts } from '../hook-events.ts'
import type { AudioConfig, MediaSample, SampleSink, TrackConfig, VideoConfig } from '../sample.ts'
import type { IngestLimits } from './limits.ts'
import { Meter } from './meter.ts'

export interface FeedFacts {
  readonly video: VideoFacts | null
  readonly audio: AudioFacts | null
}

export interface FeedOptions {
  readonly sink: SampleSink
  readonly clock: Clock
  readonly limits: IngestLimits
  /** WHIP: keyframes come when asked for, so a long wait is our doing, not the publisher's. */
  readonly keyframesOnDemand: boolean
  /** The stream was refused for its keyframes before: begin only when a whole group has been measured. */
  readonly measureFirst: boolean
  readonly opened: (facts: FeedFacts) => void
  readonly refused: (code: RefusalCode, detail: RefusalDetail) => void
}

/** How much media may pass before the missing audio track is no longer waited for. */
const WAIT_FOR_AUDIO_US = 1_000_000
const WAIT_FOR_VIDEO_MS = 10_000
const MAX_HELD_SAMPLES = 2_000
const MAX_HELD_BYTES = 16 << 20
/** A step this long is another clock, not a slow encoder. */
const JUMP_US = 3_000_000
/** Encoders count frames, not milliseconds. */
const KEYFRAME_SLACK_MS = 150
const BITRATE_WINDOW_S = 5

/**
 * Between one publisher and its stream: holds samples back until the tracks are known and a keyframe is there,
 * and refuses what would break playback. Once refused or closed it is deaf.
 */
export class Feed {
  readonly meter = new Meter(BITRATE_WINDOW_S)
  lastSampleMs: number
  lastKeyframeAt: number | null = null
  keyframeIntervalMs: number | null = null
  video: VideoConfig | undefined
  audio: AudioConfig | undefined
  private readonly beganMs: number
  private state: 'holding' | 'open' | 'closed' = 'holding'
  private held: MediaSample[] = []
  private heldBytes = 0
  private firstVideoUs: number | undefined
  private wantsAudio = true
  private lastUs = { video: Number.NEGATIVE_INFINITY, audio: Number.NEGATIVE_INFINITY }
  private lastKeyUs: number | undefined
  private groups = 0
  private readonly options: FeedOptions

  constructor(options: FeedOptions) {
    this.options = options
    this.beganMs = options.clock.monotonic()
    this.lastSampleMs = this.beganMs
  }

  get open(): boolean {
    return this.state === 'open'
  }

  /** Says whether sound will come, when the protocol tells. */
  expectAudio(wanted: boolean): void {
    this.wantsAudio = wanted
  }

  configure(config: TrackConfig): void {
    if (this.state === 'closed') return
    if (config.track === 'video') {
      const { maxSidePixels } = this.options.limits
      if (Math.max(config.width, config.height) > maxSidePixels) {
        this.refuse('resolution_too_high', { width: config.width, height: config.height, maxSidePixels })
        return
      }
      // Samples held under the old parameter sets can't be played with the new ones.
      if (this.state === 'holding') this.releaseHeld()
      this.video = config
    } else this.audio = config
    if (this.state === 'open') this.options.sink.configure(config)
  }

  sample(sample: MediaSample): void {
    if (this.state === 'closed') return
    const nowMs = this.options.clock.monotonic()
    this.lastSampleMs = nowMs
    this.meter.add(nowMs, sample.data.length, sample.track === 'video' ? 1 : 0)
    const dtsUs = this.steady(sample)
    if (sample.track === 'video' && !this.groupsFit(sample.key, dtsUs)) return
    if (!this.bitrateFits(nowMs)) return
    const steady = dtsUs === sample.dtsUs ? sample : { ...sample, dtsUs }
    if (this.state === 'open') this.options.sink.sample(steady)
    else this.hold(steady)
  }

  refuse(code: RefusalCode, detail: RefusalDetail = {}): void {
    if (this.state === 'closed') return
    this.close()
    this.options.refused(code, detail)
  }

  close(): void {
    this.state = 'closed'
    this.releaseHeld()
  }

  /** Decode times of a track never decrease; a true jump back is left for the stream to see. */
  private steady(sample: MediaSample): number {
    const last = this.lastUs[sample.track]
    const dtsUs = sample.dtsUs < last && last - sample.dtsUs < JUMP_US ? last : sample.dtsUs
    this.lastUs[sample.track] = dtsUs
    return dtsUs
  }

  private groupsFit(key: boolean, dtsUs: number): boolean {
    const lastKeyUs = this.lastKeyUs
    const sinceMs = lastKeyUs === undefined ? 0 : (dtsUs - lastKeyUs) / 1000
    const { maxKeyframeIntervalMs } = this.options.limits
    const jumped = sinceMs < 0 || sinceMs * 1000 > maxKeyframeIntervalMs * 1000 + JUMP_US
    if (key) {
      this.groups += 1
      this.lastKeyframeAt = this.options.clock.now()
      if (lastKeyUs !== undefined && !jumped) this.keyframeIntervalMs = Math.round(sinceMs)
      this.lastKeyUs = dtsUs
    } else if (jumped) this.lastKeyUs = dtsUs
    else if (!this.options.keyframesOnDemand && sinceMs > maxKeyframeIntervalMs + KEYFRAME_SLACK_MS) {
      this.refuse('keyframes_too_far', { maxKeyframeIntervalMs })
      return false
    }
    return true
  }

  private bitrateFits(nowMs: number): boolean {
    const { kbps, coveredMs } = this.meter.read(nowMs)
    const { maxBitrateKbps } = this.options.limits
    if (kbps <= maxBitrateKbps || coveredMs < BITRATE_WINDOW_S * 1000) return true
    this.refuse('bitrate_too_high', { kbps, maxBitrateKbps })
    return false
  }

  private hold(sample: MediaSample): void {
    if (sample.track === 'audio' || sample.key || this.firstVideoUs !== undefined) {
      if (sample.track === 'video') this.firstVideoUs ??= sample.dtsUs
      this.held.push(sample)
      this.heldBytes += sample.data.length
    }
    const tooMuch = this.held.length > MAX_HELD_SAMPLES || this.heldBytes > MAX_HELD_BYTES
    const waitedMs = this.options.clock.monotonic() - this.beganMs
    if (this.ready(sample)) this.begin()
    else if (this.firstVideoUs === undefined && waitedMs > WAIT_FOR_VIDEO_MS) this.refuse('video_missing')
    else if (tooMuch) this.begin()
    else if (this.firstVideoUs === undefined) this.dropStaleAudio()
  }

  private ready(sample: MediaSample): boolean {
    const videoReady = this.video !== undefined && this.firstVideoUs !== undefined
    if (!videoReady || (this.options.measureFirst && !this.options.keyframesOnDemand && this.groups < 2)) return false
    if (this.audio !== undefined || !this.wantsAudio) return true
    return sample.dtsUs - (this.firstVideoUs ?? sample.dtsUs) > WAIT_FOR_AUDIO_US
  }

  /** Sound from before the first keyframe will not be heard; keep a little, as tracks arrive unevenly. */
  private dropStaleAudio(): void {
    while (this.held.length > 200) this.heldBytes -= this.held.shift()?.data.length ?? 0
  }

  private begin(): void {
    const { sink, opened } = this.options
    const { video, audio, firstVideoUs = Number.NEGATIVE_INFINITY } = this
    const held = this.held.filter(
      (sample) => (sample.track === 'video' ? video : audio) !== undefined && sample.dtsUs >= firstVideoUs,
    )
    this.releaseHeld()
    this.state = 'open'
    opened({
      video: video === undefined ? null : { codec: video.codecString, width: video.width, height: video.height },
      audio: audio === undefined ? null : { codec: audio.codecString, sampleRate: audio.sampleRate, channels: audio.channels },
    })
    if (video !== undefined) sink.configure(video)
    if (audio !== undefined) sink.configure(audio)
    for (const sample of held.sort((a, b) => a.dtsUs - b.dtsUs)) sink.sample(sample)
  }

  private releaseHeld(): void {
    this.held = []
    this.heldBytes = 0
    this.firstVideoUs = undefined
  }
}
