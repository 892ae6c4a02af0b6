import type { FastifyInstance, FastifyReply } from 'fastify'
import type { PageDesk } from './desk.ts'

const showForm = /^[A-Za-z0-9_-]{1,80}$/
const slotForm = /^\d{1,12}$/

/**
 * The room for caches: `GET /room/:showId/now` is the whole room and changes every second, `GET /room/:showId/:epoch/:slot` is what
 * was said within one second and never changes. Nothing personal is in either, and no cookie is looked at. A page that is not over
 * yet, or no longer kept, must not be kept by anybody.
 */
export const servePages =
  (desk: PageDesk) =>
  (app: FastifyInstance): void => {
    app.get<{ Params: { showId: string } }>('/room/:showId/now', async ({ params: { showId } }, reply) => {
      const body = showForm.test(showId) ? await desk.start(showId) : null
      if (body === null) return notHere(reply, 404)
      return send(reply, 'public, max-age=1', body)
    })
    app.get<{ Params: { showId: string; epoch: string; slot: string } }>(
      '/room/:showId/:epoch/:slot',
      async ({ params: { showId, epoch, slot } }, reply) => {
        if (!showForm.test(showId) || !slotForm.test(slot)) return notHere(reply, 404)
        const page = await desk.page(showId, epoch, Number(slot))
        if (page === 'gone') return notHere(reply, 410)
        if (page === 'early') return notHere(reply.header('retry-after', '1'), 404)
        return send(reply, 'public, max-age=86400, immutable', page.body)
      },
    )
  }

const send = (reply: FastifyReply, keep: string, body: string) =>
  reply.header('cache-control', keep).header('access-control-allow-origin', '*').type('application/json').send(body)

const notHere = (reply: FastifyReply, status: 404 | 410) =>
  reply.status(status).header('cache-control', 'no-store').type('application/json').send('{}')
