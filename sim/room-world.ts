import { type FakeClock, fakeClock } from '../server/src/kernel/clock.ts'
import type { Connection } from '../server/src/modules/room/hub/connection.ts'
import { Hub, type HubOptions } from '../server/src/modules/room/hub/hub.ts'
import { RoomSocket, type RoomSocketOptions, type SocketLike } from '../web/src/net/socket.ts'

/** mulberry32: a small seeded generator, the same on every machine. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** The text inside a server's frame (RFC 6455, 5.2). */
function unframed(frame: Buffer): string {
  const short = (frame[1] as number) & 127
  return frame.subarray(short < 126 ? 2 : short === 126 ? 4 : 10).toString()
}

/** One line between a viewer and the hub, with a delay, that may stall or tear. Nothing is reordered: it is TCP. */
export class Line implements SocketLike {
  onopen: (() => void) | null = null
  onmessage: ((event: { data: unknown }) => void) | null = null
  onclose: ((event: { code: number }) => void) | null = null
  onerror: (() => void) | null = null
  stalled = false
  /** Most bytes that ever waited in the line. */
  worstBytes = 0
  frames = 0
  private waiting: Buffer[] = []
  private bytes = 0
  private open = true
  private connection: Connection | null = null
  private readonly clock: FakeClock
  private readonly latencyMs: () => number
  private lastAt = 0
  private saying: string[] = []
  private sayAt = 0
  private readonly kernelBytes: number

  constructor(hub: Hub, clock: FakeClock, latencyMs: () => number, kernelBytes: number) {
    this.clock = clock
    this.latencyMs = latencyMs
    this.kernelBytes = kernelBytes
    clock.after(latencyMs(), () => {
      if (!this.open) return
      const connection = hub.connect({
        write: (frame) => this.take(frame),
        queued: () => Math.max(0, this.bytes - this.kernelBytes),
        close: (code) => this.end(code),
      })
      if (!connection) return this.end(4004)
      this.connection = connection
      this.lose = () => hub.lost(connection)
      this.onopen?.()
    })
  }

  private lose: () => void = () => undefined

  private take(frame: Buffer): boolean {
    if (!this.open) return false
    this.frames++
    this.bytes += frame.length
    this.worstBytes = Math.max(this.worstBytes, this.bytes)
    this.waiting.push(frame)
    if (!this.stalled) this.schedule()
    return this.bytes <= this.kernelBytes
  }

  private schedule(): void {
    this.lastAt = Math.max(this.lastAt, this.clock.now() + this.latencyMs())
    this.clock.after(this.lastAt - this.clock.now(), () => {
      if (this.stalled || !this.open) return
      const frame = this.waiting.shift()
      if (!frame) return
      this.bytes -= frame.length
      this.onmessage?.({ data: unframed(frame) })
    })
  }

  stall(on: boolean): void {
    if (this.stalled === on) return
    this.stalled = on
    if (on) return
    for (let i = 0; i < this.waiting.length; i++) this.schedule()
    for (let i = 0; i < this.saying.length; i++) this.carry()
  }

  /** The network dies in both directions. */
  tear(): void {
    if (!this.open) return
    this.end(1006)
    this.lose()
  }

  private end(code: number): void {
    if (!this.open) return
    this.open = false
    this.waiting = []
    const { onclose } = this
    this.clock.after(this.latencyMs(), () => onclose?.({ code }))
  }

  send(text: string): void {
    if (!this.open) return
    this.saying.push(text)
    if (!this.stalled) this.carry()
  }

  private carry(): void {
    this.sayAt = Math.max(this.sayAt, this.clock.now() + this.latencyMs())
    this.clock.after(this.sayAt - this.clock.now(), () => {
      if (this.stalled || !this.open) return
      const text = this.saying.shift()
      if (text !== undefined) this.connection?.receive(text)
    })
  }

  close(): void {
    if (!this.open) return
    this.open = false
    this.clock.after(this.latencyMs(), () => this.lose())
  }
}

export interface Seat {
  readonly socket: RoomSocket
  line(): Line
}

export interface RoomWorld {
  readonly hub: Hub
  readonly clock: FakeClock
  join(options?: Partial<RoomSocketOptions>): Seat
  /** The server dies; the next one begins with another epoch. */
  restart(pos: number): void
}

export function openRoomWorld(random: () => number, options: Partial<HubOptions> & { kernelBytes?: number } = {}): RoomWorld {
  const clock = fakeClock(1_700_000_000_000)
  const make = (pos: number, epoch: string) => {
    const made = new Hub({
      clock,
      epoch,
      pos,
      open: async () => ({ state: [], chat: [], entry: 'all', marks: new Map(), banned: new Set() }),
      memberOf: (token) => ({ personId: token, name: token, operator: false }),
      say: async (_, { member, key, text }) => ({ id: key, person: member.personId, name: member.name, text, at: clock.now() }),
      defer: (next) => void clock.after(1, next),
      ...options,
    })
    return { hub: made, stop: made.start() }
  }
  let life = make(0, 'epoch-0')
  let lives = 0
  const lines = new Set<Line>()
  return {
    get hub() {
      return life.hub
    },
    clock,
    join(more = {}) {
      let line: Line
      const socket = new RoomSocket({
        url: 'ws://room',
        room: 'shw_1',
        now: clock.now,
        random,
        after: clock.after,
        newKey: () => `key-${Math.floor(random() * 1e15)}`,
        open: () => {
          line = new Line(life.hub, clock, () => 1 + Math.floor(random() * 80), options.kernelBytes ?? 100_000)
          lines.add(line)
          return line
        },
        ...more,
      })
      return { socket, line: () => line }
    },
    restart(pos) {
      life.stop()
      for (const line of lines) line.tear()
      life = make(pos, `epoch-${++lives}`)
    },
  }
}
