import type { RemoteInfo } from 'node:dgram'
import { createSocket } from 'node:dgram'

export interface LossyRelay {
  readonly port: number
  /** Where packets go; known only after the answer. */
  target: number
  lossRatio: number
  readonly dropped: () => number
  close(): void
}

/** Stands between a browser and us, and loses packets on the way in; STUN and DTLS pass. */
export async function openLossyRelay(random: () => number): Promise<LossyRelay> {
  const outside = createSocket('udp4')
  const inside = createSocket('udp4')
  let browser: RemoteInfo | undefined
  let dropped = 0
  await Promise.all([outside, inside].map((socket) => new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve))))
  const relay: LossyRelay = {
    port: outside.address().port,
    target: 0,
    lossRatio: 0,
    dropped: () => dropped,
    close() {
      outside.close()
      inside.close()
    },
  }
  outside.on('message', (packet, from) => {
    browser = from
    // RFC 7983: media packets begin with 128..191.
    const isMedia = (packet[0] ?? 0) >= 128 && (packet[0] ?? 0) < 192
    if (isMedia && random() < relay.lossRatio) dropped += 1
    else if (relay.target > 0) inside.send(packet, relay.target, '127.0.0.1')
  })
  inside.on('message', (packet) => {
    if (browser !== undefined) outside.send(packet, browser.port, browser.address)
  })
  return relay
}
