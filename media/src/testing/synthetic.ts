import type { AudioConfig, MediaSample, VideoConfig } from '../sample.ts'
import { videoConfig } from '../wire/h264/config.ts'

const PPS = Buffer.from('68ce3c80', 'hex')

function configOf(sps: string): VideoConfig {
  const config = videoConfig([Buffer.from(sps, 'hex')], [PPS])
  if (config === undefined) throw new Error('these parameter sets come from x264')
  return config
}

/** Two sizes of the same encoder: 320x180 and 480x270. */
export const SMALL: VideoConfig = configOf('6742c014da05067e7c0440000003004000000f03c50aa8')
export const LARGE: VideoConfig = configOf('6742c015da07823fac0440000003004000000f03c58ba8')

export const AAC: AudioConfig = {
  track: 'audio',
  codec: 'aac',
  sampleRate: 44_100,
  channels: 2,
  description: Uint8Array.of(0x12, 0x10),
  codecString: 'mp4a.40.2',
}

export const OPUS: AudioConfig = {
  track: 'audio',
  codec: 'opus',
  sampleRate: 48_000,
  channels: 2,
  description: Uint8Array.of(0, 2, 0x01, 0x38, 0, 0, 0xbb, 0x80, 0, 0, 0),
  codecString: 'opus',
}

export interface Recipe {
  readonly seconds: number
  readonly fps?: number
  readonly gopSeconds?: number
  readonly startUs?: number
  /** Frames of reordering: pts runs ahead of dts as with B-frames. */
  readonly reorder?: number
  readonly audio?: AudioConfig | null
  readonly video?: boolean
  readonly bytes?: number
}

/** Samples as a well-behaved publisher sends them, interleaved by decode time; each one's bytes are its own. */
export function synthetic(recipe: Recipe): MediaSample[] {
  const { seconds, fps = 30, gopSeconds = 2, startUs = 0, reorder = 0, audio = AAC, video = true, bytes = 200 } = recipe
  const samples: MediaSample[] = []
  const stepUs = 1_000_000 / fps
  const gop = Math.round(gopSeconds * fps)
  for (let i = 0; video && i < seconds * fps; i += 1) {
    const dtsUs = startUs + Math.round(i * stepUs)
    const key = i % gop === 0
    const ahead = reorder === 0 || key || i % gop === gop - 1 ? reorder : i % 2 === 1 ? 2 * reorder : 0
    samples.push({ track: 'video', dtsUs, ptsUs: dtsUs + Math.round(ahead * stepUs), key, data: content('v', i, bytes) })
  }
  const audioUs = audio === null ? 0 : audio.codec === 'opus' ? 20_000 : (1024 / audio.sampleRate) * 1_000_000
  for (let i = 0; audio !== null && i * audioUs < seconds * 1_000_000; i += 1) {
    const dtsUs = startUs + Math.round(i * audioUs)
    samples.push({
      track: 'audio',
      dtsUs,
      ptsUs: dtsUs,
      key: true,
      data: audio.codec === 'opus' ? opusPacket(i) : content('a', i, 60),
    })
  }
  return samples.sort((a, b) => a.dtsUs - b.dtsUs || (a.track === 'video' ? -1 : 1))
}

function content(kind: string, index: number, bytes: number): Buffer {
  return Buffer.concat([Buffer.from(`${kind}${index};`), Buffer.alloc(bytes, kind)])
}

/** The first byte says 20 ms of CELT. */
const opusPacket = (index: number): Buffer => Buffer.concat([Buffer.of(0xf8), Buffer.from(`a${index};`), Buffer.alloc(60, 'a')])
