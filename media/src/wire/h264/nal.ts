/** NAL unit types, ITU-T H.264 table 7-1. */
export const NAL = {
  slice: 1,
  partitionA: 2,
  idr: 5,
  sei: 6,
  sps: 7,
  pps: 8,
  aud: 9,
  endOfSequence: 10,
  endOfStream: 11,
  filler: 12,
} as const

export const nalType = (nal: Uint8Array): number => (nal[0] ?? 0) & 0x1f

export const isSlice = (type: number): boolean => type >= NAL.slice && type <= NAL.idr

/** first_mb_in_slice is the first ue(v) of a slice header; zero is the single bit 1. */
export const startsPicture = (nal: Uint8Array): boolean => isSlice(nalType(nal)) && ((nal[1] ?? 0) & 0x80) !== 0

/** Stays inside a sample? Parameter sets live in the configuration, delimiters and filler say nothing. */
export function belongsInSample(type: number): boolean {
  return type !== NAL.sps && type !== NAL.pps && type !== NAL.aud && type < NAL.endOfSequence && type !== 0
}

/** NAL units with a 4-byte length before each (ISO/IEC 14496-15). */
export function toAvcc(nals: readonly Uint8Array[]): Uint8Array {
  let size = 0
  for (const nal of nals) size += 4 + nal.length
  const out = new Uint8Array(size)
  const view = new DataView(out.buffer)
  let at = 0
  for (const nal of nals) {
    view.setUint32(at, nal.length)
    out.set(nal, at + 4)
    at += 4 + nal.length
  }
  return out
}

/** Splits length-prefixed NAL units; undefined when the lengths do not add up. */
export function fromAvcc(data: Uint8Array, lengthSize: number): Uint8Array[] | undefined {
  const nals: Uint8Array[] = []
  let at = 0
  while (at < data.length) {
    if (at + lengthSize > data.length) return undefined
    let length = 0
    for (let i = 0; i < lengthSize; i += 1) length = length * 256 + (data[at + i] ?? 0)
    at += lengthSize
    if (length > data.length - at) return undefined
    if (length > 0) nals.push(data.subarray(at, at + length))
    at += length
  }
  return nals
}

/** Splits an Annex B byte stream at its start codes. */
export function fromAnnexB(data: Uint8Array): Uint8Array[] {
  const nals: Uint8Array[] = []
  let start = -1
  let i = 0
  while (i + 2 < data.length) {
    if (data[i] === 0 && data[i + 1] === 0 && data[i + 2] === 1) {
      if (start >= 0) pushTrimmed(nals, data.subarray(start, i))
      start = i + 3
      i += 3
    } else i += 1
  }
  if (start >= 0) pushTrimmed(nals, data.subarray(start))
  return nals
}

function pushTrimmed(nals: Uint8Array[], nal: Uint8Array): void {
  let end = nal.length
  while (end > 0 && nal[end - 1] === 0) end -= 1
  if (end > 0) nals.push(nal.subarray(0, end))
}

export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a === b || (a.length === b.length && Buffer.compare(a, b) === 0)
}

export function sameSets(a: readonly Uint8Array[], b: readonly Uint8Array[]): boolean {
  return a.length === b.length && a.every((nal, i) => sameBytes(nal, b[i] ?? new Uint8Array()))
}
