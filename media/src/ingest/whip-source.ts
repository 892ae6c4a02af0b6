import type { RefusalCode } from '../hook-events.ts'
import type { MediaSample, TrackConfig } from '../sample.ts'
import type { AccessUnit } from '../wire/rtp/h264.ts'
import { H264Depacketiser } from '../wire/rtp/h264.ts'
import { OPUS_CLOCK, opusConfig, opusSamples } from '../wire/rtp/opus.ts'
import type { OrderedPacket, RtpPacketView } from '../wire/rtp/packet.ts'
import { ReorderBuffer } from '../wire/rtp/reorder.ts'
import type { SenderReport } from '../wire/rtp/sync.ts'
import { TrackLine } from '../wire/rtp/sync.ts'

export interface WhipSink {
  configure(config: TrackConfig): void
  sample(sample: MediaSample): void
  refuse(code: RefusalCode): void
  /** A picture loss indication goes out. */
  requestKeyframe(): void
}

/** Two round trips of a bad mobile network, so that a retransmission can still help. */
const VIDEO_WAIT_MS = 300
/** Audio is not retransmitted: only reordering is waited for. */
const AUDIO_WAIT_MS = 60
const MAX_PACKETS = 1024
/** Just below the two seconds of a segment: browsers send keyframes only when asked. */
const KEYFRAME_EVERY_MS = 1_800
const ASK_AGAIN_MS = 400
const LOSS_WINDOW_MS = 10_000
const REORDERED_LIMIT = 3

/** Turns one WebRTC publisher's RTP into samples on one clock. Without sockets; never throws on packets. */
export class WhipSource {
  private readonly videoOrder = new ReorderBuffer({ waitMs: VIDEO_WAIT_MS, maxPackets: MAX_PACKETS })
  private readonly audioOrder = new ReorderBuffer({ waitMs: AUDIO_WAIT_MS, maxPackets: 64 })
  private readonly videoLine = new TrackLine(90_000)
  private readonly audioLine = new TrackLine(OPUS_CLOCK)
  private readonly depacketiser: H264Depacketiser
  private lastUnitTime = Number.NEGATIVE_INFINITY
  private reordered = 0
  private lastKeyMs = Number.NEGATIVE_INFINITY
  private lastAskedMs = Number.NEGATIVE_INFINITY
  private nowMs = 0
  private lossMark = { atMs: 0, received: 0, lost: 0 }
  private lossRatioNow = 0
  private readonly sink: WhipSink

  constructor(sink: WhipSink, hasAudio: boolean) {
    this.sink = sink
    this.depacketiser = new H264Depacketiser({ unit: (unit) => this.unit(unit), needKeyframe: () => this.ask() })
    // RFC 7587: always announced as two channels; mono packets play in both.
    if (hasAudio) sink.configure(opusConfig(2))
  }

  get lossRatio(): number {
    return this.lossRatioNow
  }

  get droppedFrames(): number {
    return this.depacketiser.dropped
  }

  video(packet: RtpPacketView, nowMs: number): void {
    this.nowMs = nowMs
    for (const ordered of this.videoOrder.push(packet, nowMs)) this.depacketiser.push(ordered)
  }

  audio(packet: RtpPacketView, nowMs: number): void {
    this.nowMs = nowMs
    for (const ordered of this.audioOrder.push(packet, nowMs)) this.audioPacket(ordered)
  }

  report(track: 'video' | 'audio', report: SenderReport): void {
    const line = track === 'video' ? this.videoLine : this.audioLine
    line.heard(report)
    this.audioLine.follow(this.videoLine)
  }

  /** Several times a second: closes holes that nothing fills, and asks for the next segment's keyframe. */
  poll(nowMs: number): void {
    this.nowMs = nowMs
    for (const ordered of this.videoOrder.poll(nowMs)) this.depacketiser.push(ordered)
    for (const ordered of this.audioOrder.poll(nowMs)) this.audioPacket(ordered)
    if (nowMs - this.lastKeyMs >= KEYFRAME_EVERY_MS) this.ask()
    this.measureLoss(nowMs)
  }

  private ask(): void {
    if (this.nowMs - this.lastAskedMs < ASK_AGAIN_MS) return
    this.lastAskedMs = this.nowMs
    this.sink.requestKeyframe()
  }

  private unit(unit: AccessUnit): void {
    if (unit.timestamp < this.lastUnitTime) {
      // RTP carries no decode times: reordered frames can't be put into segments.
      this.reordered += 1
      if (this.reordered >= REORDERED_LIMIT) this.sink.refuse('reordered_frames')
      return
    }
    this.lastUnitTime = unit.timestamp
    if (unit.key) this.lastKeyMs = this.nowMs
    if (unit.config !== undefined) this.sink.configure(unit.config)
    const atUs = Math.round(this.videoLine.at(unit.timestamp, this.nowMs * 1000))
    this.sink.sample({ track: 'video', dtsUs: atUs, ptsUs: atUs, key: unit.key, data: unit.data })
  }

  private audioPacket(packet: OrderedPacket): void {
    if (opusSamples(packet.payload) === undefined) return
    const atUs = Math.round(this.audioLine.at(packet.timestamp, this.nowMs * 1000))
    this.sink.sample({ track: 'audio', dtsUs: atUs, ptsUs: atUs, key: true, data: packet.payload })
  }

  private measureLoss(nowMs: number): void {
    if (nowMs - this.lossMark.atMs < LOSS_WINDOW_MS) return
    const received = this.videoOrder.received + this.audioOrder.received
    const lost = this.videoOrder.lost + this.audioOrder.lost
    const expected = received - this.lossMark.received + lost - this.lossMark.lost
    this.lossRatioNow = expected === 0 ? 0 : (lost - this.lossMark.lost) / expected
    this.lossMark = { atMs: nowMs, received, lost }
  }
}
