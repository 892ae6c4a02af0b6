/** Keeps a show's segments, byte for byte as viewers got them. Never holds up the live path: it stops instead, and says why. */
import type { FileHandle } from 'node:fs/promises'
import { mkdir, open, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import type { PackageSink } from '../hls/packager.ts'
import type { Segment } from '../hls/segment.ts'
import { freeBytes, writeDurably } from './files.ts'
import type { Fact, SegmentFact } from './journal.ts'
import { JOURNAL, readFacts, writeFact } from './journal.ts'
import type { Recording } from './recover.ts'
import { recoverRecording } from './recover.ts'

/** `ended` with the show and `finished` by command are no faults. */
export type StopReason = 'ended' | 'finished' | 'disk_low' | 'too_large' | 'too_slow' | 'write_failed'

export interface RecorderLimits {
  /** Recording stops before less than this is free on its disk. */
  readonly minFreeBytes: number
  /** Size of one recording. */
  readonly maxBytes: number
  /** Segments waiting for a slow disk. */
  readonly maxQueuedBytes: number
}

export interface RecorderOptions {
  /** Made when missing. One that already holds a recording is continued, with a discontinuity. */
  readonly dir: string
  readonly limits?: Partial<RecorderLimits>
  readonly freeBytes?: (dir: string) => Promise<number>
  /** Once, when the playlist is written or could not be. */
  readonly onStopped?: (stopped: Stopped) => void
}

export interface Stopped {
  readonly reason: StopReason
  /** Null when even the playlist could not be written: `recoverRecording` makes it later. */
  readonly recording: Recording | null
  readonly bytes: number
  readonly durationMs: number
  readonly error?: unknown
}

export interface Recorder extends PackageSink {
  segment(segment: Segment): void
  ended(): void
  /** Stops before the show does. */
  finish(): Promise<Stopped>
  readonly stopped: Promise<Stopped>
  readonly bytes: number
  readonly durationMs: number
}

const LIMITS: RecorderLimits = { minFreeBytes: 2_000_000_000, maxBytes: 20_000_000_000, maxQueuedBytes: 64_000_000 }

export function openRecorder(options: RecorderOptions): Recorder {
  return new DiskRecorder(options)
}

class DiskRecorder implements Recorder {
  readonly stopped: Promise<Stopped>
  bytes = 0
  private readonly options: RecorderOptions
  private readonly limits: RecorderLimits
  private count = 0
  private readonly inits = new Set<string>()
  private queue: Segment[] = []
  private queuedBytes = 0
  private durationUs = 0
  private continues = false
  private journal: FileHandle | null = null
  private reason: StopReason | null = null
  private error: unknown
  private wake: () => void = () => undefined

  constructor(options: RecorderOptions) {
    this.options = options
    this.limits = { ...LIMITS, ...options.limits }
    this.stopped = this.run()
  }

  get durationMs(): number {
    return this.durationUs / 1000
  }

  segment(segment: Segment): void {
    if (this.reason !== null) return
    if (this.queuedBytes + segment.bytes > this.limits.maxQueuedBytes) {
      this.stop('too_slow')
      return
    }
    this.queue.push(segment)
    this.queuedBytes += segment.bytes
    this.wake()
  }

  ended(): void {
    this.stop('ended')
  }

  finish(): Promise<Stopped> {
    this.stop('finished')
    return this.stopped
  }

  private stop(reason: StopReason): void {
    this.reason ??= reason
    this.wake()
  }

  private async run(): Promise<Stopped> {
    let recording: Recording | null = null
    try {
      await this.open()
      await this.writeAll()
    } catch (error) {
      this.error = error
      this.reason = 'write_failed'
    }
    const reason = this.reason ?? 'finished'
    try {
      if (this.journal !== null) {
        await this.append({ kind: 'end', reason })
        recording = await recoverRecording(this.options.dir)
      }
    } catch (error) {
      this.error ??= error
    }
    await this.journal?.close().catch((error: unknown) => {
      this.error ??= error
    })
    this.queue = []
    const stopped: Stopped = { reason, recording, bytes: this.bytes, durationMs: this.durationMs, error: this.error }
    this.options.onStopped?.(stopped)
    return stopped
  }

  private async open(): Promise<void> {
    const { dir } = this.options
    await mkdir(dir, { recursive: true })
    const before = await recoverRecording(dir)
    this.journal = await open(join(dir, JOURNAL), 'a')
    if (before === null) return
    for (const fact of readFacts(await readFile(join(dir, JOURNAL), 'utf8')).facts) {
      if (fact.kind === 'init') this.inits.add(fact.file)
      else if (fact.kind === 'segment') this.note(fact)
    }
    this.continues = this.count > 0
  }

  /** Until told to stop; what is queued by then is still written, unless writing is what went wrong. */
  private async writeAll(): Promise<void> {
    for (;;) {
      const segment = this.queue.shift()
      if (segment !== undefined) {
        this.queuedBytes -= segment.bytes
        const obstacle = await this.obstacle(segment)
        if (obstacle !== null) {
          this.reason = obstacle
          return
        }
        await this.write(segment)
      } else if (this.reason !== null) return
      else await new Promise<void>((resolve) => (this.wake = resolve))
    }
  }

  private async obstacle(segment: Segment): Promise<StopReason | null> {
    if (this.bytes + segment.bytes > this.limits.maxBytes) return 'too_large'
    const free = await (this.options.freeBytes ?? freeBytes)(this.options.dir)
    return free - segment.bytes < this.limits.minFreeBytes ? 'disk_low' : null
  }

  private async write(segment: Segment): Promise<void> {
    const { dir } = this.options
    const { init } = segment
    if (!this.inits.has(init.name)) {
      await writeDurably(dir, init.name, [init.bytes])
      await this.append({ kind: 'init', file: init.name, bytes: init.bytes.length })
      this.inits.add(init.name)
    }
    const chunks = segment.parts.map(({ bytes }) => bytes)
    const file = `${String(this.count + 1).padStart(6, '0')}.m4s`
    await writeDurably(dir, file, chunks)
    const fact: SegmentFact = {
      kind: 'segment',
      file,
      init: init.name,
      bytes: segment.bytes,
      crc: chunks.reduce((crc, chunk) => crc32(chunk, crc), 0),
      durationUs: segment.durationUs,
      programAt: segment.programAt,
      discontinuity: segment.discontinuity || this.continues,
      independent: segment.independent,
    }
    this.continues = false
    await this.append(fact)
    this.note(fact)
  }

  private note(fact: SegmentFact): void {
    this.count += 1
    this.bytes += fact.bytes
    this.durationUs += fact.durationUs
  }

  private async append(fact: Fact): Promise<void> {
    await this.journal?.writeFile(writeFact(fact))
    await this.journal?.datasync()
  }
}
