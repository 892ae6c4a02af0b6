/** AMF 0 (Adobe, December 2007) with a limit on everything: depth, properties, string lengths. */
export type AmfValue = number | boolean | string | null | undefined | Date | AmfValue[] | AmfObject
export interface AmfObject {
  readonly [key: string]: AmfValue
}

export const AMF_LIMITS = { depth: 8, values: 1024, stringBytes: 16_384 } as const

export class AmfError extends Error {}

const MARKER = {
  number: 0x00,
  boolean: 0x01,
  string: 0x02,
  object: 0x03,
  null: 0x05,
  undefined: 0x06,
  ecmaArray: 0x08,
  objectEnd: 0x09,
  strictArray: 0x0a,
  date: 0x0b,
  longString: 0x0c,
  typedObject: 0x10,
} as const

/** All values in the bytes, in order. Throws AmfError on anything malformed or beyond the limits. */
export function decodeAmf(bytes: Uint8Array): AmfValue[] {
  const reader = new Reader(bytes)
  const values: AmfValue[] = []
  while (!reader.done()) values.push(reader.value(0))
  return values
}

class Reader {
  private at = 0
  private count = 0
  private readonly view: DataView
  private readonly bytes: Uint8Array

  constructor(bytes: Uint8Array) {
    this.bytes = bytes
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  done(): boolean {
    return this.at >= this.bytes.length
  }

  value(depth: number): AmfValue {
    this.count += 1
    if (depth > AMF_LIMITS.depth) throw new AmfError('nested too deep')
    if (this.count > AMF_LIMITS.values) throw new AmfError('too many values')
    const marker = this.byte()
    switch (marker) {
      case MARKER.number:
        return this.number()
      case MARKER.boolean:
        return this.byte() !== 0
      case MARKER.string:
        return this.text(this.uint16())
      case MARKER.longString:
        return this.text(this.uint32())
      case MARKER.object:
        return this.properties(depth)
      case MARKER.ecmaArray: {
        this.uint32() // a hint only; the end marker rules
        return this.properties(depth)
      }
      case MARKER.typedObject: {
        this.text(this.uint16())
        return this.properties(depth)
      }
      case MARKER.strictArray:
        return this.array(depth)
      case MARKER.date: {
        const ms = this.number()
        this.skip(2)
        return new Date(ms)
      }
      case MARKER.null:
        return null
      case MARKER.undefined:
        return undefined
      default:
        throw new AmfError(`marker ${marker} is not accepted`)
    }
  }

  private properties(depth: number): AmfObject {
    // Without a prototype: a key such as __proto__ is just a key.
    const object: Record<string, AmfValue> = Object.create(null)
    for (;;) {
      const length = this.uint16()
      if (length === 0 && this.bytes[this.at] === MARKER.objectEnd) {
        this.at += 1
        return object
      }
      const key = this.text(length)
      object[key] = this.value(depth + 1)
    }
  }

  private array(depth: number): AmfValue[] {
    const length = this.uint32()
    if (length > AMF_LIMITS.values) throw new AmfError('array too long')
    const items: AmfValue[] = []
    for (let i = 0; i < length; i += 1) items.push(this.value(depth + 1))
    return items
  }

  private take(size: number): number {
    const start = this.at
    if (size > this.bytes.length - start) throw new AmfError('cut short')
    this.at += size
    return start
  }

  private skip(size: number): void {
    this.take(size)
  }

  private byte(): number {
    return this.view.getUint8(this.take(1))
  }

  private uint16(): number {
    return this.view.getUint16(this.take(2))
  }

  private uint32(): number {
    return this.view.getUint32(this.take(4))
  }

  private number(): number {
    return this.view.getFloat64(this.take(8))
  }

  private text(length: number): string {
    if (length > AMF_LIMITS.stringBytes) throw new AmfError('string too long')
    const start = this.take(length)
    return Buffer.from(this.bytes.buffer, this.bytes.byteOffset + start, length).toString('utf8')
  }
}

export function encodeAmf(...values: readonly AmfValue[]): Buffer {
  return Buffer.concat(values.map(encodeValue))
}

function encodeValue(value: AmfValue): Buffer {
  if (value === null) return Buffer.of(MARKER.null)
  if (value === undefined) return Buffer.of(MARKER.undefined)
  if (typeof value === 'boolean') return Buffer.of(MARKER.boolean, value ? 1 : 0)
  if (typeof value === 'number') return encodeNumber(MARKER.number, value)
  if (typeof value === 'string') return encodeString(value)
  if (value instanceof Date) return Buffer.concat([encodeNumber(MARKER.date, value.getTime()), Buffer.alloc(2)])
  if (Array.isArray(value)) {
    const head = Buffer.alloc(5)
    head[0] = MARKER.strictArray
    head.writeUInt32BE(value.length, 1)
    return Buffer.concat([head, ...value.map(encodeValue)])
  }
  const parts: Buffer[] = [Buffer.of(MARKER.object)]
  for (const [key, item] of Object.entries(value)) parts.push(encodeString(key).subarray(1), encodeValue(item))
  parts.push(Buffer.of(0, 0, MARKER.objectEnd))
  return Buffer.concat(parts)
}

function encodeNumber(marker: number, value: number): Buffer {
  const out = Buffer.alloc(9)
  out[0] = marker
  out.writeDoubleBE(value, 1)
  return out
}

function encodeString(value: string): Buffer {
  const text = Buffer.from(value, 'utf8')
  const long = text.length > 0xffff
  const head = Buffer.alloc(long ? 5 : 3)
  head[0] = long ? MARKER.longString : MARKER.string
  if (long) head.writeUInt32BE(text.length, 1)
  else head.writeUInt16BE(text.length, 1)
  return Buffer.concat([head, text])
}
