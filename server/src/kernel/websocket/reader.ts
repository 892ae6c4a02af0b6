import { isUtf8 } from 'node:buffer'
import { codes, mayBeSent, opcodes } from './frames.ts'

/** What a peer said: messages, pings, its Close frame, or the code with which this side must fail the connection. */
export interface Heard {
  text(text: string): void
  binary(bytes: Buffer): void
  ping(payload: Buffer): void
  peerClosed(code: number, reason: string): void
  fail(code: number, why: string): void
}

export interface ReaderLimits {
  /** Of one message, all its fragments together. */
  readonly messageBytes: number
  readonly fragments: number
  /** Control frames between two messages. */
  readonly controls: number
}
export const readerDefaults: ReaderLimits = { messageBytes: 4_096, fragments: 64, controls: 100 }

/**
 * Reads what clients send (RFC 6455, 5): masked frames, whole or in fragments, cut anywhere. Knows no socket. After `peerClosed` or `fail`
 * it reads nothing more. The bytes given to it become its own: they are unmasked in place.
 */
export class Reader {
  private readonly heard: Heard
  private readonly limits: ReaderLimits
  private rest: Buffer | null = null
  private parts: Buffer[] | null = null
  private partsBytes = 0
  /** Opcode of the message that is under way; 0 when none is. */
  private opcode = 0
  private controls = 0
  private done = false

  constructor(heard: Heard, limits: ReaderLimits = readerDefaults) {
    this.heard = heard
    this.limits = limits
  }

  read(chunk: Buffer): void {
    if (this.done) return
    const bytes = this.rest ? Buffer.concat([this.rest, chunk]) : chunk
    this.rest = null
    let at = 0
    while (!this.done && at < bytes.length) {
      const size = this.frame(bytes, at)
      if (size === 0) break
      at += size
    }
    // A copy: what lies in the buffer of a read would keep all of it. Never more than one frame that is within the limit.
    if (!this.done && at < bytes.length) this.rest = Buffer.from(bytes.subarray(at))
  }

  /** 5.2; the size of the frame at `at`, 0 while it has not wholly come. What is wrong is said as soon as it can be seen. */
  private frame(bytes: Buffer, at: number): number {
    const left = bytes.length - at
    if (left < 2) return 0
    const first = bytes[at] as number
    const second = bytes[at + 1] as number
    const opcode = first & 0x0f
    const fin = first >= 0x80
    const short = second & 0x7f
    if (!this.headIsRight(first, second)) return 0
    const head = short < 126 ? 6 : short === 126 ? 8 : 14
    if (left < head - 4) return 0
    const size = short < 126 ? short : short === 126 ? bytes.readUInt16BE(at + 2) : Number(bytes.readBigUInt64BE(at + 2))
    if (opcode < 8 && size > 0 && this.partsBytes + size > this.limits.messageBytes)
      return this.fail(codes.tooLarge, 'the message is too large')
    // 5.2: the shortest form of a length must be used.
    if (short > 125 && size < (short === 126 ? 126 : 65_536))
      return this.fail(codes.protocolWrong, 'a length is written too long')
    if (left < head + size) return 0
    const payload = bytes.subarray(at + head, at + head + size)
    unmask(payload, bytes, at + head - 4)
    if (opcode >= 8) this.control(opcode, payload)
    else this.data(opcode, fin, payload)
    return head + size
  }

  private headIsRight(first: number, second: number): boolean {
    const opcode = first & 0x0f
    const fin = first >= 0x80
    const short = second & 0x7f
    const wrong = (why: string) => this.fail(codes.protocolWrong, why) > 0
    if ((first & 0x70) !== 0) return wrong('no extension was agreed on')
    if ((opcode > 2 && opcode < 8) || opcode > 10) return wrong('an unknown opcode')
    if (opcode >= 8 && (!fin || short > 125 || (opcode === opcodes.close && short === 1)))
      return wrong('a control frame in pieces or of a wrong size')
    if (opcode < 8 && (opcode === opcodes.more) !== (this.opcode !== 0)) return wrong('fragments out of order')
    // 5.1: clients mask everything.
    if (second < 0x80) return wrong('a frame without a mask')
    return true
  }

  private data(opcode: number, fin: boolean, payload: Buffer): void {
    if (fin && this.parts === null) {
      this.message(opcode, payload)
      return
    }
    if (this.parts === null) {
      this.parts = []
      this.opcode = opcode
    }
    if (this.parts.length >= this.limits.fragments) {
      this.fail(codes.policy, 'too many fragments')
      return
    }
    this.parts.push(fin ? payload : Buffer.from(payload))
    this.partsBytes += payload.length
    if (!fin) return
    const whole = Buffer.concat(this.parts)
    const kind = this.opcode
    this.parts = null
    this.partsBytes = 0
    this.opcode = 0
    this.message(kind, whole)
  }

  private message(opcode: number, payload: Buffer): void {
    this.controls = 0
    if (opcode === opcodes.binary) this.heard.binary(payload)
    // 8.1: what is not UTF-8 ends the connection.
    else if (isUtf8(payload)) this.heard.text(payload.toString())
    else this.fail(codes.textWrong, 'a text that is not UTF-8')
  }

  private control(opcode: number, payload: Buffer): void {
    if (opcode === opcodes.close) {
      this.closed(payload)
      return
    }
    if (++this.controls > this.limits.controls) this.fail(codes.policy, 'too many control frames')
    else if (opcode === opcodes.ping) this.heard.ping(payload)
  }

  private closed(payload: Buffer): void {
    const code = payload.length === 0 ? codes.noneGiven : payload.readUInt16BE()
    const reason = payload.subarray(2)
    if (payload.length > 0 && !mayBeSent(code)) this.fail(codes.protocolWrong, 'a close code that may not be sent')
    else if (!isUtf8(reason)) this.fail(codes.textWrong, 'a reason that is not UTF-8')
    else {
      this.done = true
      this.heard.peerClosed(code, reason.toString())
    }
  }

  private fail(code: number, why: string): 0 {
    this.done = true
    this.parts = null
    this.heard.fail(code, why)
    return 0
  }
}

/** 5.3. */
function unmask(payload: Buffer, bytes: Buffer, key: number): void {
  const a = bytes[key] as number
  const b = bytes[key + 1] as number
  const c = bytes[key + 2] as number
  const d = bytes[key + 3] as number
  if ((a | b | c | d) === 0) return
  const { length } = payload
  let i = 0
  for (; i + 3 < length; i += 4) {
    payload[i] = (payload[i] as number) ^ a
    payload[i + 1] = (payload[i + 1] as number) ^ b
    payload[i + 2] = (payload[i + 2] as number) ^ c
    payload[i + 3] = (payload[i + 3] as number) ^ d
  }
  if (i < length) payload[i] = (payload[i] as number) ^ a
  if (i + 1 < length) payload[i + 1] = (payload[i + 1] as number) ^ b
  if (i + 2 < length) payload[i + 2] = (payload[i + 2] as number) ^ c
}
