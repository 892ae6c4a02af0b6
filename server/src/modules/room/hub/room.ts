import type { ChatLine, ChatMark, EventMessage, ReconnectWindow, StateMessage } from '@efir/contract/room/down.ts'
import type { ReactionKind } from '@efir/contract/room/version.ts'
import { Crowd, Delays } from './crowd.ts'
import { Drops } from './drops.ts'
import { jsonFrame, textFrame } from './frame.ts'
import type { Composed, Elsewhere, RoomImage } from './image.ts'
import { rungOf } from './ladder.ts'
import type { RoomLimits } from './limits.ts'
import { isState, type RoomMessage } from './messages.ts'
import { type Entry, Ring } from './ring.ts'
import { Roster } from './roster.ts'
import { Sent } from './sent.ts'
import { State } from './state.ts'
import { entriesOf, newest, tickText } from './tick-text.ts'
import type { Viewer } from './viewer.ts'

/** What a room begins with. */
export interface RoomStart {
  readonly state: readonly { k: string; value: unknown; pdt?: number }[]
  readonly chat: readonly ChatLine[]
  /** Who may see it: everybody, or its team only. */
  readonly entry: 'all' | 'team'
  /** Host, moderators and staff of its shops: they have the desk. */
  readonly marks: ReadonlyMap<string, ChatMark>
  readonly banned: ReadonlySet<string>
}

/** Frames of one kind and those who get them. */
interface Stream {
  readonly roster: Roster<Viewer>
  readonly sent: Sent
}
const stream = (): Stream => ({ roster: new Roster(), sent: new Sent() })

export interface RoomOptions {
  readonly name: string
  readonly pos: number
  readonly now: number
  readonly start: RoomStart
  readonly limits: RoomLimits
  readonly defer: (next: () => void) => void
  /** Of a process that has the room already; it goes before what `start` says. */
  readonly image?: RoomImage
  /** A shared frame is on its way to so many. */
  readonly onSent?: (bytes: number, viewers: number) => void
}

/** Frames of another process that may wait for a slow fan-out; beyond, what was missed comes at once. */
const mostWaiting = 40

/** One room of this process: its state, its ring, its viewers, and the shared frames. */
export class Room {
  readonly name: string
  /** Position of the last message taken in. */
  seq: number
  frame = 0
  entry: RoomStart['entry']
  marks: ReadonlyMap<string, ChatMark>
  readonly banned: Set<string>
  readonly crowd: Crowd
  readonly delays = new Delays()
  readonly drops: Drops
  readonly elsewhere: Elsewhere = { viewers: 0, desk: 0, largest: 0, delays: null }
  /** Makes the frames; otherwise they come from the process that does. */
  composing = true
  /** Will make them as soon as it has caught up with the log. */
  promised = false
  /** Called with each frame that is made here, before anybody gets it. */
  onFrame: ((composed: Composed) => void) | null = null
  /** Reactions that the composing process is to be told of. */
  readonly toTell = new Map<ReactionKind, number>()
  /** Since when nobody is here. */
  emptyAt: number
  private readonly limits: RoomLimits
  private readonly defer: (next: () => void) => void
  private readonly onSent: RoomOptions['onSent']
  private state: State
  private ring: Ring
  private readonly streams = { full: stream(), lean: stream(), desk: stream() }
  private readonly held = new Set<Viewer>()
  private history: ChatLine[]
  private pending: Entry[] = []
  private flushedSeq: number
  /** Frames of another process that wait until the one before is written. */
  private inbox: Composed[] = []
  /** Frames made here have numbers behind this. */
  private firstFrame = 0
  private lastFrameAt: number
  private lastDropAt = Number.NEGATIVE_INFINITY
  private lastLadderAt = Number.NEGATIVE_INFINITY
  private walking = 0
  private readonly stuffed = new Set<Viewer>()
  private moves: (() => void)[] = []
  private cached: { seq: number; at: number; frame: Buffer } | null = null
  private readonly gaps = new Map<number, Buffer | null>()
  private gapsSeq = -1

  constructor(options: RoomOptions) {
    const { start, limits } = options
    this.name = options.name
    this.limits = limits
    this.defer = options.defer
    this.onSent = options.onSent
    this.seq = options.pos
    this.flushedSeq = options.pos
    this.entry = start.entry
    this.marks = start.marks
    this.banned = new Set(start.banned)
    this.crowd = new Crowd(limits.lingerMs)
    this.drops = new Drops(limits)
    this.state = new State(limits.stateKeys)
    this.ring = new Ring(options.pos, limits)
    this.history = start.chat.slice(-limits.history)
    this.lastFrameAt = options.now
    this.emptyAt = options.now
    for (const { k, value, pdt } of start.state)
      this.state.set({ k, v: options.pos, value, ...(pdt === undefined ? {} : { pdt }) })
    if (options.image) this.become(options.image)
  }

