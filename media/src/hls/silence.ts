import type { AudioConfig } from '../sample.ts'
import { audioTimescale } from '../wire/fmp4/init.ts'

/** Stands in while a publisher has sent no audio: AAC-LC, 48 kHz, stereo. */
export const PLACEHOLDER_AUDIO: AudioConfig = {
  track: 'audio',
  codec: 'aac',
  sampleRate: 48_000,
  channels: 2,
  description: Uint8Array.of(0x11, 0x90),
  codecString: 'mp4a.40.2',
}

export interface Silence {
  readonly data: Uint8Array
  readonly ticks: number
}

/** What an AAC-LC encoder makes of digital silence, by channel configuration. */
const AAC_SILENCE = new Map([
  [1, Uint8Array.of(0x01, 0x18, 0x20, 0x07)],
  [2, Uint8Array.of(0x21, 0x10, 0x04, 0x60, 0x8c, 0x1c)],
])
/** CELT, fullband, 20 ms, nothing coded (RFC 6716 section 3.1). */
const OPUS_SILENCE = Uint8Array.of(0xf8, 0xff, 0xfe)

/** Undefined for layouts without a known silent frame: their gaps stay gaps. */
export function silenceOf(config: AudioConfig): Silence | undefined {
  if (config.codec === 'opus') return { data: OPUS_SILENCE, ticks: 960 }
  const data = AAC_SILENCE.get(aacShape(config.description).channels)
  return data === undefined ? undefined : { data, ticks: aacTicks(config) }
}

/** Ticks of one frame; Opus says it in each packet. */
export function frameTicks(config: AudioConfig, data: Uint8Array): number {
  return config.codec === 'opus' ? opusTicks(data) : aacTicks(config)
}

function aacTicks(config: AudioConfig): number {
  const { coreRate } = aacShape(config.description)
  const rate = coreRate > 0 ? coreRate : config.sampleRate
  return Math.max(1, Math.round((1024 * audioTimescale(config)) / rate))
}

const AAC_RATES = [96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000, 7_350]

/** First fields of AudioSpecificConfig (ISO/IEC 14496-3 section 1.6.2.1); with SBR the core runs at half the output rate. */
function aacShape(description: Uint8Array): { coreRate: number; channels: number } {
  const [first = 0, second = 0] = description
  const index = ((first & 7) << 1) | (second >> 7)
  return { coreRate: AAC_RATES[index] ?? 0, channels: (second >> 3) & 15 }
}

/** Frame size and count from the TOC byte, RFC 6716 section 3.1 and 3.2. */
function opusTicks(packet: Uint8Array): number {
  const [toc = 0, second = 0] = packet
  const config = toc >> 3
  const size =
    config < 12
      ? ([480, 960, 1920, 2880][config & 3] ?? 960)
      : config < 16
        ? ([480, 960][config & 1] ?? 960)
        : 120 << (config & 3)
  const code = toc & 3
  const count = code === 0 ? 1 : code === 3 ? second & 63 : 2
  return Math.min(size * Math.max(1, count), 5760)
}
