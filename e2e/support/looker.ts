import { setTimeout as pause } from 'node:timers/promises'
import { WebSocket } from 'ws'

interface State {
  readonly k: string
  readonly v: number
  readonly value: unknown
}
interface Said {
  readonly t: string
  readonly [field: string]: unknown
}

/** One who watches a room without a page, and comes back to another process when the line breaks. */
export interface Looker {
  /** The value of each key, as a reader of the protocol knows it. */
  state(): Record<string, unknown>
  readonly figures: { resumed: number; snapshots: number; gaps: number; backwards: number; slowestBackMs: number }
  stop(): void
}

export function openLooker(bases: readonly string[], first: number, room: string): Looker {
  const known = new Map<string, State>()
  const figures = { resumed: 0, snapshots: 0, gaps: 0, backwards: 0, slowestBackMs: 0 }
  let pos: { epoch: string; seq: number } | null = null
  let socket: WebSocket | null = null
  let stopped = false
  let turn = first
  let brokeAt: number | null = null
  let acked = 0

  function hear(said: Said, line: WebSocket): void {
    if (said.t === 'welcome') {
      if (pos) figures[said['how'] === 'resume' ? 'resumed' : 'snapshots']++
      if (brokeAt !== null) figures.slowestBackMs = Math.max(figures.slowestBackMs, performance.now() - brokeAt)
      brokeAt = null
      acked = Number(said['frame'])
      pos = { epoch: String(said['epoch']), seq: pos?.seq ?? 0 }
    } else if (said.t === 'snapshot') {
      known.clear()
      for (const one of said['state'] as State[]) known.set(one.k, one)
      if (pos) pos.seq = Number(said['seq'])
    } else if (said.t === 'tick' && pos) tick(said, line, pos)
    else if (said.t === 'heartbeat' && pos && Number(said['seq']) > pos.seq) gap(line)
  }

  function tick(said: Said, line: WebSocket, at: { seq: number }): void {
    const frame = said['frame'] as number | undefined
    if (frame !== undefined) {
      if (frame <= acked) figures.backwards++
      acked = frame
      line.send(JSON.stringify({ t: 'ack', frame, seq: at.seq }))
    }
    if (said['seq'] === undefined) return
    if (Number(said['prev']) > at.seq) {
      gap(line)
      return
    }
    for (const one of said['m'] as State[]) {
      if (!one.k || one.v <= at.seq) continue
      if (one.value === null) known.delete(one.k)
      else known.set(one.k, one)
    }
    at.seq = Math.max(at.seq, Number(said['seq']))
  }

  function gap(line: WebSocket): void {
    figures.gaps++
    line.close()
  }

  async function watch(): Promise<void> {
    while (!stopped) {
      const base = bases[turn % bases.length] as string
      // Not all to the same next one.
      turn += 1 + (((first >> 1) + turn) % 2)
      await new Promise<void>((resolve) => {
        const line = new WebSocket(`${base.replace('http', 'ws')}/room`, { handshakeTimeout: 3_000 })
        socket = line
        line.on('open', () => line.send(JSON.stringify({ t: 'join', v: 1, room, ...(pos && { pos }) })))
        line.on('message', (data: Buffer) => hear(JSON.parse(data.toString()) as Said, line))
        line.on('error', () => undefined)
        line.on('close', () => resolve())
      })
      brokeAt ??= performance.now()
      // A tenth of what the room would ask for: a few lookers are no herd.
      await pause(50 + 20 * (turn % 10))
    }
  }
  void watch()
  return {
    state: () => Object.fromEntries([...known.values()].map(({ k, value }) => [k, value] as const).toSorted()),
    figures,
    stop() {
      stopped = true
      socket?.terminate()
    },
  }
}
