import type { VideoConfig } from '../../sample.ts'
import { NAL, nalType, sameBytes, sameSets } from './nal.ts'
import { parseSps } from './sps.ts'

export function videoConfig(sps: readonly Uint8Array[], pps: readonly Uint8Array[]): VideoConfig | undefined {
  const first = sps[0] === undefined ? undefined : parseSps(sps[0])
  if (first === undefined || pps.length === 0) return undefined
  return { track: 'video', codec: 'h264', sps, pps, width: first.width, height: first.height, codecString: first.codecString }
}

export function sameVideo(a: VideoConfig, b: VideoConfig): boolean {
  return sameSets(a.sps, b.sps) && sameSets(a.pps, b.pps)
}

const MAX_SETS = 32

/** AVCDecoderConfigurationRecord, ISO/IEC 14496-15 section 5.3.3.1. */
export function readAvcRecord(record: Uint8Array): { config: VideoConfig; lengthSize: number } | undefined {
  if (record.length < 7 || record[0] !== 1) return undefined
  const lengthSize = ((record[4] ?? 0) & 3) + 1
  if (lengthSize === 3) return undefined
  let at = 5
  const readSets = (count: number): Uint8Array[] | undefined => {
    const sets: Uint8Array[] = []
    for (let i = 0; i < count; i += 1) {
      const length = (record[at] ?? 0) * 256 + (record[at + 1] ?? 0)
      if (at + 2 + length > record.length || length === 0) return undefined
      // Copied: the message it came in is not kept.
      sets.push(record.slice(at + 2, at + 2 + length))
      at += 2 + length
    }
    return sets
  }
  const spsCount = (record[at] ?? 0) & 0x1f
  at += 1
  const sps = readSets(spsCount)
  if (sps === undefined || at >= record.length) return undefined
  const ppsCount = record[at] ?? 0
  at += 1
  const pps = ppsCount <= MAX_SETS ? readSets(ppsCount) : undefined
  const config = pps === undefined ? undefined : videoConfig(sps, pps)
  return config === undefined ? undefined : { config, lengthSize }
}

/** Follows the parameter sets of a stream, by id, as they come in band. */
export class ParameterSets {
  private readonly sps = new Map<number, Uint8Array>()
  private readonly pps = new Map<number, Uint8Array>()
  private changed = false

  offer(nal: Uint8Array): void {
    const type = nalType(nal)
    if (type === NAL.sps) this.keep(this.sps, parseSps(nal)?.id, nal)
    else if (type === NAL.pps && nal.length > 1) this.keep(this.pps, ppsId(nal), nal)
  }

  /** A new configuration when any byte has changed since the last call, else undefined. */
  take(): VideoConfig | undefined {
    if (!this.changed) return undefined
    const config = videoConfig([...this.sps.values()], [...this.pps.values()])
    if (config !== undefined) this.changed = false
    return config
  }

  reset(config: VideoConfig): void {
    this.sps.clear()
    this.pps.clear()
    for (const nal of [...config.sps, ...config.pps]) this.offer(nal)
    this.changed = false
  }

  private keep(sets: Map<number, Uint8Array>, id: number | undefined, nal: Uint8Array): void {
    if (id === undefined || nal.length > 4096 || (!sets.has(id) && sets.size >= MAX_SETS)) return
    const known = sets.get(id)
    if (known !== undefined && sameBytes(known, nal)) return
    // Another SPS under the same id makes the PPS that were built on it void.
    if (sets === this.sps && known !== undefined) this.pps.clear()
    sets.set(id, nal.slice())
    this.changed = true
  }
}

function ppsId(nal: Uint8Array): number | undefined {
  const head = ((nal[1] ?? 0) << 24) >>> 0
  const zeros = Math.clz32(head)
  if (zeros > 3) return undefined
  return (head >>> (31 - zeros * 2)) - 1
}
