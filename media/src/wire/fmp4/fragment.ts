/** One moof + mdat: the bytes of a part. */

export interface FragmentSample {
  /** All times in units of the track's timescale. */
  readonly duration: number
  /** pts - dts; negative with reordered frames. */
  readonly compositionOffset: number
  readonly key: boolean
  readonly data: Uint8Array
}

export interface FragmentTrack {
  readonly trackId: number
  readonly kind: 'video' | 'audio'
  readonly baseTime: number
  readonly samples: readonly FragmentSample[]
}

/** sample_depends_on = 2, sync sample; and sample_depends_on = 1, sample_is_non_sync_sample (ISO/IEC 14496-12 section 8.8.3.1). */
const SYNC = 0x02000000
const NON_SYNC = 0x01010000

const TFHD_DEFAULT_BASE_IS_MOOF = 0x020000
const TFHD_DEFAULT_FLAGS = 0x20
const TRUN_DATA_OFFSET = 0x1
const TRUN_DURATION = 0x100
const TRUN_SIZE = 0x200
const TRUN_FLAGS = 0x400
const TRUN_OFFSET = 0x800

const TRUN_HEADER = 20
const TFDT_SIZE = 20

const rowSize = (track: FragmentTrack): number => (track.kind === 'video' ? 16 : 8)
const tfhdSize = (track: FragmentTrack): number => (track.kind === 'video' ? 16 : 20)
const trunSize = (track: FragmentTrack): number => TRUN_HEADER + track.samples.length * rowSize(track)
const trafSize = (track: FragmentTrack): number => 8 + tfhdSize(track) + TFDT_SIZE + trunSize(track)

export function fragment(sequence: number, tracks: readonly FragmentTrack[]): Buffer {
  let moofSize = 8 + 16
  let dataSize = 0
  for (const track of tracks) {
    moofSize += trafSize(track)
    for (const sample of track.samples) dataSize += sample.data.length
  }
  const out = Buffer.allocUnsafe(moofSize + 8 + dataSize)
  let at = header(out, 0, moofSize, 'moof')
  at = header(out, at, 16, 'mfhd')
  at = words(out, at, 0, sequence)
  let dataAt = moofSize + 8
  for (const track of tracks) {
    at = traf(out, at, track, dataAt)
    for (const sample of track.samples) {
      out.set(sample.data, dataAt)
      dataAt += sample.data.length
    }
  }
  header(out, at, 8 + dataSize, 'mdat')
  return out
}

function traf(out: Buffer, start: number, track: FragmentTrack, dataAt: number): number {
  const video = track.kind === 'video'
  let at = header(out, start, trafSize(track), 'traf')
  at = header(out, at, tfhdSize(track), 'tfhd')
  // Audio samples are all alike, so their flags are said once here.
  if (video) at = words(out, at, TFHD_DEFAULT_BASE_IS_MOOF, track.trackId)
  else at = words(out, at, TFHD_DEFAULT_BASE_IS_MOOF | TFHD_DEFAULT_FLAGS, track.trackId, SYNC)
  at = header(out, at, TFDT_SIZE, 'tfdt')
  at = words(out, at, 0x01000000, Math.floor(track.baseTime / 0x1_0000_0000), track.baseTime % 0x1_0000_0000)
  at = header(out, at, trunSize(track), 'trun')
  const fields = TRUN_DATA_OFFSET | TRUN_DURATION | TRUN_SIZE | (video ? TRUN_FLAGS | TRUN_OFFSET : 0)
  at = words(out, at, 0x01000000 | fields, track.samples.length, dataAt)
  for (const sample of track.samples) {
    at = words(out, at, sample.duration, sample.data.length)
    if (!video) continue
    at = words(out, at, sample.key ? SYNC : NON_SYNC)
    at = out.writeInt32BE(sample.compositionOffset, at)
  }
  return at
}

function header(out: Buffer, at: number, size: number, type: string): number {
  out.writeUInt32BE(size, at)
  out.write(type, at + 4, 'latin1')
  return at + 8
}

function words(out: Buffer, at: number, ...values: readonly number[]): number {
  for (const value of values) {
    out.writeUInt32BE(value >>> 0, at)
    at += 4
  }
  return at
}
