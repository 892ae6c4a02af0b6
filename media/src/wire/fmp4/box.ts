/** Building blocks of ISO base media files (ISO/IEC 14496-12 section 4.2). */

export function box(type: string, ...parts: readonly Uint8Array[]): Buffer {
  let size = 8
  for (const part of parts) size += part.length
  const out = Buffer.allocUnsafe(size)
  out.writeUInt32BE(size, 0)
  out.write(type, 4, 'latin1')
  let at = 8
  for (const part of parts) {
    out.set(part, at)
    at += part.length
  }
  return out
}

export function fullBox(type: string, version: number, flags: number, ...parts: readonly Uint8Array[]): Buffer {
  return box(type, u32(version * 0x1000000 + flags), ...parts)
}

export const u8 = (...values: readonly number[]): Buffer => Buffer.from(values)

export function u16(...values: readonly number[]): Buffer {
  const out = Buffer.allocUnsafe(values.length * 2)
  for (const [i, value] of values.entries()) out.writeUInt16BE(value, i * 2)
  return out
}

export function u32(...values: readonly number[]): Buffer {
  const out = Buffer.allocUnsafe(values.length * 4)
  for (const [i, value] of values.entries()) out.writeUInt32BE(value >>> 0, i * 4)
  return out
}

/** Safe integers only: times on 90 kHz fill 53 bits after three thousand years. */
export function u64(value: number): Buffer {
  return u32(Math.floor(value / 0x1_0000_0000), value % 0x1_0000_0000)
}

export const text = (value: string): Buffer => Buffer.from(value, 'latin1')

export const zeros = (count: number): Buffer => Buffer.alloc(count)
