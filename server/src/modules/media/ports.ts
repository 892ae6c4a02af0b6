import type { MediaFigures } from '@efir/media/figures.ts'
import type { StreamStats } from '@efir/media/hook-events.ts'
import type { Ctx } from '../../kernel/context.ts'

/** What a stream's owner on the right decides when a publisher knocks. */
export interface StreamOrder {
  readonly title: string
  /** Days to keep; 0 records nothing. */
  readonly recordingDays: number
  readonly playbackKey: string | null
  readonly graceMs: number
}

/** How long a lost publisher may stay away before the stream ends. */
export const graceMs = 30_000

/** Contributed from the right: may this stream be published now? Null: not one of mine. */
export type StreamOwner = (ctx: Ctx, streamId: string) => Promise<StreamOrder | { refusal: string } | null>

/** The media process, as the server speaks to it. Null answers: it is down. */
export interface MediaControl {
  endStream(streamId: string): Promise<boolean>
  kick(streamId: string, reason: string): Promise<boolean>
  /** Where RTMP listens, when it does. */
  rtmpPort(): number | null
  alive(): Promise<boolean>
}

/** What the media process tells of itself. */
export interface MediaReading extends MediaFigures {
  readonly shows: number
  readonly waiting: number
  readonly bytes: number
  readonly loopDelayMs: number
  readonly residentBytes: number
  readonly sessions: readonly StreamStats[]
}

export interface WatchedMedia extends MediaControl {
  /** Null: it does not say. */
  figures(): Promise<MediaReading | null>
  /** What it carries now, by session. Null: it does not say. */
  sessions(): Promise<ReadonlyMap<string, 'waiting' | 'live' | 'grace'> | null>
}

/** A process without the media part. */
export const noMedia: WatchedMedia = {
  endStream: async () => false,
  kick: async () => false,
  rtmpPort: () => null,
  alive: async () => false,
  sessions: async () => null,
  figures: async () => null,
}
