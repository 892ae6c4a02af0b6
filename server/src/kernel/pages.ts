import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

/** The built website. */
export interface Pages {
  plug(app: FastifyInstance): Promise<void>
  /** Any address that a person opens and no route knows is a page of the website; null: not a page. */
  answer(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> | null
}

const notPages = /^\/(api|media|room|pictures|assets|dev|healthz)(\/|\?|$)/
/** Browsers ask for HTML. Scripts and link previews take anything: theirs is a page unless it looks like a file. */
function wantsPage({ headers, url }: FastifyRequest): boolean {
  const accept = headers.accept ?? '*/*'
  return accept.includes('text/html') || (accept.includes('*/*') && !/\.\w+(\?|$)/.test(url))
}
const unbuilt = 'The website is not built: npm run build:web'

/** Hashed files are kept for ever, pages are asked for each time; a website built anew is served without a restart. */
export function openPages(dist: string): Pages {
  async function send(reply: FastifyReply, name: string): Promise<FastifyReply> {
    const page = await readFile(join(dist, `${name}.html`)).catch(() => null)
    if (!page) return reply.status(503).type('text/plain').send(unbuilt)
    return reply.type('text/html; charset=utf-8').header('cache-control', 'no-cache').send(page)
  }
  return {
    async plug(app) {
      if (!existsSync(dist)) return
      await app.register(fastifyStatic, {
        root: dist,
        index: false,
        preCompressed: true,
        allowedPath: (path) => !path.endsWith('.html') && !path.endsWith('/'),
        setHeaders: (res, path) =>
          void res.setHeader('cache-control', path.includes('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache'),
      })
    },
    answer(request, reply) {
      if ((request.method !== 'GET' && request.method !== 'HEAD') || notPages.test(request.url)) return null
      if (!wantsPage(request)) return null
      const [, first = ''] = request.url.split(/[/?]/)
      return send(reply, first === 'studio' || first === 'office' ? first : 'index')
    },
  }
}
