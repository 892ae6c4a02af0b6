/** A codec as `RTCRtpSender.getCapabilities` lists it. */
interface Codec {
  readonly mimeType: string
  readonly sdpFmtpLine?: string
}

const isH264 = (codec: Codec) => codec.mimeType.toLowerCase() === 'video/h264'
const sendsWhole = (codec: Codec) => /packetization-mode=1/.test(codec.sdpFmtpLine ?? '')
/** Constrained baseline plays everywhere and has no reordered frames. */
const baseline = (codec: Codec) => /profile-level-id=42[e0]0?/i.test(codec.sdpFmtpLine ?? '')

/** H264 first, with retransmission; empty when this browser cannot send H264 at all. */
export function h264Only<C extends Codec>(codecs: readonly C[]): C[] {
  const fitting = codecs.filter((codec) => isH264(codec) && sendsWhole(codec))
  if (fitting.length === 0) return []
  const helpers = codecs.filter((codec) => codec.mimeType.toLowerCase() === 'video/rtx')
  return [...fitting.toSorted((a, b) => Number(baseline(b)) - Number(baseline(a))), ...helpers]
}

/** Where a resource lies that an answer to `asked` named (RFC 9725, 4.2); null when it points to another origin. */
export function resourceOf(asked: string, location: string | null): string | null {
  if (!location) return null
  const base = new URL(asked)
  const found = new URL(location, base)
  return found.origin === base.origin ? found.href : null
}
