/** How we take part in WebRTC, as a receiver and as a sender: host candidates only, no STUN server ever. */
import type { PeerConfig, RTCPeerConnection } from 'werift'
import { useH264, useNACK, usePLI } from 'werift'

export interface AgentOptions {
  /** Addresses to name in the answer beside the interfaces' own: a public IP in front of NAT, for instance. */
  readonly announcedIps: readonly string[]
  readonly portRange: readonly [number, number] | null
}

type StunFilter = NonNullable<PeerConfig['iceFilterStunResponse']>

/** werift keeps the first pair that was nominated; the controlling side may choose again, and its last word counts (a network change). */
export function followNomination(pc: RTCPeerConnection, ...[message, from, protocol]: Parameters<StunFilter>): boolean {
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

export const h264 = (profileLevelId: string) =>
  useH264({
    parameters: `level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=${profileLevelId}`,
    rtcpFeedback: [useNACK(), usePLI()],
  })

export function agentOptions({ announcedIps, portRange }: AgentOptions, iceFilterStunResponse: StunFilter) {
  return {
    // An ICE lite agent gathers host candidates only and never asks a STUN server; werift's default list names one.
    iceLite: true,
    iceServers: [],
    iceUseIpv6: true,
    ...(portRange === null ? {} : { icePortRange: [portRange[0], portRange[1]] as [number, number] }),
    iceAdditionalHostAddresses: announcedIps.length > 0 ? [...announcedIps] : ['127.0.0.1'],
    iceFilterStunResponse,
    bundlePolicy: 'max-bundle' as const,
  }
}
