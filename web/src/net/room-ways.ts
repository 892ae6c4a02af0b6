import { closeCodes } from '@efir/contract/room/close-codes.ts'
import type { ChatLine, Down, ReconnectWindow, Snapshot, Tick } from '@efir/contract/room/down.ts'
import type { Join, Up } from '@efir/contract/room/up.ts'
import { roomVersion } from '@efir/contract/room/version.ts'
import type { SocketLike } from './socket.ts'

/** How a room is reached: by a socket; by server-sent events where proxies let none through; by cached pages when the server says so. */
export type Way = 'socket' | 'events' | 'pages'
type Said =
  | { readonly ok: true; readonly line: ChatLine }
  | { readonly ok: false; readonly refusal: string; readonly params: Readonly<Record<string, unknown>> }

export interface OtherWays {
  /** Such as https://live.example/room/shw_…; of the same origin. */
  readonly base: string
  /** Words that would go up the socket are said by acts. */
  readonly say: (key: string, text: string) => Promise<Said>
  readonly react?: (kind: string, count: number) => void
  /** Whether there is somebody whose own orders pages could not tell of. */
  readonly known?: () => boolean
}

/** Pages are left after this long, to see whether the room takes sockets again. */
const pagesMs = 300_000
/** So many lines in a row that never opened: something between eats them. */
const deafLines = 2

/** Which way next, after what has happened so far. */
export class Route {
  way: Way = 'socket'
  private deaf = 0
  private pagesUntilAt = 0
  private readonly others: boolean

  constructor(others: boolean) {
    this.others = others
  }

  opened(): void {
    this.deaf = 0
  }

  lost(code: number, opened: boolean, now: number): void {
    if (!this.others) return
    if (code === closeCodes.use_caches) {
      this.way = 'pages'
      this.pagesUntilAt = now + pagesMs
      return
    }
    if (this.way === 'pages') {
      if (now >= this.pagesUntilAt || !opened) this.way = 'socket'
      return
    }
    this.deaf = opened ? 0 : this.deaf + 1
    if (this.deaf < deafLines) return
    this.deaf = 0
    this.way = this.way === 'socket' ? 'events' : 'socket'
  }
}

/** What both ways have: they look like a socket, and what is said goes by acts. */
abstract class Spoken implements SocketLike {
  onopen: (() => void) | null = null
  onmessage: ((event: { data: unknown }) => void) | null = null
  onclose: ((event: { code: number }) => void) | null = null
  onerror: (() => void) | null = null
  protected over = false
  protected readonly ways: OtherWays

  constructor(ways: OtherWays) {
    this.ways = ways
  }

  abstract close(): void

  send(text: string): void {
    const message = JSON.parse(text) as Up
    if (message.t === 'react') this.ways.react?.(message.kind, message.count)
    if (message.t !== 'say') return
    const { key } = message
    this.ways.say(key, message.text).then(
      (answer) =>
        this.tell(
          answer.ok
            ? { t: 'said', key, line: answer.line }
            : ({ t: 'refused', key, code: answer.refusal, params: answer.params } as Down),
        ),
      () => this.tell({ t: 'refused', key, code: 'busy', params: {} }),
    )
  }

  protected tell(message: Down): void {
    this.hear(JSON.stringify(message))
  }

  protected hear(data: string): void {
    if (!this.over) this.onmessage?.({ data })
  }

  protected end(code: number): void {
    if (this.over) return
    this.over = true
    this.onclose?.({ code })
  }
}

/** The little of a browser's EventSource that is used; tests bring their own. */
export interface EventSourceLike {
  onmessage: ((event: { data: string }) => void) | null
  onerror: (() => void) | null
  addEventListener(name: 'close', call: (event: { data: string }) => void): void
  close(): void
}

/** The room by server-sent events. Coming back is the room's own business, not the browser's. */
export class EventsLine extends Spoken {
  private readonly source: EventSourceLike

