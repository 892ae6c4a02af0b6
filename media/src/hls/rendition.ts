/** One encoding of a show: its packager, its window, its playlist and the requests that wait for it. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Clock } from '../clock.ts'
import type { PackagerOptions } from './packager.ts'
import { Packager } from './packager.ts'
import type { Part } from './part.ts'
import { mediaPlaylist, SKIP_TARGETS } from './playlist.ts'
import type { Directives } from './position.ts'
import { reached, readDirectives, tooFar } from './position.ts'
import type { Packed } from './reply.ts'
import { refuse, sendMedia, sendPlaylist } from './reply.ts'
import type { Segment } from './segment.ts'
import { Waiters } from './waiters.ts'
import { Window } from './window.ts'

export interface RenditionLimits {
  /** How far back a viewer may seek. */
  readonly windowMs: number
  /** Memory of one rendition, listed and recently removed segments together. */
  readonly maxBytes: number
  /** Requests held open per rendition. */
  readonly maxWaiting: number
  readonly partHoldBackMs: number
  /** How long a request waits for a show that has not its first segment yet. */
  readonly startWaitMs: number
}

export interface RenditionOptions {
  readonly name: RenditionName
  readonly clock: Clock
  readonly limits: RenditionLimits
  readonly packager: PackagerOptions
  readonly onPart?: (part: Part, segment: Segment) => void
  readonly onSegment?: (segment: Segment) => void
}

/** `live` is what the publisher sends, as it is; `aac` the same picture with AAC for Opus; `low` a smaller picture for thin lines. */
export type RenditionName = 'live' | 'aac' | 'low'

/** What a request brings beside its path. */
export interface Asked {
  readonly query: URLSearchParams
  /** The viewer's own signature, already checked; null for public shows. */
  readonly token: string | null
  readonly scope: 'public' | 'private'
}

/** Stands in a playlist rendered for all where each viewer's own signature goes. */
const SUFFIX = '?t=%'
const FOREVER = 'max-age=31536000, immutable'

export class Rendition {
  readonly name: RenditionName
  readonly packager: Packager
  readonly window: Window
  readonly waiters: Waiters
  private readonly limits: RenditionLimits
  private readonly rendered = new Map<string, { version: number; text: Packed }>()

  constructor({ name, clock, limits, packager, onPart, onSegment }: RenditionOptions) {
    this.name = name
    this.limits = limits
    this.window = new Window({ windowUs: limits.windowMs * 1000, maxBytes: limits.maxBytes })
    this.waiters = new Waiters(clock, limits.maxWaiting)
    this.packager = new Packager(packager)
    this.packager.listen({
      part: (part, segment) => {
        const fits = this.window.add(part, segment)
        this.waiters.check()
        onPart?.(part, segment)
        // Later: the packager is in the middle of handing this part out.
        if (!fits) queueMicrotask(() => this.packager.refuse({ code: 'bitrate_too_high', detail: { maxBytes: limits.maxBytes } }))
      },
      segment: (segment) => {
        this.window.version += 1
        this.waiters.check()
        onSegment?.(segment)
      },
      ended: () => {
        this.window.end()
        this.waiters.check()
      },
    })
  }

  get playlistName(): string {
    return `${this.name}.m3u8`
  }

  /** Stands before the names of segments and parts. */
  get prefix(): string {
    return this.name === 'live' ? '' : `${this.name}-`
  }

  close(): void {
    this.waiters.close()
  }

  async answerPlaylist(req: IncomingMessage, res: ServerResponse, asked: Asked): Promise<void> {
    const directives = readDirectives(asked.query)
    if (directives === undefined) return refuse(res, 400, 'delivery directives must be integers, and _HLS_part needs _HLS_msn')
    // hls.js refuses a playlist without a whole segment, so the first answer waits for one.
    if (!(await this.wait(res, () => this.window.ready || this.window.ended, this.limits.startWaitMs))) return
    if (!(await this.waitForPosition(res, directives))) return
    const { targets } = this.packager
    if (targets === null) return refuse(res, 404, 'the show ended before it had a picture')
    const { skip } = directives
    const partHoldBackUs = this.limits.partHoldBackMs * 1000
    const text = this.render(skip ? 'skip' : 'live', asked, (suffix) =>
      mediaPlaylist(this.window, { targets, partHoldBackUs, skip, query: suffix, prefix: this.prefix }),
    )
    const seconds = directives.sequence === null || this.window.ended ? 1 : targets.targetDurationS * SKIP_TARGETS
    sendPlaylist(req, res, text, `${asked.scope}, max-age=${seconds}`)
  }

  async answerPart(req: IncomingMessage, res: ServerResponse, sequence: number, index: number, { scope }: Asked): Promise<void> {
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
    sendMedia(req, res, [part.bytes], `${scope}, ${FOREVER}`)
  }

  answerSegment(req: IncomingMessage, res: ServerResponse, sequence: number, { scope }: Asked): void {
    const segment = this.window.segment(sequence)
    const chunks = segment?.parts.map(({ bytes }) => bytes) ?? []
    if (segment?.complete === true) sendMedia(req, res, chunks, `${scope}, ${FOREVER}`)
    else refuse(res, 404, 'not in the window')
  }

  /** False: not an init section of this rendition. */
  answerInit(req: IncomingMessage, res: ServerResponse, file: string, { scope }: Asked): boolean {
    const init = this.window.init(file)
    if (init !== undefined) sendMedia(req, res, [init.bytes], `${scope}, ${FOREVER}`)
    return init !== undefined
  }

  /** Answers itself when it can't be waited for. */
  async wait(res: ServerResponse, ready: () => boolean, timeoutMs: number): Promise<boolean> {
    const how = await this.waiters.wait(ready, timeoutMs, (gone) => res.once('close', gone))
    if (how === 'timeout') refuse(res, 503, 'nothing new from the publisher')
    if (how === 'full') refuse(res, 503, 'too many requests are waiting')
    if (how === 'gone') refuse(res, 404, 'the show is over')
    return how === 'ready'
  }

  /** One text for all; each viewer's signature is put in at the end. */
  render(kind: string, { token, scope }: Asked, write: (suffix: string) => string): Packed {
    const signed = scope === 'private' && token !== null
    const key = signed ? `${kind} signed` : kind
    const known = this.rendered.get(key)
    const text = known?.version === this.window.version ? known.text : { plain: Buffer.from(write(signed ? SUFFIX : '')) }
    this.rendered.set(key, { version: this.window.version, text })
    if (!signed) return text
    // Only checked tokens get here; they can't hold a quote or a line break.
    return { plain: Buffer.from(text.plain.toString('latin1').replaceAll(SUFFIX, `?t=${token}`)) }
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

  /** Section 6.2.5.2: three target durations. */
  private patienceMs(): number {
    return (this.packager.targets?.targetDurationS ?? 2) * 3000
  }
}
