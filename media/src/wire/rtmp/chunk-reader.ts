import type { RtmpMessage } from './message.ts'
import { RTMP_LIMITS, RtmpError, TYPE } from './message.ts'

interface ChunkStream {
  timestamp: number
  delta: number
  length: number
  type: number
  streamId: number
  extended: boolean
  body: Buffer
  received: number
}

interface BasicHeader {
  size: number
  format: number
  id: number
}

const EMPTY = Buffer.alloc(0)
const FIRST_BODY_BYTES = 4096

/** Chunks in, whole messages out (section 5.3). Holds no more than the limits allow; throws RtmpError beyond them. */
export class ChunkReader {
  maxMessageBytes: number = RTMP_LIMITS.maxMessageBytesBeforePublish
  private chunkSize = 128
  /** A header that is not whole yet: at most 17 bytes. */
  private rest = EMPTY
  private open: ChunkStream | undefined
  private openBytes = 0
  private pendingBytes = 0
  private readonly streams = new Map<number, ChunkStream>()
  private readonly onMessage: (message: RtmpMessage) => void

  constructor(onMessage: (message: RtmpMessage) => void) {
    this.onMessage = onMessage
  }

  /** Payloads may be views into the given bytes: the caller must not write to them again. */
  push(bytes: Buffer): void {
    const input = this.rest.length === 0 ? bytes : Buffer.concat([this.rest, bytes])
    this.rest = EMPTY
    let at = 0
    while (at < input.length) {
      if (this.open !== undefined) at += this.append(this.open, input, at)
      else {
        const used = this.header(input, at)
        if (used === 0) {
          this.rest = Buffer.from(input.subarray(at))
          return
        }
        at += used
      }
    }
  }

  /** Size of the chunk header at this place, or 0 when it is not whole. */
  private header(input: Buffer, at: number): number {
    const basic = basicHeader(input, at)
    if (basic === undefined) return 0
    const known = this.streams.get(basic.id)
    if (known === undefined && basic.format > 1) throw new RtmpError('chunk stream begins without a header')
    const fieldBytes = [11, 7, 3, 0][basic.format] ?? 0
    const fields = at + basic.size
    if (input.length < fields + fieldBytes) return 0
    const short = fieldBytes > 0 ? input.readUIntBE(fields, 3) : 0
    const extended = fieldBytes > 0 ? short === 0xffffff : (known?.extended ?? false)
    const end = fields + fieldBytes + (extended ? 4 : 0)
    if (input.length < end) return 0

    const stream = known ?? this.add(basic.id)
    const continues = basic.format === 3 && stream.received > 0
    if (!continues) this.begin(stream, basic.format, input, fields, extended ? input.readUInt32BE(end - 4) : short, extended)
    this.open = stream
    this.openBytes = Math.min(this.chunkSize, stream.length - stream.received)
    if (this.openBytes === 0) this.complete(stream, EMPTY)
    return end - at
  }

  private add(id: number): ChunkStream {
    if (this.streams.size >= RTMP_LIMITS.maxChunkStreams) throw new RtmpError('too many chunk streams')
    const stream: ChunkStream = {
      timestamp: 0,
      delta: 0,
      length: 0,
      type: 0,
      streamId: 0,
      extended: false,
      body: EMPTY,
      received: 0,
    }
    this.streams.set(id, stream)
    return stream
  }

  /** A header in the middle of a message starts over: what was half there is lost. */
  private begin(stream: ChunkStream, format: number, input: Buffer, fields: number, stamp: number, extended: boolean): void {
    this.drop(stream)
    // Section 5.3.1.2.4: a type 3 chunk after a type 0 one takes its timestamp as the delta.
    if (format !== 3) stream.delta = stamp
    stream.timestamp = format === 0 ? stamp : (stream.timestamp + stream.delta) >>> 0
    stream.extended = extended
    if (format <= 1) {
      stream.length = input.readUIntBE(fields + 3, 3)
      stream.type = input[fields + 6] ?? 0
    }
    if (format === 0) stream.streamId = input.readUInt32LE(fields + 7)
    if (stream.length > this.maxMessageBytes) throw new RtmpError('message too long')
  }

  private append(stream: ChunkStream, input: Buffer, at: number): number {
    const size = Math.min(this.openBytes, input.length - at)
    const part = input.subarray(at, at + size)
    if (stream.received === 0 && size === stream.length) {
      this.complete(stream, part)
      return size
    }
    this.pendingBytes += size
    if (this.pendingBytes > RTMP_LIMITS.maxPendingBytes) throw new RtmpError('too much is half-received')
    this.copyIn(stream, part)
    this.openBytes -= size
    if (stream.received === stream.length) this.complete(stream, stream.body.subarray(0, stream.length))
    else if (this.openBytes === 0) this.open = undefined
    return size
  }

  /** Copied, and grown with what really came: neither a claimed length nor a view may pin memory. */
  private copyIn(stream: ChunkStream, part: Buffer): void {
    const needed = stream.received + part.length
    if (needed > stream.body.length) {
      const body = Buffer.allocUnsafe(Math.min(stream.length, Math.max(FIRST_BODY_BYTES, needed * 2)))
      stream.body.copy(body, 0, 0, stream.received)
      stream.body = body
    }
    part.copy(stream.body, stream.received)
    stream.received = needed
  }

  private complete(stream: ChunkStream, payload: Buffer): void {
    this.drop(stream)
    this.open = undefined
    const { type, streamId, timestamp } = stream
    if (type === TYPE.setChunkSize) this.setChunkSize(payload)
    else if (type === TYPE.abort) this.abort(payload)
    else this.onMessage({ type, streamId, timestamp, payload })
  }

  private drop(stream: ChunkStream): void {
    this.pendingBytes -= stream.received
    stream.body = EMPTY
    stream.received = 0
  }

  private setChunkSize(payload: Buffer): void {
    const size = uint32(payload)
    if (size < RTMP_LIMITS.minChunkSize || size > 0x7fffffff) throw new RtmpError('chunk size out of range')
    this.chunkSize = Math.min(size, RTMP_LIMITS.maxChunkSize)
  }

  private abort(payload: Buffer): void {
    const stream = this.streams.get(uint32(payload))
    if (stream !== undefined) this.drop(stream)
  }
}

/** Section 5.3.1.1: ids 2-63 in one byte, then two forms with one or two bytes more. */
function basicHeader(input: Buffer, at: number): BasicHeader | undefined {
  const first = input[at]
  if (first === undefined) return undefined
  const short = first & 0x3f
  const size = short === 0 ? 2 : short === 1 ? 3 : 1
  if (input.length < at + size) return undefined
  const second = input[at + 1] ?? 0
  const id = short === 0 ? second + 64 : short === 1 ? (input[at + 2] ?? 0) * 256 + second + 64 : short
  return { size, format: first >> 6, id }
}

function uint32(payload: Buffer): number {
  if (payload.length < 4) throw new RtmpError('control message cut short')
  return payload.readUInt32BE(0)
}
