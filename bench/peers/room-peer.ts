/** What the parent says to a server under test, and what it answers. */
export type PeerOrder = { do: 'joined' } | { do: 'go'; events: number; perSecond: number; padding: number } | { do: 'cpu' }
export type PeerAnswer =
  | { port: number }
  | { joined: number }
  | { sent: number; lateMs: number }
  | { cpuUs: number; userUs: number; frames: number; rssMb: number }

interface Peer {
  readonly port: number
  readonly joined: () => number
  readonly emit: (seq: number, data: { at: number; pad: string }) => void
  /** Frames written so far, where the peer counts them. */
  readonly quiet: () => number
}

const exactNow = () => performance.timeOrigin + performance.now()

/** Events leave on a fixed plan (open loop): a server that cannot keep up is late, and the readers' clocks show it. */
export function serveBench(peer: Peer): void {
  const tell = (answer: PeerAnswer) => process.send?.(answer)
  let cpu = process.cpuUsage()
  let seq = 0
  process.on('message', (order: PeerOrder) => {
    if (order.do === 'joined') tell({ joined: peer.joined() })
    if (order.do === 'cpu') {
      const used = process.cpuUsage(cpu)
      tell({ cpuUs: used.user + used.system, userUs: used.user, frames: peer.quiet(), rssMb: process.memoryUsage.rss() / 1e6 })
    }
    if (order.do !== 'go') return
    cpu = process.cpuUsage()
    const pad = 'x'.repeat(order.padding)
    const started = exactNow()
    let count = 0
    const due = () => started + (count * 1_000) / order.perSecond
    const emitDue = () => {
      while (count < order.events && exactNow() >= due())
        peer.emit(++seq, { at: started + (count++ * 1_000) / order.perSecond, pad })
      if (count < order.events) setTimeout(emitDue, Math.max(1, due() - exactNow()))
      else tell({ sent: count, lateMs: exactNow() - due() })
    }
    emitDue()
  })
  process.on('disconnect', () => process.exit(0))
  tell({ port: peer.port })
}
