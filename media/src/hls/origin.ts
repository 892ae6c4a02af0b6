/** Serves live shows from memory over plain HTTP. Rules: SPEC.md in this folder. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Clock } from '../clock.ts'
import { kindOf, type MediaFigures, openFigures } from '../figures.ts'
import type { Stream } from '../stream.ts'
import type { PackagerAdvice, PackagerRefusal, PackageSink } from './packager.ts'
import { Packager } from './packager.ts'
import type { Part } from './part.ts'
import { indexPlaylist, mediaPlaylist, SKIP_TARGETS } from './playlist.ts'
import type { Directives } from './position.ts'
import { reached, readDirectives, tooFar } from './position.ts'
import type { Packed } from './reply.ts'
import { preflight, refuse, sendMedia, sendPlaylist } from './reply.ts'
import type { Segment } from './segment.ts'
import { playbackAllowed } from './signature.ts'
import { Waiters } from './waiters.ts'
import { Window } from './window.ts'

export interface OriginLimits {
  /** How far back a viewer may seek. */
  readonly windowMs: number
  /** Memory of one show, listed and recently removed segments together. */
  readonly maxBytes: number
  /** Requests held open per show. */
  readonly maxWaiting: number
  readonly maxShows: number
  /** An ended show stays playable so long. */
  readonly lingerMs: number
  readonly partHoldBackMs: number
  /** How long a request waits for a show that has not its first segment yet. */
  readonly startWaitMs: number
}

export interface MediaMark {
  readonly streamId: string
  readonly sequence: number
  /** Program date-time of the start, epoch milliseconds. */
  readonly programAt: number
  /** Start on the media timeline: what a recording of the whole show calls its position. */
  readonly mediaMs: number
  readonly durationMs: number
  readonly bytes: number
}
export type PartMark = MediaMark & { readonly part: number; readonly independent: boolean }
export type SegmentMark = MediaMark & { readonly discontinuity: boolean }

export interface ServeOptions {
  /** Set for private shows: every request must be signed with it. */
  readonly playbackKey?: string | null
  readonly limits?: Partial<OriginLimits>
  /** Defaults to the clock's seconds, so that numbers and names never return after a restart. */
  readonly firstSequence?: number
  readonly onPart?: (mark: PartMark) => void
  readonly onSegment?: (mark: SegmentMark) => void
  readonly onRefused?: (refusal: PackagerRefusal) => void
  readonly onAdvice?: (advice: PackagerAdvice) => void
}

export interface LiveShow {
  readonly streamId: string
  /** The first whole segment is there: players can start. */
  readonly ready: boolean
  readonly waiting: number
  readonly bytes: number
  setPlaybackKey(key: string | null): void
  /** The recorder listens here. */
  listen(sink: PackageSink): () => void
  /** Forgets the show at once; an ended one goes by itself after a while. */
  close(): void
}

export interface Origin {
  readonly figures: MediaFigures
  /** Requests held open and memory of all shows. */
  load(): { shows: number; waiting: number; bytes: number }
  serve(stream: Stream, options?: ServeOptions): LiveShow
  /** `path` is what follows `/media/live`, such as `/str_1/live.m3u8`. False: not a path of this origin, nothing was answered. */
  handle(req: IncomingMessage, res: ServerResponse, path: string): Promise<boolean>
  close(): void
}

const LIMITS: OriginLimits = {
  windowMs: 60_000,
  maxBytes: 96_000_000,
  maxWaiting: 20_000,
  maxShows: 200,
  lingerMs: 60_000,
  partHoldBackMs: 1000,
  startWaitMs: 8000,
}
/** Stands in a playlist rendered for all where each viewer's own signature goes. */
const SUFFIX = '?t=%'
const FOREVER = 'max-age=31536000, immutable'
const PATH = /^\/?([A-Za-z0-9_-]{1,100})\/([A-Za-z0-9._-]{1,64})$/

export function createOrigin({ clock, limits }: { readonly clock: Clock; readonly limits?: Partial<OriginLimits> }): Origin {
  const shared: OriginLimits = { ...LIMITS, ...limits }
  const shows = new Map<string, Show>()
  const figures = openFigures()
  return {
    figures,
    load: () =>
      [...shows.values()].reduce(
        (sum, { waiting, bytes }) => ({ shows: shows.size, waiting: sum.waiting + waiting, bytes: sum.bytes + bytes }),
        {
          shows: 0,
          waiting: 0,
          bytes: 0,
        },
      ),
    serve(stream, options = {}) {
      shows.get(stream.id)?.close()
      if (shows.size >= shared.maxShows) throw new Error(`the origin serves ${shows.size} shows already`)
      const show: Show = new Show(stream, clock, { ...shared, ...options.limits }, { ...options, figures }, () => {
        if (shows.get(stream.id) === show) shows.delete(stream.id)
      })
      shows.set(stream.id, show)
      return show
    },
    async handle(req, res, path) {
      const [, id = '', file = ''] = PATH.exec(path) ?? []
      if (file === '') return false
      if (req.method === 'OPTIONS') preflight(res)
      else if (req.method !== 'GET' && req.method !== 'HEAD')
        refuse(res, 405, 'only GET and HEAD', { allow: 'GET, HEAD, OPTIONS' })
      else {
        const show = shows.get(id)
        if (show === undefined) refuse(res, 404, 'no such show')
        else {
          await show.answer(req, res, file)
          figures.requests[kindOf(file)][res.statusCode < 400 ? 'ok' : 'refused']++
        }
      }
      return true
    },
    close() {
      for (const show of [...shows.values()]) show.close()
    },
  }
}

