import { systemClock } from '../clock.ts'
import type { Output, OutputRequest } from '../ingest/session.ts'
import type { AudioConfig, MediaSample, SampleSink, VideoConfig } from '../sample.ts'
import type { Stream } from '../stream.ts'
import { openStream } from '../stream.ts'

export interface Collected {
  readonly request: OutputRequest
  readonly stream: Stream
  readonly videos: VideoConfig[]
  readonly audios: AudioConfig[]
  readonly samples: MediaSample[]
  readonly log: string[]
  discontinuities: number
  ended: boolean
  of(track: 'video' | 'audio'): MediaSample[]
}

/** A real stream whose samples are kept for looking at. */
export function collector(): { outputs: Collected[]; openOutput: (request: OutputRequest) => Output } {
  const outputs: Collected[] = []
  return {
    outputs,
    openOutput(request) {
      const stream = openStream({ id: request.streamId, clock: systemClock })
      const kept: Collected = {
        request,
        stream,
        videos: [],
        audios: [],
        samples: [],
        log: [],
        discontinuities: 0,
        ended: false,
        of: (track) => kept.samples.filter((sample) => sample.track === track),
      }
      outputs.push(kept)
      stream.subscribe(keepIn(kept))
      return { attach: (publisher) => stream.attach(publisher), record: () => undefined, end: async () => stream.end() }
    },
  }
}

function keepIn(kept: Collected): SampleSink {
  return {
    configure(config) {
      kept.log.push(config.track)
      if (config.track === 'video') kept.videos.push(config)
      else kept.audios.push(config)
    },
    sample: (sample) => void kept.samples.push(sample),
    discontinuity() {
      kept.log.push('discontinuity')
      kept.discontinuities += 1
    },
    end() {
      kept.ended = true
    },
  }
}

/** Waits until it holds; a test's own time limit is the limit. */
export async function until(what: string, holds: () => boolean, limitMs = 30_000): Promise<void> {
  const stopAt = performance.now() + limitMs
  while (!holds()) {
    if (performance.now() > stopAt) throw new Error(`waited in vain until ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
