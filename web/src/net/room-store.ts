import type { ChatLine, Droppables, EventMessage, Snapshot, Tick } from '@efir/contract/room/down.ts'
import type { ReactionKind } from '@efir/contract/room/version.ts'

/** A value and the picture from which on it holds; without one it holds at once. */
interface Held {
  readonly v: number
  readonly value: unknown
  readonly pdt?: number
}

const keptLines = 200
const keptValues = 20
const keptEvents = 500

/** What is known of a room. React reads it by `subscribe` and `version`; values and events wait for the viewer's own picture. */
export class RoomStore {
  /** Grows with every visible change. */
  version = 0
  seq = 0
  viewers = 0
  chat: readonly ChatLine[] = []
  /** Lines that were said and not shown, because too many came at once. */
  unshown = 0
  private readonly values = new Map<string, Held[]>()
  private readonly listeners = new Set<() => void>()
  private readonly eventListeners = new Set<(event: EventMessage) => void>()
  private readonly reactionListeners = new Set<(kind: ReactionKind, count: number) => void>()
  private readonly resetListeners = new Set<() => void>()
  private readonly pictureNow: () => number | null
  private early: EventMessage[] = []
  private seenAt = Number.NEGATIVE_INFINITY

  constructor(pictureNow: () => number | null = () => null) {
    this.pictureNow = pictureNow
  }

  readonly subscribe = (call: () => void): (() => void) => add(this.listeners, call)
  /** Each event once, in order, when the viewer's picture has come so far. */
  onEvent = (call: (event: EventMessage) => void): (() => void) => add(this.eventListeners, call)
  onReaction = (call: (kind: ReactionKind, count: number) => void): (() => void) => add(this.reactionListeners, call)
  /** Events may have been missed; the state has been read anew. */
  onReset = (call: () => void): (() => void) => add(this.resetListeners, call)

  /** What the viewer should see now. */
  value<T>(key: string): T | null {
    return this.valueAt<T>(key, this.pictureNow())
  }

  /** What belongs to a picture (program date-time, epoch ms); the newest when there is no picture. */
  valueAt<T>(key: string, pictureMs: number | null): T | null {
    const held = this.values.get(key)
    const found = held?.findLast((one) => one.pdt === undefined || pictureMs === null || one.pdt <= pictureMs)
    return (found?.value ?? null) as T | null
  }

  /** The newest value, even if the viewer's picture has not come so far. */
  newest<T>(key: string): T | null {
    return this.valueAt<T>(key, null)
  }

  /** Keys with a value now, such as all that begin with `lot:`. */
  keys(prefix: string): string[] {
    const picture = this.pictureNow()
    return [...this.values.keys()].filter((key) => key.startsWith(prefix) && this.valueAt(key, picture) !== null).sort()
  }

  applySnapshot(snapshot: Snapshot, lostEvents: boolean): void {
    this.seq = snapshot.seq
    this.values.clear()
    for (const message of snapshot.state) {
      if (message.was) this.hold({ v: 0, value: message.was.value, pdt: message.was.pdt }, message.k)
      this.hold(message, message.k)
    }
    const known = new Set(snapshot.chat.map((line) => line.id))
    const first = snapshot.chat[0]
    const older = first ? this.chat.filter((line) => !known.has(line.id) && line.at < first.at) : []
    this.chat = [...older, ...snapshot.chat].slice(-keptLines)
    this.viewers = snapshot.viewers
    if (lostEvents) {
      this.early = []
      for (const call of this.resetListeners) call()
    }
    this.changed()
  }

  /** False when something between is missing: the room must be joined again. What was seen already is left out. */
  applyTick(tick: Tick): boolean {
    if (tick.seq !== undefined && (tick.prev ?? 0) > this.seq) return false
    for (const message of tick.m ?? []) {
      if ('k' in message) {
        if (message.v > this.seq) this.hold(message, message.k)
      } else if (message.seq > this.seq) this.happen(message)
    }
    if (tick.seq !== undefined) this.seq = Math.max(this.seq, tick.seq)
    if (tick.d) this.applyDroppables(tick.d)
    this.changed()
    return true
  }

  addLine(line: ChatLine): void {
    if (this.chat.some((known) => known.id === line.id)) return
    this.chat = [...this.chat, line].slice(-keptLines)
    this.changed()
  }

  /** Milliseconds of picture until the next of what waits; null when nothing does. */
  get waitsMs(): number | null {
    const picture = this.pictureNow()
    if (picture === null) return null
    const held = [...this.values.values()].flatMap((turns) => turns.map((one) => one.pdt ?? Number.NEGATIVE_INFINITY))
    const next = Math.min(...held.filter((at) => at > picture), ...this.early.map((event) => event.pdt ?? picture))
    return Number.isFinite(next) ? Math.max(0, next - picture) : null
  }

  get waiting(): boolean {
    return this.waitsMs !== null
  }

  /** The picture moved on: what was waiting for it comes out. Called a few times per second while something waits. */
  atPicture(): void {
    const picture = this.pictureNow()
    const due = this.early.filter((event) => picture === null || (event.pdt ?? 0) <= picture)
    if (due.length > 0) this.early = this.early.filter((event) => !due.includes(event))
    for (const event of due) this.tell(event)
    const now = picture ?? Number.POSITIVE_INFINITY
    const [from, to] = [Math.min(this.seenAt, now), Math.max(this.seenAt, now)]
    const turned = [...this.values.values()].some((held) =>
      held.some((one) => one.pdt !== undefined && one.pdt > from && one.pdt <= to),
    )
    if (turned || due.length > 0) this.changed()
    else this.seenAt = now
  }

  private hold(message: Held, key: string): void {
    const held = this.values.get(key) ?? []
    const newest = held.at(-1)
    if (newest && newest.v > message.v) return
    const one: Held = { v: message.v, value: message.value, ...(message.pdt === undefined ? {} : { pdt: message.pdt }) }
    const kept = one.pdt === undefined ? [one] : [...held, one].slice(-keptValues)
    if (kept.length === 1 && one.value === null) this.values.delete(key)
    else this.values.set(key, kept)
  }

  private happen(event: EventMessage): void {
    const picture = this.pictureNow()
    if (event.pdt === undefined || picture === null || event.pdt <= picture) {
      this.tell(event)
      return
    }
    this.early.push(event)
    if (this.early.length > keptEvents) this.early.shift()
  }

  private tell(event: EventMessage): void {
    const data = event.data as { id?: string; person?: string } | null
    if (event.e === 'chat.deleted') this.chat = this.chat.filter((line) => line.id !== data?.id)
    if (event.e === 'chat.purged') this.chat = this.chat.filter((line) => line.person !== data?.person)
    for (const call of this.eventListeners) call(event)
  }

  private applyDroppables(d: Droppables): void {
    if (d.chat) {
      const known = new Set(this.chat.map((line) => line.id))
      this.chat = [...this.chat, ...d.chat.filter((line) => !known.has(line.id))].slice(-keptLines)
    }
    if (d.more) this.unshown += d.more
    if (d.viewers !== undefined) this.viewers = d.viewers
    for (const [kind, count] of Object.entries(d.react ?? {}))
      for (const call of this.reactionListeners) call(kind as ReactionKind, count)
  }

  private changed(): void {
    this.seenAt = this.pictureNow() ?? Number.POSITIVE_INFINITY
    this.version++
    for (const call of this.listeners) call()
  }
}

function add<T>(set: Set<T>, call: T): () => void {
  set.add(call)
  return () => set.delete(call)
}
