import { type CloseReason, closeCodes, closeReasonOf, mayComeBack } from '@efir/contract/room/close-codes.ts'
import type { ChatLine, Down, ReconnectWindow, Welcome } from '@efir/contract/room/down.ts'
import type { Join, Up } from '@efir/contract/room/up.ts'
import { type ReactionKind, roomLimits, roomVersion } from '@efir/contract/room/version.ts'
import { RoomStore } from './room-store.ts'
import { EventsLine, type OtherWays, PagesLine, Route } from './room-ways.ts'

/** The little of a browser's WebSocket that is used; tests bring their own. */
export interface SocketLike {
  onopen: (() => void) | null
  onmessage: ((event: { data: unknown }) => void) | null
  onclose: ((event: { code: number }) => void) | null
  onerror: (() => void) | null
  send(text: string): void
  close(code?: number): void
}

export interface RoomSocketOptions {
  /** Such as wss://live.example/room. */
  readonly url: string
  readonly room: string
  /** The whole chat instead of a sample, for those who may have it. */
  readonly desk?: boolean
  /** For programs; a browser's cookie says who one is. */
  readonly token?: () => string | undefined
  /** Says the first message with the handshake, if it tells no token: one way there and back less. */
  readonly joinsEarly?: boolean
  /** For when a socket cannot be had: server-sent events, cached pages. */
  readonly otherWays?: OtherWays
  /** Program date-time of the picture on the screen; null when there is none, and then nothing waits. */
  readonly pictureNow?: () => number | null
  /** Gets a fresh token (cookie); called before coming back when the old one ran out. */
  readonly renew?: () => Promise<void>
  /** Each exchange that tells the server's time; all but `serverAt` by our clock. */
  readonly onTime?: (serverAt: number, sentAt: number, receivedAt: number) => void
  readonly open?: (url: string) => SocketLike
  readonly now?: () => number
  readonly random?: () => number
  readonly after?: (ms: number, call: () => void) => () => void
  readonly newKey?: () => string
}

export type RoomStatus =
  | { readonly at: 'connecting' | 'open' }
  | { readonly at: 'waiting'; readonly untilAt: number }
  /** For good: banned, unknown, not allowed, or left. */
  | { readonly at: 'closed'; readonly why: CloseReason | 'left' }

export type SayAnswer =
  | { readonly ok: true; readonly line: ChatLine }
  | { readonly ok: false; readonly refusal: string; readonly params: Readonly<Record<string, unknown>> }

const pingMs = 30_000
const firstPingMs = 2_000
const sayMs = 15_000
const ackBytes = 64_000
const firstBackoffMs = 500
const longestBackoffMs = 30_000
const pictureMs = 100

const after = (ms: number, call: () => void): (() => void) => {
  const timer = setTimeout(call, ms)
  return () => clearTimeout(timer)
}

/** A viewer's connection to a room: joins, resumes, acknowledges, comes back; what it learns lies in `store`. */
export class RoomSocket {
  readonly store: RoomStore
  status: RoomStatus = { at: 'connecting' }
  /** Who the room takes us for; null is a looker-on. */
  you: Welcome['you'] = null
  private readonly options: Required<Pick<RoomSocketOptions, 'now' | 'random' | 'after' | 'open' | 'newKey'>> & RoomSocketOptions
  private readonly statusListeners = new Set<(status: RoomStatus) => void>()
  private readonly personalListeners = new Set<(type: string, data: unknown) => void>()
  private readonly saying = new Map<string, { text: string; settle: (answer: SayAnswer) => void; cancel: () => void }>()
  private readonly reactions = new Map<ReactionKind, number>()
  private readonly timers = new Map<string, () => void>()
  private socket: SocketLike | null = null
  private joined = false
  private epoch: string | null = null
  private personalSeq = 0
  private frame = 0
  private ackDueAt = 0
  private unackedBytes = 0
  private ackMs = 10_000
  private silenceMs = 25_000
  private window: ReconnectWindow = { minMs: 0, maxMs: 1_000 }
  private failures = 0
  private early: boolean
  private readonly route: Route
  private mendedAt = Number.NEGATIVE_INFINITY
  private delayMs: number | null = null
  private toldDelayMs: number | null = null

