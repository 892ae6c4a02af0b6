/** Samples in, parts and segments out. Rules: SPEC.md in this folder. */
import type { AudioConfig, MediaSample, SampleSink, TrackConfig, VideoConfig } from '../sample.ts'
import type { Stream } from '../stream.ts'
import { sameVideo } from '../wire/h264/config.ts'
import { sameBytes, toAvcc } from '../wire/h264/nal.ts'
import { AudioLine } from './audio-line.ts'
import type { Cut, Frame, TimedFrame } from './cutter.ts'
import { Cutter } from './cutter.ts'
import type { Targets } from './measure.ts'
import { frameInterval, measure, targetsFor } from './measure.ts'
import type { Part } from './part.ts'
import { partBytes } from './part.ts'
import type { GrowingSegment, Init, Segment } from './segment.ts'
import { makeInit } from './segment.ts'
import { PLACEHOLDER_AUDIO } from './silence.ts'

/** What listens to finished bytes: the origin's window, the recorder. */
export interface PackageSink {
  part?(part: Part, segment: Segment): void
  segment?(segment: Segment): void
  ended?(): void
}

export interface PackagerRefusal {
  readonly code: 'keyframes_too_far' | 'bitrate_too_high'
  readonly detail: Readonly<Record<string, string | number>>
}

export interface PackagerAdvice {
  readonly code: 'keyframes_too_far' | 'reordered_frames' | 'audio_missing'
  readonly detail: Readonly<Record<string, string | number>>
}

export interface PackagerLimits {
  /** Samples held while the first GOPs are measured. */
  readonly maxStartBytes: number
}

export interface PackagerOptions {
  readonly stream: Pick<Stream, 'programAt' | 'requestKeyframe'>
  /** A restarted process continues above the numbers its predecessor gave out. */
  readonly firstSequence?: number
  readonly firstDiscontinuitySequence?: number
  readonly limits?: Partial<PackagerLimits>
  /** Nothing more is packaged until the publisher comes back. */
  readonly onRefused?: (refusal: PackagerRefusal) => void
  /** The show goes on, but the encoder should be set otherwise. */
  readonly onAdvice?: (advice: PackagerAdvice) => void
}

const MAX_START_BYTES = 24_000_000
/** Video waits so long for audio that is still coming in. */
const AUDIO_HOLD_US = 1_000_000
const AUDIO_TOLERANCE_US = 40_000
const AUDIO_DEAD_US = 1_000_000
const VIDEO_DEAD_US = 2_000_000
const AUDIO_ONLY_AFTER_US = 4_000_000
/** A reconnected publisher's audio description may follow its first pictures. */
const REATTACH_WAIT_US = 700_000
const MAX_REORDER_US = 2_000_000
/** A PLI takes a round trip and an encoder's frame or two. */
const KEYFRAME_LEAD_US = 200_000
const KEYFRAME_AGAIN_US = 500_000

type Phase = 'starting' | 'live' | 'refused' | 'ended'

export class Packager implements SampleSink {
  /** Null until the first GOPs are measured; never changes afterwards. */
  targets: Targets | null = null
  framesPerSecond: number | null = null
  private readonly options: PackagerOptions
  private readonly sinks = new Set<PackageSink>()
  private phase: Phase = 'starting'
  private video: VideoConfig | null = null
  private pendingVideo: VideoConfig | null = null
  private audio: AudioConfig | null = null
  private pendingAudio: AudioConfig | null = null
  private pendingSamples: MediaSample[] = []
  private audioSeen = false
  private startFrames: Frame[] = []
  /** What the first of them needs; later ones may bring a change of their own. */
  private startVideo: VideoConfig | null = null
  private startAudio: MediaSample[] = []
  private startBytes = 0
  private reorderUs = 0
  private audioOnly = false
  private cutter: Cutter | null = null
  private line: AudioLine | null = null
  private queue: Cut[] = []
  private newestVideoUs = 0
  private audioArrivedUs = 0
  private keyframeAskedUs = 0
  private shiftUs = 0
  /** The last frame of sound of the timeline before reaches this far into the new one. */
  private overhangUs = 0
  private mediaEndUs = 0
  private init: Init | null = null
  private segment: GrowingSegment | null = null
  private nextSequence: number
  private discontinuitySequence: number
  private nextIsDiscontinuous = false
  /** Readers that know only the first init section (FFmpeg, VLC) find later parameter sets before the key frames. */
  private inBand = false
  private fragments = 0
  private lastProgramAt = 0
  private advised = new Set<string>()

  constructor(options: PackagerOptions) {
    this.options = options
    this.nextSequence = options.firstSequence ?? 0
    this.discontinuitySequence = options.firstDiscontinuitySequence ?? 0
  }