  get size(): number {
    return this.streams.full.roster.size + this.streams.lean.roster.size + this.streams.desk.roster.size + this.held.size
  }

  get standing(): { full: number; lean: number; held: number } {
    const { full, lean, desk } = this.streams
    return { full: full.roster.size + desk.roster.size, lean: lean.roster.size, held: this.held.size }
  }

  private get tickMs(): number {
    const { tickMs, slowestTickMs, framesPerSecond } = this.limits
    const viewers = Math.max(this.size, this.elsewhere.largest)
    return Math.max(tickMs, Math.min(slowestTickMs, (viewers * 1_000) / framesPerSecond))
  }

  /** All messages of one position at once, so that no frame ends between them. Positions only grow; a repeated one is left out. */
  apply(seq: number, messages: readonly RoomMessage[]): void {
    if (!this.composing || seq <= this.seq || messages.length === 0) return
    this.seq = seq
    for (const message of messages) {
      const late = message.pdt === undefined ? {} : { pdt: message.pdt }
      if (isState(message)) {
        const full: StateMessage = { k: message.k, v: seq, value: message.value, ...late }
        if (this.state.set(full)) this.add({ seq, key: message.k, text: JSON.stringify(full) })
      } else {
        const full: EventMessage = { e: message.e, seq, data: message.data, ...late }
        this.add({ seq, key: null, text: JSON.stringify(full) })
      }
    }
  }

  private add(entry: Entry): void {
    this.pending.push(entry)
    this.ring.add(entry)
  }

  valueOf(key: string): unknown {
    return this.state.get(key)
  }

  /** How many watch, here and in other processes. */
  viewers(now: number): number {
    return this.crowd.count(now) + this.elsewhere.viewers
  }

  /** What other processes are told of the viewers here. */
  counts(now: number): { viewers: number; desk: number; size: number; delays: [number, number][] } {
    const desk = this.streams.desk.roster.size
    return { viewers: this.crowd.count(now), desk, size: this.size, delays: this.delays.sparse() }
  }

  react(kind: ReactionKind, count: number): void {
    if (this.composing) this.drops.react(kind, count)
    else this.toTell.set(kind, (this.toTell.get(kind) ?? 0) + count)
  }

  say(line: ChatLine): void {
    if (this.composing) this.drops.say(line)
    this.history.push(line)
    if (this.history.length > this.limits.history) this.history.shift()
  }

  /** Deleted lines leave the history that newcomers get. */
  unsay(gone: (line: ChatLine) => boolean): void {
    this.history = this.history.filter((line) => !gone(line))
    this.cached = null
  }

  seat(viewer: Viewer): void {
    viewer.rung = 'full'
    viewer.acked = this.frame
    this.streamOf(viewer).roster.add(viewer)
  }

  unseat(viewer: Viewer, now: number): void {
    if (viewer.rung === 'held') this.held.delete(viewer)
    else this.streamOf(viewer).roster.remove(viewer)
    this.stuffed.delete(viewer)
    if (this.size === 0) this.emptyAt = now
  }

  /** Between the desk and the other viewers, without missing or doubling a frame that is just being written. */
  reseat(viewer: Viewer, desk: boolean): void {
    this.between(() => {
      if (viewer.rung !== 'full' || viewer.slot < 0) {
        viewer.desk = desk
        return
      }
      this.streamOf(viewer).roster.remove(viewer)
      viewer.desk = desk
      this.streamOf(viewer).roster.add(viewer)
    })
  }

  private between(call: () => void): void {
    if (this.walking === 0) call()
    else this.moves.push(call)
  }

  everyone(call: (viewer: Viewer) => void): void {
    for (const { roster } of Object.values(this.streams)) roster.each(call)
    for (const viewer of [...this.held]) call(viewer)
  }

  reconnectWindow(): ReconnectWindow {
    const { reconnectMinMs, reconnectMaxMs } = this.limits
    return { minMs: 0, maxMs: Math.min(reconnectMaxMs, Math.max(reconnectMinMs, this.size)) }
  }

  private streamOf(viewer: Viewer): Stream {
    if (viewer.rung === 'lean') return this.streams.lean
    return viewer.desk ? this.streams.desk : this.streams.full
  }

  /** The state for newcomers: encoded once and shared by all who come within a tick, while the state stays. */
  snapshot(now: number): Buffer {
    if (this.cached && this.cached.seq === this.seq && now - this.cached.at < this.limits.tickMs) return this.cached.frame
    const frame = jsonFrame({
      t: 'snapshot',
      seq: this.seq,
      state: this.state.all(now),
      chat: this.history,
      viewers: this.viewers(now),
    })
    this.cached = { seq: this.seq, at: now, frame }
    return frame
  }

