/** One WebRTC connection of a publisher, over werift: receive only, host candidates only, no STUN server ever. */

import type { MediaStreamTrack, RTCDtlsTransport, RTCRtpTransceiver, RtpPacket } from 'werift'
import {
  RTCPeerConnection,
  RTCRtpCodecParameters,
  RtcpSrPacket,
  RtcpTransportLayerFeedback,
  useOPUS,
  useSdesMid,
  useTransportWideCC,
} from 'werift'
import type { AgentOptions } from '../webrtc-agent.ts'
import { agentOptions, followNomination, h264 } from '../webrtc-agent.ts'
import type { RtpPacketView } from '../wire/rtp/packet.ts'
import type { SenderReport } from '../wire/rtp/sync.ts'
import { ntpToUs } from '../wire/rtp/sync.ts'
import { TRANSPORT_WIDE_CC, TransportFeedback } from '../wire/rtp/twcc.ts'
import type { GoodOffer } from './whip-sdp.ts'
import { declareLite, limitBandwidth, promiseFeedback } from './whip-sdp.ts'

export interface WebrtcOptions extends AgentOptions {
  readonly maxVideoKbps: number
}

export interface PeerEvents {
  connected(): void
  closed(): void
  rtp(track: 'video' | 'audio', packet: RtpPacketView): void
  report(track: 'video' | 'audio', report: SenderReport): void
}

export interface Peer {
  answer(offer: string): Promise<string>
  requestKeyframe(): void
  /** Ten times a second: the sender estimates its bandwidth by it. */
  sendFeedback(): void
  close(): void
}

export function createPeer(options: WebrtcOptions, offered: GoodOffer, events: PeerEvents): Peer {
  const pc: RTCPeerConnection = new RTCPeerConnection({
    ...agentOptions(options, (message, from, protocol) => followNomination(pc, message, from, protocol)),
    codecs: {
      video: [h264(offered.profileLevelId), new RTCRtpCodecParameters({ mimeType: 'video/rtx', clockRate: 90_000 })],
      audio: [useOPUS()],
    },
    headerExtensions: { video: [useSdesMid(), useTransportWideCC()], audio: [useSdesMid()] },
  })
  let videoSsrc: number | undefined
  let video: RTCRtpTransceiver | undefined
  const feedback = new TransportFeedback()
  const heard = new Set<RTCDtlsTransport>()

  /** Below the tracks, because probes are padding that no track ever sees. */
  function listen(transport: RTCDtlsTransport): void {
    if (heard.has(transport)) return
    heard.add(transport)
    transport.onRtp.subscribe(({ header }) => {
      const extension = header.extensions.find(({ id }) => pc.extIdUriMap[id] === TRANSPORT_WIDE_CC)
      if (extension !== undefined && extension.payload.length >= 2)
        feedback.received(extension.payload.readUInt16BE(0), performance.now() * 1000)
    })
  }

  pc.connectionStateChange.subscribe((state) => {
    if (state === 'connected') events.connected()
    else if (state === 'failed' || state === 'closed') events.closed()
  })
  pc.onRemoteTransceiverAdded.subscribe((transceiver) => {
    const kind = transceiver.kind === 'video' ? 'video' : 'audio'
    if (kind === 'video') video = transceiver
    transceiver.onTrack.subscribe((track: MediaStreamTrack) => {
      track.onReceiveRtp.subscribe((packet) => {
        if (kind === 'video') videoSsrc = packet.header.ssrc
        events.rtp(kind, view(packet))
      })
      track.onReceiveRtcp.subscribe((packet) => {
        if (packet instanceof RtcpSrPacket) {
          events.report(kind, { ntpUs: ntpToUs(packet.senderInfo.ntpTimestamp), rtpTime: packet.senderInfo.rtpTimestamp })
        }
      })
    })
  })

  return {
    async answer(offer) {
      await pc.setRemoteDescription({ type: 'offer', sdp: offer })
      for (const transceiver of pc.getTransceivers()) transceiver.setDirection('recvonly')
      await pc.setLocalDescription(await pc.createAnswer())
      if (offered.wantsFeedback) for (const transport of pc.dtlsTransports) listen(transport)
      const answer = declareLite(limitBandwidth(pc.localDescription?.sdp ?? '', options.maxVideoKbps))
      return offered.wantsFeedback ? promiseFeedback(answer, offered.videoFormat) : answer
    },
    requestKeyframe() {
      if (video !== undefined && videoSsrc !== undefined) void video.receiver.sendRtcpPLI(videoSsrc)
    },
    sendFeedback() {
      const [transport] = pc.dtlsTransports
      if (video === undefined || videoSsrc === undefined || transport === undefined) return
      const packets = feedback.take(video.receiver.rtcpSsrc, videoSsrc).map((bytes) => new RawFeedback(bytes))
      if (packets.length > 0) void transport.sendRtcp(packets)
    },
    close: () => void pc.close().catch(() => undefined),
  }
}

/** werift rounds the reference time of its own feedback and leaves losses out, so that browsers throttle themselves to nothing. */
class RawFeedback extends RtcpTransportLayerFeedback {
  private readonly bytes: Buffer

  constructor(bytes: Buffer) {
    super()
    this.bytes = bytes
  }

  override serialize(): Buffer<ArrayBuffer> {
    return Buffer.from(this.bytes)
  }
}

function view({ header, payload }: RtpPacket): RtpPacketView {
  return { sequence: header.sequenceNumber, timestamp: header.timestamp, marker: header.marker, payload }
}
