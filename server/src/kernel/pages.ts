import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { isLocale, type Locale } from '@efir/contract/scalars.ts'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { openDist } from './dist.ts'
import { type Kept, openShelf } from './kept-pages.ts'

/** The built website. */
export interface Pages {
  plug(app: FastifyInstance): Promise<void>
  /** Any address that a person opens and no route knows is a page of the website; null: not a page. */
  answer(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> | null
}

export interface PageAsked {
  readonly path: string
  readonly locale: Locale
  /** The language stands in the address, so that the answer depends on nothing else. */
  readonly lang: Locale | null
}
/** What stands in the page before any script runs: the same for everybody who asks in this language. */
export interface PageContent {
  readonly status: 200 | 404 | 410
  readonly locale: Locale
  /** HTML: title, descriptions, links, data. */
  readonly head: string
  /** HTML: readable without scripts. */
  readonly body: string
  /** Source of the page's own code, as the build's manifest names it, and the texts it needs: hinted at, so that they load at once. */
  readonly page?: string
  readonly words: readonly string[]
  /** Nobody keeps it when 0. */
  readonly keepSeconds: number
}
export type Compose = (asked: PageAsked) => Promise<PageContent | { readonly redirect: string }>

export interface PagesOptions {
  readonly dist: string
  /** Of pages that anybody may see; without it they are built by scripts alone. */
  readonly compose?: Compose
  readonly localeOf?: (request: FastifyRequest) => Locale
}

const notPages = /^\/(api|media|room|pictures|assets|dev|healthz)(\/|\?|$)/
/** Browsers ask for HTML. Scripts and link previews take anything: theirs is a page unless it looks like a file. */
function wantsPage({ headers, url }: FastifyRequest): boolean {
  const accept = headers.accept ?? '*/*'
  return accept.includes('text/html') || (accept.includes('*/*') && !/\.\w+(\?|$)/.test(url))
}
const unbuilt = 'The website is not built: npm run build:web'

/** What other people's pages load has to say so (CORS); of that, only the name without a hash may come to mean something else. */
function cachingOf(dist: string) {
  return (res: { setHeader(name: string, value: string): unknown }, path: string): void => {
    const embedded = path.startsWith(join(dist, 'embed'))
    if (embedded) res.setHeader('access-control-allow-origin', '*')
    const forEver = path.startsWith(join(dist, 'assets')) || (embedded && /-[\w-]{8}\.js(\.\w+)?$/.test(path))
    res.setHeader(
      'cache-control',
      forEver ? 'public, max-age=31536000, immutable' : embedded ? 'public, max-age=300' : 'no-cache',
    )
  }
}

/** Hashed files are kept for ever, pages for seconds; a website built anew is served without a restart. */
export function openPages({ dist, compose, localeOf }: PagesOptions): Pages {
  const built = openDist(dist)
  const shelf = openShelf()

  async function plain(reply: FastifyReply, name: string): Promise<FastifyReply> {
    const template = await built.template(name)
    if (!template) return reply.status(503).type('text/plain').send(unbuilt)
    if (name !== 'index') reply.header('x-robots-tag', 'noindex')
    return reply.type('text/html; charset=utf-8').header('cache-control', 'no-cache').send(template.html)
  }

  async function composed(request: FastifyRequest, reply: FastifyReply, make: Compose): Promise<FastifyReply> {
    const template = await built.template('index')
    if (!template) return await plain(reply, 'index')
    const asked = askedOf(request, localeOf?.(request) ?? 'en')
    const kept = await shelf.get(`${template.version} ${asked.lang ?? ''} ${asked.locale} ${asked.path}`, async () => {
      const content = await make(asked)
      return 'redirect' in content ? content : { content, html: await template.fill(content) }
    })
    if ('redirect' in kept) return reply.status(301).header('cache-control', 'public, max-age=3600').redirect(kept.redirect, 301)
    return sendKept(request, reply, kept, asked)
  }

  return {
    async plug(app) {
      if (!existsSync(dist)) return
      await app.register(fastifyStatic, {
        root: dist,
        index: false,
        preCompressed: true,
        allowedPath: (path) => !path.endsWith('.html') && !path.endsWith('/') && !path.startsWith('/.'),
        setHeaders: cachingOf(dist),
      })
    },
    answer(request, reply) {
      if ((request.method !== 'GET' && request.method !== 'HEAD') || notPages.test(request.url)) return null
      if (!wantsPage(request)) return null
      const [, first = ''] = request.url.split(/[/?]/)
      if (first === 'studio' || first === 'office') return plain(reply, first)
      return compose ? composed(request, reply, compose) : plain(reply, 'index')
    },
  }
}

function askedOf(request: FastifyRequest, locale: Locale): PageAsked {
  const { pathname, searchParams } = new URL(request.url.replace(/^\/+/, '/'), 'http://here')
  const given = searchParams.get('lang')
  const lang = given !== null && isLocale(given) ? given : null
  return { path: pathname.slice(0, 300), locale: lang ?? locale, lang }
}

function sendKept(request: FastifyRequest, reply: FastifyReply, kept: Kept, asked: PageAsked): FastifyReply {
  const { content } = kept
  reply
    .header('content-language', content.locale)
    .header('vary', asked.lang ? 'accept-encoding' : 'accept-encoding, accept-language, cookie')
  if (content.keepSeconds === 0) reply.header('cache-control', 'no-store')
  else {
    reply.header('cache-control', `public, max-age=${content.keepSeconds}`).header('etag', kept.etag)
    if (content.status === 200 && request.headers['if-none-match']?.includes(kept.etag)) return reply.status(304).send()
  }
  const { encoding, bytes } = kept.packed(request.headers['accept-encoding'])
  if (encoding) reply.header('content-encoding', encoding)
  return reply.status(content.status).type('text/html; charset=utf-8').send(bytes)
}
