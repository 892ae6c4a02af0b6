import type { VideoConfig } from '../../sample.ts'
import { BitReader, withoutEmulation } from '../h264/bits.ts'
import { box, u8, u16 } from './box.ts'

/** Profiles whose record carries the chroma format and bit depths (ISO/IEC 14496-15 section 5.3.3.1.2). */
const EXTENDED_PROFILES = new Set([100, 110, 122, 144])

/** AVCDecoderConfigurationRecord with 4-byte NAL unit lengths. */
export function avcC(config: VideoConfig): Buffer {
  const [, profile = 0, constraints = 0, level = 0] = config.sps[0] ?? []
  const sets = (list: readonly Uint8Array[]) => list.flatMap((nal) => [u16(nal.length), nal])
  const extension = EXTENDED_PROFILES.has(profile) ? [chroma(config.sps[0] ?? new Uint8Array())] : []
  return box(
    'avcC',
    u8(1, profile, constraints, level, 0xff, 0xe0 | config.sps.length),
    ...sets(config.sps),
    u8(config.pps.length),
    ...sets(config.pps),
    ...extension,
  )
}

function chroma(sps: Uint8Array): Buffer {
  const bits = new BitReader(withoutEmulation(sps.subarray(4)))
  bits.unsigned() // seq_parameter_set_id
  const format = bits.unsigned()
  if (format === 3) bits.bit() // separate_colour_plane_flag
  const luma = bits.unsigned()
  const chromaDepth = bits.unsigned()
  return u8(0xfc | (format & 3), 0xf8 | (luma & 7), 0xf8 | (chromaDepth & 7), 0)
}
