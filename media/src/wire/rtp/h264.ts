import type { VideoConfig } from '../../sample.ts'
import { ParameterSets } from '../h264/config.ts'
import { belongsInSample, NAL, nalType, startsPicture, toAvcc } from '../h264/nal.ts'
import type { OrderedPacket } from './packet.ts'

export interface AccessUnit {
  /** RTP time, unwrapped, 90 kHz. */
  readonly timestamp: number
  readonly key: boolean
  readonly data: Uint8Array
  /** Set when the parameter sets' bytes have changed with this keyframe. */
  readonly config?: VideoConfig
}

export interface H264Output {
  unit(unit: AccessUnit): void
  /** A damaged unit was dropped, or units wait for a keyframe that has not come. */
  needKeyframe(): void
}

const STAP_A = 24
const FU_A = 28
const MAX_UNIT_BYTES = 4 << 20
const MAX_NALS = 512

/** RFC 6184, packetization-mode 1: single NAL units, STAP-A, FU-A. Damaged access units never come out. */
export class H264Depacketiser {
  dropped = 0
  private nals: Uint8Array[] = []
  private bytes = 0
  private fragments: Uint8Array[] | undefined
  private timestamp: number | undefined
  private damaged = false
  /** Until the first IDR, and after every loss. */
  private waitsForKey = true
  /** A hole lies before the unit that is being put together: its own beginning may be missing. */
  private openStart = false
  private readonly sets = new ParameterSets()
  private readonly output: H264Output

  constructor(output: H264Output) {
    this.output = output
  }

  push(packet: OrderedPacket): void {
    if (packet.afterLoss) this.loss(packet.timestamp)
    if (this.timestamp !== undefined && this.timestamp !== packet.timestamp) this.flush()
    this.timestamp = packet.timestamp
    this.payload(packet.payload)
    if (packet.marker) this.flush()
  }

  private loss(timestamp: number): void {
    if (this.timestamp === timestamp) this.damaged = true
    else {
      // The hole may hold the end of the unit begun before it, whole units, or the beginning of this one.
      if (this.timestamp !== undefined) this.damaged = true
      this.flush()
      this.openStart = true
    }
    this.fragments = undefined
    this.waitsForKey = true
  }

  private payload(payload: Uint8Array): void {
    const type = nalType(payload)
    if (payload.length < 2) return
    if (type >= 1 && type <= 23) this.add(payload)
    else if (type === STAP_A) this.aggregate(payload)
    else if (type === FU_A) this.fragment(payload)
    else this.damaged = true
  }

  /** Section 5.7.1. */
  private aggregate(payload: Uint8Array): void {
    let at = 1
    while (at + 2 < payload.length) {
      const size = (payload[at] ?? 0) * 256 + (payload[at + 1] ?? 0)
      at += 2
      if (size === 0 || at + size > payload.length) {
        this.damaged = true
        return
      }
      this.add(payload.subarray(at, at + size))
      at += size
    }
  }

  /** Section 5.8. */
  private fragment(payload: Uint8Array): void {
    const [indicator = 0, header = 0] = payload
    const start = (header & 0x80) !== 0
    const end = (header & 0x40) !== 0
    if (start) {
      if (this.fragments !== undefined) this.damaged = true
      this.fragments = [Uint8Array.of((indicator & 0xe0) | (header & 0x1f))]
    }
    if (this.fragments === undefined) {
      this.damaged = true
      return
    }
    const part = payload.subarray(2)
    this.bytes += part.length
    if (this.bytes > MAX_UNIT_BYTES) {
      this.overflow()
      return
    }
    this.fragments.push(part)
    if (!end) return
    const nal = Buffer.concat(this.fragments)
    this.fragments = undefined
    this.bytes -= nal.length - 1
    this.add(nal)
  }

  private add(nal: Uint8Array): void {
    if (this.openStart) {
      const type = nalType(nal)
      if (!startsPicture(nal) && type !== NAL.sps && type !== NAL.aud) this.damaged = true
      this.openStart = false
    }
    this.bytes += nal.length
    if (this.bytes > MAX_UNIT_BYTES || this.nals.length >= MAX_NALS) {
      this.overflow()
      return
    }
    this.nals.push(nal)
  }

  private overflow(): void {
    this.damaged = true
    this.nals = []
    this.fragments = undefined
    this.bytes = 0
  }

  private flush(): void {
    const { nals, timestamp } = this
    const damaged = this.damaged || this.fragments !== undefined
    this.nals = []
    this.bytes = 0
    this.fragments = undefined
    this.damaged = false
    this.timestamp = undefined
    if (timestamp === undefined) return
    if (damaged) {
      this.dropped += 1
      this.waitsForKey = true
      this.output.needKeyframe()
      return
    }
    for (const nal of nals) this.sets.offer(nal)
    const body = nals.filter((nal) => belongsInSample(nalType(nal)))
    if (!body.some((nal) => nalType(nal) <= NAL.idr)) return
    const key = body.some((nal) => nalType(nal) === NAL.idr)
    if (this.waitsForKey && !key) {
      this.dropped += 1
      this.output.needKeyframe()
      return
    }
    const config = key ? this.sets.take() : undefined
    this.waitsForKey = false
    this.output.unit({ timestamp, key, data: toAvcc(body), ...(config === undefined ? {} : { config }) })
  }
}
