import { mayComeBack } from '@efir/contract/room/close-codes.ts'
import type { Down } from '@efir/contract/room/down.ts'
import type { Up } from '@efir/contract/room/up.ts'
import { type ReactionKind, roomPath, roomVersion } from '@efir/contract/room/version.ts'
import { between, pause } from './chance.ts'

export interface RoomOptions {
  readonly origin: string
  readonly showId: string
  readonly token: () => Promise<string>
  readonly signal: AbortSignal
  /** How late this viewer's picture is. */
  readonly delayMs: number
  /** Only who listens pays for reading: the rest of the crowd just acknowledges. */
  readonly onMessage?: (message: Down) => void
}

/** A viewer's socket, as light as the protocol allows: joins, acknowledges, comes back. */
export interface RoomSeat {
  readonly open: boolean
  say(text: string): boolean
  react(kind: ReactionKind, count: number): void
}

export function takeSeat(options: RoomOptions): RoomSeat {
  const seat = new Seat(options)
  void seat.stay()
  return seat
}

const frameIn = /"frame":(\d+)/
const seqIn = /"seq":(\d+)/

class Seat implements RoomSeat {
  open = false
  private readonly options: RoomOptions
  private socket: WebSocket | null = null
  private frame = 0
  private seq = 0
  private acked = 0

  constructor(options: RoomOptions) {
    this.options = options
  }

  say(text: string): boolean {
    if (!this.open) return false
    this.send({ t: 'say', key: crypto.randomUUID(), text })
    return true
  }

  react(kind: ReactionKind, count: number): void {
    if (this.open) this.send({ t: 'react', kind, count })
  }

  async stay(): Promise<void> {
    const { signal } = this.options
    for (let failures = 0; !signal.aborted; failures++) {
      const beganAt = performance.now()
      const token = await this.options.token().catch(() => null)
      const code = token === null ? 1006 : await this.sit(token)
      this.open = false
      if (!mayComeBack(code)) return
      if (performance.now() - beganAt > 60_000) failures = 0
      await pause(between(500, Math.min(30_000, 2_000 * 2 ** failures)), signal)
    }
  }

  private sit(token: string): Promise<number> {
    const { origin, showId, delayMs, signal } = this.options
    return new Promise((resolve) => {
      const socket = new WebSocket(`${origin.replace(/^http/, 'ws')}${roomPath}`)
      this.socket = socket
      const leave = () => socket.close()
      signal.addEventListener('abort', leave, { once: true })
      const ack = setInterval(() => this.ack(), 9_000)
      socket.onopen = () =>
        this.send({ t: 'join', v: roomVersion, room: showId, token, delayMs, ...(this.options.onMessage ? { desk: true } : {}) })
      socket.onmessage = ({ data }) => this.hear(String(data))
      socket.onerror = () => undefined
      socket.onclose = ({ code }) => {
        clearInterval(ack)
        signal.removeEventListener('abort', leave)
        resolve(code)
      }
    })
  }

  private hear(text: string): void {
    this.frame = Number(frameIn.exec(text)?.[1] ?? this.frame)
    this.seq = Number(seqIn.exec(text)?.[1] ?? this.seq)
    if (!this.open && text.includes('"t":"welcome"')) this.open = true
    this.options.onMessage?.(JSON.parse(text) as Down)
  }

  private ack(): void {
    if (!this.open || this.frame <= this.acked) return
    this.acked = this.frame
    this.send({ t: 'ack', frame: this.frame, seq: this.seq })
  }

  private send(message: Up): void {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(message))
  }
}
