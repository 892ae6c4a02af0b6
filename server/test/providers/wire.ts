import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/**
 * What may happen to one request: `before` it is carried out nothing has changed there, `after` it everything has.
 * busy: 429 · cut: the connection is torn · fail: 500 · hang: no answer until the asker gives up.
 */
export type Fault = 'cut_before' | 'cut_after' | 'fail_before' | 'fail_after' | 'hang_after' | 'busy'
export const allFaults: readonly Fault[] = ['cut_before', 'cut_after', 'fail_before', 'fail_after', 'hang_after', 'busy']

export interface Asked {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: IncomingMessage['headers']
  readonly body: string
}
export interface Answered {
  readonly status: number
  readonly body: unknown
  readonly headers?: Readonly<Record<string, string>>
}

export interface Wire extends AsyncDisposable {
  readonly url: string
  /** Chooses what happens to each request; none when it answers null. */
  faults: (asked: Asked) => Fault | null
  readonly asked: Asked[]
}

export interface WireText {
  busy(): Answered
  fail(): Answered
}

/** A server on loopback whose answers may be late, torn or wrong. */
export async function openWire(answer: (asked: Asked) => Answered, text: WireText): Promise<Wire> {
  const hanging = new Set<ServerResponse>()
  const send = (response: ServerResponse, answered: Answered) => {
    response.writeHead(answered.status, { 'content-type': 'application/json', ...answered.headers })
    response.end(JSON.stringify(answered.body))
  }
  const server = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => void parts.push(part))
    request.on('end', () => {
      const url = new URL(request.url ?? '/', 'http://provider')
      const asked: Asked = {
        method: request.method ?? 'GET',
        path: url.pathname,
        query: url.searchParams,
        headers: request.headers,
        body: Buffer.concat(parts).toString(),
      }
      wire.asked.push(asked)
      const fault = wire.faults(asked)
      if (fault === 'busy') return send(response, text.busy())
      if (fault === 'cut_before') return void request.socket.destroy()
      if (fault === 'fail_before') return send(response, text.fail())
      const answered = answer(asked)
      if (fault === 'cut_after') return void request.socket.destroy()
      if (fault === 'fail_after') return send(response, text.fail())
      if (fault === 'hang_after') return void hanging.add(response)
      send(response, answered)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const wire: Wire = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    faults: () => null,
    asked: [],
    async [Symbol.asyncDispose]() {
      for (const response of hanging) response.destroy()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  return wire
}

/** `a[b][0]=x` as Stripe's clients send it. */
export function formOf(body: string): Record<string, unknown> {
  const root: Record<string, unknown> = {}
  for (const [name, value] of new URLSearchParams(body)) {
    const path = name.replaceAll(']', '').split('[')
    let at = root
    for (const key of path.slice(0, -1)) {
      at[key] ??= {}
      at = at[key] as Record<string, unknown>
    }
    at[path.at(-1) as string] = value
  }
  return root
}

/** The same seed gives the same run: mulberry32. */
export function chance(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
export const shuffled = <T>(list: readonly T[], random: () => number): T[] =>
  list
    .map((one) => ({ one, by: random() }))
    .sort((a, b) => a.by - b.by)
    .map(({ one }) => one)
