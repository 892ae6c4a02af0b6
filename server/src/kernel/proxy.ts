import { Agent, type IncomingMessage, request, type ServerResponse } from 'node:http'

/**
 * Others bring no body of use. Passed on without its framing, one would be read behind as a request of its own, and its answer given
 * to the next viewer on that line (RFC 9112, section 11.2).
 */
const withBody = new Set(['POST', 'PATCH', 'PUT'])

export type PassOn = (req: IncomingMessage, res: ServerResponse) => void

const hopByHop = new Set([
  'connection',
  'keep-alive',
  'transfer-encoding',
  'upgrade',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'trailer',
])

/** Passes a request on to a process that listens on a unix socket; `cut` is removed from the front of its path. */
export function openProxy(options: { socket: string; cut: string; timeoutMs: number; most?: number }): PassOn {
  const agent = new Agent({ keepAlive: true, maxFreeSockets: 256 })
  let underWay = 0
  return (req, res) => {
    // Who reads slowly must not make others wait in a queue: beyond the limit they are told to come again.
    if (underWay >= (options.most ?? 8192)) {
      comeAgain(res)
      return
    }
    underWay++
    res.once('close', () => underWay--)
    const path = (req.url ?? '/').slice(options.cut.length) || '/'
    const hasBody = withBody.has(req.method ?? '')
    const kept = (name: string) => !hopByHop.has(name) && (hasBody || name !== 'content-length')
    const headers = Object.fromEntries(Object.entries(req.headers).filter(([name]) => kept(name)))
    const out = request(
      {
        socketPath: options.socket,
        agent,
        path,
        method: req.method,
        headers: { ...headers, 'x-forwarded-for': req.socket.remoteAddress ?? '' },
        timeout: options.timeoutMs,
      },
      (answer) => {
        res.writeHead(
          answer.statusCode ?? 502,
          Object.fromEntries(Object.entries(answer.headers).filter(([name]) => !hopByHop.has(name))),
        )
        answer.pipe(res)
        // `pipe` ends nothing when its source is torn: the viewer would wait for the rest for ever.
        answer.on('close', () => answer.complete || res.destroy())
      },
    )
    out.on('timeout', () => out.destroy(new Error('upstream is silent')))
    out.on('error', () => {
      if (res.headersSent) res.destroy()
      else comeAgain(res)
    })
    res.on('close', () => out.destroy())
    if (hasBody) req.pipe(out)
    else {
      req.resume()
      out.end()
    }
  }
}

const comeAgain = (res: ServerResponse): void =>
  void res.writeHead(503, { 'retry-after': '1', 'cache-control': 'no-store', 'access-control-allow-origin': '*' }).end()
