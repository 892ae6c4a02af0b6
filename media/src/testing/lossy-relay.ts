import type { RemoteInfo, Socket } from 'node:dgram'
import { createSocket } from 'node:dgram'

export interface LossyRelay {
  readonly port: number
  /** Where packets go; known only after the answer. */
  target: number
  /** Of media on the way in. */
  lossRatio: number
  /** Each packet on the way in waits up to so long, so that they overtake one another. */
  jitterMs: number
  /** Width of the way in, with a queue of about a third of a second before packets are lost; 0 is any. */
  kbps: number
  readonly dropped: () => number
  /** From now on we seem to come from elsewhere, as a phone that changes from Wi-Fi to its mobile network. */
  moveHouse(): Promise<void>
  close(): void
}

const QUEUE_MS = 350

/** Stands between a browser and us and spoils the line; STUN and DTLS are never lost, but wait in line like all. */
export async function openLossyRelay(random: () => number): Promise<LossyRelay> {
  const outside = await bound()
  let inside = await bound()
  let browser: RemoteInfo | undefined
  let dropped = 0
  let freeAtMs = 0
  const back = (packet: Buffer) => {
    if (browser !== undefined) outside.send(packet, browser.port, browser.address)
  }
  inside.on('message', back)
  const relay: LossyRelay = {
    port: outside.address().port,
    target: 0,
    lossRatio: 0,
    jitterMs: 0,
    kbps: 0,
    dropped: () => dropped,
    async moveHouse() {
      const old = inside
      const next = await bound()
      next.on('message', back)
      inside = next
      old.close()
    },
    close() {
      outside.close()
      inside.close()
    },
  }
  /** How long this packet takes; null when it does not fit into the queue. */
  function delayMs(bytes: number): number | null {
    const jitter = relay.jitterMs * random()
    if (relay.kbps === 0) return jitter
    const nowMs = performance.now()
    const waitMs = Math.max(0, freeAtMs - nowMs)
    if (waitMs > QUEUE_MS) return null
    freeAtMs = nowMs + waitMs + (bytes * 8) / relay.kbps
    return waitMs + jitter
  }
  outside.on('message', (packet, from) => {
    browser = from
    // RFC 7983: media packets begin with 128..191.
    const isMedia = (packet[0] ?? 0) >= 128 && (packet[0] ?? 0) < 192
    const waitMs = delayMs(packet.length)
    if (isMedia && (waitMs === null || random() < relay.lossRatio)) dropped += 1
    else if (relay.target === 0) return
    else if (waitMs === null || waitMs < 1) inside.send(packet, relay.target, '127.0.0.1')
    else setTimeout(() => inside.send(packet, relay.target, '127.0.0.1', () => undefined), waitMs).unref()
  })
  return relay
}

async function bound(): Promise<Socket> {
  const socket = createSocket('udp4')
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve))
  // A packet that was on its way when the socket was closed.
  socket.on('error', () => undefined)
  return socket
}
