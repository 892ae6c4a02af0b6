/** What a stream's samples become: the live window that the origin serves, and a recording when one is ordered. */
import type { AacEncoders } from './audio/aac-encoders.ts'
import { AacSink } from './audio/aac-sink.ts'
import type { Clock } from './clock.ts'
import type { LiveShow, Origin, SegmentMark } from './hls/origin.ts'
import type { Hooks, RecordOrder } from './hooks.ts'
import type { Output, OutputRequest } from './ingest/session.ts'
import type { Log } from './log.ts'
import type { Stream } from './stream.ts'
import { openStream } from './stream.ts'
import type { Whep } from './whep/whep.ts'

/** One recording under way. */
export interface Recording {
  /** Resolves when everything is on disk. */
  close(): Promise<void>
}

export interface RecordRequest {
  readonly streamId: string
  readonly sessionId: string
  readonly show: LiveShow
  readonly order: RecordOrder
  /** The disk guard, the size limit or an error ended it before the show did. */
  readonly stopped: (facts: { reason: string; bytes: number; durationMs: number }) => void
}

export interface OutputsOptions {
  readonly origin: Origin
  readonly hooks: Hooks
  readonly clock: Clock
  readonly log: Log
  readonly openRecording: (request: RecordRequest) => Recording
  /** Null: sound stays as the publisher sends it. */
  readonly aac: AacEncoders | null
  readonly whep: Pick<Whep, 'serve'>
}

export class Outputs {
  private readonly closing = new Set<Promise<void>>()
  private readonly options: OutputsOptions

  constructor(options: OutputsOptions) {
    this.options = options
  }

  open(request: OutputRequest): Output {
    const { streamId, sessionId, playbackKey, record, refused } = request
    const { clock, hooks, log, origin } = this.options
    const stream = openStream({
      id: streamId,
      clock,
      onSinkFailed: (error) => log.error('a consumer of the stream failed', { streamId, reason: String(error) }),
    })
    const show = origin.serve(stream, {
      playbackKey,
      onSegment: (mark) => hooks.emit({ type: 'segment', streamId, sessionId, ...segmentFacts(mark) }),
      onRefused: ({ code, detail }) => refused(code, detail),
      onAdvice: ({ code, detail }) => hooks.emit({ type: 'advice', streamId, sessionId, code, detail }),
    })
    this.addAac(stream, show)
    this.options.whep.serve(stream, playbackKey)
    let recording = this.record(request, show, record)
    let order = record
    return {
      attach: (publisher) => stream.attach(publisher),
      record: (wanted) => {
        if (wanted?.dir === order?.dir && wanted?.maxBytes === order?.maxBytes) return
        order = wanted
        void this.finish(recording)
        recording = this.record(request, show, wanted)
      },
      end: () => {
        stream.end()
        return this.finish(recording)
      },
    }
  }

  private addAac(stream: Stream, show: LiveShow): void {
    const { aac, log } = this.options
    if (aac === null) return
    const { streamId } = show
    const onFailed = (reason: string) => log.warn('AAC stopped, Opus goes on', { streamId, reason })
    stream.subscribe(new AacSink({ encoders: aac, openRendition: () => show.addRendition('aac'), onFailed }))
  }

  /** All recordings that were ended are on disk. */
  async settled(): Promise<void> {
    await Promise.all(this.closing)
  }

  private record({ streamId, sessionId }: OutputRequest, show: LiveShow, order: RecordOrder | null): Recording | null {
    if (order === null) return null
    const { hooks, openRecording } = this.options
    return openRecording({
      streamId,
      sessionId,
      show,
      order,
      stopped: (facts) => hooks.emit({ type: 'recordingStopped', streamId, sessionId, ...facts }),
    })
  }

  private async finish(recording: Recording | null): Promise<void> {
    if (recording === null) return
    const closed = recording
      .close()
      .catch((error: unknown) => this.options.log.error('recording not closed well', { reason: String(error) }))
    this.closing.add(closed)
    await closed
    this.closing.delete(closed)
  }
}

function segmentFacts({ sequence, programAt, mediaMs, durationMs, bytes, discontinuity }: SegmentMark) {
  return { firstSequence: sequence, lastSequence: sequence, startAt: programAt, mediaMs, durationMs, bytes, discontinuity }
}