  listen(sink: PackageSink): () => void {
    this.sinks.add(sink)
    return () => this.sinks.delete(sink)
  }

  configure(config: TrackConfig): void {
    if (config.track === 'video') {
      if (this.audioOnly) this.discontinuity()
      this.pendingVideo = this.video !== null && sameVideo(this.video, config) ? null : config
      return
    }
    this.audioSeen = true
    if (this.pendingAudio !== null && sameAudio(this.pendingAudio, config)) return
    this.pendingSamples = []
    this.startAudio = []
    const known = this.phase === 'live' && this.audio !== null && sameAudio(this.audio, config)
    this.pendingAudio = known ? null : config
    // Other audio begins with the next segment, and that with the next key frame.
    if (this.phase === 'live' && !known) this.options.stream.requestKeyframe()
  }

  sample(sample: MediaSample): void {
    if (this.phase === 'ended' || this.phase === 'refused') return
    if (sample.track === 'video') this.onVideo(sample)
    else this.onAudio(sample)
  }

  discontinuity(): void {
    if (this.phase === 'ended') return
    if (this.phase === 'live') this.finishTimeline()
    this.clearStart()
    this.phase = 'starting'
  }

  end(): void {
    if (this.phase === 'ended') return
    // A show shorter than the measurement is still worth a segment.
    if (this.phase === 'starting' && this.startFrames.length > 1) this.goLive()
    if (this.phase === 'live') this.finishTimeline()
    this.clearStart()
    this.phase = 'ended'
    for (const sink of [...this.sinks]) sink.ended?.()
  }

  refuse(refusal: PackagerRefusal): void {
    if (this.phase === 'ended' || this.phase === 'refused') return
    if (this.phase === 'live') this.finishTimeline()
    this.clearStart()
    this.phase = 'refused'
    this.options.onRefused?.(refusal)
  }

  private onVideo(sample: MediaSample): void {
    const config = sample.key ? this.pendingVideo : null
    if (this.video === null && config === null) return
    const starting = this.phase === 'starting'
    if (starting && this.startFrames.length === 0) {
      if (!sample.key) return
      // Moves decode times to where the first picture is shown, so that segments begin where they begin to be seen.
      this.reorderUs = Math.max(0, Math.min(MAX_REORDER_US, sample.ptsUs - sample.dtsUs))
    }
    if (config !== null) {
      this.video = config
      this.pendingVideo = null
    }
    if (starting && this.startFrames.length === 0) this.startVideo = this.video
    if (sample.ptsUs !== sample.dtsUs) this.advise('reordered_frames', {})
    const frame: Frame = { dtsUs: sample.dtsUs + this.reorderUs, ptsUs: sample.ptsUs, key: sample.key, data: sample.data, config }
    if (starting) this.hold(frame)
    else this.feed(frame)
  }

  private hold(frame: Frame): void {
    this.startFrames.push(frame)
    this.startBytes += frame.data.length
    if (this.startBytes > (this.options.limits?.maxStartBytes ?? MAX_START_BYTES)) {
      this.refuse({ code: 'bitrate_too_high', detail: { bytes: this.startBytes } })
      return
    }
    const passedUs = frame.dtsUs - (this.startFrames[0]?.dtsUs ?? 0)
    if (this.targets !== null) {
      if (this.audioSeen || passedUs >= REATTACH_WAIT_US) this.goLive()
      return
    }
    const measured = measure(this.startFrames)
    if (measured.state === 'too_far')
      this.refuse({ code: 'keyframes_too_far', detail: { gopMs: measured.gopMs, maxGopMs: 4000, advisedGopMs: 2000 } })
    else if (measured.state === 'ready') this.goLive()
    else {
      const lastKey = this.startFrames.findLast(({ key }) => key)
      this.wishKeyframe(frame.dtsUs, (lastKey?.dtsUs ?? 0) + 2_000_000 - KEYFRAME_LEAD_US)
    }
  }

  private onAudio(sample: MediaSample): void {
    if (this.phase === 'starting') {
      if (this.audio === null && this.pendingAudio === null) return
      this.audioSeen = true
      const oldest = this.startAudio[0]
      this.startAudio.push(sample)
      // Only what may still be needed: audio older than the first picture goes when the line begins.
      if (this.startAudio.length > 2000) this.startAudio.splice(0, 1000)
      const waitedUs = sample.ptsUs - (oldest?.ptsUs ?? sample.ptsUs)
      if (this.video === null && this.pendingVideo === null && waitedUs > AUDIO_ONLY_AFTER_US) this.goLive()
      return
    }
    if (this.pendingAudio !== null) {
      if (this.pendingSamples.length < 2000) this.pendingSamples.push(sample)
      return
    }
    const { line, cutter } = this
    if (line === null || cutter === null) return
    line.accept(sample)
    this.audioArrivedUs = this.newestVideoUs
    if (this.audioOnly) this.feed(soundFrame(sample))
    else if (line.endUs - this.newestVideoUs > VIDEO_DEAD_US) this.queue.push(...cutter.withoutVideo(line.endUs))
    this.drain(false)
  }

