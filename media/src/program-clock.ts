/** Maps stream time to program date-time: the publisher's own timestamps, slewed towards the wall clock. */
export interface ProgramClock {
  /** Timestamps start anew here: fixes the map afresh, never earlier than what was already given out. */
  begin(timeUs: number, arrivedAt: number): void
  observe(timeUs: number, arrivedAt: number): void
  /** Epoch milliseconds. The first call after begin() ends the time in which the map may still jump. */
  at(timeUs: number): number
}

/** A sample can't arrive before it was captured, so the least delayed one of a window bounds the map. */
const WINDOW_US = 15_000_000
/** Less delay than believed is proof, so earlier may go fast; more delay may be a queue, so later only follows crystal drift. */
const EARLIER_RATE = 0.005
const LATER_RATE = 0.0002

export function createProgramClock(): ProgramClock {
  let offsetMs = 0
  let floorMs = Number.NEGATIVE_INFINITY
  let settled = false
  let newestUs = Number.NEGATIVE_INFINITY
  let windowStartUs = 0
  let leastMs = Number.POSITIVE_INFINITY
  let leastBeforeMs = Number.POSITIVE_INFINITY

  function slew(timeUs: number): void {
    const passedMs = (timeUs - newestUs) / 1000
    const wantedMs = Math.max(Math.min(leastMs, leastBeforeMs), floorMs) - offsetMs
    offsetMs += Math.max(-passedMs * EARLIER_RATE, Math.min(passedMs * LATER_RATE, wantedMs))
  }

  return {
    begin(timeUs, arrivedAt) {
      // Same or later program time for the newest sample already mapped.
      if (newestUs !== Number.NEGATIVE_INFINITY) floorMs = offsetMs + (newestUs - timeUs) / 1000 + 1
      offsetMs = Math.max(arrivedAt - timeUs / 1000, floorMs)
      settled = false
      newestUs = timeUs
      windowStartUs = timeUs
      leastMs = offsetMs
      leastBeforeMs = Number.POSITIVE_INFINITY
    },
    observe(timeUs, arrivedAt) {
      if (timeUs - windowStartUs > WINDOW_US) {
        leastBeforeMs = leastMs
        leastMs = Number.POSITIVE_INFINITY
        windowStartUs = timeUs
      }
      leastMs = Math.min(leastMs, arrivedAt - timeUs / 1000)
      if (!settled) offsetMs = Math.max(Math.min(offsetMs, leastMs), floorMs)
      else if (timeUs > newestUs) slew(timeUs)
      newestUs = Math.max(newestUs, timeUs)
    },
    at(timeUs) {
      settled = true
      return timeUs / 1000 + offsetMs
    },
  }
}
