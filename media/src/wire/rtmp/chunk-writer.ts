import type { RtmpMessage } from './message.ts'

/** Whole messages in, chunks out. Always a full header (type 0): a few bytes more, nothing to get wrong. */
export class ChunkWriter {
  chunkSize = 128

  write(chunkStream: number, message: RtmpMessage): Buffer {
    const { payload } = message
    const extended = message.timestamp >= 0xffffff
    const count = Math.max(1, Math.ceil(payload.length / this.chunkSize))
    const extra = extended ? 4 : 0
    const out = Buffer.allocUnsafe(12 + extra + (count - 1) * (1 + extra) + payload.length)
    out[0] = chunkStream
    out.writeUIntBE(extended ? 0xffffff : message.timestamp, 1, 3)
    out.writeUIntBE(payload.length, 4, 3)
    out[7] = message.type
    out.writeUInt32LE(message.streamId, 8)
    let at = 12
    if (extended) at = out.writeUInt32BE(message.timestamp, at)
    for (let from = 0; from < payload.length; from += this.chunkSize) {
      if (from > 0) {
        out[at] = 0xc0 | chunkStream
        at += 1
        if (extended) at = out.writeUInt32BE(message.timestamp, at)
      }
      const part = payload.subarray(from, from + this.chunkSize)
      out.set(part, at)
      at += part.length
    }
    return out
  }
}
