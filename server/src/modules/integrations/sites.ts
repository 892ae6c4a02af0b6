import type { FastifyInstance } from 'fastify'
import type { Kernel } from '../../kernel/context.ts'
import type { Sites } from '../../kernel/cors.ts'
import { sql } from '../../kernel/sql.ts'
import { isOwnPage } from './rules.ts'

const keptMs = 5_000
const mostKept = 5_000

/** Looked up and kept for some seconds: every request of an embedded show asks. */
export function openSites(kernel: Pick<Kernel, 'db' | 'clock' | 'config'>): Sites {
  const kept = new Map<string, { readonly ok: boolean; readonly untilAt: number }>()
  return {
    async allows(origin) {
      const now = kernel.clock.now()
      const known = kept.get(origin)
      if (known && known.untilAt > now) return known.ok
      const ok =
        origin.length <= 255 &&
        (await kernel.db.maybe(sql`select 1 from integrations.site where origin = ${origin} limit 1`)) !== null
      kept.delete(origin)
      kept.set(origin, { ok, untilAt: now + keptMs })
      if (kept.size > mostKept) kept.delete(kept.keys().next().value as string)
      return ok
    },
    isForeign({ headers }) {
      return headers.origin !== undefined && !isOwnPage(headers.origin, headers.host, kernel.config.EFIR_ORIGIN)
    },
  }
}

/** GET /embed/demo?show=…: the smallest page with a show in it, to copy from. */
export function serveDemoPage(app: FastifyInstance): void {
  app.get<{ Querystring: { show?: string; lang?: string; theme?: string } }>('/embed/demo', async (request, reply) => {
    const show = /^shw_[0-9a-z]{26}$/.exec(request.query.show ?? '')?.[0]
    const lang = /^[a-z]{2}$/.exec(request.query.lang ?? '')?.[0] ?? 'en'
    const theme = /^(light|dark)$/.exec(request.query.theme ?? '')?.[0] ?? 'auto'
    return await reply
      .type('text/html; charset=utf-8')
      .header('cache-control', 'no-cache')
      .send(demoPage(show, lang, theme))
  })
}

const demoPage = (show: string | undefined, lang: string, theme: string) => `<!doctype html>
<html lang="${lang}" dir="${lang === 'ar' ? 'rtl' : 'ltr'}">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>A page with a show in it</title>
    <link rel="icon" href="/mark.svg" type="image/svg+xml">
    <script type="module" src="/embed/v1/efir-show.js"></script>
  </head>
  <body>
    <main>
      <h1>A page with a show in it</h1>
      ${show ? `<efir-show show="${show}" locale="${lang}" theme="${theme}"></efir-show>` : '<p>Add ?show= and the id of a show to the address.</p>'}
    </main>
  </body>
</html>
`
