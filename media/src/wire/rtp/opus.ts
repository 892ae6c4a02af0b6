import type { AudioConfig } from '../../sample.ts'

/** RFC 7587: one RTP packet is one Opus packet, the clock is always 48 kHz. */
export const OPUS_CLOCK = 48_000

/** Frame sizes in samples at 48 kHz by configuration number, RFC 6716 table 2. */
const FRAME_SAMPLES = [
  480, 960, 1920, 2880, 480, 960, 1920, 2880, 480, 960, 1920, 2880, 480, 960, 480, 960, 120, 240, 480, 960, 120, 240, 480, 960,
  120, 240, 480, 960, 120, 240, 480, 960,
]
const MAX_SAMPLES = 5760

/** Duration of a packet in samples, or undefined when it is malformed (RFC 6716 section 3.4). */
export function opusSamples(packet: Uint8Array): number | undefined {
  const toc = packet[0]
  if (toc === undefined) return undefined
  const frame = FRAME_SAMPLES[toc >> 3] ?? 0
  const code = toc & 3
  const count = code === 0 ? 1 : code < 3 ? 2 : (packet[1] ?? 0) & 0x3f
  const samples = frame * count
  return samples === 0 || samples > MAX_SAMPLES || (code === 3 && packet.length < 2) ? undefined : samples
}

/** Body of the dOps box ("Encapsulation of Opus in ISO Base Media File Format", section 4.3.2). */
export function opusConfig(channels: number): AudioConfig {
  const description = new Uint8Array(11)
  const view = new DataView(description.buffer)
  description[1] = channels
  // A live stream is joined in the middle: the packets' own times already name their first sample.
  view.setUint16(2, 0)
  view.setUint32(4, OPUS_CLOCK)
  return { track: 'audio', codec: 'opus', sampleRate: OPUS_CLOCK, channels, description, codecString: 'opus' }
}
