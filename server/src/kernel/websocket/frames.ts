/** RFC 6455, 11.8. */
export const opcodes = { more: 0x0, text: 0x1, binary: 0x2, close: 0x8, ping: 0x9, pong: 0xa } as const

/** RFC 6455, 7.4.1: what this server says by itself; 4000-4999 belong to the application. */
export const codes = {
  normal: 1000,
  protocolWrong: 1002,
  /** Never on the wire: a Close without a code. */
  noneGiven: 1005,
  textWrong: 1007,
  policy: 1008,
  tooLarge: 1009,
} as const

/** Codes that may stand in a Close frame: those registered, those of libraries, those of applications (7.4.1, 7.4.2). */
export const mayBeSent = (code: number): boolean =>
  (code >= 1000 && code <= 1014 && code !== 1004 && code !== 1005 && code !== 1006) || (code >= 3000 && code <= 4999)

/** 5.5: at most 125 bytes, never in fragments. */
export function controlFrame(opcode: 0x8 | 0x9 | 0xa, payload: Buffer): Buffer {
  if (payload.length > 125) throw new RangeError('a control frame carries 125 bytes at most')
  return Buffer.concat([Buffer.from([0x80 | opcode, payload.length]), payload])
}

/** 5.5.1; a reason that is too long is cut at a whole letter. */
export function closeFrame(code: number, reason = ''): Buffer {
  if (code === codes.noneGiven) return controlFrame(opcodes.close, Buffer.alloc(0))
  const payload = Buffer.alloc(2 + 123)
  payload.writeUInt16BE(code)
  const { written } = new TextEncoder().encodeInto(reason, payload.subarray(2))
  return controlFrame(opcodes.close, payload.subarray(0, 2 + written))
}
