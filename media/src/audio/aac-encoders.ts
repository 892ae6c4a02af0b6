/** The process's encoding thread and its tracks. When it dies, every track says so once, and a later one starts it again. */
import { Worker } from 'node:worker_threads'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import type { AacAnswer, AacCommand, AacFrame } from './aac-messages.ts'

export interface AacEvents {
  frame(frame: AacFrame): void
  /** Nothing more comes. */
  failed(reason: string): void
}

export interface AacTrack {
  packet(ptsUs: number, data: Uint8Array): void
  break(epoch: number): void
  close(): void
}

export interface AacEncodersOptions {
  readonly clock: Clock
  readonly log: Log
  readonly maxTracks?: number
  readonly onStarted?: (worker: Worker) => void
}

/** About 30 MB of memory each. */
const MAX_TRACKS = 32
/** Five seconds of sound: an encoder that far behind will not catch up. */
const MAX_PENDING = 250
const REST_AFTER_DEATH_MS = 10_000

interface Open {
  readonly events: AacEvents
  pending: number
}

export class AacEncoders {
  private readonly options: AacEncodersOptions
  private readonly tracks = new Map<number, Open>()
  private worker: Worker | null = null
  private nextId = 1
  private diedMs = Number.NEGATIVE_INFINITY

  constructor(options: AacEncodersOptions) {
    this.options = options
  }

  /** Null: there is no room, or the thread has just died. */
  open(events: AacEvents): AacTrack | null {
    if (this.tracks.size >= (this.options.maxTracks ?? MAX_TRACKS)) return null
    if (this.worker === null && this.options.clock.monotonic() - this.diedMs < REST_AFTER_DEATH_MS) return null
    this.worker ??= this.start()
    const id = this.nextId++
    const track: Open = { events, pending: 0 }
    this.tracks.set(id, track)
    this.tell({ type: 'open', id })
    return {
      packet: (ptsUs, data) => {
        if (this.tracks.get(id) !== track) return
        track.pending += 1
        if (track.pending > MAX_PENDING) this.fail(id, 'the encoder is too slow')
        else this.tell({ type: 'packet', id, ptsUs, data })
      },
      break: (epoch) => this.tell({ type: 'break', id, epoch }),
      close: () => {
        if (this.tracks.delete(id)) this.tell({ type: 'close', id })
      },
    }
  }

  /** Packets that wait for their answer. */
  get pending(): number {
    return [...this.tracks.values()].reduce((sum, { pending }) => sum + pending, 0)
  }

  async close(): Promise<void> {
    this.tracks.clear()
    const { worker } = this
    this.worker = null
    await worker?.terminate()
  }

  private start(): Worker {
    // The decoder writes a line for every damaged packet: read and forgotten.
    const worker = new Worker(new URL('./aac-worker.ts', import.meta.url), { stderr: true, stdout: true })
    worker.stderr.resume()
    worker.stdout.resume()
    worker.unref()
    worker.on('message', (answer: AacAnswer) => this.heard(answer))
    worker.on('error', (error) => this.died(worker, error.message))
    worker.on('exit', () => this.died(worker, 'the thread ended'))
    this.options.onStarted?.(worker)
    return worker
  }

  private tell(command: AacCommand): void {
    this.worker?.postMessage(command)
  }

  private heard(answer: AacAnswer): void {
    const track = this.tracks.get(answer.id)
    if (track === undefined) return
    if (answer.type === 'failed') {
      this.fail(answer.id, answer.reason)
      return
    }
    track.pending -= 1
    for (const frame of answer.frames) track.events.frame(frame)
  }

  private fail(id: number, reason: string): void {
    const track = this.tracks.get(id)
    if (!this.tracks.delete(id)) return
    this.tell({ type: 'close', id })
    track?.events.failed(reason)
  }

  private died(worker: Worker, reason: string): void {
    if (this.worker !== worker) return
    this.worker = null
    this.diedMs = this.options.clock.monotonic()
    this.options.log.warn('the AAC thread died', { reason, tracks: this.tracks.size })
    for (const id of [...this.tracks.keys()]) this.fail(id, reason)
  }
}
