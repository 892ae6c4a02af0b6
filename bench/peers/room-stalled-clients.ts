import { connect, type Socket } from 'node:net'
import { eachFrame, handshakeTo, masked } from './frames.ts'

/** Viewers of whom some stop reading for a while. Each keeps the newest value of every key and counts its events. */
export type StalledOrder =
  | { do: 'join'; port: number; count: number; stalled: number; speak: 'efir' | 'ws' }
  | { do: 'stall' }
  | { do: 'wake' }
  | { do: 'settle'; events: number; state: number; keys: number; timeoutMs: number }
export interface Settled {
  /** Values that are not the newest, events that are missing, doubled or out of order. */
  readonly wrong: number
  readonly lines: number
}

interface Viewer {
  readonly stalls: boolean
  socket: Socket
  rest: Buffer | null
  values: Map<string, number>
  events: number
  wrong: number
  seq: number
  epoch: string | null
  unackedBytes: number
}
interface Message {
  readonly t?: string
  readonly epoch?: string
  readonly frame?: number
  readonly seq?: number
  readonly prev?: number
  readonly state?: readonly { k: string; value: { n: number } }[]
  readonly m?: readonly { k?: string; value?: { n: number }; e?: string; seq?: number; v?: number; data?: { at: number } }[]
}

const viewers: Viewer[] = []
const known: { bytes: Buffer; message: Message }[] = []
let speak: 'efir' | 'ws' = 'efir'
let lines = 0
let paused = false

function messageOf(payload: Buffer): Message {
  const found = known.find(({ bytes }) => bytes.length === payload.length && bytes.equals(payload))
  if (found) return found.message
  const message = JSON.parse(payload.toString()) as Message
  known.unshift({ bytes: Buffer.from(payload), message })
  if (known.length > 4) known.pop()
  return message
}

function hear(viewer: Viewer, payload: Buffer): void {
  const message = messageOf(payload)
  viewer.unackedBytes += payload.length
  if (message.t === 'welcome') viewer.epoch = message.epoch ?? null
  for (const { k, value } of message.state ?? []) viewer.values.set(k, value.n)
  if (message.t === 'snapshot') viewer.seq = message.seq ?? 0
  for (const one of message.m ?? []) {
    // A catch-up may overlap what came already.
    if (speak === 'efir' && (one.v ?? one.seq ?? 0) <= viewer.seq) continue
    if (one.k !== undefined) viewer.values.set(one.k, one.value?.n ?? 0)
    else if (one.data?.at === viewer.events + 1) viewer.events++
    else viewer.wrong++
  }
  if (message.t === 'tick' && message.seq !== undefined) {
    if (speak === 'efir' && (message.prev ?? 0) > viewer.seq) viewer.wrong++
    viewer.seq = Math.max(viewer.seq, message.seq)
  }
  if (speak === 'efir' && viewer.unackedBytes > 64_000 && message.frame !== undefined) {
    viewer.unackedBytes = 0
    viewer.socket.write(masked(`{"t":"ack","frame":${message.frame},"seq":${viewer.seq}}`))
  }
}

/** Whoever is sent away comes back behind what it has seen. */
function dial(viewer: Viewer, port: number): Promise<void> {
  lines++
  return new Promise((resolve, reject) => {
    let greeted = false
    viewer.rest = null
    viewer.socket = connect({ port, host: '127.0.0.1', noDelay: true }, () => viewer.socket.write(handshakeTo('room')))
    viewer.socket.on('error', reject)
    viewer.socket.on('close', () => void dial(viewer, port).catch(() => undefined))
    viewer.socket.on('data', (chunk: Buffer) => {
      let bytes = chunk
      if (!greeted) {
        greeted = true
        bytes = chunk.subarray(chunk.indexOf('\r\n\r\n') + 4)
        const pos = viewer.epoch === null ? undefined : { epoch: viewer.epoch, seq: viewer.seq }
        if (speak === 'efir') viewer.socket.write(masked(JSON.stringify({ t: 'join', v: 1, room: 'bench', pos })))
        resolve()
      }
      viewer.rest = eachFrame(viewer.rest, bytes, (payload) => hear(viewer, payload))
      if (paused && viewer.stalls) viewer.socket.pause()
    })
  })
}

async function join(order: Extract<StalledOrder, { do: 'join' }>): Promise<void> {
  speak = order.speak
  for (let i = 0; i < order.count; i++) {
    const viewer: Viewer = {
      stalls: i < order.stalled,
      socket: null as never,
      rest: null,
      values: new Map(),
      events: 0,
      wrong: 0,
      seq: 0,
      epoch: null,
      unackedBytes: 0,
    }
    viewers.push(viewer)
    await dial(viewer, order.port)
  }
}

async function settle(order: Extract<StalledOrder, { do: 'settle' }>): Promise<Settled> {
  /** The last value that was given to each key. */
  const newest = new Map(
    Array.from({ length: order.keys }, (_, key) => {
      const last = order.state - 1 - ((order.state - 1 - key) % order.keys)
      return [`bench:${key}`, last + 1] as const
    }),
  )
  const missing = (viewer: Viewer) =>
    Math.abs(order.events - viewer.events) + [...newest].filter(([key, n]) => viewer.values.get(key) !== n).length
  for (let waitedMs = 0; waitedMs < order.timeoutMs && viewers.some((one) => missing(one) > 0); waitedMs += 100)
    await new Promise((resolve) => setTimeout(resolve, 100))
  return { wrong: viewers.reduce((sum, one) => sum + one.wrong + missing(one), 0), lines }
}

function rest(stall: boolean): void {
  paused = stall
  for (const { stalls, socket } of viewers) if (stalls) stall ? socket.pause() : socket.resume()
}

const tell = (answer: object) => process.send?.(answer)
const fail = (problem: Error) => {
  console.error(problem.message)
  process.exit(1)
}
process.on('message', (order: StalledOrder) => {
  if (order.do === 'join') join(order).then(() => tell({ joined: viewers.length }), fail)
  else if (order.do === 'settle') settle(order).then(tell, fail)
  else {
    rest(order.do === 'stall')
    tell({ done: true })
  }
})
process.on('disconnect', () => process.exit(0))
