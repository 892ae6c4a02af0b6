import { connect, type Socket } from 'node:net'
import { eachFrame, handshakeTo, masked } from './frames.ts'

/**
 * Viewers by the thousand in one process: bare sockets and a frame reader that decodes equal bytes once. Every viewer checks
 * that it gets each event once and in order. Orders and answers go over the channel to the parent.
 */
export type ClientOrder =
  | { do: 'join'; port: number; count: number; speak: 'efir' | 'socketio' | 'bare' }
  /** As many as before come back, all at the same moment. */
  | { do: 'return'; port: number }
  | { do: 'cut' }
  | { do: 'await'; events: number; timeoutMs: number }
export type ClientAnswer =
  | { joined: number }
  | { cut: number }
  | { back: number; allMs: number; p50Ms: number; p99Ms: number }
  | { delivered: number; wrong: number; missing: number; p50Ms: number; p99Ms: number; frames: number }

interface Viewer {
  socket: Socket
  /** Bytes of a frame that has not wholly come. */
  rest: Buffer | null
  next: number
  ready: boolean
  ackDueAt: number
}
interface Decoded {
  bytes: Buffer
  first: number
  last: number
  frame: number
  ats: number[]
  answer: 'ready' | 'open' | 'ping' | null
}

const exactNow = () => performance.timeOrigin + performance.now()
const viewers: Viewer[] = []
/** Latencies in ms; the last bucket holds everything slower. */
const histogram = new Uint32Array(30_001)
let speak: 'efir' | 'socketio' | 'bare' = 'efir'
let delivered = 0
let wrong = 0
let frames = 0
let finished = 0
let goal = Number.POSITIVE_INFINITY
let onFinished: (() => void) | null = null
let onReady: (() => void) | null = null
const recent: Decoded[] = []

const early = (join: object) => `room?join=${encodeURIComponent(JSON.stringify({ t: 'join', v: 1, room: 'bench', ...join }))}`
const paths = { efir: early({}), socketio: 'socket.io/?EIO=4&transport=websocket', bare: '' }
/** Whoever comes back says what it has seen. */
const pathsAgain = { ...paths, efir: early({ pos: { epoch: 'bench', seq: 0 } }) }
let asked = paths

function decode(bytes: Buffer): Decoded {
  const text = bytes.toString('latin1')
  const found: Decoded = { bytes: Buffer.from(bytes), first: 0, last: 0, frame: 0, ats: [], answer: null }
  if (speak === 'socketio') {
    if (text[0] === '0') found.answer = 'open'
    else if (text === '2') found.answer = 'ping'
    else if (text.startsWith('40')) found.answer = 'ready'
    else if (text.startsWith('42')) {
      const [, event] = JSON.parse(text.slice(2)) as [string, { seq: number; data: { at: number } }]
      return { ...found, first: event.seq, last: event.seq, ats: [event.data.at] }
    }
    return found
  }
  const message = JSON.parse(text) as { t: string; how?: string; frame?: number; m?: { seq: number; data: { at: number } }[] }
  if (message.t === 'snapshot' || message.how === 'resume') found.answer = 'ready'
  const m = message.m ?? []
  m.forEach((event, i) => {
    if (event.seq !== (m[0]?.seq ?? 0) + i) wrong++
  })
  return {
    ...found,
    first: m[0]?.seq ?? 0,
    last: m.at(-1)?.seq ?? 0,
    frame: message.frame ?? 0,
    ats: m.map((event) => event.data.at),
  }
}

function decoded(bytes: Buffer): Decoded {
  for (const known of recent) if (known.bytes.length === bytes.length && known.bytes.equals(bytes)) return known
  const fresh = decode(bytes)
  recent.unshift(fresh)
  if (recent.length > 6) recent.pop()
  return fresh
}

function take(viewer: Viewer, message: Decoded): void {
  if (message.answer === 'open') viewer.socket.write(masked('40'))
  else if (message.answer === 'ping') viewer.socket.write(masked('3'))
  else if (message.answer === 'ready') ready(viewer)
  if (message.last === 0) return
  frames++
  if (message.first !== viewer.next) wrong++
  viewer.next = message.last + 1
  delivered += message.ats.length
  const now = exactNow()
  // As real viewers do: behind a frame, every five to ten seconds.
  if (speak === 'efir' && now >= viewer.ackDueAt) {
    viewer.socket.write(masked(`{"t":"ack","frame":${message.frame},"seq":${message.last}}`))
    viewer.ackDueAt = now + 10_000 * (0.5 + Math.random() / 2)
  }
  for (const at of message.ats) {
    const slot = Math.min(30_000, Math.max(0, Math.round(now - at)))
    histogram[slot] = (histogram[slot] as number) + 1
  }
  if (viewer.next > goal && ++finished === viewers.length) onFinished?.()
}

