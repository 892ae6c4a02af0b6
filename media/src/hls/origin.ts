/** Serves live shows from memory over plain HTTP. Rules: SPEC.md in this folder. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Clock } from '../clock.ts'
import { kindOf, type MediaFigures, openFigures } from '../figures.ts'
import type { SampleSink } from '../sample.ts'
import type { Stream } from '../stream.ts'
import type { PackagerAdvice, PackagerRefusal, PackageSink } from './packager.ts'
import type { Part } from './part.ts'
import { indexPlaylist } from './playlist.ts'
import type { Asked, RenditionLimits, RenditionName, RenditionOptions } from './rendition.ts'
import { Rendition } from './rendition.ts'
import { preflight, refuse, sendPlaylist } from './reply.ts'
import type { Segment } from './segment.ts'
import { playbackAllowed } from './signature.ts'

export interface OriginLimits extends RenditionLimits {
  readonly maxShows: number
  /** An ended show stays playable so long. */
  readonly lingerMs: number
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
  listen(sink: PackageSink): () => void
  /** For a recording: one rendition from the next segment on, with AAC when there is one, because every player knows that. */
  listenToKeep(sink: PackageSink): () => void
  /** One more encoding of the same show, fed by whoever makes it; with its first segment it stands in the multivariant playlist. */
  addRendition(name: Exclude<RenditionName, 'live'>): SampleSink
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
const NO_QUERY = new URLSearchParams()
const RENDITION_WAIT_MS = 1000
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
        { shows: 0, waiting: 0, bytes: 0 },
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
  private readonly stream: Stream
  private readonly limits: OriginLimits
  private readonly options: ServeOptions
  private readonly firstSequence: number
  private readonly own: Rendition
  private readonly others = new Map<string, Rendition>()
  private readonly forget: () => void
  private readonly unsubscribe: () => void
  private playbackKey: string | null
  private cancelLinger: () => void = () => undefined

  constructor(stream: Stream, clock: Clock, limits: OriginLimits, options: Serving, forget: () => void) {
    this.streamId = stream.id
    this.stream = stream
    this.clock = clock
    this.limits = limits
    this.options = options
    this.forget = forget
    this.playbackKey = options.playbackKey ?? null
    this.firstSequence = options.firstSequence ?? Math.floor(clock.now() / 1000)
    this.own = this.open('live', {
      onPart: (part, segment) => this.onPart(part, segment, options),
      onSegment: (segment) => {
        options.figures.segmentsMade++
        options.onSegment?.(segmentMark(this.streamId, segment))
      },
    })
    this.own.packager.listen({ ended: () => this.onEnded() })
    this.unsubscribe = stream.subscribe(this.own.packager)
  }

  get ready(): boolean {
    return this.own.window.ready
  }

  get waiting(): number {
    return [this.own, ...this.others.values()].reduce((sum, { waiters }) => sum + waiters.size, 0)
  }

  get bytes(): number {
    return [this.own, ...this.others.values()].reduce((sum, { window }) => sum + window.bytes, 0)
  }

  setPlaybackKey(key: string | null): void {
    this.playbackKey = key
  }

  listen(sink: PackageSink): () => void {
    return this.own.packager.listen(sink)
  }

  listenToKeep(sink: PackageSink): () => void {
    let stop = this.listen({
      segment: (segment) => {
        stop()
        const aac = this.others.get('aac')
        // Its own of this number follows a moment later.
        if (aac === undefined) sink.segment?.(segment)
        stop = (aac ?? this.own).packager.listen(sink)
      },
      ended: () => sink.ended?.(),
    })
    return () => stop()
  }

  addRendition(name: Exclude<RenditionName, 'live'>): SampleSink {
    const known = this.others.get(name)
    if (known !== undefined) return known.packager
    const added = this.open(name, {})
    this.others.set(name, added)
    return added.packager
  }

  close(): void {
    this.cancelLinger()
    this.unsubscribe()
    for (const rendition of [this.own, ...this.others.values()]) rendition.close()
    this.forget()
  }

  async answer(req: IncomingMessage, res: ServerResponse, file: string): Promise<void> {
    const text = req.url?.split('?')[1]
    const query = text === undefined ? NO_QUERY : new URLSearchParams(text)
    const token = query.get('t')
    if (this.playbackKey !== null && !playbackAllowed(this.playbackKey, this.streamId, token, this.clock.now())) {
      return refuse(res, 403, 'this show needs a valid signature')
    }
    const asked: Asked = { query, token, scope: this.playbackKey === null ? 'public' : 'private' }
    if (file === 'index.m3u8') return this.answerIndex(req, res, asked)
    const [, prefix, sequence, part] = /^(?:(aac|low)-)?s(\d{1,15})(?:\.(\d{1,4}))?\.m4s$/.exec(file) ?? []
    const name = sequence === undefined ? /^(\w+)\.m3u8$/.exec(file)?.[1] : (prefix ?? 'live')
    const rendition = name === 'live' ? this.own : this.others.get(name ?? '')
    if (sequence === undefined && rendition !== undefined) return rendition.answerPlaylist(req, res, asked)
    if (rendition === undefined) {
      if (![this.own, ...this.others.values()].some((one) => one.answerInit(req, res, file, asked)))
        refuse(res, 404, 'not in the window')
    } else if (part !== undefined) return rendition.answerPart(req, res, Number(sequence), Number(part), asked)
    else rendition.answerSegment(req, res, Number(sequence), asked)
  }

  private open(name: RenditionName, on: Pick<RenditionOptions, 'onPart' | 'onSegment'>): Rendition {
    const { clock, limits, options, stream } = this
    return new Rendition({
      name,
      clock,
      limits,
      ...on,
      packager: {
        stream,
        firstSequence: this.firstSequence,
        // After a restart another number is needed for players to drop their old map of times; hls.js walks arrays of this length.
        firstDiscontinuitySequence: options.firstSequence === undefined ? this.firstSequence % 10_000 : 0,
        ...(name === 'live' ? { onRefused: options.onRefused, onAdvice: options.onAdvice } : {}),
      },
    })
  }

  private async answerIndex(req: IncomingMessage, res: ServerResponse, asked: Asked): Promise<void> {
    const { own } = this
    if (!(await own.wait(res, () => own.window.ready, this.limits.startWaitMs))) return
    const aac = this.others.get('aac')
    // A moment later than the publisher's own, and a phone that needs it asks only once.
    if (aac !== undefined && !aac.window.ready && !own.window.ended)
      await aac.waiters.wait(
        () => aac.window.ready || own.window.ended,
        RENDITION_WAIT_MS,
        (gone) => res.once('close', gone),
      )
    const variants = [own, ...this.others.values()].filter(({ window }) => window.ready)
    const text = own.render(`index ${variants.map(({ name }) => name).join()}`, asked, (suffix) =>
      indexPlaylist(variants, suffix),
    )
    sendPlaylist(req, res, text, `${asked.scope}, max-age=1`)
  }

  private onPart(part: Part, segment: Segment, { figures, onPart }: Serving): void {
    figures.partsMade++
    const lateMs = this.clock.now() - part.programAt - part.durationUs / 1000
    // Players cannot have begun before the window is ready.
    if (this.own.window.ready && lateMs > this.limits.partHoldBackMs) figures.partsLate++
    onPart?.({
      ...mark(this.streamId, segment, part),
      part: part.index,
      independent: part.independent,
      bytes: part.bytes.length,
    })
  }

  private onEnded(): void {
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
