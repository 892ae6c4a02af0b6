/** Decides, from video frames alone, where parts and segments end. Pure: no bytes are written here. */
import type { VideoConfig } from '../sample.ts'

export interface Frame {
  /** Stream microseconds; moved so that a GOP's first picture has pts = dts. */
  readonly dtsUs: number
  readonly ptsUs: number
  readonly key: boolean
  readonly data: Uint8Array
  /** Set on the key frame from which other parameter sets count. */
  readonly config: VideoConfig | null
}

export interface TimedFrame extends Frame {
  readonly durationUs: number
}

/** One part. Zero length when a segment ends between parts. */
export interface Cut {
  readonly startUs: number
  readonly endUs: number
  readonly frames: readonly TimedFrame[]
  readonly endsSegment: boolean
  /** The segment had to end before a key frame came. */
  readonly forced: boolean
  /** What the next segment's first frame brings. */
  readonly nextConfig: VideoConfig | null
}

export interface CutterOptions {
  readonly partTargetUs: number
  readonly targetDurationUs: number
}

/** A part should be at least this share of the target (draft-pantos-hls-rfc8216bis section 4.4.4.9). */
export const MIN_PART_SHARE = 0.85
/** EXTINF is rounded before it is compared with the target duration, so 0.49 s more still fits. */
const ROUNDING_US = 490_000
const COMFORT_US = 400_000
const MIN_SEGMENT_US = 500_000
const DEFAULT_FRAME_US = 33_333
const GOPS_REMEMBERED = 8

export class Cutter {
  readonly options: CutterOptions
  segmentStartUs: number
  private partStartUs: number
  private frames: TimedFrame[] = []
  private held: Frame | null = null
  private frameUs = DEFAULT_FRAME_US
  private lastKeyUs: number
  private gops: number[] = []

  constructor(options: CutterOptions, startUs: number) {
    this.options = options
    this.segmentStartUs = startUs
    this.partStartUs = startUs
    this.lastKeyUs = startUs
  }

  /** A frame lasts until the next one comes, so what is cut here ends where `frame` begins. */
  push(frame: Frame): Cut[] {
    if (this.held !== null) this.end(this.held, frame.dtsUs)
    this.held = frame
    const cuts = this.cutInside(frame.dtsUs)
    const atUs = Math.max(frame.dtsUs, this.partStartUs)
    if (frame.key) this.noteKey(frame.dtsUs)
    if (frame.key && this.wantsSegment(atUs, frame)) {
      if (atUs > this.segmentStartUs || frame.config !== null) cuts.push(this.cut(atUs, true, frame.config))
    } else if (this.partIsFull(atUs)) cuts.push(this.cut(atUs, false, null))
    return cuts
  }

  /** Video has stopped and audio has not: parts go on without pictures. */
  withoutVideo(untilUs: number): Cut[] {
    if (this.held !== null && untilUs > this.partStartUs) {
      this.end(this.held, this.held.dtsUs + this.frameUs)
      this.held = null
    }
    return this.cutInside(untilUs)
  }

  /** Everything that is left; the segment ends. */
  flush(): Cut[] {
    const endUs = this.held === null ? this.partStartUs : this.held.dtsUs + this.frameUs
    if (this.held !== null) this.end(this.held, endUs)
    this.held = null
    const cuts = this.cutInside(endUs)
    const atUs = Math.max(endUs, this.partStartUs)
    if (atUs > this.segmentStartUs) cuts.push(this.cut(atUs, true, null))
    return cuts
  }

  private end(frame: Frame, endUs: number): void {
    const durationUs = Math.max(1, endUs - frame.dtsUs)
    this.frameUs = Math.min(durationUs, this.options.partTargetUs)
    this.frames.push({ ...frame, durationUs })
  }

  /** A frame longer than the rest of its part: the part ends inside it, and pictureless ones may follow. */
  private cutInside(untilUs: number): Cut[] {
    const cuts: Cut[] = []
    while (untilUs - this.partStartUs > this.options.partTargetUs)
      cuts.push(this.cut(this.partStartUs + this.options.partTargetUs, false, null))
    return cuts
  }

  private cut(endUs: number, endsSegment: boolean, nextConfig: VideoConfig | null): Cut {
    const { partTargetUs, targetDurationUs } = this.options
    const forced = !endsSegment && endUs - this.segmentStartUs + partTargetUs > targetDurationUs + ROUNDING_US
    const cut: Cut = {
      startUs: this.partStartUs,
      endUs,
      frames: this.frames,
      endsSegment: endsSegment || forced,
      forced,
      nextConfig,
    }
    this.frames = []
    this.partStartUs = endUs
    if (cut.endsSegment) this.segmentStartUs = endUs
    return cut
  }

  private partIsFull(atUs: number): boolean {
    const lengthUs = atUs - this.partStartUs
    return lengthUs >= this.options.partTargetUs * MIN_PART_SHARE && lengthUs + this.frameUs > this.options.partTargetUs
  }

  private wantsSegment(atUs: number, frame: Frame): boolean {
    if (frame.config !== null) return true
    const elapsedUs = atUs - this.segmentStartUs
    const nextGopUs = Math.max(0, ...this.gops)
    return elapsedUs >= MIN_SEGMENT_US && elapsedUs + nextGopUs > this.options.targetDurationUs + COMFORT_US
  }

  private noteKey(atUs: number): void {
    if (atUs > this.lastKeyUs) this.gops = [...this.gops, atUs - this.lastKeyUs].slice(-GOPS_REMEMBERED)
    this.lastKeyUs = atUs
  }
}
