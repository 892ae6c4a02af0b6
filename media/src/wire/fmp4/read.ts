/** Reads back what init.ts and fragment.ts write, and other fragmented files of the same codecs. */
import type { AudioConfig, MediaSample, TrackConfig } from '../../sample.ts'
import { readAvcRecord } from '../h264/config.ts'

export interface Box {
  readonly type: string
  readonly start: number
  readonly body: Buffer
}

/** Undefined when a box does not fit into its parent. Size 0 (to the end) and 64-bit sizes are understood. */
export function readBoxes(bytes: Uint8Array): Box[] | undefined {
  const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  const boxes: Box[] = []
  let at = 0
  while (at < data.length) {
    if (data.length - at < 8) return undefined
    const short = data.readUInt32BE(at)
    const large = short === 1
    if (large && data.length - at < 16) return undefined
    const size = large ? Number(data.readBigUInt64BE(at + 8)) : short === 0 ? data.length - at : short
    const headerSize = large ? 16 : 8
    if (size < headerSize || size > data.length - at) return undefined
    boxes.push({ type: data.toString('latin1', at + 4, at + 8), start: at, body: data.subarray(at + headerSize, at + size) })
    at += size
  }
  return boxes
}

/** The first box at a path such as `moov/mvex/trex`. */
export function findBox(bytes: Uint8Array, path: string): Box | undefined {
  return findBoxes(bytes, path)[0]
}

export function findBoxes(bytes: Uint8Array, path: string): Box[] {
  const [head = '', ...rest] = path.split('/')
  const found = (readBoxes(bytes) ?? []).filter((candidate) => candidate.type === head)
  return rest.length === 0 ? found : found.flatMap((parent) => findBoxes(parent.body, rest.join('/')))
}

export interface TrackInfo {
  readonly trackId: number
  readonly timescale: number
  readonly config: TrackConfig
  readonly defaults: SampleDefaults
}

interface SampleDefaults {
  readonly duration: number
  readonly size: number
  readonly flags: number
}

export interface FragmentRead {
  readonly trackId: number
  readonly sequence: number
  readonly baseTime: number
  readonly samples: readonly SampleRead[]
}

export interface SampleRead {
  readonly time: number
  readonly duration: number
  readonly compositionOffset: number
  readonly flags: number
  readonly key: boolean
  readonly data: Buffer
}

export function readTracks(bytes: Uint8Array): TrackInfo[] {
  const moov = findBox(bytes, 'moov')
  if (moov === undefined) return []
  const trexes = findBoxes(moov.body, 'mvex/trex').map(({ body }) => body)
  return findBoxes(moov.body, 'trak').flatMap(({ body }) => {
    const header = findBox(body, 'tkhd')?.body
    const media = findBox(body, 'mdia/mdhd')?.body
    const stsd = findBox(body, 'mdia/minf/stbl/stsd')?.body
    if (header === undefined || media === undefined || stsd === undefined) return []
    const trackId = header.readUInt32BE(header[0] === 1 ? 20 : 12)
    const timescale = media.readUInt32BE(media[0] === 1 ? 20 : 12)
    const config = readEntry(stsd.subarray(8))
    const trex = trexes.find((candidate) => candidate.readUInt32BE(4) === trackId)
    const at = (offset: number) => trex?.readUInt32BE(offset) ?? 0
    return config === undefined
      ? []
      : [{ trackId, timescale, config, defaults: { duration: at(12), size: at(16), flags: at(20) } }]
  })
}

function readEntry(entries: Buffer): TrackConfig | undefined {
  const entry = readBoxes(entries)?.[0]
  if (entry === undefined) return undefined
  if (entry.type === 'avc1' || entry.type === 'avc3') {
    const record = findBox(entry.body.subarray(78), 'avcC')
    return record === undefined ? undefined : readAvcRecord(record.body)?.config
  }
  const channels = entry.body.readUInt16BE(16)
  const sampleRate = entry.body.readUInt16BE(24)
  const inner = entry.body.subarray(28)
  const opus = findBox(inner, 'dOps')?.body
  if (entry.type === 'Opus' && opus !== undefined) {
    return audio({ codec: 'opus', sampleRate: 48_000, channels, description: opus, codecString: 'opus' })
  }
  const description = readSpecificConfig(findBox(inner, 'esds')?.body ?? Buffer.alloc(0))
  if (entry.type !== 'mp4a' || description === undefined) return undefined
  return audio({ codec: 'aac', sampleRate, channels, description, codecString: `mp4a.40.${(description[0] ?? 0) >> 3}` })
}

const audio = (config: Omit<AudioConfig, 'track'>): AudioConfig => ({ track: 'audio', ...config })

