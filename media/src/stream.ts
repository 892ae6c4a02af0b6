/** The one thing in the middle: the samples of one show, from whichever publisher is attached, to every sink. */
import type { Clock } from './clock.ts'
import { createProgramClock } from './program-clock.ts'
import type { MediaSample, SampleSink, TrackConfig } from './sample.ts'

export interface Publisher {
  /** WHIP sends a PLI; RTMP can't be asked and leaves it out. */
  requestKeyframe?(): void
  /** Another publisher took its place; its sink is deaf from now on. */
  replaced?(): void
  /** What it sends can't be used; its sink is deaf from now on. */
  refused?(code: 'timestamps_broken'): void
}

export interface StreamLimits {
  readonly maxSampleBytes: number
  readonly maxSinks: number
  /** A hole longer than this in both tracks starts a new timeline. */
  readonly maxHoleUs: number
  /** Jumps of the publisher's clock within one minute of stream time before it is refused. */
  readonly maxJumpsPerMinute: number
}

export interface StreamOptions {
  readonly id: string
  readonly clock: Clock
  readonly limits?: Partial<StreamLimits>
  /** A sink that threw is dropped so that the others go on. */
  readonly onSinkFailed?: (error: unknown) => void
}

export interface Stream {
  readonly id: string
  readonly ended: boolean
  readonly publishing: boolean
  /** The newest publisher wins. Its sink's `end()` only detaches; the stream waits for the next one. */
  attach(publisher?: Publisher): SampleSink
  /** Gets the current configurations at once. The returned function unsubscribes. */
  subscribe(sink: SampleSink): () => void
  /** Program date-time, epoch milliseconds, of a time on the stream's timeline (what sinks see). */
  programAt(timeUs: number): number
  config(track: 'video' | 'audio'): TrackConfig | undefined
  requestKeyframe(): void
  end(): void
}

const LIMITS: StreamLimits = { maxSampleBytes: 4_000_000, maxSinks: 64, maxHoleUs: 3_000_000, maxJumpsPerMinute: 6 }
/** Room below the first sample, so that the other track may begin a little earlier. */
const LEAD_US = 1_000_000
const BACKWARDS_US = 1_000_000
const MIN_STEP_US = 500

interface Epoch {
  readonly publisher: Publisher
  offsetUs: number | null
  lastUs: { video: number; audio: number }
}

export function openStream(options: StreamOptions): Stream {
  const { id, clock } = options
  const limits = { ...LIMITS, ...options.limits }
  const program = createProgramClock()
  const startedMs = clock.monotonic()
  const sinks = new Set<SampleSink>()
  const configs = new Map<string, TrackConfig>()
  let current: Epoch | null = null
  let newestUs = 0
  let jumps: number[] = []
  let broken = false
  let ended = false

  function each(call: (sink: SampleSink) => void): void {
    for (const sink of [...sinks]) {
      try {
        call(sink)
      } catch (error) {
        sinks.delete(sink)
        options.onSinkFailed?.(error)
      }
    }
  }

  /** Tells the sinks once per break, however many reasons there are for it. */
  function breakTimeline(): void {
    if (broken) return
    broken = true
    each((sink) => sink.discontinuity())
  }

  /** Sinks see time since the stream opened; publishers' own clocks start anywhere. */
  function anchor(epoch: Epoch, sample: MediaSample): number {
    const elapsedUs = Math.round((clock.monotonic() - startedMs) * 1000)
    const startUs = Math.max(newestUs, elapsedUs) + LEAD_US
    const offsetUs = startUs - sample.dtsUs
    epoch.offsetUs = offsetUs
    epoch.lastUs = { video: Number.NEGATIVE_INFINITY, audio: Number.NEGATIVE_INFINITY }
    program.begin(startUs, clock.now())
    return offsetUs
  }

  function jumped(epoch: Epoch, timeUs: number, track: 'video' | 'audio'): boolean {
    const { video, audio } = epoch.lastUs
    const newest = Math.max(video, audio)
    if (newest === Number.NEGATIVE_INFINITY) return false
    return timeUs - newest > limits.maxHoleUs || epoch.lastUs[track] - timeUs > BACKWARDS_US
  }

  function tooManyJumps(): boolean {
    jumps = [...jumps.filter((at) => clock.monotonic() - at < 60_000), clock.monotonic()]
    return jumps.length > limits.maxJumpsPerMinute
  }

  function onSample(epoch: Epoch, sample: MediaSample): void {
    if (epoch !== current || sample.data.length === 0 || sample.data.length > limits.maxSampleBytes) return
    if (!Number.isSafeInteger(sample.dtsUs) || !Number.isSafeInteger(sample.ptsUs)) return
    let offsetUs = epoch.offsetUs ?? anchor(epoch, sample)
    if (jumped(epoch, sample.dtsUs + offsetUs, sample.track)) {
      breakTimeline()
      if (tooManyJumps()) {
        current = null
        epoch.publisher.refused?.('timestamps_broken')
        return
      }
      offsetUs = anchor(epoch, sample)
    }
    broken = false
    const dtsUs = Math.max(sample.dtsUs + offsetUs, epoch.lastUs[sample.track] + MIN_STEP_US)
    const ptsUs = sample.ptsUs + offsetUs
    epoch.lastUs[sample.track] = dtsUs
    newestUs = Math.max(newestUs, dtsUs)
    program.observe(ptsUs, clock.now())
    const moved: MediaSample = { track: sample.track, dtsUs, ptsUs, key: sample.key, data: sample.data }
    each((sink) => sink.sample(moved))
  }

  function detach(epoch: Epoch): void {
    if (epoch !== current) return
    current = null
    breakTimeline()
  }

  return {
    id,
    get ended() {
      return ended
    },
    get publishing() {
      return current !== null
    },
    attach(publisher = {}) {
      if (ended) throw new Error(`stream ${id} has ended`)
      const before = current
      if (before !== null) {
        detach(before)
        before.publisher.replaced?.()
      }
      const epoch: Epoch = { publisher, offsetUs: null, lastUs: { video: 0, audio: 0 } }
      current = epoch
      configs.clear()
      jumps = []
      return {
        configure(config) {
          if (epoch !== current) return
          configs.set(config.track, config)
          each((sink) => sink.configure(config))
        },
        sample: (sample) => onSample(epoch, sample),
        discontinuity() {
          if (epoch !== current) return
          epoch.offsetUs = null
          breakTimeline()
        },
        end: () => detach(epoch),
      }
    },
    subscribe(sink) {
      if (ended) throw new Error(`stream ${id} has ended`)
      if (sinks.size >= limits.maxSinks) throw new Error(`stream ${id} has ${sinks.size} sinks already`)
      sinks.add(sink)
      for (const config of configs.values()) sink.configure(config)
      return () => sinks.delete(sink)
    },
    programAt: (timeUs) => program.at(timeUs),
    config: (track) => configs.get(track),
    requestKeyframe: () => current?.publisher.requestKeyframe?.(),
    end() {
      if (ended) return
      ended = true
      current = null
      each((sink) => sink.end())
      sinks.clear()
    },
  }
}
