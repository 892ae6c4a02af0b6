import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { MediaSample, SampleSink, TrackConfig } from '../sample.ts'
import { readMedia } from '../wire/fmp4/read.ts'
import type { FakeClock } from './fake-clock.ts'

export interface Clip {
  readonly configs: readonly TrackConfig[]
  readonly samples: readonly MediaSample[]
}

export interface ClipOptions {
  readonly seconds?: number
  readonly size?: string
  readonly fps?: number
  readonly gopSeconds?: number
  readonly bframes?: number
  readonly audio?: 'aac' | 'opus' | 'none'
  readonly audioRate?: number
  /** A short beep at the start of each second instead of a tone. */
  readonly beeps?: boolean
}

/** What x264 and a real audio encoder make of a test picture and a tone, demuxed from ffmpeg's own fragmented file. */
export function makeClip(options: ClipOptions = {}): Clip {
  const {
    seconds = 8,
    size = '320x180',
    fps = 30,
    gopSeconds = 2,
    bframes = 0,
    audio = 'aac',
    audioRate = 48_000,
    beeps,
  } = options
  const folder = mkdtempSync(join(tmpdir(), 'efir-clip-'))
  const file = join(folder, 'clip.mp4')
  const gop = `${Math.round(gopSeconds * fps)}`
  const video = `-c:v libx264 -preset ultrafast -pix_fmt yuv420p -bf ${bframes} -g ${gop} -keyint_min ${gop} -sc_threshold 0 -b:v 400k`
  const sound = audio === 'none' ? '-an' : audio === 'opus' ? '-c:a libopus -b:a 48k' : `-c:a aac -b:a 64k -ar ${audioRate} -ac 2`
  const tone =
    beeps === true ? 'aevalsrc=0.7*sin(2*PI*1000*t)*lt(mod(t\\,1)\\,0.1):s=48000' : 'sine=frequency=440:sample_rate=48000'
  const inputs = `-f lavfi -i testsrc2=size=${size}:rate=${fps} -f lavfi -i ${tone}`
  const container = '-movflags +frag_keyframe+empty_moov+default_base_moof -f mp4'
  try {
    execFileSync('ffmpeg', [...`-v error -nostdin ${inputs} -t ${seconds} ${video} ${sound} ${container}`.split(' '), file])
    return readMedia(readFileSync(file))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Moves every timestamp, as another session of the same publisher would. */
export function shifted(samples: readonly MediaSample[], byUs: number): MediaSample[] {
  return samples.map((sample) => ({ ...sample, dtsUs: sample.dtsUs + byUs, ptsUs: sample.ptsUs + byUs }))
}

/** Plays samples into a sink while the clock follows their decode times. */
export function play(clip: Clip, sink: SampleSink, clock: FakeClock): void {
  for (const config of clip.configs) sink.configure(config)
  playSamples(clip.samples, sink, clock)
}

export function playSamples(samples: readonly MediaSample[], sink: SampleSink, clock: FakeClock): void {
  let lastUs = samples[0]?.dtsUs ?? 0
  for (const sample of samples) {
    clock.advance(Math.max(0, sample.dtsUs - lastUs) / 1000)
    lastUs = Math.max(lastUs, sample.dtsUs)
    sink.sample(sample)
  }
}
