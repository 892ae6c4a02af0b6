import type { AudioConfig, VideoConfig } from '../../sample.ts'
import { avcC } from './avc.ts'
import { box, fullBox, text, u8, u16, u32, zeros } from './box.ts'

export const VIDEO_TRACK = 1
export const AUDIO_TRACK = 2
export const VIDEO_TIMESCALE = 90_000

/** Media time units per second: Opus is always 48 kHz in ISOBMFF, whatever was captured. */
export const audioTimescale = (config: AudioConfig): number => (config.codec === 'opus' ? 48_000 : config.sampleRate)

export interface InitTracks {
  readonly video: VideoConfig | null
  readonly audio: AudioConfig | null
}

/** ftyp + moov of a fragmented file; every duration is zero because the fragments carry them. */
export function initSegment({ video, audio }: InitTracks): Buffer {
  const traks: Buffer[] = []
  const trexes: Buffer[] = []
  if (video !== null) {
    traks.push(videoTrak(video))
    trexes.push(fullBox('trex', 0, 0, u32(VIDEO_TRACK, 1, 0, 0, 0)))
  }
  if (audio !== null) {
    traks.push(audioTrak(audio))
    trexes.push(fullBox('trex', 0, 0, u32(AUDIO_TRACK, 1, 0, 0, 0)))
  }
  const ftyp = box('ftyp', text('iso6'), u32(1), text('iso6'), text('cmfc'), text('mp41'))
  return Buffer.concat([ftyp, box('moov', movieHeader(), ...traks, box('mvex', ...trexes))])
}

/** Unity transformation, 16.16 and 2.30 fixed point. */
const MATRIX = u32(0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)

function movieHeader(): Buffer {
  const nextTrack = AUDIO_TRACK + 1
  return fullBox('mvhd', 0, 0, u32(0, 0, 1000, 0), u32(0x10000), u16(0x0100, 0), zeros(8), MATRIX, zeros(24), u32(nextTrack))
}

function videoTrak(config: VideoConfig): Buffer {
  const { width, height } = config
  const compressor = zeros(32)
  const entry = box(
    'avc1',
    zeros(6),
    u16(1),
    zeros(16),
    u16(width, height),
    u32(0x480000, 0x480000, 0),
    u16(1),
    compressor,
    u16(0x18, 0xffff),
    avcC(config),
  )
  const media = mdia(VIDEO_TIMESCALE, 'vide', fullBox('vmhd', 0, 1, zeros(8)), entry)
  return box('trak', trackHeader(VIDEO_TRACK, 0, width, height), media)
}

function audioTrak(config: AudioConfig): Buffer {
  const timescale = audioTimescale(config)
  const opus = config.codec === 'opus'
  // The 16.16 field can't hold more than 65,535 Hz; the decoder's own description counts then.
  const rate = timescale > 0xffff ? 0 : timescale
  const description = opus ? box('dOps', config.description) : esds(config.description)
  const entry = box(opus ? 'Opus' : 'mp4a', zeros(6), u16(1), zeros(8), u16(config.channels, 16, 0, 0, rate, 0), description)
  return box('trak', trackHeader(AUDIO_TRACK, 0x0100, 0, 0), mdia(timescale, 'soun', fullBox('smhd', 0, 0, zeros(4)), entry))
}

function trackHeader(id: number, volume: number, width: number, height: number): Buffer {
  const size = u32(width * 0x10000, height * 0x10000)
  return fullBox('tkhd', 0, 3, u32(0, 0, id, 0, 0), zeros(8), u16(0, 0, volume, 0), MATRIX, size)
}

const UNDETERMINED = 0x55c4

function mdia(timescale: number, handler: string, header: Buffer, entry: Buffer): Buffer {
  const table = (type: string) => fullBox(type, 0, 0, u32(0))
  const stbl = box(
    'stbl',
    fullBox('stsd', 0, 0, u32(1), entry),
    table('stts'),
    table('stsc'),
    fullBox('stsz', 0, 0, u32(0, 0)),
    table('stco'),
  )
  const dinf = box('dinf', fullBox('dref', 0, 0, u32(1), fullBox('url ', 0, 1)))
  return box(
    'mdia',
    fullBox('mdhd', 0, 0, u32(0, 0, timescale, 0), u16(UNDETERMINED, 0)),
    fullBox('hdlr', 0, 0, u32(0), text(handler), zeros(12), u8(0)),
    box('minf', header, dinf, stbl),
  )
}

/** Elementary stream descriptor, ISO/IEC 14496-1 section 7.2.6: MPEG-4 audio with its AudioSpecificConfig. */
function esds(specificConfig: Uint8Array): Buffer {
  const decoderInfo = descriptor(0x05, specificConfig)
  const decoderConfig = descriptor(0x04, u8(0x40, 0x15, 0, 0, 0), u32(0, 0), decoderInfo)
  const syncLayer = descriptor(0x06, u8(0x02))
  return fullBox('esds', 0, 0, descriptor(0x03, u16(0), u8(0), decoderConfig, syncLayer))
}

function descriptor(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(parts)
  const length = body.length
  return Buffer.concat([
    u8(tag, 0x80 | (length >> 21), 0x80 | ((length >> 14) & 0x7f), 0x80 | ((length >> 7) & 0x7f), length & 0x7f),
    body,
  ])
}
