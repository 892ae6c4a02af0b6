/** What the parent says to a server under test, and what it answers. */
export type PeerOrder =
  | { do: 'joined' }
  /** From here on `cpu` counts. */
  | { do: 'mark' }
  | { do: 'memory' }
  | { do: 'rain'; forMs: number; perSecond: number; bytes: number; keys: number; eventsBefore?: number; stateBefore?: number }
  | { do: 'go'; events: number; perSecond: number; padding: number }
  | { do: 'cpu' }
export type PeerAnswer =
  | { port: number }
  | { joined: number }
  | { sent: number; lateMs: number }
  | { marked: true }
  | { rained: number; events: number; state: number }
  | { rssMb: number }
  | { cpuUs: number; userUs: number; frames: number; rssMb: number }

interface Peer {
  readonly port: number
  readonly joined: () => number
  readonly emit: (seq: number, data: { at: number; pad: string }) => void
  /** The newest value of a key, for peers that have such. */
  readonly state?: (seq: number, key: string, value: { n: number; pad: string }) => void
  /** Frames written so far, where the peer counts them. */
  readonly quiet: () => number
}

function memoryMb(): number {
  globalThis.gc?.()
  return process.memoryUsage.rss() / 1e6
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
    if (order.do === 'mark') {
      cpu = process.cpuUsage()
      tell({ marked: true })
    }
    if (order.do === 'memory') tell({ rssMb: memoryMb() })
    if (order.do === 'rain') rain(order)
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
  /** Large values of a few keys, and behind every fourth an event. */
  function rain(order: Extract<PeerOrder, { do: 'rain' }>): void {
    const { forMs, perSecond, bytes, keys } = order
    const pad = 'x'.repeat(bytes)
    const until = exactNow() + forMs
    let state = order.stateBefore ?? 0
    let events = order.eventsBefore ?? 0
    const timer = setInterval(() => {
      peer.state?.(++seq, `bench:${state % keys}`, { n: ++state, pad })
      if (state % 4 === 0) peer.emit(++seq, { at: ++events, pad: '' })
      if (exactNow() < until) return
      clearInterval(timer)
      tell({ rained: seq, events, state })
    }, 1_000 / perSecond)
  }
  process.on('disconnect', () => process.exit(0))
  tell({ port: peer.port })
}
