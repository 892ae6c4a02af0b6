import type { ChatLine, ChatMark, EventMessage, ReconnectWindow, StateMessage } from '@efir/contract/room/down.ts'
import { Crowd, Delays } from './crowd.ts'
import { Drops } from './drops.ts'
import { jsonFrame, textFrame } from './frame.ts'
import { rungOf } from './ladder.ts'
import type { RoomLimits } from './limits.ts'
import { isState, type RoomMessage } from './messages.ts'
import { type Entry, Ring } from './ring.ts'
import { Roster } from './roster.ts'
import { Sent } from './sent.ts'
import { State } from './state.ts'
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
  /** A shared frame is on its way to so many. */
  readonly onSent?: (bytes: number, viewers: number) => void
}

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
  /** Since when nobody is here. */
  emptyAt: number
  private readonly limits: RoomLimits
  private readonly defer: (next: () => void) => void
  private readonly onSent: RoomOptions['onSent']
  private readonly state: State
  private readonly ring: Ring
  private readonly streams = { full: stream(), lean: stream(), desk: stream() }
  private readonly held = new Set<Viewer>()
  private history: ChatLine[]
  private pending: Entry[] = []
  private flushedSeq: number
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
    return Math.max(tickMs, Math.min(slowestTickMs, (this.size * 1_000) / framesPerSecond))
  }

  /** All messages of one position at once, so that no frame ends between them. Positions only grow; a repeated one is left out. */
  apply(seq: number, messages: readonly RoomMessage[]): void {
    if (seq <= this.seq || messages.length === 0) return
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

  say(line: ChatLine): void {
    this.drops.say(line)
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
      viewers: this.crowd.count(now),
    })
    this.cached = { seq: this.seq, at: now, frame }
    return frame
  }

  /** One frame over everything behind `seq`; null when the gap is not whole in the ring, empty when nothing was missed. */
  gap(seq: number): Buffer | 'nothing' | null {
    if (seq === this.seq) return 'nothing'
    if (seq > this.seq) return null
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
    const viewers = this.crowd.count(now)
    const fresh = this.pending.length > 0
    // Timers are a little early at times.
    if (now - this.lastFrameAt < this.tickMs - this.limits.tickMs / 8) return
    const drops = this.drops.waiting(viewers, now) && (fresh || now - this.lastDropAt >= this.limits.dropMs)
    if (fresh || drops) this.send(now, drops ? this.drops.take(viewers, now) : null)
    else if (now - this.lastFrameAt >= this.limits.heartbeatMs) this.heartbeat(now)
  }

  private send(now: number, drops: ReturnType<Drops['take']> | null): void {
    const frame = ++this.frame
    this.lastFrameAt = now
    if (drops) this.lastDropAt = now
    const m = newest(this.pending)
    const moved = m.length > 0 ? { prev: this.flushedSeq, seq: this.seq, m } : {}
    this.pending = []
    this.flushedSeq = this.seq
    const { full, lean, desk } = this.streams
    const plain = m.length > 0 ? textFrame(tickText({ frame, ...moved })) : null
    const withDrops = (d: object) =>
      Object.keys(d).length > 0 ? textFrame(tickText({ frame, ...moved, d: JSON.stringify(d) })) : plain
    const forFull = drops ? withDrops(drops.viewer) : plain
    const forDesk = !drops ? plain : desk.roster.size > 0 ? withDrops(drops.desk) : null
    this.walking++
    if (plain) this.spread(lean, frame, now, plain)
    if (forDesk) this.spread(desk, frame, now, forDesk)
    if (forFull) this.spread(full, frame, now, forFull)
    this.walked()
  }

  private heartbeat(now: number): void {
    const frame = ++this.frame
    this.lastFrameAt = now
    const bytes = jsonFrame({ t: 'heartbeat', frame, seq: this.flushedSeq, now })
    this.walking++
    for (const one of Object.values(this.streams)) this.spread(one, frame, now, bytes)
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
}

function newest(entries: readonly Entry[]): readonly Entry[] {
  const last = new Map<string, Entry>()
  for (const entry of entries) if (entry.key !== null) last.set(entry.key, entry)
  return entries.filter((entry) => entry.key === null || last.get(entry.key) === entry)
}

/** Joins what is encoded already; no message is encoded twice. */
function tickText(tick: { frame?: number; prev?: number; seq?: number; m?: readonly Entry[]; d?: string }): string {
  let text = '{"t":"tick"'
  if (tick.frame !== undefined) text += `,"frame":${tick.frame}`
  if (tick.m) text += `,"prev":${tick.prev},"seq":${tick.seq},"m":[${tick.m.map((entry) => entry.text).join(',')}]`
  if (tick.d) text += `,"d":${tick.d}`
  return `${text}}`
}