  constructor(ways: OtherWays, join: Join, open: (url: string) => EventSourceLike = openEvents) {
    super(ways)
    this.source = open(`${ways.base}/events?join=${encodeURIComponent(JSON.stringify(join))}`)
    this.source.onmessage = ({ data }) => this.hear(data)
    this.source.onerror = () => this.leave(1006)
    this.source.addEventListener('close', ({ data }) => this.leave(Number(data) || 1006))
  }

  close(): void {
    this.over = true
    this.source.close()
  }

  private leave(code: number): void {
    this.source.close()
    this.end(code)
  }
}
const openEvents = (url: string): EventSourceLike => new EventSource(url) as unknown as EventSourceLike

interface Start {
  readonly epoch: string
  readonly slot: number
  readonly pageMs: number
  readonly now: number
  readonly reconnect: ReconnectWindow
  readonly snapshot: Snapshot
}
export interface PagesTools {
  readonly get: (url: string) => Promise<{ readonly status: number; json(): Promise<unknown> }>
  readonly now: () => number
  readonly random: () => number
  readonly after: (ms: number, call: () => void) => () => void
}

const ownMs = 20_000
const mostTries = 6

/**
 * The room by its pages, one after another, each asked for a moment after it is over. The moments of many readers are spread, so
 * that a cache is not asked by all at once before it has the page.
 */
export class PagesLine extends Spoken {
  private readonly tools: PagesTools
  private cancel: () => void = () => undefined
  private ownAt: number
  private tries = 0
  /** What is to be added to our clock to have the server's, or a little less. */
  private offsetMs = 0

  constructor(ways: OtherWays, tools: PagesTools) {
    super(ways)
    this.tools = tools
    this.ownAt = tools.now() + ownMs * (1 + tools.random())
    this.begin().catch(() => this.end(1006))
  }

  close(): void {
    this.over = true
    this.cancel()
  }

  private async begin(): Promise<void> {
    const { tools, ways } = this
    const answer = await tools.get(`${ways.base}/now`)
    if (answer.status !== 200) return this.end(1006)
    const { epoch, slot, pageMs, now, reconnect, snapshot } = (await answer.json()) as Start
    this.offsetMs = now - tools.now()
    this.tell({
      t: 'welcome',
      v: roomVersion,
      now,
      epoch,
      how: 'snapshot',
      you: null,
      frame: 0,
      personal: 0,
      stale: false,
      ackMs: 3_600_000,
      heartbeatMs: pageMs * 10,
      reconnect,
    })
    this.tell(snapshot)
    this.wait(epoch, slot, pageMs)
  }

  private wait(epoch: string, slot: number, pageMs: number, leastMs = 0): void {
    const { now, random, after } = this.tools
    const overInMs = (slot + 1) * pageMs - (now() + this.offsetMs)
    const inMs = Math.max(leastMs, overInMs + pageMs * (0.1 + 0.8 * random()))
    this.cancel = after(inMs, () => {
      this.read(epoch, slot, pageMs).catch(() => this.again(epoch, slot, pageMs))
    })
  }

  private async read(epoch: string, slot: number, pageMs: number): Promise<void> {
    const answer = await this.tools.get(`${this.ways.base}/${epoch}/${slot}`)
    if (this.over) return
    if (answer.status === 410) return this.end(1006)
    if (answer.status !== 200) return this.again(epoch, slot, pageMs)
    this.tries = 0
    const tick = (await answer.json()) as Tick
    this.tell(tick)
    this.readOwn()
    if (!this.over) this.wait(epoch, slot + 1, pageMs)
  }

  private again(epoch: string, slot: number, pageMs: number): void {
    if (this.over) return
    if (++this.tries > mostTries) this.end(1006)
    else this.wait(epoch, slot, pageMs, pageMs)
  }

  /** Pages tell nothing personal: whoever has something of their own reads it now and then. */
  private readOwn(): void {
    const { now, random } = this.tools
    if (now() < this.ownAt || !this.ways.known?.()) return
    this.ownAt = now() + ownMs * (1 + random())
    this.tell({ t: 'personal', seq: 0, type: 'stale', data: {} })
  }
}
