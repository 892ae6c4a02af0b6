import type { Act } from '@efir/contract/act.ts'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Refusal } from './refusal.ts'

/** Which pages of other sites may ask (Fetch standard, CORS protocol). They never bring cookies, so no right of a person is lent to them. */
export interface Sites {
  /** Named by a shop as a place where its shows may stand. */
  allows(origin: string): Promise<boolean>
  /** Comes from a page of another site; programs send no origin. */
  isForeign(request: FastifyRequest): boolean
}

const allowed = {
  'access-control-allow-methods': 'GET, POST, PUT, PATCH, DELETE',
  'access-control-allow-headers': 'authorization, content-type, accept-language, x-efir',
  // Asked again soon, so that a site that was taken off the list is off.
  'access-control-max-age': '600',
}
const exposed = { 'access-control-expose-headers': 'x-request-id, retry-after' }

export function admitSites(app: FastifyInstance, sites: Sites): void {
  app.addHook('onRequest', async (request, reply) => {
    if (!request.url.startsWith('/api/') || request.headers.origin === undefined) return
    reply.header('vary', 'origin')
    if (!sites.isForeign(request)) return
    if (await sites.allows(request.headers.origin))
      reply.headers({ 'access-control-allow-origin': request.headers.origin, ...exposed })
  })
  app.options('/api/*', async (_request: FastifyRequest, reply: FastifyReply) => {
    if (reply.hasHeader('access-control-allow-origin')) reply.headers(allowed)
    return await reply.status(204).send()
  })
}

/** A page of another site may ask what anybody or a guest may. With cookies it would speak for somebody: then it may not. */
export function refuseClosedActs(act: Act, request: FastifyRequest): void {
  const open = act.who.includes('public') || act.who.includes('known')
  if (request.headers.cookie !== undefined && act.method !== 'GET') throw new Refusal('csrf_failed')
  if (!open) throw new Refusal('not_allowed')
}
