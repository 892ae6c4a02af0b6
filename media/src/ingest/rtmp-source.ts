import type { RefusalCode, RefusalDetail } from '../hook-events.ts'
import type { AudioConfig, VideoConfig } from '../sample.ts'
import { aacFrameSamples, readAudioSpecificConfig } from '../wire/flv/aac.ts'
import { readAudioTag, readVideoTag } from '../wire/flv/tags.ts'
import { ParameterSets, readAvcRecord, sameVideo } from '../wire/h264/config.ts'
import { belongsInSample, fromAvcc, NAL, nalType, sameBytes, toAvcc } from '../wire/h264/nal.ts'
import type { AmfValue } from '../wire/rtmp/amf0.ts'
import { Unwrapper } from '../wire/unwrap.ts'
import { FrameClock } from './frame-clock.ts'

export interface RtmpSink {
  configure(config: VideoConfig | AudioConfig): void
  sample(sample: { track: 'video' | 'audio'; dtsUs: number; ptsUs: number; key: boolean; data: Uint8Array }): void
  expectAudio(wanted: boolean): void
  refuse(code: RefusalCode, detail: RefusalDetail): void
}

/** Turns the messages of one RTMP publisher into samples. Never throws on their content. */
export class RtmpSource {
  /** ffmpeg and OBS write 31 bits of the 32, others all: modulo 2^31 both run on. */
  private readonly times = new Unwrapper(31)
  private readonly sets = new ParameterSets()
  private video: VideoConfig | undefined
  private audio: AudioConfig | undefined
  private frames: FrameClock | undefined
  private lengthSize = 4
  private readonly sink: RtmpSink

  constructor(sink: RtmpSink) {
    this.sink = sink
  }

  metadata(values: readonly AmfValue[]): void {
    const fields = values.find(
      (value) => typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date),
    )
    if (typeof fields !== 'object' || fields === null || Array.isArray(fields) || fields instanceof Date) return
    const { videocodecid, audiocodecid } = fields
    // A video track without any sound at all: nothing to wait for.
    if (videocodecid !== undefined && audiocodecid === undefined) this.sink.expectAudio(false)
  }

  media(kind: 'audio' | 'video', timestamp: number, payload: Uint8Array): void {
    const dtsUs = this.times.next(timestamp) * 1000
    if (kind === 'video') this.videoTag(dtsUs, payload)
    else this.audioTag(dtsUs, payload)
  }

  private videoTag(dtsUs: number, payload: Uint8Array): void {
    const tag = readVideoTag(payload)
    if (tag.kind === 'unsupported') this.sink.refuse('codec_unsupported', { track: 'video', codec: tag.codec })
    else if (tag.kind === 'config') this.videoRecord(tag.record)
    else if (tag.kind === 'frame') this.frame(dtsUs, tag.compositionMs * 1000, tag.data)
  }

  private videoRecord(record: Uint8Array): void {
    const read = readAvcRecord(record)
    if (read === undefined) {
      this.sink.refuse('codec_unsupported', { track: 'video', codec: 'h264 without parameters' })
      return
    }
    this.lengthSize = read.lengthSize
    if (this.video !== undefined && sameVideo(this.video, read.config)) return
    this.video = read.config
    this.sets.reset(read.config)
    this.sink.configure(read.config)
  }

  private frame(dtsUs: number, compositionUs: number, data: Uint8Array): void {
    const nals = fromAvcc(data, this.lengthSize)
    if (nals === undefined || this.video === undefined) return
    const types = nals.map(nalType)
    const key = types.includes(NAL.idr)
    if (key && types.includes(NAL.sps)) this.inBand(nals)
    if (!types.some((type) => type >= NAL.slice && type <= NAL.idr)) return
    const clean = this.lengthSize === 4 && types.every(belongsInSample)
    const body = clean ? data : toAvcc(nals.filter((nal) => belongsInSample(nalType(nal))))
    this.sink.sample({ track: 'video', dtsUs, ptsUs: dtsUs + compositionUs, key, data: body })
  }

  /** Some encoders repeat the sets in every keyframe, and some change them only there. */
  private inBand(nals: readonly Uint8Array[]): void {
    for (const nal of nals) this.sets.offer(nal)
    const config = this.sets.take()
    if (config === undefined) return
    this.video = config
    this.sink.configure(config)
  }

  private audioTag(dtsUs: number, payload: Uint8Array): void {
    const tag = readAudioTag(payload)
    if (tag.kind === 'unsupported') this.sink.refuse('codec_unsupported', { track: 'audio', codec: tag.codec })
    else if (tag.kind === 'config') this.audioDescription(tag.description)
    else if (tag.kind === 'frame' && this.frames !== undefined) {
      const at = this.frames.next(dtsUs)
      this.sink.sample({ track: 'audio', dtsUs: at, ptsUs: at, key: true, data: tag.data })
    }
  }

  private audioDescription(description: Uint8Array): void {
    if (this.audio !== undefined && sameBytes(this.audio.description, description)) return
    const config = readAudioSpecificConfig(description)
    if (config === undefined) {
      this.sink.refuse('codec_unsupported', { track: 'audio', codec: 'aac of a kind browsers do not play' })
      return
    }
    this.audio = config
    this.frames = new FrameClock((aacFrameSamples(config) * 1_000_000) / config.sampleRate)
    this.sink.configure(config)
  }
}
