import { timingSafeEqual } from 'node:crypto'
import { rmSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { NumberedEvent } from '@efir/media/hook-events.ts'
import type { AdmitRequest } from '@efir/media/hooks.ts'
import { type Kernel, openCtx, systemActor } from '../../kernel/context.ts'
import type { StreamOwner } from './ports.ts'
import { admitPublisher, takeMediaEvents } from './verbs/hooks.ts'

const maxBody = 4_000_000

/** Where the media process asks and tells; a unix socket with a shared secret, never the public port. */
export async function openHookServer(
  kernel: Kernel,
  options: { socket: string; secret: string; owners: readonly StreamOwner[] },
): Promise<AsyncDisposable> {
  const admit = admitPublisher(options.owners)
  const ctx = () => openCtx(kernel, { actor: systemActor, requestId: 'media' })
  async function answer(path: string, body: unknown): Promise<unknown> {
    if (path === '/hooks/admit') return await admit(ctx(), body as AdmitRequest)
    if (path === '/hooks/events') {
      await ctx().transaction((tx) => takeMediaEvents(tx, body as { bootId: string; events: NumberedEvent[] }))
      return { ok: true }
    }
    return null
  }
  const server = createServer((req, res) => {
    if (!authorised(req, options.secret)) return void res.writeHead(401).end()
    void readJson(req)
      .then((body) => answer(req.url ?? '', body))
      .then((value) => send(res, value === null ? 404 : 200, value))
      .catch((problem: Error) => {
        kernel.log.error({ problem: problem.message }, 'a media hook failed')
        send(res, 500, {})
      })
  })
  rmSync(options.socket, { force: true })
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(options.socket, () => resolve()))
  return {
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function authorised(req: IncomingMessage, secret: string): boolean {
  const given = Buffer.from(req.headers.authorization ?? '')
  const right = Buffer.from(`Bearer ${secret}`)
  return given.length === right.length && timingSafeEqual(given, right)
}

async function readJson(req: IncomingMessage): Promise<unknown> {
  const parts: Buffer[] = []
  let size = 0
  for await (const part of req) {
    size += (part as Buffer).length
    if (size > maxBody) throw new Error('the body is too large')
    parts.push(part as Buffer)
  }
  return JSON.parse(Buffer.concat(parts).toString() || '{}')
}

function send(res: ServerResponse, status: number, value: unknown): void {
  const body = JSON.stringify(value)
  res.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }).end(body)
}
