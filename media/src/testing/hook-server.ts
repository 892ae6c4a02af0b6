import { mkdtemp, rm } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { NumberedEvent } from '../hook-events.ts'
import type { AdmitAnswer, AdmitRequest } from '../hooks.ts'

export interface HookServer {
  readonly dir: string
  readonly socketPath: string
  readonly secret: string
  readonly admits: AdmitRequest[]
  /** As a server keeps them: each n of a boot once. */
  readonly events: NumberedEvent[]
  /** Bodies of event posts as they came, with repeats. */
  readonly posts: { bootId: string; events: NumberedEvent[] }[]
  admit: (request: AdmitRequest) => AdmitAnswer | Promise<AdmitAnswer>
  /** Status that event posts are answered with. */
  eventStatus: number
  /** Posts that hold such an event are answered with 500. */
  poisoned: (event: NumberedEvent) => boolean
  of<T extends NumberedEvent['type']>(type: T): Extract<NumberedEvent, { type: T }>[]
  close(): Promise<void>
}

/** The server's side of the hooks, on a unix socket in a folder of its own. */
export async function openHookServer(): Promise<HookServer> {
  const dir = await mkdtemp(join(tmpdir(), 'efir-media-'))
  const lastN = new Map<string, number>()
  const world: HookServer = {
    dir,
    socketPath: join(dir, 'hooks.sock'),
    secret: 'hook-secret',
    admits: [],
    events: [],
    posts: [],
    admit: (request) => ({ ok: true, streamId: request.credential, record: null, playbackKey: null, graceMs: 30_000 }),
    eventStatus: 204,
    poisoned: () => false,
    of: (type) => world.events.filter((event): event is never => event.type === type),
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await rm(dir, { recursive: true, force: true })
    },
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const body = JSON.parse(Buffer.concat(chunks).toString('utf8'))
    if (request.headers.authorization !== `Bearer ${world.secret}`) response.writeHead(401).end()
    else if (request.url === '/hooks/admit') {
      world.admits.push(body)
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(await world.admit(body)))
    } else {
      world.posts.push(body)
      const status = body.events.some(world.poisoned) ? 500 : world.eventStatus
      if (status === 204) keep(body)
      response.writeHead(status).end()
    }
  }

  function keep(body: { bootId: string; events: NumberedEvent[] }): void {
    for (const event of body.events) {
      if (event.n <= (lastN.get(body.bootId) ?? 0)) continue
      lastN.set(body.bootId, event.n)
      world.events.push(event)
    }
  }

  const server = createServer((request, response) => void answer(request, response))
  await new Promise<void>((resolve) => server.listen(world.socketPath, resolve))
  return world
}
