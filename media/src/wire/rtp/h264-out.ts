import { fromAvcc } from '../h264/nal.ts'

/** Below the smallest path of mobile networks, with room for headers, authentication and TURN. */
const MAX_PAYLOAD = 1_180
/** RFC 6184 section 5.2. */
const STAP_A = 24
const FU_A = 28

/** RTP payloads of one access unit, in order; the last one carries the marker (RFC 6184, packetization-mode 1). */
export function h264Payloads(data: Uint8Array, sets: readonly Uint8Array[]): Buffer[] {
  const payloads = sets.length > 0 ? [aggregate(sets)] : []
  for (const nal of fromAvcc(data, 4) ?? []) {
    if (nal.length <= MAX_PAYLOAD) payloads.push(Buffer.from(nal.buffer, nal.byteOffset, nal.length))
    else payloads.push(...fragments(nal))
  }
  return payloads
}

/** Parameter sets travel together before each keyframe: whoever joins begins there (section 5.7.1). */
function aggregate(nals: readonly Uint8Array[]): Buffer {
  const importance = Math.max(...nals.map((nal) => (nal[0] ?? 0) & 0x60))
  return Buffer.concat([
    Buffer.of(importance | STAP_A),
    ...nals.flatMap((nal) => [Buffer.of(nal.length >> 8, nal.length & 0xff), nal]),
  ])
}

/** Section 5.8: the NAL header is spread over indicator and FU header. */
function fragments(nal: Uint8Array): Buffer[] {
  const header = nal[0] ?? 0
  const body = nal.subarray(1)
  const count = Math.ceil(body.length / (MAX_PAYLOAD - 2))
  const size = Math.ceil(body.length / count)
  return Array.from({ length: count }, (_, i) => {
    const edge = i === 0 ? 0x80 : i === count - 1 ? 0x40 : 0
    const indicator = Buffer.of((header & 0xe0) | FU_A, edge | (header & 0x1f))
    return Buffer.concat([indicator, body.subarray(i * size, (i + 1) * size)])
  })
}