  constructor(options: RoomSocketOptions) {
    this.options = {
      now: () => Date.now(),
      random: () => Math.random(),
      after,
      open: (url) => new WebSocket(url) as unknown as SocketLike,
      newKey: () => crypto.randomUUID(),
      ...options,
    }
    this.early = options.joinsEarly ?? false
    this.route = new Route(options.otherWays !== undefined)
    this.store = new RoomStore(options.pictureNow)
    // Whatever brought the news: a picture that is still being found jumps, and what waits for it must not wait for more news.
    this.store.subscribe(() => this.followPicture())
    this.connect()
  }

  onStatus(call: (status: RoomStatus) => void): () => void {
    this.statusListeners.add(call)
    return () => this.statusListeners.delete(call)
  }

  /** Something of one's own changed; `stale` means: read orders and reservations again. */
  onPersonal(call: (type: string, data: unknown) => void): () => void {
    this.personalListeners.add(call)
    return () => this.personalListeners.delete(call)
  }

  /** The same key is sent again after a broken line, so a line is never said twice. */
  say(text: string): Promise<SayAnswer> {
    if (this.status.at === 'closed' || this.saying.size >= 20) return Promise.resolve({ ok: false, refusal: 'busy', params: {} })
    const key = this.options.newKey()
    return new Promise((resolve) => {
      const settle = (answer: SayAnswer) => {
        this.saying.get(key)?.cancel()
        this.saying.delete(key)
        resolve(answer)
      }
      const cancel = this.options.after(sayMs, () => settle({ ok: false, refusal: 'unknown', params: {} }))
      this.saying.set(key, { text, settle, cancel })
      if (this.joined) this.send({ t: 'say', key, text })
    })
  }

  /** Summed for a second. */
  react(kind: ReactionKind): void {
    if (!this.joined) return
    this.reactions.set(kind, Math.min(roomLimits.reactionsPerMessage, (this.reactions.get(kind) ?? 0) + 1))
    this.once('react', 1_000, () => {
      for (const [kindOf, count] of this.reactions) this.send({ t: 'react', kind: kindOf, count })
      this.reactions.clear()
    })
  }

  /** How far our picture lies behind the host's; the player may call it often. */
  reportDelay(ms: number): void {
    this.delayMs = Math.max(0, Math.min(roomLimits.delayMs, Math.round(ms)))
    if (!this.joined || (this.toldDelayMs !== null && Math.abs(this.toldDelayMs - this.delayMs) < 250)) return
    this.once('delay', this.toldDelayMs === null ? 0 : 5_000, () => this.tellDelay())
  }

  /** The viewer jumped in the video: show at once what belongs there. */
  pictureMoved(): void {
    this.store.atPicture()
    this.followPicture()
  }

  /** After becoming somebody else (first tap, signing in or out). Nothing is missed meanwhile. */
  rejoin(): void {
    if (this.status.at === 'closed') return
    this.drop()
    this.connect()
  }

  leave(): void {
    if (this.joined) this.send({ t: 'leave' })
    this.drop()
    this.finish('left')
  }

  private connect(): void {
    this.setStatus({ at: 'connecting' })
    const join = this.joinMessage()
    const early = this.route.way !== 'socket' || (this.early && join.token === undefined)
    const socket = this.line(join, early)
    this.socket = socket
    this.once('open', 10_000, () => this.lost(socket, 1006))
    socket.onopen = () => {
      if (this.socket === socket && !early) this.send({ ...join, sentAt: this.options.now() })
    }
    socket.onmessage = ({ data }) => {
      if (this.socket === socket && typeof data === 'string') this.hear(data)
    }
    socket.onclose = ({ code }) => this.lost(socket, code)
    socket.onerror = () => undefined
  }

