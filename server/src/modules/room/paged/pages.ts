import { type CloseReason, closeReasonOf } from '@efir/contract/room/close-codes.ts'
import type { Down, Droppables, Tick } from '@efir/contract/room/down.ts'
import { roomVersion } from '@efir/contract/room/version.ts'
import type { Clock } from '../../../kernel/clock.ts'
import type { Connection } from '../hub/connection.ts'
import { frameText } from '../hub/frame.ts'
import type { Hub } from '../hub/hub.ts'
import type { Wire } from '../hub/viewer.ts'

/** What a page covers. */
export const pageMs = 1_000
const keptPages = 30
const ackMs = 5_000
type Messages = NonNullable<Tick['m']>

interface Page {
  readonly slot: number
  /** Position before its first message. */
  readonly prev: number
  seq: number
  m: Messages
  d: Droppables
}
export type PageAnswer = { readonly body: string } | 'early' | 'gone'

/**
 * A room as pages: what was said within one second is one page, and a page that is over never changes. It listens to the room as
 * one viewer does, in whose place caches then serve any number. A page tells the second before it once more, so that processes
 * whose clocks differ a little cut pages that still fit together; readers leave out what they have seen.
 */
export class PagedRoom implements Wire {
  readonly forMany = true
  /** When somebody last asked. */
  askedAt: number
  ended: CloseReason | null = null
  private readonly clock: Clock
  private readonly connection: Connection | null
  private readonly pages: Page[] = []
  private ready: (() => void)[] = []
  private ackedAt = 0
  private frame = 0

  constructor(hub: Hub, showId: string, clock: Clock) {
    this.clock = clock
    this.askedAt = clock.now()
    this.connection = hub.connect(this)
    if (this.connection) this.connection.receive(JSON.stringify({ t: 'join', v: roomVersion, room: showId }))
    else this.ended = 'overloaded'
  }

  /** Resolves when the room was read or refused. */
  async opened(): Promise<void> {
    if (this.ended === null && this.pages.length === 0) await new Promise<void>((resolve) => void this.ready.push(resolve))
  }

  write(frame: Buffer): boolean {
    const message = JSON.parse(frameText(frame)) as Down
    const now = this.clock.now()
    if (message.t === 'snapshot') {
      // What was between is not here: whoever reads pages begins anew.
      this.pages.length = 0
      this.begin(Math.floor(now / pageMs), message.seq)
      for (const call of this.ready.splice(0)) call()
    } else if (message.t === 'tick') this.take(message, now)
    if ('frame' in message && message.frame !== undefined) this.acknowledge(message.frame, now)
    return true
  }

  queued(): number {
    return 0
  }

  close(code: number): void {
    this.ended = closeReasonOf(code) ?? 'room_closed'
    for (const call of this.ready.splice(0)) call()
  }

  leave(): void {
    if (this.ended === null) this.connection?.receive(JSON.stringify({ t: 'leave' }))
    this.ended ??= 'room_closed'
  }

  page(slot: number, now: number): PageAnswer {
    this.turn(now)
    const newest = this.pages.at(-1)
    if (!newest || slot >= newest.slot) return 'early'
    const at = this.pages.findIndex((page) => page.slot === slot)
    const page = this.pages[at]
    if (!page) return 'gone'
    const before = this.pages[at - 1]
    return { body: textOf(before ? joined(before, page) : page) }
  }

  private acknowledge(frame: number, now: number): void {
    this.frame = Math.max(this.frame, frame)
    if (now - this.ackedAt < ackMs) return
    this.ackedAt = now
    // Behind this frame, not within its being written.
    this.clock.after(0, () => this.connection?.receive(JSON.stringify({ t: 'ack', frame: this.frame, seq: 0 })))
  }

  private take(tick: Tick, now: number): void {
    this.turn(now)
    const page = this.pages.at(-1)
    if (!page) return
    if (tick.m) page.m = newestOf([...page.m, ...tick.m])
    if (tick.seq !== undefined) page.seq = Math.max(page.seq, tick.seq)
    if (tick.d) page.d = added(page.d, tick.d)
  }

  private turn(now: number): void {
    const slot = Math.floor(now / pageMs)
    for (let last = this.pages.at(-1); last && last.slot < slot; last = this.pages.at(-1)) {
      this.begin(Math.max(last.slot + 1, slot - keptPages), last.seq)
    }
  }

  private begin(slot: number, seq: number): void {
    this.pages.push({ slot, prev: seq, seq, m: [], d: {} })
    if (this.pages.length > keptPages) this.pages.shift()
  }
}

const joined = (before: Page, page: Page): Page => ({ ...page, prev: before.prev, m: newestOf([...before.m, ...page.m]) })

function textOf({ prev, seq, m, d }: Page): string {
  const tick: Tick = { t: 'tick', ...(m.length > 0 ? { prev, seq, m } : {}), ...(Object.keys(d).length > 0 ? { d } : {}) }
  return JSON.stringify(tick)
}

/** Of each key the newest value; every event. */
function newestOf(messages: Messages): Messages {
  const last = new Map<string, number>()
  messages.forEach((one, i) => void ('k' in one && last.set(one.k, i)))
  return messages.filter((one, i) => !('k' in one) || last.get(one.k) === i)
}

function added(one: Droppables, more: Droppables): Droppables {
  const sum: Droppables = { ...one, ...more }
  if (one.chat || more.chat) sum.chat = [...(one.chat ?? []), ...(more.chat ?? [])]
  if (one.more || more.more) sum.more = (one.more ?? 0) + (more.more ?? 0)
  if (one.react && more.react) {
    const kinds = { ...one.react } as Record<string, number>
    for (const [kind, count] of Object.entries(more.react)) kinds[kind] = (kinds[kind] ?? 0) + count
    sum.react = kinds
  }
  return sum
}