type Serving = ServeOptions & { readonly figures: MediaFigures }

class Show implements LiveShow {
  readonly streamId: string
  private readonly clock: Clock
  private readonly limits: OriginLimits
  private readonly packager: Packager
  private readonly window: Window
  private readonly waiters: Waiters
  private readonly forget: () => void
  private readonly unsubscribe: () => void
  private readonly rendered = new Map<string, { version: number; text: Packed }>()
  private playbackKey: string | null
  private cancelLinger: () => void = () => undefined

  constructor(stream: Stream, clock: Clock, limits: OriginLimits, options: Serving, forget: () => void) {
    this.streamId = stream.id
    this.clock = clock
    this.limits = limits
    this.forget = forget
    this.playbackKey = options.playbackKey ?? null
    this.window = new Window({ windowUs: limits.windowMs * 1000, maxBytes: limits.maxBytes })
    this.waiters = new Waiters(clock, limits.maxWaiting)
    this.packager = new Packager({
      stream,
      firstSequence: options.firstSequence ?? Math.floor(clock.now() / 1000),
      // After a restart another number is needed for players to drop their old map of times; hls.js walks arrays of this length.
      firstDiscontinuitySequence: options.firstSequence === undefined ? Math.floor(clock.now() / 1000) % 10_000 : 0,
      onRefused: options.onRefused,
      onAdvice: options.onAdvice,
    })
    this.packager.listen({
      part: (part, segment) => this.onPart(part, segment, options),
      segment: (segment) => {
        this.changed()
        options.figures.segmentsMade++
        options.onSegment?.(segmentMark(this.streamId, segment))
      },
      ended: () => this.onEnded(),
    })
    this.unsubscribe = stream.subscribe(this.packager)
  }

  get ready(): boolean {
    return this.window.ready
  }

  get waiting(): number {
    return this.waiters.size
  }

  get bytes(): number {
    return this.window.bytes
  }

  setPlaybackKey(key: string | null): void {
    this.playbackKey = key
  }

  listen(sink: PackageSink): () => void {
    return this.packager.listen(sink)
  }

  close(): void {
    this.cancelLinger()
    this.unsubscribe()
    this.waiters.close()
    this.forget()
  }

  async answer(req: IncomingMessage, res: ServerResponse, file: string): Promise<void> {
    const query = new URLSearchParams(req.url?.split('?')[1] ?? '')
    const token = query.get('t')
    if (this.playbackKey !== null && !playbackAllowed(this.playbackKey, this.streamId, token, this.clock.now())) {
      return refuse(res, 403, 'this show needs a valid signature')
    }
    if (file === 'index.m3u8') return this.answerIndex(req, res, token)
    if (file === 'live.m3u8') return this.answerLive(req, res, query, token)
    const [, sequence, part] = /^s(\d{1,15})(?:\.(\d{1,4}))?\.m4s$/.exec(file) ?? []
    if (part !== undefined) return this.answerPart(req, res, Number(sequence), Number(part))
    const chunks = sequence === undefined ? this.initChunks(file) : this.segmentChunks(Number(sequence))
    if (chunks === undefined) return refuse(res, 404, 'not in the window')
    sendMedia(req, res, chunks, this.cache(FOREVER))
  }

  private async answerIndex(req: IncomingMessage, res: ServerResponse, token: string | null): Promise<void> {
    if (!(await this.wait(res, () => this.window.ready, this.limits.startWaitMs))) return
    const text = this.render('index', token, (suffix) => indexPlaylist(this.window, this.packager.framesPerSecond, suffix))
    sendPlaylist(req, res, text, this.cache('max-age=1'))
  }

  private async answerLive(
    req: IncomingMessage,
    res: ServerResponse,
    query: URLSearchParams,
    token: string | null,
  ): Promise<void> {
    const directives = readDirectives(query)
    if (directives === undefined) return refuse(res, 400, 'delivery directives must be integers, and _HLS_part needs _HLS_msn')
    // hls.js refuses a playlist without a whole segment, so the first answer waits for one.
    if (!(await this.wait(res, () => this.window.ready || this.window.ended, this.limits.startWaitMs))) return
    if (!(await this.waitForPosition(res, directives))) return
    const { targets } = this.packager
    if (targets === null) return refuse(res, 404, 'the show ended before it had a picture')
    const { skip } = directives
    const partHoldBackUs = this.limits.partHoldBackMs * 1000
    const text = this.render(skip ? 'skip' : 'live', token, (suffix) =>
      mediaPlaylist(this.window, { targets, partHoldBackUs, skip, query: suffix }),
    )
    const seconds = directives.sequence === null || this.window.ended ? 1 : targets.targetDurationS * SKIP_TARGETS
    sendPlaylist(req, res, text, this.cache(`max-age=${seconds}`))
  }

