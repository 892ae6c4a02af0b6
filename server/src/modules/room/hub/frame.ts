/** One unmasked, unfragmented text frame (RFC 6455, 5.2: servers do not mask). Made once, written to every socket. */
export function textFrame(text: string): Buffer {
  const size = Buffer.byteLength(text)
  const head = size < 126 ? 2 : size < 65_536 ? 4 : 10
  // Not from the shared pool: a frame may stay queued in slow sockets and would hold the whole slab.
  const frame = Buffer.allocUnsafeSlow(head + size)
  frame[0] = 0x81
  if (head === 2) frame[1] = size
  else if (head === 4) {
    frame[1] = 126
    frame.writeUInt16BE(size, 2)
  } else {
    frame[1] = 127
    frame.writeBigUInt64BE(BigInt(size), 2)
  }
  frame.write(text, head)
  return frame
}

export const jsonFrame = (message: unknown): Buffer => textFrame(JSON.stringify(message))

/** What `textFrame` was given. */
export function frameText(frame: Buffer): string {
  const short = (frame[1] as number) & 127
  return frame.subarray(short < 126 ? 2 : short === 126 ? 4 : 10).toString()
}
