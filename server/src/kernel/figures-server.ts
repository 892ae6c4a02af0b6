import { createHash, timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { collectDefaultMetrics, Registry } from 'prom-client'
import type { Figure } from './figures.ts'
import type { Log } from './log.ts'

export interface FiguresServerOptions {
  /** Further processes of the same start take the next ports. 0 picks a free one. */
  readonly port: number
  readonly host: string
  /** Asked as a bearer token when set. */
  readonly token: string | undefined
  readonly figures: readonly Figure[]
  readonly health: () => Promise<Readonly<Record<string, unknown>> & { readonly ok: boolean }>
  readonly ready: () => boolean
  readonly log: Log
}

export interface FiguresServer extends AsyncDisposable {
  readonly port: number
}

const mostPorts = 64

/**
 * What operators' tools ask this process, on a port of its own: `/metrics`, `/healthz`, `/readyz`. Never on the public port: behind a
 * proxy everybody comes from the loopback, so an address proves nothing there.
 */
export async function openFiguresServer(options: FiguresServerOptions): Promise<FiguresServer> {
  const registry = new Registry()
  for (const figure of options.figures) registry.registerMetric(figure)
  collectDefaultMetrics({ register: registry })
  let scrape: Promise<string> | null = null
  const text = (): Promise<string> => {
    // Whoever asks meanwhile gets the same answer: scrapers cannot pile up questions to the database.
    scrape ??= registry.metrics().finally(() => {
      scrape = null
    })
    return scrape
  }
  const server = createServer({ requestTimeout: 10_000 }, (request, response) => {
    answer(options, text, registry.contentType, request, response).catch((problem: Error) => {
      options.log.warn({ problem: problem.message }, 'figures could not be read')
      if (response.headersSent) response.destroy()
      else response.writeHead(503).end()
    })
  })
  server.maxConnections = 100
  const port = await listen(server, options)
  return {
    port,
    async [Symbol.asyncDispose]() {
      registry.clear()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

async function answer(
  options: FiguresServerOptions,
  text: () => Promise<string>,
  contentType: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const path = (request.url ?? '/').split('?')[0]
  const send = (status: number, type: string, body: string) =>
    void response
      .writeHead(status, { 'content-type': type, 'cache-control': 'no-store' })
      .end(request.method === 'HEAD' ? '' : body)
  if (request.method !== 'GET' && request.method !== 'HEAD') return send(405, 'text/plain', 'only GET and HEAD\n')
  if (path === '/readyz') {
    const ready = options.ready()
    return send(ready ? 200 : 503, 'application/json', JSON.stringify({ ready }))
  }
  if (path === '/healthz') {
    const health = await options.health()
    return send(health.ok ? 200 : 503, 'application/json', JSON.stringify(health))
  }
  if (path !== '/metrics') return send(404, 'text/plain', 'not here\n')
  if (!allowed(options.token, request.headers.authorization)) {
    response.setHeader('www-authenticate', 'Bearer')
    return send(401, 'text/plain', 'a token is needed\n')
  }
  send(200, contentType, await text())
}

function allowed(token: string | undefined, authorization: string | undefined): boolean {
  if (token === undefined) return true
  const digest = (value: string) => createHash('sha256').update(value).digest()
  return timingSafeEqual(digest(authorization ?? ''), digest(`Bearer ${token}`))
}

async function listen(server: ReturnType<typeof createServer>, { port, host }: FiguresServerOptions): Promise<number> {
  for (let next = port; ; next++) {
    try {
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject)
        // Workers of one cluster would share the port, and each scrape would meet another of them.
        server.listen({ port: next, host, exclusive: true }, () => {
          server.off('error', reject)
          resolve()
        })
      })
      return (server.address() as AddressInfo).port
    } catch (problem) {
      if ((problem as NodeJS.ErrnoException).code !== 'EADDRINUSE' || next - port >= mostPorts || next >= 65_535) throw problem
    }
  }
}
