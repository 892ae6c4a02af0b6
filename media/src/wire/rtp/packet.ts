/** What the depacketisers need of an RTP packet (RFC 3550 section 5.1). */
export interface RtpPacketView {
  readonly sequence: number
  readonly timestamp: number
  readonly marker: boolean
  readonly payload: Uint8Array
}

/** In order, timestamps unwrapped. `afterLoss`: at least one packet before this one never came. */
export interface OrderedPacket {
  readonly timestamp: number
  readonly marker: boolean
  readonly payload: Uint8Array
  readonly afterLoss: boolean
}
