/** The HTTP face of the media process, on a unix socket that only the server reaches. */
import { timingSafeEqual } from 'node:crypto'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { createServer } from 'node:http'
import { readRecordOrder } from './hooks.ts'
import type { Sessions } from './ingest/session.ts'
import type { Log } from './log.ts'

export interface ControlOptions {
  readonly secret: string
  readonly sessions: Sessions
  readonly log: Log
  readonly health: () => Readonly<Record<string, unknown>>
  readonly figures: () => Readonly<Record<string, unknown>>
  /** All answer by themselves; the path begins after /live, /whip and /whep. False: not theirs. */
  readonly live: (request: IncomingMessage, response: ServerResponse, path: string) => Promise<boolean>
  readonly whip: (request: IncomingMessage, response: ServerResponse, path: string) => Promise<void>
  readonly whep: (request: IncomingMessage, response: ServerResponse, path: string) => Promise<void>
  /** A server that knows the secret is there. */
  readonly heard: () => void
  readonly shutdown: () => void
}

const MAX_BODY_BYTES = 64 * 1024

export function createControl(options: ControlOptions): Server {
  // Blocking playlist reloads and uploads end on their own limits; only headers must come at once.
  return createServer({ requestTimeout: 30_000, headersTimeout: 10_000, keepAliveTimeout: 65_000 }, (request, response) => {
    route(request, response, options).catch((error: unknown) => {
      options.log.error('request failed', {
        path: (request.url ?? '').split('?')[0],
        reason: error instanceof Error ? error.message : String(error),
      })
      if (response.headersSent) response.destroy()
      else json(response, 500, { code: 'internal' })
    })
  })
}

async function route(request: IncomingMessage, response: ServerResponse, options: ControlOptions): Promise<void> {
  const url = request.url ?? '/'
  if (url.startsWith('/live/')) {
    // The origin reads the query itself: it belongs to the request, not to the path.
    const [path = ''] = url.slice('/live'.length).split('?')
    if (!(await options.live(request, response, path))) json(response, 404, { code: 'not_found' })
  } else if (url === '/whip' || url.startsWith('/whip/') || url.startsWith('/whip?'))
    await options.whip(request, response, url.slice('/whip'.length))
  else if (url.startsWith('/whep/')) await options.whep(request, response, url.slice('/whep'.length))
  else if (url.startsWith('/control/')) await control(request, response, options)
  else json(response, 404, { code: 'not_found' })
}

async function control(request: IncomingMessage, response: ServerResponse, options: ControlOptions): Promise<void> {
  if (!knows(options.secret, request.headers.authorization)) return json(response, 401, { code: 'unauthorized' })
  options.heard()
  const [area, id, verb] = (request.url ?? '').split('?')[0]?.split('/').slice(2).map(decode) ?? []
  const get = request.method === 'GET'
  const post = request.method === 'POST'
  if (area === 'health' && get) return json(response, 200, options.health())
  if (area === 'figures' && get) return json(response, 200, options.figures())
  if (area === 'shutdown' && post) {
    json(response, 202, {})
    return options.shutdown()
  }
  if (area !== 'streams' || id === undefined) return json(response, 404, { code: 'not_found' })
  if (get && verb === undefined) {
    const facts = options.sessions.get(id)
    return facts === undefined ? json(response, 404, { code: 'no_stream' }) : json(response, 200, facts)
  }
  if (!post) return json(response, 405, { code: 'method' })
  const body = await readJson(request)
  if (body === undefined) return json(response, 400, { code: 'malformed' })
  const done = act(options.sessions, id, verb, body)
  if (done === undefined) json(response, 404, { code: 'not_found' })
  else json(response, done ? 200 : 404, done ? {} : { code: 'no_stream' })
}

function act(
  sessions: Sessions,
  id: string,
  verb: string | undefined,
  body: Readonly<Record<string, unknown>>,
): boolean | undefined {
  if (verb === 'end') return sessions.end(id)
  if (verb === 'kick') return sessions.kick(id, typeof body.reason === 'string' ? body.reason.slice(0, 200) : 'kicked')
  if (verb === 'ensure') return sessions.ensure(id, readRecordOrder(body.record))
  return undefined
}

function knows(secret: string, authorization: string | undefined): boolean {
  const given = Buffer.from(authorization ?? '')
  const wanted = Buffer.from(`Bearer ${secret}`)
  return secret !== '' && given.length === wanted.length && timingSafeEqual(given, wanted)
}

async function readJson(request: IncomingMessage): Promise<Record<string, unknown> | undefined> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request) {
    size += (chunk as Buffer).length
    if (size > MAX_BODY_BYTES) return undefined
    chunks.push(chunk as Buffer)
  }
  if (size === 0) return {}
  try {
    const value: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'))
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' })
  response.end(JSON.stringify(body))
}
