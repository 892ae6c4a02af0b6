import type { Socket } from 'node:net'
import type { Cancel, Clock } from '../clock.ts'
import { closeFrame, controlFrame, opcodes } from './frames.ts'
import { type Heard, Reader, type ReaderLimits, readerDefaults } from './reader.ts'
import { learnSwift, type Swift } from './swift.ts'

/** Who uses a line; called in the order in which things came. */
export interface LineUser {
  text(text: string): void
  binary(bytes: Buffer): void
  /** The socket is closed: once, and nothing behind it. 1006 when it broke without a goodbye. */
  gone(code: number): void
}

export interface LineOptions {
  readonly clock: Clock
  readonly limits?: ReaderLimits
  /** After a goodbye the line is cut, answered or not. */
  readonly goodbyeMs?: number
}

/** A pong is not worth queuing behind frames that nobody reads. */
const mostQueuedForPong = 16_384

/** Up to here a copy costs less than another call into the kernel. */
const cheapCopyBytes = 16_384

/** Learnt from the first plain socket and the same for all; undefined until then. */
let learnt: Swift | null | undefined

/** Whether frames go past Node's streams in this process; undefined while no socket has come. */
export const isSwift = (): boolean | undefined => (learnt === undefined ? undefined : learnt !== null)

const lineOf = Symbol('line')
interface Carrier extends Socket {
  [lineOf]: Line
}

/**
 * One WebSocket of the server behind its handshake: writes frames that are ready, reads messages, says goodbye. There are very many,
 * so it is small: handlers are shared, and the socket knows its line.
 */
export class Line implements Heard {
  private readonly socket: Socket
  private readonly reader: Reader
  private readonly options: LineOptions
  private readonly plain: boolean
  private user: LineUser | null = null
  private state: 'open' | 'closing' = 'open'
  private code = 1006
  private swiftBytes = 0
  private cancelCut: Cancel | null = null
  private reading = false
  private answers: Buffer | null = null

  constructor(socket: Socket, options: LineOptions) {
    this.socket = socket
    this.options = options
    this.reader = new Reader(this, options.limits ?? readerDefaults)
    this.plain = !('encrypted' in socket)
    ;(socket as Carrier)[lineOf] = this
  }

  /**
   * Answers the handshake and begins to read. `head` is what came in one piece with it. What is written in `begin` leaves together
   * with the answer.
   */
  open(answer: string, user: LineUser, head: Buffer, begin?: () => void): void {
    this.user = user
    const { socket } = this
    socket.setTimeout(0)
    socket.on('data', onData).on('end', onEnd).on('close', onClose)
    this.answers = Buffer.from(answer, 'latin1')
    this.reading = true
    begin?.()
    if (head.length > 0) this.reader.read(head)
    this.reading = false
    this.flush()
  }

  /** A whole frame; its bytes must not change afterwards. False when the runtime has begun to queue. */
  write(frame: Buffer): boolean {
    if (this.state !== 'open') return true
    if (!this.reading) return this.send(frame)
    const before = this.answers
    if (before && before.length + frame.length <= cheapCopyBytes) this.answers = Buffer.concat([before, frame])
    else {
      if (before) this.send(before)
      this.answers = frame
    }
    return true
  }

  private send(frame: Buffer): boolean {
    const { socket } = this
    if (learnt === undefined && this.plain) {
      learnt = learnSwift(socket, frame)
      return true
    }
    // Behind what the stream still holds, so that nothing overtakes.
    if (!this.plain || !learnt || socket.writableLength > 0) return socket.write(frame)
    const went = learnt.write(socket, frame, this)
    if (went === 'sent') return true
    if (went === 'queued') this.swiftBytes += frame.length
    else socket.destroy()
    return false
  }

  rested(bytes: number): void {
    this.swiftBytes -= bytes
  }

  /** Bytes that wait because the kernel takes no more. */
  queued(): number {
    return this.swiftBytes + this.socket.writableLength
  }

  /** Says goodbye (RFC 6455, 7.1.2); whoever does not answer is cut off. */
  close(code: number, reason: string): void {
    if (this.state !== 'open') return
    this.write(closeFrame(code, reason))
    this.leave(code)
  }

  cut(): void {
    this.socket.destroy()
  }

  text(text: string): void {
    if (this.state === 'open') this.user?.text(text)
  }

  binary(bytes: Buffer): void {
    if (this.state === 'open') this.user?.binary(bytes)
  }

  ping(payload: Buffer): void {
    if (this.queued() < mostQueuedForPong) this.write(controlFrame(opcodes.pong, payload))
  }

  /** 5.5.1: answered with the same code; the server ends the connection (7.1.1). */
  peerClosed(code: number): void {
    if (this.state === 'open') {
      this.write(closeFrame(code))
      this.leave(code)
    }
    this.socket.end()
  }

  /** 7.1.7: the reason stays here; a code is all that a peer who breaks the rules needs. What it still sends is read and dropped. */
  fail(code: number): void {
    if (this.state === 'open') {
      this.write(closeFrame(code))
      this.leave(code)
    }
    this.socket.end()
  }

  private leave(code: number): void {
    this.flush()
    this.state = 'closing'
    this.code = code
    this.cancelCut = this.options.clock.after(this.options.goodbyeMs ?? 2_000, () => this.cut())
  }

  /** The peer sends no more. */
  ended(): void {
    if (this.state === 'open') this.leave(1006)
    this.socket.end()
  }

  gone(): void {
    this.cancelCut?.()
    this.user?.gone(this.code)
    this.user = null
  }

  /** What is answered to one read leaves as one write: in a herd the writes are what costs. */
  read(chunk: Buffer): void {
    this.reading = true
    this.reader.read(chunk)
    this.reading = false
    this.flush()
  }

  private flush(): void {
    const { answers } = this
    this.answers = null
    if (answers) this.send(answers)
  }
}

function onData(this: Socket, chunk: Buffer): void {
  ;(this as Carrier)[lineOf].read(chunk)
}
function onEnd(this: Socket): void {
  ;(this as Carrier)[lineOf].ended()
}
function onClose(this: Socket): void {
  ;(this as Carrier)[lineOf].gone()
}