  private line(join: Join, early: boolean): SocketLike {
    const { otherWays, url, now, random, after: later } = this.options
    if (otherWays && this.route.way === 'events') return new EventsLine(otherWays, join)
    if (otherWays && this.route.way === 'pages') {
      return new PagesLine(otherWays, { get: (address) => fetch(address, { credentials: 'omit' }), now, random, after: later })
    }
    return this.options.open(early ? `${url}?join=${encodeURIComponent(JSON.stringify(join))}` : url)
  }

  private joinMessage(): Join {
    const token = this.options.token?.()
    const message: Join = { t: 'join', v: roomVersion, room: this.options.room }
    if (token !== undefined) message.token = token
    if (this.options.desk) message.desk = true
    if (this.delayMs !== null) message.delayMs = this.delayMs
    if (this.epoch !== null) message.pos = { epoch: this.epoch, seq: this.store.seq, personal: this.personalSeq }
    this.toldDelayMs = this.delayMs
    return message
  }

  private hear(text: string): void {
    this.watch()
    const message = JSON.parse(text) as Down
    this.unackedBytes += text.length
    switch (message.t) {
      case 'welcome':
        this.welcome(message)
        return
      case 'snapshot':
        this.store.applySnapshot(message, this.store.seq > 0)
        return
      case 'tick':
        if (!this.store.applyTick(message)) {
          this.mend()
          return
        }
        this.seen(message.frame)
        return
      case 'heartbeat':
        if (message.seq > this.store.seq) {
          this.mend()
          return
        }
        this.seen(message.frame)
        return
      case 'personal':
        this.personalSeq = Math.max(this.personalSeq, message.seq)
        this.tellPersonal(message.type, message.data)
        return
      case 'said':
        this.store.addLine(message.line)
        this.saying.get(message.key)?.settle({ ok: true, line: message.line })
        return
      case 'refused':
        this.saying.get(message.key)?.settle({ ok: false, refusal: message.code, params: message.params })
        return
      case 'pong':
        this.options.onTime?.(message.now, message.sentAt, this.options.now())
        return
      case 'bye':
        this.window = message.reconnect
        return
      case 'you':
        this.you = { person: message.person, name: message.name, mark: message.mark, desk: this.you?.desk ?? false }
    }
  }

  private welcome(message: Welcome): void {
    this.stop('open')
    this.joined = true
    this.failures = 0
    this.route.opened()
    this.you = message.you
    this.epoch = message.epoch
    this.frame = message.frame
    this.ackDueAt = this.options.now() + message.ackMs * this.options.random()
    this.unackedBytes = 0
    this.ackMs = message.ackMs
    this.silenceMs = message.heartbeatMs * 2.5
    this.window = message.reconnect
    this.personalSeq = message.personal
    if (message.sentAt !== undefined) this.options.onTime?.(message.now, message.sentAt, this.options.now())
    this.setStatus({ at: 'open' })
    this.watch()
    // What came with the handshake could not measure the way.
    this.ping(
      message.sentAt === undefined
        ? Math.round(Math.min(firstPingMs, message.reconnect.maxMs / 4) * this.options.random())
        : pingMs,
    )
    for (const [key, { text }] of this.saying) this.send({ t: 'say', key, text })
    if (message.stale) this.tellPersonal('stale', {})
  }

  /**
   * Acknowledges now and then, or when much has come: behind a frame, because then the server is awake and reads many at once.
   * By a timer only when no frame came to do it behind.
   */
  private seen(frame: number | undefined): void {
    if (frame === undefined) return
    this.frame = frame
    if (this.unackedBytes >= ackBytes || this.options.now() >= this.ackDueAt) this.ack()
    else this.once('ack', this.ackDueAt - this.options.now() + 1_000, () => this.ack())
  }

  private ack(): void {
    this.stop('ack')
    this.send({ t: 'ack', frame: this.frame, seq: this.store.seq })
    this.unackedBytes = 0
    this.ackDueAt = this.options.now() + this.ackMs * (0.5 + this.options.random() / 2)
  }

