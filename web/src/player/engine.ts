/** What differs between hls.js, the browser's own HLS and WebRTC; the rest is in player.ts. */
export interface Engine {
  readonly kind: 'hls.js' | 'native' | 'whep'
  /** Program date-time at a position of the media, epoch milliseconds. */
  dateAt(mediaTime: number): number | null
  /** Position of a program date-time; null outside of what can be played. */
  positionOf(date: number): number | null
  /** Where live playback should be. */
  livePosition(): number | null
  /** Loads from here on; after a lost network or a long stall. */
  wake(): void
  /** Tells of a stall and of calm, by our clock. */
  stalled(at: number): void
  calm(at: number): void
  close(): void
}

export interface EngineEvents {
  /** Cannot go on by itself: the player restarts it. */
  onBroken(reason: string): void
  /** The stream has come to its end for good. */
  onLastSegment(): void
}

export interface EngineOptions extends EngineEvents {
  readonly url: string
  readonly live: boolean
  readonly captions: boolean
  /** Where a recording begins, seconds. */
  readonly startAt?: number
}