  /** One frame over everything behind `seq`; null when the gap is not whole in the ring, empty when nothing was missed. */
  gap(seq: number): Buffer | 'nothing' | null {
    if (seq === this.seq) return 'nothing'
    // Another process was ahead: what is there will come here, and is known to who asks.
    if (seq > this.seq) return this.onFrame ? 'nothing' : null
    if (this.gapsSeq !== this.seq || this.gaps.size > 200) this.gaps.clear()
    this.gapsSeq = this.seq
    const known = this.gaps.get(seq)
    if (known !== undefined) return known
    const entries = this.ring.since(seq)
    const frame = entries && textFrame(tickText({ prev: seq, seq: this.seq, m: entries }))
    this.gaps.set(seq, frame)
    return frame
  }

  /** The heart: at most one shared frame per tick. While one is still being written the next waits, and so grows instead of queuing. */
  tick(now: number, close: (viewer: Viewer) => void): void {
    if (this.walking > 0) return
    if (now - this.lastLadderAt >= 1_000) this.climb(now, close)
    if (!this.composing) return
    const viewers = this.viewers(now)
    const fresh = this.pending.length > 0
    // Timers are a little early at times.
    if (now - this.lastFrameAt < this.tickMs - this.limits.tickMs / 8) return
    const drops = this.drops.waiting(viewers, now) && (fresh || now - this.lastDropAt >= this.limits.dropMs)
    if (fresh || drops) this.send(now, drops ? this.drops.take(viewers, now) : null)
    else if (now - this.lastFrameAt >= this.limits.heartbeatMs) this.heartbeat(now)
  }

  private send(now: number, drops: ReturnType<Drops['take']> | null): void {
    const frame = this.nextFrame()
    if (drops) this.lastDropAt = now
    const m = newest(this.pending)
    const prev = this.flushedSeq
    const moved = m.length > 0 ? { prev, seq: this.seq, m } : {}
    this.pending = []
    const plain = m.length > 0 ? textFrame(tickText({ frame, ...moved })) : null
    const withDrops = (d: object) =>
      Object.keys(d).length > 0 ? textFrame(tickText({ frame, ...moved, d: JSON.stringify(d) })) : plain
    const full = drops ? withDrops(drops.viewer) : plain
    const desks = this.streams.desk.roster.size + this.elsewhere.desk
    const desk = !drops ? plain : desks > 0 ? withDrops(drops.desk) : null
    this.ship({ frame, prev, seq: m.length > 0 ? this.seq : prev, plain, full, desk }, now)
  }

  private heartbeat(now: number): void {
    const frame = this.nextFrame()
    const bytes = jsonFrame({ t: 'heartbeat', frame, seq: this.flushedSeq, now })
    this.ship({ frame, prev: this.flushedSeq, seq: this.flushedSeq, plain: bytes, full: bytes, desk: bytes }, now)
  }

  private nextFrame(): number {
    return Math.max(this.frame, this.firstFrame) + 1
  }

  /** The other processes first: should this one end here, nobody has seen what they have not. */
  private ship(composed: Composed, now: number): void {
    this.onFrame?.(composed)
    this.deliver(composed, now)
  }

  private deliver({ frame, seq, plain, full, desk }: Composed, now: number): void {
    this.frame = frame
    this.flushedSeq = seq
    this.lastFrameAt = now
    const { streams } = this
    this.walking++
    if (plain) this.spread(streams.lean, frame, now, plain)
    // A process that just got its first desk may not be reckoned with yet.
    const forDesk = desk ?? full
    if (forDesk) this.spread(streams.desk, frame, now, forDesk)
    if (full) this.spread(streams.full, frame, now, full)
    this.walked()
  }

  private spread(to: Stream, frame: number, now: number, bytes: Buffer): void {
    to.sent.note(frame, now, bytes.length)
    if (to.roster.size === 0) return
    this.onSent?.(bytes.length, to.roster.size)
    this.walking++
    const write = (viewer: Viewer) => {
      if (!viewer.wire.write(bytes)) this.stuffed.add(viewer)
    }
    to.roster.walk(this.limits.slice, write, this.defer, () => this.walked())
  }

  /** Only when a frame has been written to everyone may anyone change places. */
  private walked(): void {
    if (--this.walking > 0) return
    for (const move of this.moves.splice(0)) move()
    for (const viewer of this.stuffed) {
      if (viewer.rung !== 'held' && viewer.wire.queued() > this.limits.queuedBytes) this.hold(viewer)
    }
    this.stuffed.clear()
    const next = this.inbox.shift()
    if (next) this.deliver(next, this.lastFrameAt)
  }

