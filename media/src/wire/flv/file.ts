/** FLV files (annex E.2-E.3): the clip container of the demo world. */
export interface FlvTag {
  readonly kind: 'audio' | 'video' | 'script'
  readonly timestampMs: number
  readonly body: Uint8Array
}

export class FlvError extends Error {}

const HEADER_BYTES = 9
const TAG_BYTES = 11
const KINDS = new Map<number, FlvTag['kind']>([
  [8, 'audio'],
  [9, 'video'],
  [18, 'script'],
])

/** All whole tags of a file held in memory; a cut-off tail is ignored. */
export function readFlv(file: Buffer): FlvTag[] {
  if (file.length < HEADER_BYTES || file.toString('latin1', 0, 3) !== 'FLV') throw new FlvError('not an FLV file')
  const tags: FlvTag[] = []
  let at = file.readUInt32BE(5) + 4
  while (at + TAG_BYTES <= file.length) {
    const size = file.readUIntBE(at + 1, 3)
    const end = at + TAG_BYTES + size
    if (end > file.length) break
    const kind = KINDS.get((file[at] ?? 0) & 0x1f)
    // The fourth byte of the time holds its upper bits.
    const timestampMs = file.readUIntBE(at + 4, 3) + (file[at + 7] ?? 0) * 2 ** 24
    if (kind !== undefined) tags.push({ kind, timestampMs, body: file.subarray(at + TAG_BYTES, end) })
    at = end + 4
  }
  return tags
}