/** Walks ES_Descriptor -> DecoderConfigDescriptor -> DecoderSpecificInfo. */
function readSpecificConfig(body: Buffer): Buffer | undefined {
  let at = 4
  while (at < body.length) {
    const tag = body[at]
    at += 1
    let length = 0
    for (let more = true; more && at < body.length; at += 1) {
      length = length * 128 + ((body[at] ?? 0) & 0x7f)
      more = ((body[at] ?? 0) & 0x80) !== 0
    }
    if (tag === 0x05) return body.subarray(at, at + length)
    if (tag === 0x03) at += 3
    else if (tag === 0x04) at += 13
    else at += length
  }
  return undefined
}

/** Every traf of every moof, in file order. */
export function readFragments(bytes: Uint8Array, tracks: readonly TrackInfo[] = []): FragmentRead[] {
  const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  return (readBoxes(data) ?? [])
    .filter(({ type }) => type === 'moof')
    .flatMap((moof) => {
      const sequence = findBox(moof.body, 'mfhd')?.body.readUInt32BE(4) ?? 0
      return findBoxes(moof.body, 'traf').map((traf) => readTraf(data, moof.start, sequence, traf.body, tracks))
    })
}

function readTraf(data: Buffer, moofStart: number, sequence: number, traf: Buffer, tracks: readonly TrackInfo[]): FragmentRead {
  const tfhd = findBox(traf, 'tfhd')?.body ?? Buffer.alloc(8)
  const flags = tfhd.readUInt32BE(0) & 0xffffff
  const trackId = tfhd.readUInt32BE(4)
  let at = 8
  const optional = (flag: number, size: number, otherwise: number): number => {
    if ((flags & flag) === 0) return otherwise
    at += size
    return size === 8 ? Number(tfhd.readBigUInt64BE(at - 8)) : tfhd.readUInt32BE(at - 4)
  }
  const inherited = tracks.find((track) => track.trackId === trackId)?.defaults ?? { duration: 0, size: 0, flags: 0 }
  const base = optional(0x1, 8, moofStart)
  optional(0x2, 4, 1)
  const defaults = {
    duration: optional(0x8, 4, inherited.duration),
    size: optional(0x10, 4, inherited.size),
    flags: optional(0x20, 4, inherited.flags),
  }
  const tfdt = findBox(traf, 'tfdt')?.body ?? Buffer.alloc(8)
  const baseTime = tfdt[0] === 1 ? Number(tfdt.readBigUInt64BE(4)) : tfdt.readUInt32BE(4)
  const samples: SampleRead[] = []
  let time = baseTime
  for (const { body } of findBoxes(traf, 'trun')) {
    for (const sample of readRun(data, base, body, defaults, time)) {
      samples.push(sample)
      time = sample.time + sample.duration
    }
  }
  return { trackId, sequence, baseTime, samples }
}

function readRun(data: Buffer, base: number, trun: Buffer, defaults: SampleDefaults, startTime: number): SampleRead[] {
  const flags = trun.readUInt32BE(0) & 0xffffff
  const signed = trun[0] === 1
  const count = trun.readUInt32BE(4)
  let at = 8
  const next = () => {
    at += 4
    return trun.readUInt32BE(at - 4)
  }
  let dataAt = (flags & 0x1) === 0 ? base : base + trun.readInt32BE(8)
  if ((flags & 0x1) !== 0) at += 4
  const first = (flags & 0x4) === 0 ? undefined : next()
  const samples: SampleRead[] = []
  let time = startTime
  for (let i = 0; i < count; i += 1) {
    const duration = (flags & 0x100) === 0 ? defaults.duration : next()
    const size = (flags & 0x200) === 0 ? defaults.size : next()
    const own = (flags & 0x400) === 0 ? (i === 0 ? (first ?? defaults.flags) : defaults.flags) : next()
    const raw = (flags & 0x800) === 0 ? 0 : next()
    const sampleData = data.subarray(dataAt, dataAt + size)
    samples.push({
      time,
      duration,
      compositionOffset: signed ? raw | 0 : raw,
      flags: own,
      key: (own & 0x10000) === 0,
      data: sampleData,
    })
    time += duration
    dataAt += size
  }
  return samples
}

/** A whole fragmented file as samples in decode order: what a publisher of a file sends. */
export function readMedia(bytes: Uint8Array): { configs: TrackConfig[]; samples: MediaSample[] } {
  const tracks = readTracks(bytes)
  const samples = readFragments(bytes, tracks).flatMap((run) => {
    const track = tracks.find(({ trackId }) => trackId === run.trackId)
    if (track === undefined) return []
    const toUs = (time: number) => Math.round((time / track.timescale) * 1_000_000)
    return run.samples.map(({ time, compositionOffset, key, data }): MediaSample => {
      const timing = { dtsUs: toUs(time), ptsUs: toUs(time + compositionOffset) }
      return { track: track.config.track, ...timing, key: track.config.track === 'audio' || key, data }
    })
  })
  return { configs: tracks.map(({ config }) => config), samples: samples.sort((a, b) => a.dtsUs - b.dtsUs) }
}
