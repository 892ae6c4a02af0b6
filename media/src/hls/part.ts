import type { FragmentTrack } from '../wire/fmp4/fragment.ts'
import { fragment } from '../wire/fmp4/fragment.ts'
import { AUDIO_TRACK, VIDEO_TIMESCALE, VIDEO_TRACK } from '../wire/fmp4/init.ts'
import type { AudioFrame } from './audio-line.ts'
import type { TimedFrame } from './cutter.ts'

export interface Part {
  readonly index: number
  readonly durationUs: number
  readonly programAt: number
  readonly mediaUs: number
  /** Holds a key frame: playback may begin in it. */
  readonly independent: boolean
  readonly bytes: Buffer
}

export interface PartContent {
  readonly sequence: number
  readonly frames: readonly TimedFrame[]
  readonly audio: { readonly timescale: number; readonly frames: readonly AudioFrame[] } | null
  /** Media time minus stream time. */
  readonly shiftUs: number
}

/** Both tracks in one fragment: an MSE buffer of muxed data only plays where both are there. */
export function partBytes({ sequence, frames, audio, shiftUs }: PartContent): Buffer {
  const tracks: FragmentTrack[] = []
  const first = frames[0]
  if (first !== undefined) {
    const ticks = (us: number) => Math.round(((us + shiftUs) * VIDEO_TIMESCALE) / 1_000_000)
    const samples = frames.map((frame) => ({
      duration: Math.max(1, ticks(frame.dtsUs + frame.durationUs) - ticks(frame.dtsUs)),
      compositionOffset: Math.round(((frame.ptsUs - frame.dtsUs) * VIDEO_TIMESCALE) / 1_000_000),
      key: frame.key,
      data: frame.data,
    }))
    tracks.push({ trackId: VIDEO_TRACK, kind: 'video', baseTime: Math.max(0, ticks(first.dtsUs)), samples })
  }
  if (audio !== null) {
    const shift = Math.round((shiftUs * audio.timescale) / 1_000_000)
    const samples = audio.frames.map(({ ticks, duration, data }, i) => {
      // A hole in the line is bridged by the frame before it: one traf has one decode time.
      const until = audio.frames[i + 1]?.ticks ?? ticks + duration
      return { duration: until - ticks, compositionOffset: 0, key: true, data }
    })
    if (samples.length > 0)
      tracks.push({ trackId: AUDIO_TRACK, kind: 'audio', baseTime: Math.max(0, (audio.frames[0]?.ticks ?? 0) + shift), samples })
  }
  return fragment(sequence, tracks)
}
