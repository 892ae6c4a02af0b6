/** How fast the even grid of frames follows the publisher's stamps: enough for any crystal, too slow to hear. */
const SLEW = 0.02
/** Stamps rounded to milliseconds never lie further off than this; a true gap does. */
const MAX_OFF_US = 60_000

/**
 * RTMP rounds to milliseconds, audio frames last 21.33: frames are laid on an even grid that follows the stamps
 * slowly, so that neither rounding nor drift turns into gaps.
 */
export class FrameClock {
  private nextUs: number | undefined
  private readonly frameUs: number

  constructor(frameUs: number) {
    this.frameUs = frameUs
  }

  next(stampUs: number): number {
    const offUs = this.nextUs === undefined ? 0 : stampUs - this.nextUs
    const atUs = this.nextUs === undefined || Math.abs(offUs) > MAX_OFF_US ? stampUs : this.nextUs + offUs * SLEW
    this.nextUs = atUs + this.frameUs
    return Math.round(atUs)
  }
}