  private ping(inMs: number): void {
    this.once('ping', inMs, () => {
      this.send({ t: 'ping', sentAt: this.options.now() })
      this.ping(pingMs)
    })
  }

  private watch(): void {
    this.stop('silence')
    const { socket } = this
    this.once('silence', this.silenceMs, () => socket && this.lost(socket, 1006))
  }

  /** Looks again when the picture should be there, and often enough for pictures that jump. */
  private followPicture(): void {
    const waitsMs = this.store.waitsMs
    if (waitsMs === null) return
    this.once('picture', Math.min(pictureMs, Math.ceil(waitsMs) + 1), () => this.pictureMoved())
  }

  /** Something is missing: join anew behind what was seen. A second time soon after is taken for a broken line. */
  private mend(): void {
    const { socket } = this
    const soon = this.options.now() - this.mendedAt < 10_000
    this.mendedAt = this.options.now()
    if (soon && socket) this.lost(socket, 1006)
    else this.rejoin()
  }

  private tellDelay(): void {
    if (this.delayMs === null || !this.joined) return
    this.toldDelayMs = this.delayMs
    this.send({ t: 'delay', ms: this.delayMs })
  }

  private lost(socket: SocketLike, code: number): void {
    if (this.socket !== socket) return
    // A server that does not know early joins has waited for one in vain.
    if (code === closeCodes.join_late) this.early = false
    this.route.lost(code, this.joined, this.options.now())
    this.drop()
    if (!mayComeBack(code)) {
      this.finish(closeReasonOf(code) ?? 'room_closed')
      return
    }
    const waitMs = this.pauseMs()
    this.failures++
    this.setStatus({ at: 'waiting', untilAt: this.options.now() + waitMs })
    const renew = closeReasonOf(code) === 'token_expired' ? this.options.renew : undefined
    this.once('return', waitMs, () => {
      if (!renew) return this.connect()
      // Without a fresh token we come back as a looker-on or are told again.
      const comeBack = () => {
        if (this.status.at === 'waiting' && !this.socket) this.connect()
      }
      renew().then(comeBack, comeBack)
    })
  }

  /** Within the window of the server, which grows with the room; after each failure twice as long. */
  private pauseMs(): number {
    const crowd = Math.max(this.window.maxMs, Math.min(60_000, this.store.viewers))
    const backoff = this.failures === 0 ? 0 : Math.min(longestBackoffMs, firstBackoffMs * 2 ** this.failures)
    const most = Math.max(crowd, backoff)
    return Math.round(this.window.minMs + this.options.random() * (most - this.window.minMs))
  }

  private drop(): void {
    const { socket } = this
    this.socket = null
    this.joined = false
    for (const name of ['open', 'ack', 'ping', 'silence', 'return', 'react', 'delay']) this.stop(name)
    if (!socket) return
    socket.onopen = socket.onmessage = socket.onclose = null
    socket.close()
  }

  private finish(why: CloseReason | 'left'): void {
    for (const { settle } of [...this.saying.values()])
      settle({ ok: false, refusal: why === 'banned' ? 'chat_banned' : 'unknown', params: {} })
    this.stop('picture')
    this.setStatus({ at: 'closed', why })
  }

  private tellPersonal(type: string, data: unknown): void {
    for (const call of this.personalListeners) call(type, data)
  }

  private setStatus(status: RoomStatus): void {
    this.status = status
    for (const call of this.statusListeners) call(status)
  }

  private send(message: Up): void {
    this.socket?.send(JSON.stringify(message))
  }

  /** A named timer; while it runs a second one of the name is not set. */
  private once(name: string, ms: number, call: () => void): void {
    if (this.timers.has(name)) return
    const cancel = this.options.after(ms, () => {
      this.timers.delete(name)
      call()
    })
    this.timers.set(name, cancel)
  }

  private stop(name: string): void {
    this.timers.get(name)?.()
    this.timers.delete(name)
  }
}
