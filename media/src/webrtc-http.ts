/** What the HTTP of WHIP and of WHEP have in common (RFC 9725, draft-ietf-wish-whep). */
import type { IncomingMessage, ServerResponse } from 'node:http'

export const MAX_SDP_BYTES = 64 * 1024
export const CORS = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers': 'Location, ETag, Link, Retry-After, Accept-Post, Accept-Patch, Date',
}

export function preflight(response: ServerResponse): void {
  response.writeHead(204, {
    ...CORS,
    'access-control-allow-methods': 'POST, PATCH, DELETE, OPTIONS',
    'access-control-allow-headers': 'Authorization, Content-Type, If-Match',
    'access-control-max-age': '86400',
    'accept-post': 'application/sdp',
    'accept-patch': 'application/trickle-ice-sdpfrag',
  })
  response.end()
}

export function busy(response: ServerResponse, code: string, retryAfterS: number): void {
  refuse(response, 503, code, 'come back later', { 'retry-after': `${Math.max(1, Math.ceil(retryAfterS))}` })
}

export function refuse(
  response: ServerResponse,
  status: number,
  code: string,
  message: string,
  headers: Readonly<Record<string, string>> = {},
  detail: object = {},
): void {
  response.writeHead(status, { ...CORS, ...headers, 'content-type': 'application/json' })
  response.end(JSON.stringify({ code, message, detail }))
}

export function hasType(request: IncomingMessage, type: string): boolean {
  return (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() === type
}

export async function readBody(request: IncomingMessage, maxBytes: number): Promise<string | undefined> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request) {
    size += (chunk as Buffer).length
    if (size > maxBytes) return undefined
    chunks.push(chunk as Buffer)
  }
  return Buffer.concat(chunks).toString('utf8')
}

/** Behind the server's proxy the socket says nothing; the proxy names the caller. */
export function remoteOf(request: IncomingMessage): string {
  const forwarded = request.headers['x-forwarded-for']
  const first = (Array.isArray(forwarded) ? forwarded[0] : forwarded)?.split(',')[0]?.trim()
  return (first || request.socket.remoteAddress || '').slice(0, 64)
}

/** Absolute when the proxy says where we hang; otherwise relative to the URL that was posted to (RFC 3986 section 5.2). */
export function locationOf(request: IncomingMessage, door: 'whip' | 'whep', hint: string, id: string): string {
  const prefix = request.headers['x-forwarded-prefix']
  const place = hint === '' ? '_' : encodeURIComponent(hint)
  if (typeof prefix === 'string' && /^(\/[\w.-]+)*$/.test(prefix)) return `${prefix}/${door}/${place}/${id}`
  const path = request.url?.split('?')[0] ?? ''
  if (hint === '') return path.endsWith('/') ? `${place}/${id}` : `${door}/${place}/${id}`
  return path.endsWith('/') ? id : `${place}/${id}`
}
