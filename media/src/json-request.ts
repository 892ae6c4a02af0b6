import { request as httpRequest } from 'node:http'

/** Where the server listens: a unix socket, or an http origin such as http://127.0.0.1:3000. */
export type JsonTarget =
  | { readonly socketPath: string; readonly secret: string }
  | { readonly origin: string; readonly secret: string }

export interface JsonAnswer {
  /** 0: no answer at all. */
  readonly status: number
  readonly body: unknown
}

const MAX_ANSWER_BYTES = 256 * 1024
const NO_ANSWER: JsonAnswer = { status: 0, body: null }

/** POSTs JSON and never throws: no answer is a status of 0. */
export function jsonRequest(target: JsonTarget, path: string, body: unknown, timeoutMs: number): Promise<JsonAnswer> {
  const payload = Buffer.from(JSON.stringify(body))
  const where = 'socketPath' in target ? { socketPath: target.socketPath, path } : originParts(target.origin, path)
  return new Promise((resolve) => {
    const headers = {
      host: 'efir',
      'content-type': 'application/json',
      'content-length': payload.length,
      authorization: `Bearer ${target.secret}`,
    }
    const request = httpRequest({ ...where, method: 'POST', headers, timeout: timeoutMs }, (response) => {
      const chunks: Buffer[] = []
      let size = 0
      response.on('data', (chunk: Buffer) => {
        size += chunk.length
        if (size > MAX_ANSWER_BYTES) request.destroy(new Error('answer too long'))
        else chunks.push(chunk)
      })
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: parse(Buffer.concat(chunks)) }))
      response.on('error', () => resolve(NO_ANSWER))
    })
    const deadline = setTimeout(() => request.destroy(new Error('no answer in time')), timeoutMs)
    request.on('timeout', () => request.destroy(new Error('no answer in time')))
    request.on('error', () => resolve(NO_ANSWER))
    request.on('close', () => clearTimeout(deadline))
    request.end(payload)
  })
}

function originParts(origin: string, path: string) {
  const url = new URL(path, origin)
  return { hostname: url.hostname, port: url.port || 80, path: url.pathname }
}

function parse(bytes: Buffer): unknown {
  if (bytes.length === 0) return null
  try {
    return JSON.parse(bytes.toString('utf8'))
  } catch {
    return null
  }
}