  private async waitForPosition(res: ServerResponse, { sequence, part }: Directives): Promise<boolean> {
    const { targets } = this.packager
    if (sequence === null || targets === null) return true
    if (tooFar(this.window, sequence, part, targets.partTargetUs)) {
      refuse(res, 400, 'too far in the future')
      return false
    }
    return this.wait(res, () => reached(this.window, sequence, part), this.patienceMs())
  }

  /** Answers itself when it can't be waited for. */
  private async wait(res: ServerResponse, ready: () => boolean, timeoutMs: number): Promise<boolean> {
    const how = await this.waiters.wait(ready, timeoutMs, (gone) => res.once('close', gone))
    if (how === 'timeout') refuse(res, 503, 'nothing new from the publisher')
    if (how === 'full') refuse(res, 503, 'too many requests are waiting')
    if (how === 'gone') refuse(res, 404, 'the show is over')
    return how === 'ready'
  }

  /** Section 6.2.5.2: three target durations. */
  private patienceMs(): number {
    return (this.packager.targets?.targetDurationS ?? 2) * 3000
  }

  private async answerPart(req: IncomingMessage, res: ServerResponse, sequence: number, index: number): Promise<void> {
    const { window } = this
    const find = () => window.segment(sequence)?.parts[index]
    const hinted = window.growing === undefined ? (window.newest?.sequence ?? -2) + 1 : window.growing.sequence
    const next = window.growing === undefined ? 0 : window.growing.parts.length
    if (find() === undefined && !window.ended && window.ready && sequence === hinted && index === next) {
      const settled = () => find() !== undefined || window.ended || (window.newest?.sequence ?? -1) >= sequence
      if (!(await this.wait(res, settled, this.patienceMs()))) return
    }
    const part = find()
    if (part === undefined) return refuse(res, 404, 'no such part')
    sendMedia(req, res, [part.bytes], this.cache(FOREVER))
  }

  private segmentChunks(sequence: number): Buffer[] | undefined {
    const segment = this.window.segment(sequence)
    return segment?.complete === true ? segment.parts.map(({ bytes }) => bytes) : undefined
  }

  private initChunks(file: string): Buffer[] | undefined {
    const init = this.window.init(file)
    return init === undefined ? undefined : [init.bytes]
  }

  private render(kind: string, token: string | null, write: (suffix: string) => string): Packed {
    const signed = this.playbackKey !== null && token !== null
    const key = signed ? `${kind} signed` : kind
    const known = this.rendered.get(key)
    const text = known?.version === this.window.version ? known.text : { plain: Buffer.from(write(signed ? SUFFIX : '')) }
    this.rendered.set(key, { version: this.window.version, text })
    if (!signed) return text
    // Only checked tokens get here; they can't hold a quote or a line break.
    return { plain: Buffer.from(text.plain.toString('latin1').replaceAll(SUFFIX, `?t=${token}`)) }
  }

  private cache(rule: string): string {
    return `${this.playbackKey === null ? 'public' : 'private'}, ${rule}`
  }

  private onPart(part: Part, segment: Segment, options: Serving): void {
    const fits = this.window.add(part, segment)
    options.figures.partsMade++
    const lateMs = this.clock.now() - part.programAt - part.durationUs / 1000
    if (lateMs > this.limits.partHoldBackMs) options.figures.partsLate++
    this.waiters.check()
    options.onPart?.({
      ...mark(this.streamId, segment, part),
      part: part.index,
      independent: part.independent,
      bytes: part.bytes.length,
    })
    if (fits) return
    // Later: the packager is in the middle of handing this part out.
    queueMicrotask(() => this.packager.refuse({ code: 'bitrate_too_high', detail: { maxBytes: this.limits.maxBytes } }))
  }

  private changed(): void {
    this.window.version += 1
    this.waiters.check()
  }

  private onEnded(): void {
    this.window.end()
    this.waiters.check()
    this.cancelLinger = this.clock.after(this.limits.lingerMs, () => this.close())
  }
}

function segmentMark(streamId: string, segment: Segment): SegmentMark {
  return { ...mark(streamId, segment, segment), discontinuity: segment.discontinuity, bytes: segment.bytes }
}

function mark(streamId: string, segment: Segment, at: Part | Segment): Omit<MediaMark, 'bytes'> {
  const { programAt, mediaUs, durationUs } = at
  return {
    streamId,
    sequence: segment.sequence,
    programAt: Math.round(programAt),
    mediaMs: mediaUs / 1000,
    durationMs: durationUs / 1000,
  }
}