  /** The first frames are all there: fixes the targets, places the epoch on the media timeline, lets everything through. */
  private goLive(): void {
    const frames = this.startFrames
    const samples = this.startAudio
    this.audioOnly = this.video === null
    const startUs = frames[0]?.dtsUs ?? samples[0]?.ptsUs ?? 0
    if (frames.length > 1) this.framesPerSecond = 1_000_000 / frameInterval(frames)
    this.targets ??= targetsFor(frames)
    this.audio = this.pendingAudio ?? this.audio ?? PLACEHOLDER_AUDIO
    this.pendingAudio = null
    this.phase = 'live'
    this.startFrames = []
    this.startAudio = []
    this.shiftUs = this.mediaEndUs - startUs
    this.newestVideoUs = startUs
    this.audioArrivedUs = samples[samples.length - 1]?.ptsUs ?? Number.NEGATIVE_INFINITY
    const { targetDurationS, partTargetUs } = this.targets
    this.cutter = new Cutter({ partTargetUs, targetDurationUs: targetDurationS * 1_000_000 }, startUs)
    this.line = new AudioLine(this.audio, startUs + this.overhangUs)
    this.overhangUs = 0
    this.nextIsDiscontinuous = this.init !== null
    this.useInit(this.startVideo, this.audio)
    if (!this.audioSeen) this.advise('audio_missing', {})
    for (const sample of samples) this.line.accept(sample)
    if (this.audioOnly) for (const sample of samples) this.feed(soundFrame(sample))
    for (const frame of frames) this.feed(frame === frames[0] ? { ...frame, config: null } : frame)
  }

  private useInit(video: VideoConfig | null, audio: AudioConfig | null): void {
    const before = this.init?.video
    this.inBand ||= video !== null && before !== undefined && (before === null || !sameVideo(before, video))
    this.init = makeInit(video, audio)
  }

  private feed(frame: Frame): void {
    const { cutter, targets } = this
    if (cutter === null || targets === null) return
    this.newestVideoUs = Math.max(this.newestVideoUs, frame.dtsUs)
    if (this.audioOnly) this.audioArrivedUs = this.newestVideoUs
    this.queue.push(...cutter.push(frame))
    if (!this.audioOnly)
      this.wishKeyframe(frame.dtsUs, cutter.segmentStartUs + targets.targetDurationS * 1_000_000 - KEYFRAME_LEAD_US)
    this.drain(false)
  }

  private wishKeyframe(nowUs: number, fromUs: number): void {
    if (nowUs < fromUs || nowUs - this.keyframeAskedUs < KEYFRAME_AGAIN_US) return
    this.keyframeAskedUs = nowUs
    this.options.stream.requestKeyframe()
  }

  private drain(all: boolean): void {
    for (let cut = this.queue[0]; cut !== undefined && (this.audioReady(cut) || all); cut = this.queue[0]) {
      this.queue.shift()
      this.assemble(cut)
    }
  }

  private audioReady(cut: Cut): boolean {
    const { line } = this
    if (line === null || line.endUs >= cut.endUs - AUDIO_TOLERANCE_US) return true
    const dead = this.pendingAudio !== null || this.newestVideoUs - this.audioArrivedUs > AUDIO_DEAD_US
    // Living audio that is late is never covered with silence: it comes in a later part, at its own time.
    if (!dead) return this.newestVideoUs - cut.endUs >= AUDIO_HOLD_US
    line.fillTo(cut.endUs)
    return true
  }

  private assemble(cut: Cut): void {
    if (cut.endUs > cut.startUs) this.addPart(this.segment ?? this.openSegment(cut.startUs), cut)
    if (cut.forced)
      this.advise('keyframes_too_far', { maxGopMs: (this.targets?.targetDurationS ?? 0) * 1000, advisedGopMs: 2000 })
    if (cut.endsSegment) this.closeSegment(cut.endUs, cut.nextConfig)
  }

