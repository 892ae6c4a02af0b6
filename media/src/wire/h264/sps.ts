import { BitReader, withoutEmulation } from './bits.ts'

export interface Sps {
  readonly id: number
  readonly profile: number
  readonly constraints: number
  readonly level: number
  readonly width: number
  readonly height: number
  /** RFC 6381 section 3.3. */
  readonly codecString: string
}

const HIGH_PROFILES = new Set([100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135])
const MAX_SPS_BYTES = 4096

/** seq_parameter_set_rbsp, ITU-T H.264 section 7.3.2.1.1. Undefined when it can't be one. */
export function parseSps(nal: Uint8Array): Sps | undefined {
  if (nal.length < 4 || nal.length > MAX_SPS_BYTES || ((nal[0] ?? 0) & 0x1f) !== 7) return undefined
  const [, profile = 0, constraints = 0, level = 0] = nal
  const bits = new BitReader(withoutEmulation(nal.subarray(4)))
  const id = bits.unsigned()
  const chroma = HIGH_PROFILES.has(profile) ? readHighProfile(bits) : { idc: 1, separate: false }
  bits.unsigned() // log2_max_frame_num_minus4
  if (!skipOrderCount(bits)) return undefined
  bits.unsigned() // max_num_ref_frames
  bits.bit() // gaps_in_frame_num_value_allowed_flag
  const widthMbs = bits.unsigned() + 1
  const heightUnits = bits.unsigned() + 1
  const frameMbsOnly = bits.bit()
  if (frameMbsOnly === 0) bits.bit() // mb_adaptive_frame_field_flag
  bits.bit() // direct_8x8_inference_flag
  const crop = bits.bit() === 1 ? [bits.unsigned(), bits.unsigned(), bits.unsigned(), bits.unsigned()] : [0, 0, 0, 0]
  if (bits.overrun || id > 31 || widthMbs > 1024 || heightUnits > 1024) return undefined

  const idc = chroma.separate ? 0 : chroma.idc
  const unitX = idc === 1 || idc === 2 ? 2 : 1
  const unitY = (idc === 1 ? 2 : 1) * (2 - frameMbsOnly)
  const [left = 0, right = 0, top = 0, bottom = 0] = crop
  const width = widthMbs * 16 - (left + right) * unitX
  const height = heightUnits * 16 * (2 - frameMbsOnly) - (top + bottom) * unitY
  if (width <= 0 || height <= 0) return undefined
  const hex = (value: number) => value.toString(16).padStart(2, '0')
  return { id, profile, constraints, level, width, height, codecString: `avc1.${hex(profile)}${hex(constraints)}${hex(level)}` }
}

function readHighProfile(bits: BitReader): { idc: number; separate: boolean } {
  const idc = bits.unsigned()
  const separate = idc === 3 && bits.bit() === 1
  bits.unsigned() // bit_depth_luma_minus8
  bits.unsigned() // bit_depth_chroma_minus8
  bits.bit() // qpprime_y_zero_transform_bypass_flag
  if (bits.bit() === 1) {
    const lists = idc === 3 ? 12 : 8
    for (let i = 0; i < lists; i += 1) if (bits.bit() === 1) skipScalingList(bits, i < 6 ? 16 : 64)
  }
  return { idc, separate }
}

function skipScalingList(bits: BitReader, size: number): void {
  let last = 8
  let next = 8
  for (let i = 0; i < size; i += 1) {
    if (next !== 0) next = (last + bits.signed() + 256) & 0xff
    last = next === 0 ? last : next
  }
}

function skipOrderCount(bits: BitReader): boolean {
  const type = bits.unsigned()
  if (type === 0) bits.unsigned()
  else if (type === 1) {
    bits.bit()
    bits.signed()
    bits.signed()
    const count = bits.unsigned()
    if (count > 255) return false
    for (let i = 0; i < count; i += 1) bits.signed()
  }
  return type <= 2
}
