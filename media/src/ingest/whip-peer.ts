/** One WebRTC connection of a publisher, over werift: receive only, host candidates only, no STUN server ever. */

import type { MediaStreamTrack, PeerConfig, RTCDtlsTransport, RTCRtpTransceiver, RtpPacket } from 'werift'
import {
  RTCPeerConnection,
  RTCRtpCodecParameters,
  RtcpSrPacket,
  RtcpTransportLayerFeedback,
  useH264,
  useNACK,
  useOPUS,
  usePLI,
  useSdesMid,
  useTransportWideCC,
} from 'werift'
import type { RtpPacketView } from '../wire/rtp/packet.ts'
import type { SenderReport } from '../wire/rtp/sync.ts'
import { ntpToUs } from '../wire/rtp/sync.ts'
import { TRANSPORT_WIDE_CC, TransportFeedback } from '../wire/rtp/twcc.ts'
import type { GoodOffer } from './whip-sdp.ts'
import { declareLite, limitBandwidth, promiseFeedback } from './whip-sdp.ts'

export interface WebrtcOptions {
  /** Addresses to name in the answer beside the interfaces' own: a public IP in front of NAT, for instance. */
  readonly announcedIps: readonly string[]
  readonly portRange: readonly [number, number] | null
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
  const pc: RTCPeerConnection = new RTCPeerConnection(
    configuration(options, offered.profileLevelId, (message, from, protocol) => followNomination(pc, message, from, protocol)),
  )
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

type StunFilter = NonNullable<PeerConfig['iceFilterStunResponse']>

/** werift keeps the first pair that was nominated; the controlling side may choose again, and its last word counts (a network change). */
function followNomination(pc: RTCPeerConnection, ...[message, from, protocol]: Parameters<StunFilter>): boolean {
  if (message.attributesKeys.includes('USE-CANDIDATE')) {
    // The pair is made or marked right after this answer.
    setImmediate(() => {
      for (const { connection } of pc.iceTransports) {
        const isIt = (pair: (typeof connection.candidatePairs)[number]) =>
          pair.protocol === protocol && pair.remoteAddr[0] === from[0] && pair.remoteAddr[1] === from[1]
        const pair = connection.candidatePairs.find(isIt)
        if (pair !== undefined && connection.nominated !== undefined) connection.nominated = pair
      }
    })
  }
  return true
}

function view({ header, payload }: RtpPacket): RtpPacketView {
  return { sequence: header.sequenceNumber, timestamp: header.timestamp, marker: header.marker, payload }
}

function configuration(
  { announcedIps, portRange }: WebrtcOptions,
  profileLevelId: string,
  iceFilterStunResponse: StunFilter,
): ConstructorParameters<typeof RTCPeerConnection>[0] {
  return {
    // An ICE lite agent gathers host candidates only and never asks a STUN server; werift's default list names one.
    iceLite: true,
    iceServers: [],
    iceUseIpv6: true,
    ...(portRange === null ? {} : { icePortRange: [portRange[0], portRange[1]] as [number, number] }),
    iceAdditionalHostAddresses: announcedIps.length > 0 ? [...announcedIps] : ['127.0.0.1'],
    iceFilterStunResponse,
    bundlePolicy: 'max-bundle',
    codecs: {
      video: [
        useH264({
          parameters: `level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=${profileLevelId}`,
          rtcpFeedback: [useNACK(), usePLI()],
        }),
        new RTCRtpCodecParameters({ mimeType: 'video/rtx', clockRate: 90_000 }),
      ],
      audio: [useOPUS()],
    },
    headerExtensions: { video: [useSdesMid(), useTransportWideCC()], audio: [useSdesMid()] },
  }
}
