import { connect, type Socket } from 'node:net'
import type { Snapshot, Tick } from '@efir/contract/room/down.ts'

/**
 * Readers of pages by the thousand, over a few lines that carry many requests each. A reader is its position in the room's story;
 * equal steps from equal states are made once, so that each reader's own state can be told in the end.
 */
export type CacheOrder = { do: 'read'; port: number; count: number } | { do: 'stop' }
export interface CacheSeen {
  readonly answers: number
  readonly hits: number
  /** Not the newest state, events missing or doubled, gaps, pages that failed. */
  readonly wrong: number
  readonly early: number
  /** Of a page, behind the moment when it was over. */
  readonly p50Ms: number
  readonly p99Ms: number
  /** What all readers hold when they hold the same, else null. */
  readonly holds: { readonly seq: number; readonly events: number; readonly state: Readonly<Record<string, unknown>> } | null
}

interface Known {
  readonly seq: number
  /** The last event, which must be one behind the one before. */
  readonly events: number
  readonly state: Readonly<Record<string, unknown>>
  readonly next: Map<Body, Known>
}
interface Body {
  readonly bytes: Buffer
  start: { readonly slot: number; readonly known: Known } | null
}
interface Reader {
  known: Known | null
  slot: number
  dueAt: number
}
interface Line {
  socket: Socket
  rest: Buffer | null
  asked: { reader: Reader; slot: number | null }[]
  out: string
}

const lines: Line[] = []
const readers: Reader[] = []
const pages = new Map<number, Body>()
let lastStart: Body | null = null
const late = new Uint32Array(10_001)
let answers = 0
let hits = 0
let wrong = 0
let early = 0
let stopping = false
let offsetMs = 0

/** Of equal bytes one object; a page that comes with other bytes a second time is wrong. */
function bodyOf(slot: number | null, bytes: Buffer): Body {
  const known = slot === null ? lastStart : pages.get(slot)
  if (known?.bytes.equals(bytes)) return known
  const fresh: Body = { bytes: Buffer.from(bytes), start: null }
  if (slot === null) lastStart = fresh
  else {
    if (known) wrong++
    pages.set(slot, fresh)
  }
  return fresh
}

function begin(reader: Reader, body: Body): void {
  if (!body.start) {
    const { slot, now, snapshot } = JSON.parse(body.bytes.toString()) as { slot: number; now: number; snapshot: Snapshot }
    offsetMs = Math.max(offsetMs, now - Date.now())
    const state = Object.fromEntries(snapshot.state.map(({ k, value }) => [k, value]))
    // The bench's events are numbered: two positions make one event.
    body.start = { slot, known: { seq: snapshot.seq, events: Math.floor(snapshot.seq / 2), state, next: new Map() } }
  }
  reader.known = body.start.known
  reader.slot = body.start.slot
}

function step(known: Known, body: Body): Known {
  const done = known.next.get(body)
  if (done) return done
  const tick = JSON.parse(body.bytes.toString()) as Tick
  if (tick.seq !== undefined && (tick.prev ?? 0) > known.seq) wrong++
  let { events } = known
  const state = { ...known.state }
  for (const one of tick.m ?? []) {
    if ('k' in one) {
      if (one.v > known.seq) state[one.k] = one.value
    } else if (one.seq > known.seq && one.data !== ++events) wrong++
  }
  const after: Known = { seq: Math.max(known.seq, tick.seq ?? 0), events, state, next: new Map() }
  known.next.set(body, after)
  return after
}

function take(reader: Reader, slot: number | null, head: string, bytes: Buffer): void {
  answers++
  if (/x-cache: (HIT|STALE|UPDATING)/i.test(head)) hits++
  const status = head.slice(9, 12)
  const now = Date.now() + offsetMs
  if (slot === null) {
    if (status === '200') begin(reader, bodyOf(null, bytes))
    else wrong++
  } else if (status === '200' && reader.known) {
    reader.known = step(reader.known, bodyOf(slot, bytes))
    const ms = Math.min(10_000, Math.max(0, now - (slot + 1) * 1_000))
    late[ms] = (late[ms] as number) + 1
    reader.slot = slot + 1
  } else if (status === '404') early++
  else wrong++
  reader.dueAt = (reader.slot + 1) * 1_000 + 100 + 800 * Math.random()
  if (status === '404') reader.dueAt = now + 1_000
}

function hear(line: Line, chunk: Buffer): void {
  const bytes = line.rest ? Buffer.concat([line.rest, chunk]) : chunk
  let at = 0
  for (;;) {
    const end = bytes.indexOf('\r\n\r\n', at)
    if (end < 0) break
    const head = bytes.toString('latin1', at, end)
    const size = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? Number.NaN)
    if (Number.isNaN(size)) throw new Error(`an answer without a length: ${head}`)
    if (bytes.length < end + 4 + size) break
    const asked = line.asked.shift()
    if (asked) take(asked.reader, asked.slot, head, bytes.subarray(end + 4, end + 4 + size))
    at = end + 4 + size
  }
  line.rest = at < bytes.length ? Buffer.from(bytes.subarray(at)) : null
}

const get = (path: string) => `GET /room/bench/${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`

/** Everybody who is due asks now; ten turns a quarter second are enough for moments that are spread over most of a second. */
function turn(): void {
  const now = Date.now() + offsetMs
  readers.forEach((reader, i) => {
    if (reader.dueAt > now) return
    reader.dueAt = Number.POSITIVE_INFINITY
    const line = lines[i % lines.length] as Line
    const slot = reader.known ? reader.slot : null
    line.asked.push({ reader, slot })
    line.out += get(slot === null ? 'now' : `bench/${slot}`)
  })
  for (const line of lines) {
    if (line.out === '') continue
    line.socket.write(line.out, 'latin1')
    line.out = ''
  }
  if (!stopping) setTimeout(turn, 25)
}

function read({ port, count }: Extract<CacheOrder, { do: 'read' }>): void {
  for (let i = 0; i < 64; i++) {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true })
    const line: Line = { socket, rest: null, asked: [], out: '' }
    socket.on('data', (chunk: Buffer) => hear(line, chunk))
    socket.on('error', (problem) => {
      console.error(problem.message)
      process.exit(1)
    })
    lines.push(line)
  }
  const now = Date.now()
  // They come within two seconds.
  for (let i = 0; i < count; i++) readers.push({ known: null, slot: 0, dueAt: now + (2_000 * i) / count })
  turn()
}

function seen(): CacheSeen {
  const total = late.reduce((sum, n) => sum + n, 0)
  const at = (share: number) => {
    let sum = 0
    return late.findIndex((n) => {
      sum += n
      return sum >= total * share
    })
  }
  const first = readers[0]?.known
  const told = (known: Known | null | undefined) =>
    known ? JSON.stringify([known.seq, known.events, Object.entries(known.state).sort()]) : ''
  const same = new Set([...new Set(readers.map((reader) => reader.known))].map(told))
  const holds = first && same.size === 1 ? { seq: first.seq, events: first.events, state: first.state } : null
  return { answers, hits, wrong, early, p50Ms: at(0.5), p99Ms: at(0.99), holds }
}

process.on('message', (order: CacheOrder) => {
  if (order.do === 'read') {
    read(order)
    process.send?.({ reading: true })
    return
  }
  stopping = true
  process.send?.(seen())
})
process.on('disconnect', () => process.exit(0))
