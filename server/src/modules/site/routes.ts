import { isLocale } from '@efir/contract/scalars.ts'
import * as contract from '@efir/contract/site.ts'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { bind, type Route } from '../../kernel/bind.ts'
import { type Kernel, openCtx } from '../../kernel/context.ts'
import { localeOf } from '../../kernel/http.ts'
import { originOf } from '../../kernel/origin.ts'
import { fixedSitemap, isKind, robots, sitemapIndex, sitemapOf } from './crawlers.ts'
import { manifestOf } from './manifest.ts'
import type { Vitals } from './vitals.ts'

export const routes = (vitals: Vitals): Route[] => [
  bind.view(contract.tellVitals, async (_ctx, input) => {
    vitals.count(input)
    return { done: true as const }
  }),
]

const keepMs = 3_600_000

/** Takes the place of a worker that must go: forgets what was kept, and itself. */
const leavingWorker = `addEventListener('install', () => skipWaiting())
addEventListener('activate', (event) => event.waitUntil((async () => {
  for (const name of await caches.keys()) if (name.startsWith('efir-')) await caches.delete(name)
  await registration.unregister()
})()))
`

/** What search engines and home screens ask for. */
export function serveCrawlers(app: FastifyInstance, kernel: Kernel): void {
  const origin = originOf(kernel.config)
  const stranger = () => openCtx(kernel, { actor: { kind: 'nobody' } })
  const xml = (reply: FastifyReply, text: string) =>
    reply
      .type('application/xml; charset=utf-8')
      .header('cache-control', `public, max-age=${keepMs / 1000}`)
      .send(text)
  let index: { readonly untilAt: number; readonly text: Promise<string> } | null = null

  if (kernel.config.EFIR_OFFLINE === 'off')
    app.get('/sw.js', (_request, reply) =>
      reply.type('text/javascript; charset=utf-8').header('cache-control', 'no-store').send(leavingWorker),
    )
  app.get('/robots.txt', (_request, reply) =>
    reply.type('text/plain; charset=utf-8').header('cache-control', 'public, max-age=3600').send(robots(origin)),
  )
  app.get('/sitemap.xml', async (_request, reply) => {
    const now = kernel.clock.now()
    if (!index || index.untilAt < now) {
      const text = sitemapIndex(stranger(), origin)
      index = { untilAt: now + keepMs, text }
      text.catch(() => {
        index = null
      })
    }
    return xml(reply, await index.text)
  })
  app.get<{ Params: { file: string }; Querystring: { after?: string } }>('/sitemap/:file', async (request, reply) => {
    const kind = request.params.file.replace(/\.xml$/, '')
    if (kind === 'pages') return xml(reply, fixedSitemap(origin))
    const { after = '' } = request.query
    if (!isKind(kind) || typeof after !== 'string' || !/^([a-z]{3}_[0-9a-z]{26})?$/.test(after)) return reply.callNotFound()
    return xml(reply, await sitemapOf(stranger(), origin, kind, after))
  })
  app.get<{ Querystring: { lang?: string } }>('/manifest.webmanifest', (request, reply) => {
    const { lang } = request.query
    const locale = typeof lang === 'string' && isLocale(lang) ? lang : localeOf(request)
    return reply
      .type('application/manifest+json; charset=utf-8')
      .header('cache-control', 'public, max-age=3600')
      .header('vary', 'accept-language, cookie')
      .send(JSON.stringify(manifestOf(locale)))
  })
}
