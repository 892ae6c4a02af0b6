/** Puts the RTP clocks of one sender on one line of microseconds (RFC 3550 section 6.4.1). */
export interface SenderReport {
  /** NTP time of the report in microseconds. */
  readonly ntpUs: number
  /** RTP time of the same instant, 32 bit. */
  readonly rtpTime: number
}

/** Share of elapsed media time by which a line may be bent: 2 % hears and sees nobody. */
const SLEW = 0.02
/** Beyond this the reports contradict themselves; nothing is bent by nonsense. */
const MAX_OFFSET_US = 5_000_000

/**
 * One per session. Video is the master: its line is straight. Audio begins by arrival and is bent towards
 * where the sender reports put it, never jumping.
 */
export class TrackLine {
  private first: { rtp: number; us: number } | undefined
  private bentUs = 0
  private wantedUs = 0
  private lastRtp = 0
  private report: { ntpUs: number; rtp: number } | undefined
  private readonly usPerTick: number

  constructor(clockRate: number) {
    this.usPerTick = 1_000_000 / clockRate
  }

  /** Microseconds of an unwrapped RTP time; the first one lies at `arrivalUs`. */
  at(rtp: number, arrivalUs: number): number {
    if (this.first === undefined) {
      this.first = { rtp, us: arrivalUs }
      this.lastRtp = rtp
    }
    const elapsedUs = Math.max(0, (rtp - this.lastRtp) * this.usPerTick)
    this.lastRtp = Math.max(this.lastRtp, rtp)
    const step = Math.min(Math.abs(this.wantedUs - this.bentUs), elapsedUs * SLEW)
    this.bentUs += Math.sign(this.wantedUs - this.bentUs) * step
    return this.straight(rtp) + this.bentUs
  }

  heard(report: SenderReport): void {
    if (this.first === undefined) return
    // Nearest to the last RTP time seen, as reports are sent along with the media.
    const behind = (report.rtpTime - (this.lastRtp % 2 ** 32)) | 0
    this.report = { ntpUs: report.ntpUs, rtp: this.lastRtp + behind }
  }

  /** Session time of the sender's NTP zero, by the straight line; undefined before a report. */
  origin(): number | undefined {
    return this.report === undefined ? undefined : this.straight(this.report.rtp) - this.report.ntpUs
  }

  /** Bends this line until both name the same instant alike. */
  follow(master: TrackLine): void {
    const own = this.origin()
    const other = master.origin()
    if (own === undefined || other === undefined) return
    const wantedUs = other - own
    if (Math.abs(wantedUs) <= MAX_OFFSET_US) this.wantedUs = wantedUs
  }

  private straight(rtp: number): number {
    return this.first === undefined ? 0 : this.first.us + (rtp - this.first.rtp) * this.usPerTick
  }
}

/** 64-bit NTP (32.32) to microseconds. */
export const ntpToUs = (ntp: bigint): number => Number((ntp >> 32n) * 1_000_000n + (((ntp & 0xffffffffn) * 1_000_000n) >> 32n))

/** Microseconds since 1970 to 64-bit NTP, which counts from 1900 (RFC 3550 section 4). */
export function usToNtp(us: number): bigint {
  const seconds = Math.floor(us / 1_000_000)
  const fraction = Math.round(((us - seconds * 1_000_000) / 1_000_000) * 2 ** 32)
  return ((BigInt(seconds) + 2_208_988_800n) << 32n) + BigInt(fraction)
}
