import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Origin } from '../hls/origin.ts'

export interface OriginServer {
  /** Ends in a slash; append `streamId/index.m3u8`. */
  readonly url: string
  close(): Promise<void>
}

export interface Page {
  readonly path: string
  readonly type: string
  readonly body: string | Buffer
}

/** An origin on loopback, as behind the reverse proxy, beside a few static pages. */
export async function serveOrigin(origin: Origin, pages: readonly Page[] = []): Promise<OriginServer> {
  const server = createServer((req, res) => {
    const path = (req.url ?? '/').split('?')[0] ?? '/'
    const page = pages.find((candidate) => candidate.path === path)
    if (page !== undefined) return void res.writeHead(200, { 'content-type': page.type }).end(page.body)
    const rest = path.startsWith('/media/live/') ? path.slice('/media/live'.length) : ''
    void origin.handle(req, res, rest).then((answered) => {
      if (!answered) res.writeHead(404).end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/media/live/`,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
