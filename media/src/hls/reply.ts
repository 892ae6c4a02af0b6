import type { IncomingMessage, ServerResponse } from 'node:http'
import { gzipSync } from 'node:zlib'

/** Any page may embed the player; nothing here depends on cookies. */
const OPEN = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers': 'Content-Length, Content-Range, Date',
  'cross-origin-resource-policy': 'cross-origin',
  'timing-allow-origin': '*',
  'x-content-type-options': 'nosniff',
}

export function refuse(res: ServerResponse, status: number, message: string, extra: Record<string, string> = {}): void {
  const retry: Record<string, string> = status === 503 ? { 'retry-after': '1' } : {}
  send(res, status, { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store', ...retry, ...extra }, [
    Buffer.from(`${message}\n`),
  ])
}

export function preflight(res: ServerResponse): void {
  res.writeHead(204, {
    ...OPEN,
    'access-control-allow-methods': 'GET, HEAD, OPTIONS',
    'access-control-allow-headers': 'Range',
    'access-control-max-age': '86400',
  })
  res.end()
}

/** Text that is asked for by many in the same moment: packed once. */
export interface Packed {
  readonly plain: Buffer
  gzip?: Buffer
}

export function sendPlaylist(req: IncomingMessage, res: ServerResponse, text: Packed, cacheControl: string): void {
  const packed = /\bgzip\b/.test(String(req.headers['accept-encoding'] ?? ''))
  if (packed) text.gzip ??= gzipSync(text.plain, { level: 1 })
  const headers = { 'content-type': 'application/vnd.apple.mpegurl', 'cache-control': cacheControl, vary: 'Accept-Encoding' }
  send(res, 200, packed ? { ...headers, 'content-encoding': 'gzip' } : headers, [packed && text.gzip ? text.gzip : text.plain])
}

export function sendMedia(req: IncomingMessage, res: ServerResponse, chunks: readonly Buffer[], cacheControl: string): void {
  const headers = { 'content-type': 'video/mp4', 'cache-control': cacheControl, 'accept-ranges': 'bytes' }
  const range = req.headers.range === undefined ? null : readRange(req.headers.range, sizeOf(chunks))
  if (range === null) send(res, 200, headers, chunks)
  else if (range === undefined) refuse(res, 416, 'range not satisfiable', { 'content-range': `bytes */${sizeOf(chunks)}` })
  else {
    const body = Buffer.concat(chunks).subarray(range.start, range.end + 1)
    send(res, 206, { ...headers, 'content-range': `bytes ${range.start}-${range.end}/${sizeOf(chunks)}` }, [body])
  }
}

const sizeOf = (chunks: readonly Buffer[]): number => chunks.reduce((sum, { length }) => sum + length, 0)

/** One range only (RFC 9110 section 14.2 lets a server ignore others: null). Undefined: can't be satisfied. */
function readRange(header: string, size: number): { start: number; end: number } | null | undefined {
  const [, from = '', to = ''] = /^bytes=(\d*)-(\d*)$/.exec(header) ?? []
  if (from === '' && to === '') return null
  const start = from === '' ? Math.max(0, size - Number(to)) : Number(from)
  const end = from === '' || to === '' ? size - 1 : Math.min(Number(to), size - 1)
  if (from !== '' && to !== '' && Number(to) < start) return null
  return start < size && start <= end ? { start, end } : undefined
}

const OPEN_LINES = Object.entries(OPEN).flat()

/** Lines as they go out, not an object: Node looks each name of an object over anew, for every viewer of every part. */
function send(res: ServerResponse, status: number, headers: Record<string, string>, chunks: readonly Buffer[]): void {
  if (res.destroyed) return
  const lines = [...OPEN_LINES, 'content-length', String(sizeOf(chunks))]
  for (const name in headers) lines.push(name, headers[name] ?? '')
  res.writeHead(status, lines)
  const [only] = chunks
  if (res.req.method === 'HEAD') res.end()
  else if (chunks.length === 1) res.end(only)
  else {
    res.cork()
    for (const chunk of chunks) res.write(chunk)
    res.end()
    res.uncork()
  }
}
