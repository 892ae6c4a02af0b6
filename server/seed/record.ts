import { setImmediate as turn } from 'node:timers/promises'
import type { Clock } from '@efir/media/clock.ts'
import { Packager } from '@efir/media/hls/packager.ts'
import { RtmpSource } from '@efir/media/ingest/rtmp-source.ts'
import type { Clip } from '@efir/media/publish/clip.ts'
import { openRecorder, type Stopped } from '@efir/media/record/recorder.ts'
import { openStream } from '@efir/media/stream.ts'

/** Frames between two pauses: a replay of minutes is written without holding up the server. */
const framesPerTurn = 40

/** Time as the frames tell it. Nothing here waits, so no timer is ever due. */
function clockAt(startAt: number): Clock & { passed: number } {
  return {
    passed: 0,
    now() {
      return startAt + this.passed
    },
    monotonic() {
      return this.passed
    },
    after: () => () => undefined,
    every: () => () => undefined,
  }
}

/** Records a clip as if it had been published from `startAt` on: the same demuxer, packager and recorder as on air. */
export async function recordClip(clip: Clip, options: { dir: string; startAt: number }): Promise<Stopped> {
  const clock = clockAt(options.startAt)
  const stream = openStream({ id: 'replay', clock })
  const packager = new Packager({ stream, firstSequence: 0 })
  stream.subscribe(packager)
  const recorder = openRecorder({ dir: options.dir, limits: { minFreeBytes: 200_000_000 } })
  packager.listen(recorder)
  const sink = stream.attach()
  const source = new RtmpSource({
    configure: (config) => sink.configure(config),
    sample: (sample) => sink.sample(sample),
    expectAudio: () => undefined,
    refuse: (code) => {
      throw new Error(`the clip is refused: ${code}`)
    },
  })
  for (const { kind, body } of clip.headers) source.media(kind, 0, body)
  for (const [index, { kind, atMs, body }] of clip.frames.entries()) {
    clock.passed = atMs
    source.media(kind, atMs, body)
    if (index % framesPerTurn === 0) await turn()
  }
  sink.end()
  stream.end()
  return await recorder.finish()
}