  private hold(viewer: Viewer): void {
    this.streamOf(viewer).roster.remove(viewer)
    viewer.heldFrame = this.streamOf(viewer).sent.last
    viewer.heldSeq = this.flushedSeq
    viewer.rung = 'held'
    this.held.add(viewer)
  }

  /** Moves everyone to the rung their acknowledgements earn. Runs between frames only. */
  private climb(now: number, close: (viewer: Viewer) => void): void {
    this.lastLadderAt = now
    const judge = (viewer: Viewer) => {
      const lag = this.streamOf(viewer).sent.lagBehind(viewer.acked, now)
      const rung = rungOf(viewer.rung, { ...lag, queued: viewer.wire.queued() }, this.limits)
      if (rung === viewer.rung) return
      if (rung === 'close') return close(viewer)
      if (rung === 'held') return this.hold(viewer)
      this.streamOf(viewer).roster.remove(viewer)
      viewer.rung = rung
      this.streamOf(viewer).roster.add(viewer)
    }
    const { lean } = this.limits
    for (const { roster, sent } of Object.values(this.streams)) {
      // Most are well: one comparison tells.
      const healthy = sent.healthyFrom(now, lean.afterMs / 2, lean.bytes / 2)
      roster.each((viewer) => {
        if (viewer.acked < healthy || viewer.rung === 'lean') judge(viewer)
      })
    }
    for (const viewer of [...this.held]) {
      if (viewer.acked >= viewer.heldFrame) this.catchUp(viewer, now)
      else judge(viewer)
    }
  }

  /** A held viewer has drained: one frame with the newest values and every event it missed, then it is with the others again. */
  private catchUp(viewer: Viewer, now: number): void {
    this.held.delete(viewer)
    const gap = this.gap(viewer.heldSeq)
    if (gap !== 'nothing') viewer.wire.write(gap ?? this.snapshot(now))
    if (viewer.missed > 0) viewer.wire.write(jsonFrame({ t: 'personal', seq: viewer.missed, type: 'stale', data: {} }))
    viewer.missed = 0
    this.seat(viewer)
  }

  /** Position up to which frames came, written or waiting to be. */
  private get heardSeq(): number {
    return this.inbox.at(-1)?.seq ?? this.flushedSeq
  }

  /** A frame that another process made. `gap`: frames before it are missing. */
  hear(composed: Composed, now: number): 'ok' | 'gap' {
    if (composed.frame <= (this.inbox.at(-1)?.frame ?? this.frame)) return 'ok'
    if (composed.prev > this.heardSeq || this.inbox.length >= mostWaiting) return 'gap'
    for (const entry of entriesOf(composed)) {
      if (entry.seq <= this.seq) continue
      this.ring.add(entry)
      if (entry.key !== null) this.state.set(JSON.parse(entry.text) as StateMessage)
    }
    this.seq = Math.max(this.seq, composed.seq)
    if (this.walking > 0) this.inbox.push(composed)
    else this.deliver(composed, now)
    return 'ok'
  }

  image(now: number): RoomImage {
    const { seq, frame, ring } = this
    return {
      seq,
      frame,
      floor: ring.floor,
      state: this.state.all(now),
      entries: ring.since(ring.floor) ?? [],
      chat: this.history,
    }
  }

  private become(image: RoomImage): void {
    this.seq = image.seq
    this.frame = Math.max(this.frame, image.frame)
    this.state = new State(this.limits.stateKeys)
    for (const message of image.state) this.state.restore(message)
    this.ring = new Ring(image.floor, this.limits)
    for (const entry of image.entries) this.ring.add(entry)
    this.history = [...image.chat]
    this.pending = []
    this.cached = null
    this.gaps.clear()
    this.flushedSeq = image.seq
  }

  /** What was missed comes from another process: every viewer here gets it as one frame, or all anew when it is no longer whole. */
  repair(image: RoomImage, now: number): void {
    this.between(() => {
      if (image.seq <= this.flushedSeq) return
      const before = this.flushedSeq
      this.inbox = []
      this.become(image)
      const missed = this.gap(before)
      const bytes = missed === 'nothing' ? null : (missed ?? this.snapshot(now))
      if (!bytes) return
      const write = (viewer: Viewer) => void viewer.wire.write(bytes)
      for (const { roster } of Object.values(this.streams)) roster.each(write)
    })
  }

  /** This process makes the frames from now on, with numbers that no other gave. */
  compose(firstFrame: number): void {
    this.composing = true
    this.pending = []
    this.firstFrame = firstFrame
    for (const [kind, count] of this.toTell) this.drops.react(kind, count)
    this.toTell.clear()
  }

  /** What was taken in and not sent yet comes again from the one who makes the frames now. */
  follow(): void {
    this.composing = false
    this.pending = []
  }
}
