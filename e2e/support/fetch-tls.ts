import { Agent, request } from 'node:https'

/** `fetch` over kept lines, with the authority of a test; its connections are like a browser's. */
export function fetchTls(ca: string): typeof fetch {
  const agent = new Agent({ ca, keepAlive: true, maxSockets: 64 })
  const ask = (address: string | URL | Request, init: RequestInit = {}): Promise<Response> =>
    new Promise((resolve, reject) => {
      const headers = Object.fromEntries(new Headers(init.headers))
      const out = request(String(address), { method: init.method ?? 'GET', headers, agent, timeout: 30_000 }, (answer) => {
        const parts: Buffer[] = []
        answer.on('data', (part: Buffer) => parts.push(part))
        answer.on('error', reject)
        answer.on('end', () => {
          const found = new Headers()
          for (const [name, value] of Object.entries(answer.headers))
            for (const one of [value ?? []].flat()) found.append(name, one)
          const status = answer.statusCode ?? 500
          // A page of the proxy itself: what it says must not pass for an answer of ours.
          if (status >= 500 && !String(answer.headers['content-type']).includes('json'))
            return reject(new Error(`the proxy answers ${status}`))
          resolve(new Response(status === 204 || status === 304 ? null : Buffer.concat(parts), { status, headers: found }))
        })
      })
      out.on('timeout', () => out.destroy(new Error('no answer in time')))
      out.on('error', reject)
      out.end(init.body as string | undefined)
    })
  return ask as typeof fetch
}
