import type { AudioConfig } from '../sample.ts'

/** What goes to and from the encoding thread. */
export type AacCommand =
  | { readonly type: 'open' | 'close'; readonly id: number }
  /** The publisher's clock starts anew. */
  | { readonly type: 'break'; readonly id: number; readonly epoch: number }
  | { readonly type: 'packet'; readonly id: number; readonly ptsUs: number; readonly data: Uint8Array }

export interface AacFrame {
  readonly epoch: number
  readonly ptsUs: number
  readonly data: Uint8Array
}

export type AacAnswer =
  /** One for each packet, with as many frames as it completed. */
  | { readonly type: 'taken'; readonly id: number; readonly frames: readonly AacFrame[] }
  | { readonly type: 'failed'; readonly id: number; readonly reason: string }

export const AAC_RATE = 48_000
export const AAC_CHANNELS = 2
export const AAC_BITRATE = 96_000

/** What the encoder makes: AAC-LC, 48 kHz, stereo (AudioSpecificConfig, ISO/IEC 14496-3 section 1.6.2.1). */
export const AAC_OUT: AudioConfig = {
  track: 'audio',
  codec: 'aac',
  sampleRate: AAC_RATE,
  channels: AAC_CHANNELS,
  description: Uint8Array.of(0x11, 0x90),
  codecString: 'mp4a.40.2',
}
