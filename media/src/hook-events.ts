/** What media tells the server: lives of streams, refusals, finished segments, figures. */

export type Protocol = 'whip' | 'rtmp'

/** Why a publisher was turned away or cut off; the studio translates these. */
export type RefusalCode =
  | 'codec_unsupported'
  | 'video_missing'
  | 'keyframes_too_far'
  | 'bitrate_too_high'
  | 'resolution_too_high'
  | 'reordered_frames'
  | 'timestamps_broken'
  | 'protocol_error'
  | 'overloaded'
  | 'server_unreachable'

/** Figures for the sentence the studio shows, such as the measured and the allowed. */
export type RefusalDetail = Readonly<Record<string, string | number>>

export type LossCause = 'connection_closed' | 'unpublished' | 'silent' | 'refused' | 'kicked' | 'taken_over' | 'media_stopped'
export type EndCause = 'publisher_ended' | 'grace_over' | 'ended_by_server'

export interface VideoFacts {
  readonly codec: string
  readonly width: number
  readonly height: number
}

export interface AudioFacts {
  readonly codec: string
  readonly sampleRate: number
  readonly channels: number
}

export interface StreamStats {
  readonly state: 'waiting' | 'live' | 'grace'
  readonly protocol: Protocol | null
  readonly bitrateKbps: number
  readonly fps: number
  /** Share of RTP packets that never came, 0..1, over the last ten seconds. */
  readonly lossRatio: number
  readonly rttMs: number | null
  readonly width: number
  readonly height: number
  readonly keyframeIntervalMs: number | null
  readonly lastKeyframeAt: number | null
  readonly droppedFrames: number
  readonly reconnects: number
}

interface Of {
  readonly streamId: string
  readonly sessionId: string
}

export type HookEvent =
  | (Of & { type: 'started'; protocol: Protocol; remote: string; video: VideoFacts | null; audio: AudioFacts | null })
  | (Of & { type: 'publisherLost'; cause: LossCause; graceUntilAt: number })
  | (Of & {
      type: 'publisherBack'
      protocol: Protocol
      remote: string
      tookOver: boolean
      video: VideoFacts | null
      audio: AudioFacts | null
    })
  | {
      type: 'refused'
      streamId: string | null
      sessionId: string | null
      protocol: Protocol
      remote: string
      code: RefusalCode | string
      detail: RefusalDetail
    }
  /** The show goes on, but the encoder should be set otherwise. */
  | (Of & { type: 'advice'; code: string; detail: RefusalDetail })
  | (Of & SegmentFacts & { type: 'segment' })
  /** A fault cut the recording short (disk, size, error); the show goes on. */
  | (Of & { type: 'recordingStopped'; reason: string; bytes: number; durationMs: number })
  /** Comes when the recording is whole on disk. */
  | (Of & { type: 'ended'; cause: EndCause; durationMs: number })
  | (Of & { type: 'stats'; stats: StreamStats })

/** A run of finished segments; neighbours are merged when the server is away for long. */
export interface SegmentFacts {
  readonly firstSequence: number
  readonly lastSequence: number
  /** Program date-time of the first one's start, epoch milliseconds. */
  readonly startAt: number
  /** The same instant on the media timeline: the position in a recording of the whole show. */
  readonly mediaMs: number
  readonly durationMs: number
  readonly bytes: number
  /** The first one follows a break of the timeline. */
  readonly discontinuity: boolean
}

/** As it goes over the wire. `n` grows within one `bootId`; gaps are allowed (merged or dropped stats). */
export type NumberedEvent = HookEvent & { readonly n: number; readonly at: number }
