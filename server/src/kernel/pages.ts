import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance } from 'fastify'

/** The built website: hashed files are kept for ever, pages are asked for each time. */
export async function servePages(app: FastifyInstance, dist: string): Promise<void> {
  if (!existsSync(join(dist, 'index.html'))) {
    app.get('/', async (_, reply) => reply.type('text/plain').send('The website is not built: npm run build:web'))
    return
  }
  await app.register(fastifyStatic, {
    root: dist,
    wildcard: false,
    index: false,
    preCompressed: true,
    setHeaders: (res, path) => void res.setHeader('cache-control', path.includes('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache'),
  })
  const pages: Record<string, Buffer> = {}
  for (const name of ['index', 'studio', 'office']) {
    const path = join(dist, `${name}.html`)
    if (existsSync(path)) pages[name] = await readFile(path)
  }
  const page = (name: string) => async (_: unknown, reply: { type(t: string): { header(k: string, v: string): { send(b: unknown): unknown } } }) =>
    reply.type('text/html; charset=utf-8').header('cache-control', 'no-cache').send(pages[name] ?? pages['index'])
  for (const name of ['studio', 'office']) {
    app.get(`/${name}`, page(name) as never)
    app.get(`/${name}/*`, page(name) as never)
  }
  const home = page('index')
  app.get('/', home as never)
  app.setNotFoundHandler((request, reply) => {
    const asksPage = request.method === 'GET' && !/^\/(api|media|room|pictures|assets|dev)\b/.test(request.url) && (request.headers.accept ?? '').includes('text/html')
    if (asksPage) return home(request, reply as never)
    return reply.status(404).send({ refusal: { code: 'not_found', params: {} }, requestId: request.id })
  })
}
