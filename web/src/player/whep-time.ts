/** RTP time of our pictures is program date-time in 1/90 ms, modulo 2^32: one turn takes 13 hours. */
const turnMs = 2 ** 32 / 90

/** Epoch milliseconds of a frame: of all that fit its stamp, the one nearest to now. */
export function frameDate(rtpTimestamp: number, now: number): number {
  const stampMs = rtpTimestamp / 90
  return stampMs + Math.round((now - stampMs) / turnMs) * turnMs
}

/** Address of the same show by WHEP, with the same signature; null when the address is of another kind. */
export function whepUrl(liveUrl: string): string | null {
  const [, before, stream, query = ''] = /^(.*\/media)\/live\/([\w-]+)\/index\.m3u8(\?.*)?$/.exec(liveUrl) ?? []
  return stream === undefined ? null : `${before}/whep/${stream}${query}`
}
