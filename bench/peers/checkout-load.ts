import { connect, type Socket } from 'node:net'
import { openIds } from '../../server/src/kernel/ids.ts'
import { signToken } from '../../server/src/kernel/token.ts'

/** Buyers over plain sockets: each request is another guest with their own token and key. */
export interface LoadOrder {
  readonly port: number
  readonly lotId: string
  readonly secret: string
  readonly connections: number
  readonly forMs: number
  /** Open loop: this many per second, whether or not the earlier ones were answered. Closed loop when absent. */
  readonly perSecond?: number
}
export interface LoadAnswer {
  readonly perSecond: number
  readonly p50Ms: number
  readonly p99Ms: number
  readonly ok: number
  readonly busy: number
  readonly other: number
}

const ids = openIds(Date.now)

function requestOf(order: LoadOrder): string {
  const person = ids.make('person')
  const token = signToken(order.secret, { p: person, k: 'guest', n: 'Guest', s: 'ses_bench', e: Date.now() + 3_600_000 })
  const body = `{"quantity":1,"key":"${person}","seenVersion":1,"delayMs":2500}`
  return `POST /api/lots/${order.lotId}/reserve HTTP/1.1\r\nhost: bench\r\nauthorization: Bearer ${token}\r\nx-efir: 1\r\naccept-language: fr\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`
}

interface Tally {
  readonly waits: number[]
  ok: number
  busy: number
  other: number
}

/** One keep-alive connection; answers come in order. `onFree` is called after each. */
function buyer(order: LoadOrder, tally: Tally, onFree: (send: (askedAt: number) => void) => void): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port: order.port, host: '127.0.0.1', noDelay: true })
    let askedAt = 0
    let rest = ''
    const send = (at: number) => {
      askedAt = at
      socket.write(requestOf(order))
    }
    socket.setEncoding('latin1')
    socket.once('error', reject)
    socket.once('connect', () => {
      socket.off('error', reject)
      socket.on('error', () => void tally.other++)
      resolve(socket)
      onFree(send)
    })
    socket.on('data', (text: string) => {
      rest += text
      const head = rest.indexOf('\r\n\r\n')
      if (head < 0) return
      const length = Number(/content-length: (\d+)/i.exec(rest)?.[1] ?? 0)
      if (rest.length < head + 4 + length) return
      const status = rest.slice(9, 12)
      rest = ''
      tally.waits.push(performance.now() - askedAt)
      if (status === '200') tally.ok++
      else if (status === '503') tally.busy++
      else tally.other++
      onFree(send)
    })
  })
}

async function closedLoop(order: LoadOrder, tally: Tally): Promise<number> {
  const startedAt = performance.now()
  const endsAt = startedAt + order.forMs
  let open = order.connections
  let done: () => void = () => undefined
  const finished = new Promise<void>((resolve) => {
    done = resolve
  })
  const sockets = await Promise.all(
    Array.from({ length: order.connections }, () =>
      buyer(order, tally, (send) => {
        const now = performance.now()
        if (now < endsAt) send(now)
        else if (--open === 0) done()
      }),
    ),
  )
  await finished
  for (const socket of sockets) socket.destroy()
  return performance.now() - startedAt
}

/** Waits are counted from the planned instant: a server that stalls cannot hide it. */
async function openLoop(order: LoadOrder, perSecond: number, tally: Tally): Promise<number> {
  const free: ((askedAt: number) => void)[] = []
  const planned: number[] = []
  const sockets = await Promise.all(
    Array.from({ length: order.connections }, () =>
      buyer(order, tally, (send) => {
        const at = planned.shift()
        if (at === undefined) free.push(send)
        else send(at)
      }),
    ),
  )
  const startedAt = performance.now()
  const total = Math.round((perSecond * order.forMs) / 1000)
  let begun = 0
  await new Promise<void>((resolve) => {
    const timer = setInterval(() => {
      const due = Math.min(total, Math.floor(((performance.now() - startedAt) / 1000) * perSecond))
      for (; begun < due; begun++) {
        const at = startedAt + (begun / perSecond) * 1000
        const send = free.pop()
        if (send) send(at)
        else planned.push(at)
      }
      if (tally.waits.length < total && performance.now() - startedAt < order.forMs + 10_000) return
      clearInterval(timer)
      resolve()
    }, 1)
  })
  for (const socket of sockets) socket.destroy()
  return performance.now() - startedAt
}

process.on('message', async (order: LoadOrder) => {
  const tally: Tally = { waits: [], ok: 0, busy: 0, other: 0 }
  const tookMs = order.perSecond === undefined ? await closedLoop(order, tally) : await openLoop(order, order.perSecond, tally)
  const waits = tally.waits.toSorted((a, b) => a - b)
  const { ok, busy, other } = tally
  const at = (share: number) => waits[Math.min(waits.length - 1, Math.floor(waits.length * share))] ?? Number.NaN
  process.send?.({
    perSecond: (waits.length / tookMs) * 1000,
    p50Ms: at(0.5),
    p99Ms: at(0.99),
    ok,
    busy,
    other,
  } satisfies LoadAnswer)
})
process.once('disconnect', () => process.exit(0))
