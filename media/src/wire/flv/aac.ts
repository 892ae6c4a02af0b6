import type { AudioConfig } from '../../sample.ts'

const RATES = [96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350]
const CHANNELS = [0, 1, 2, 3, 4, 5, 6, 8]

/** AudioSpecificConfig, ISO/IEC 14496-3 section 1.6.2.1. Undefined when it is no AAC that players know. */
export function readAudioSpecificConfig(description: Uint8Array): AudioConfig | undefined {
  if (description.length < 2 || description.length > 256) return undefined
  let at = 0
  const bits = (count: number): number => {
    let value = 0
    for (let i = 0; i < count; i += 1) {
      value = value * 2 + (((description[at >> 3] ?? 0) >> (7 - (at & 7))) & 1)
      at += 1
    }
    return value
  }
  const objectType = (): number => {
    const short = bits(5)
    return short === 31 ? 32 + bits(6) : short
  }
  const rate = (): number | undefined => {
    const index = bits(4)
    return index === 15 ? bits(24) : RATES[index]
  }
  const type = objectType()
  const coreRate = rate()
  const channels = CHANNELS[bits(4)]
  if (![2, 5, 29].includes(type) || coreRate === undefined || coreRate < 7000 || coreRate > 96000 || !channels) return undefined
  // Explicit SBR (5) or parametric stereo (29): the timescale of the output is the extension's.
  const sampleRate = type === 2 ? coreRate : (rate() ?? coreRate)
  return {
    track: 'audio',
    codec: 'aac',
    sampleRate,
    channels: type === 29 ? 2 : channels,
    description: description.slice(),
    codecString: `mp4a.40.${type}`,
  }
}

/** Samples that one access unit yields at the sample rate of the configuration. */
export const aacFrameSamples = (config: AudioConfig): number => (config.codecString === 'mp4a.40.2' ? 1024 : 2048)