  private openSegment(startUs: number): GrowingSegment {
    const init = this.init
    if (init === null) throw new Error('a segment needs its init: goLive() makes it before the first cut')
    if (this.nextIsDiscontinuous) this.discontinuitySequence += 1
    this.lastProgramAt = Math.max(Math.round(this.options.stream.programAt(startUs)), this.lastProgramAt + 1)
    const segment: GrowingSegment = {
      sequence: this.nextSequence,
      init,
      discontinuity: this.nextIsDiscontinuous,
      discontinuitySequence: this.discontinuitySequence,
      programAt: this.lastProgramAt,
      mediaUs: startUs + this.shiftUs,
      parts: [],
      durationUs: 0,
      bytes: 0,
      independent: false,
      complete: false,
    }
    this.nextSequence += 1
    this.nextIsDiscontinuous = false
    this.segment = segment
    return segment
  }

  private addPart(segment: GrowingSegment, cut: Cut): void {
    const { line } = this
    const frames = this.audioOnly ? [] : this.inBand ? withParameterSets(cut.frames, segment.init.video) : cut.frames
    const audio = line === null ? null : { timescale: line.timescale, frames: line.take(cut.endUs) }
    this.fragments += 1
    const bytes = partBytes({ sequence: this.fragments, frames, audio, shiftUs: this.shiftUs })
    if (segment.parts.length === 0) segment.independent = this.audioOnly || frames[0]?.key === true
    const part: Part = {
      index: segment.parts.length,
      durationUs: cut.endUs - cut.startUs,
      programAt: segment.programAt + segment.durationUs / 1000,
      mediaUs: segment.mediaUs + segment.durationUs,
      independent: this.audioOnly || frames.some(({ key }) => key),
      bytes,
    }
    segment.parts.push(part)
    segment.durationUs += part.durationUs
    segment.bytes += bytes.length
    this.mediaEndUs = cut.endUs + this.shiftUs
    // The last part and the end of its segment are one change: a playlist between them would hint at a part that never comes.
    if (cut.endsSegment) segment.complete = true
    for (const sink of [...this.sinks]) sink.part?.(part, segment)
  }

  private closeSegment(endUs: number, nextConfig: VideoConfig | null): void {
    const segment = this.segment
    this.segment = null
    const nextAudio = this.pendingAudio
    if (nextAudio !== null) {
      this.audio = nextAudio
      this.pendingAudio = null
      this.line = new AudioLine(nextAudio, endUs + (this.line?.overhangUs(endUs) ?? 0))
      for (const sample of this.pendingSamples) this.line.accept(sample)
      this.pendingSamples = []
      this.audioArrivedUs = this.newestVideoUs
    }
    if (nextAudio !== null || nextConfig !== null) {
      this.useInit(nextConfig ?? this.init?.video ?? null, this.audio)
      this.nextIsDiscontinuous = true
    }
    if (segment === null) return
    segment.complete = true
    for (const sink of [...this.sinks]) sink.segment?.(segment)
  }

  private finishTimeline(): void {
    const { cutter, line } = this
    if (cutter !== null) {
      this.queue.push(...cutter.flush())
      const lastUs = this.queue[this.queue.length - 1]?.endUs
      if (lastUs !== undefined && line !== null && line.endUs < lastUs - AUDIO_TOLERANCE_US) line.fillTo(lastUs)
      this.drain(true)
    }
    if (this.segment !== null) this.closeSegment(this.segment.mediaUs + this.segment.durationUs - this.shiftUs, null)
    const endUs = this.mediaEndUs - this.shiftUs
    this.overhangUs = line?.overhangUs(endUs) ?? 0
    this.cutter = null
    this.line = null
    this.audioOnly = false
  }

  private clearStart(): void {
    this.startFrames = []
    this.startVideo = null
    this.startAudio = []
    this.startBytes = 0
    this.pendingSamples = []
    this.queue = []
    this.audioSeen = false
    this.keyframeAskedUs = 0
    this.advised.clear()
  }

  private advise(code: PackagerAdvice['code'], detail: PackagerAdvice['detail']): void {
    if (this.advised.has(code)) return
    this.advised.add(code)
    this.options.onAdvice?.({ code, detail })
  }
}

function withParameterSets(frames: readonly TimedFrame[], video: VideoConfig | null): TimedFrame[] {
  const sets = toAvcc([...(video?.sps ?? []), ...(video?.pps ?? [])])
  return frames.map((frame) => (frame.key ? { ...frame, data: Buffer.concat([sets, frame.data]) } : frame))
}

const soundFrame = ({ ptsUs }: MediaSample): Frame => ({ dtsUs: ptsUs, ptsUs, key: true, data: new Uint8Array(), config: null })

function sameAudio(a: AudioConfig, b: AudioConfig): boolean {
  return (
    a.codec === b.codec && a.sampleRate === b.sampleRate && a.channels === b.channels && sameBytes(a.description, b.description)
  )
}
