/** The viewers' side of RFC 6455, as little as a bench needs. */

/** A masked text frame (5.3) with the zero mask. */
export function masked(text: string): Buffer {
  const body = Buffer.from(text)
  const head = body.length < 126 ? [0x81, 0x80 | body.length] : [0x81, 0xfe, body.length >> 8, body.length & 255]
  return Buffer.concat([Buffer.from([...head, 0, 0, 0, 0]), body])
}

export const handshakeTo = (path: string): string =>
  `GET /${path} HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`

/** Calls for the payload of each whole text frame of `bytes`; returns what is left of a frame that has not wholly come. */
export function eachFrame(rest: Buffer | null, chunk: Buffer, call: (payload: Buffer) => void): Buffer | null {
  const bytes = rest ? Buffer.concat([rest, chunk]) : chunk
  let at = 0
  while (bytes.length - at >= 2) {
    const short = (bytes[at + 1] as number) & 127
    const head = short < 126 ? 2 : short === 126 ? 4 : 10
    if (bytes.length - at < head) break
    const size = short < 126 ? short : short === 126 ? bytes.readUInt16BE(at + 2) : Number(bytes.readBigUInt64BE(at + 2))
    if (bytes.length - at < head + size) break
    if (bytes[at] === 0x81) call(bytes.subarray(at + head, at + head + size))
    at += head + size
  }
  return at < bytes.length ? Buffer.from(bytes.subarray(at)) : null
}