function ready(viewer: Viewer): void {
  if (viewer.ready) return
  viewer.ready = true
  onReady?.()
}

function read(viewer: Viewer, chunk: Buffer): void {
  viewer.rest = eachFrame(viewer.rest, chunk, (payload) => take(viewer, decoded(payload)))
}

const shared = Buffer.alloc(65_536)

function join(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    let greeted = false
    const viewer: Viewer = {
      rest: null,
      next: 1,
      ready: false,
      ackDueAt: exactNow() + 10_000 * Math.random(),
      socket: null as never,
    }
    const onread = {
      buffer: shared,
      callback(size: number) {
        const chunk = shared.subarray(0, size)
        if (greeted) read(viewer, chunk)
        else {
          const end = chunk.indexOf('\r\n\r\n')
          if (end < 0) throw new Error('the handshake came in pieces')
          greeted = true
          if (speak === 'bare') ready(viewer)
          if (end + 4 < size) read(viewer, chunk.subarray(end + 4))
        }
        if (viewer.ready) resolve()
        return true
      },
    }
    viewer.socket = connect({ port, host: '127.0.0.1', onread, noDelay: true }, () =>
      viewer.socket.write(handshakeTo(asked[speak])),
    )
    viewer.socket.on('error', reject)
    viewers.push(viewer)
  })
}

async function joinAll(port: number, count: number): Promise<void> {
  const lanes = Array.from({ length: Math.min(256, count) }, async (_, lane) => {
    for (let i = lane; i < count; i += 256) await join(port)
  })
  await Promise.all(lanes)
}

async function cutAll(): Promise<void> {
  await Promise.all(
    viewers.splice(0).map(
      (viewer) =>
        new Promise((resolve) => {
          viewer.socket.once('close', resolve)
          viewer.socket.destroy()
        }),
    ),
  )
}

/** Everybody at once, each timed from its own beginning to the moment it is in the room again. */
async function returnAll(port: number, count: number): Promise<Extract<ClientAnswer, { back: number }>> {
  asked = pathsAgain
  const startedAt = performance.now()
  const times = await Promise.all(Array.from({ length: count }, () => join(port).then(() => performance.now() - startedAt)))
  times.sort((a, b) => a - b)
  const at = (share: number) => Math.round(times[Math.min(count - 1, Math.floor(count * share))] ?? 0)
  return { back: viewers.filter((v) => v.ready).length, allMs: at(1), p50Ms: at(0.5), p99Ms: at(0.99) }
}

function percentile(share: number): number {
  const wanted = delivered * share
  let sum = 0
  for (let ms = 0; ms < histogram.length; ms++) {
    sum += histogram[ms] as number
    if (sum >= wanted) return ms
  }
  return histogram.length
}

/** How many were cut and will come back. */
let left = 0
const fail = (problem: Error) => {
  console.error(problem.message)
  process.exit(1)
}
const tell = (answer: ClientAnswer) => process.send?.(answer)

process.on('message', (order: ClientOrder) => {
  if (order.do === 'join') {
    speak = order.speak
    onReady = () => undefined
    joinAll(order.port, order.count).then(() => tell({ joined: viewers.filter((v) => v.ready).length }), fail)
    return
  }
  if (order.do === 'cut') {
    left = viewers.length
    cutAll().then(() => tell({ cut: left }), fail)
    return
  }
  if (order.do === 'return') {
    returnAll(order.port, left).then(tell, fail)
    return
  }
  goal = order.events
  delivered = 0
  frames = 0
  histogram.fill(0)
  finished = viewers.filter((v) => v.next > goal).length
  const report = () => {
    clearTimeout(timer)
    onFinished = null
    const missing = viewers.reduce((sum, v) => sum + Math.max(0, goal + 1 - v.next), 0)
    tell({ delivered, wrong, missing, p50Ms: percentile(0.5), p99Ms: percentile(0.99), frames })
  }
  const timer = setTimeout(report, order.timeoutMs)
  onFinished = report
  if (finished === viewers.length) report()
})
process.on('disconnect', () => process.exit(0))
