/** RTMP 1.0 (Adobe, December 2012), sections 5.4 and 7.1. */
export const TYPE = {
  setChunkSize: 1,
  abort: 2,
  acknowledgement: 3,
  userControl: 4,
  windowSize: 5,
  peerBandwidth: 6,
  audio: 8,
  video: 9,
  dataAmf3: 15,
  commandAmf3: 17,
  dataAmf0: 18,
  commandAmf0: 20,
  aggregate: 22,
} as const

export const USER_CONTROL = { streamBegin: 0, pingRequest: 6, pingResponse: 7 } as const

export interface RtmpMessage {
  readonly type: number
  readonly streamId: number
  /** Milliseconds, 32 bit, as sent. */
  readonly timestamp: number
  readonly payload: Uint8Array
}

export const RTMP_LIMITS = {
  /** Tiny chunks would cost more in bookkeeping than they carry. */
  minChunkSize: 128,
  maxChunkSize: 0xffffff,
  /** A keyframe of 1080p stays well below. */
  maxMessageBytes: 4 << 20,
  /** Before the key is known to be good nobody may send more than a command. */
  maxMessageBytesBeforePublish: 64 << 10,
  maxChunkStreams: 32,
  /** All half-received messages of one connection together. */
  maxPendingBytes: 6 << 20,
} as const

export class RtmpError extends Error {}
