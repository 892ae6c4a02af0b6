/** One WebRTC connection of a viewer, over werift: send only. Packets are the hub's; only their addresses are this viewer's. */
import type { RTCRtpSender, RTCRtpTransceiver } from 'werift'
import {
  MediaStreamTrack,
  RTCPeerConnection,
  RtcpRrPacket,
  RtcpSenderInfo,
  RtcpSrPacket,
  RtpHeader,
  useOPUS,
  useSdesMid,
} from 'werift'
import type { AgentOptions } from '../webrtc-agent.ts'
import { agentOptions, followNomination, h264 } from '../webrtc-agent.ts'
import { usToNtp } from '../wire/rtp/sync.ts'
import type { OutPacket, TrackPoint } from './hub.ts'
import type { ViewerOffer } from './whep-sdp.ts'

export interface ViewerEvents {
  connected(): void
  closed(): void
  /** Any word of the viewer. */
  heard(): void
  /** Share of packets that did not come since the last report, 0..1. */
  lost(share: number): void
  missing(sequences: readonly number[]): void
  pictureLost(): void
}

export interface ViewerPeer {
  answer(offer: string): Promise<string>
  send(packet: OutPacket): void
  report(points: { video: TrackPoint | null; audio: TrackPoint | null }): void
  close(): void
}

interface Line {
  readonly sender: RTCRtpSender
  packets: number
  octets: number
}

export function createViewerPeer(options: AgentOptions, offered: ViewerOffer, events: ViewerEvents): ViewerPeer {
  const pc: RTCPeerConnection = new RTCPeerConnection({
    ...agentOptions(options, (message, from, protocol) => followNomination(pc, message, from, protocol)),
    codecs: { video: [h264(offered.profileLevelId)], audio: [useOPUS()] },
    headerExtensions: { video: [useSdesMid()], audio: [useSdesMid()] },
  })
  const lines = new Map<'video' | 'audio', Line>()
  pc.connectionStateChange.subscribe((state) => {
    if (state === 'connected') events.connected()
    else if (state === 'failed' || state === 'closed') events.closed()
  })

  function listen(transceiver: RTCRtpTransceiver): void {
    const { sender } = transceiver
    const kind = transceiver.kind === 'video' ? 'video' : 'audio'
    lines.set(kind, { sender, packets: 0, octets: 0 })
    sender.onRtcp.subscribe((packet) => {
      events.heard()
      if (packet instanceof RtcpRrPacket && kind === 'video')
        for (const { ssrc, fractionLost } of packet.reports) if (ssrc === sender.ssrc) events.lost(fractionLost / 256)
    })
    if (kind === 'audio') return
    sender.onGenericNack.subscribe(({ lost }) => events.missing(lost))
    sender.onPictureLossIndication.subscribe(() => events.pictureLost())
  }

  return {
    async answer(offer) {
      await pc.setRemoteDescription({ type: 'offer', sdp: offer })
      for (const transceiver of pc.getTransceivers()) {
        await transceiver.sender.replaceTrack(new MediaStreamTrack({ kind: transceiver.kind === 'video' ? 'video' : 'audio' }))
        transceiver.setDirection('sendonly')
        listen(transceiver)
      }
      await pc.setLocalDescription(await pc.createAnswer())
      return pc.localDescription?.sdp ?? ''
    },
    send({ track, sequence, timestamp, marker, payload }) {
      const line = lines.get(track)
      const { codec, ssrc, dtlsTransport } = line?.sender ?? {}
      if (line === undefined || codec === undefined || dtlsTransport?.state !== 'connected') return
      line.packets += 1
      line.octets += payload.length
      const header = new RtpHeader({
        version: 2,
        payloadType: codec.payloadType,
        sequenceNumber: sequence,
        timestamp,
        marker,
        ...(ssrc === undefined ? {} : { ssrc }),
      })
      void dtlsTransport.sendRtp(payload, header)
    },
    report(points) {
      for (const [track, { sender, packets, octets }] of lines) {
        const point = points[track]
        if (point === null || packets === 0 || sender.dtlsTransport?.state !== 'connected') continue
        const senderInfo = new RtcpSenderInfo({
          ntpTimestamp: usToNtp(point.programAt * 1000),
          rtpTimestamp: point.timestamp,
          packetCount: packets >>> 0,
          octetCount: octets >>> 0,
        })
        void sender.dtlsTransport.sendRtcp([new RtcpSrPacket({ ssrc: sender.ssrc, senderInfo })])
      }
    },
    close: () => void pc.close().catch(() => undefined),
  }
}
