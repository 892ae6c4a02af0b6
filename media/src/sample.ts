/** What flows from every ingest to every consumer: one access unit (video) or one audio frame, already depacketised. */

/** Both tracks use microseconds on one publisher clock, unwrapped
 * to 64 bit (safe integers last 285 years). */
export interface MediaSample {
  readonly track: 'video' | 'audio'
  /** Decode time, microseconds on the session clock, never decreasing per track. */
  readonly dtsUs: number
  /** Presentation time, microseconds; pts - dts may be negative with B-frames (trun v1). */
  readonly ptsUs: number
  /** Video: IDR. Audio: always true. */
  readonly key: boolean
  /** Video: AVCC (4-byte length prefixed NAL units, without SPS/PPS/AUD). Audio: one raw AAC frame (no ADTS) or one Opus packet. */
  readonly data: Uint8Array
}

/** Codec parameters; a new object is sent whenever their bytes change (SPS/PPS at an IDR). */
export type TrackConfig = VideoConfig | AudioConfig

export interface VideoConfig {
  readonly track: 'video'
  readonly codec: 'h264'
  readonly sps: readonly Uint8Array[]
  readonly pps: readonly Uint8Array[]
  readonly width: number
  readonly height: number
  /** RFC 6381, such as avc1.42c01f. */
  readonly codecString: string
}

export interface AudioConfig {
  readonly track: 'audio'
  readonly codec: 'aac' | 'opus'
  readonly sampleRate: number
  readonly channels: number
  /** AAC: AudioSpecificConfig. Opus: body of the dOps box (RFC 7845 header fields, big-endian as in ISOBMFF). */
  readonly description: Uint8Array
  readonly codecString: string
}

/** Consumers implement this; a stream calls configure() before the first sample of a track and again on every change. */
export interface SampleSink {
  configure(config: TrackConfig): void
  sample(sample: MediaSample): void
  /** The publisher's clock restarted or jumped (reconnect): timelines are discontinuous from here. */
  discontinuity(): void
  end(): void
}
