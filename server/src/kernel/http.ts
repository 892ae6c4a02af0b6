import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { Act, Who } from '@efir/contract/act.ts'
import { scopeFor } from '@efir/contract/api.ts'
import { isAudited } from '@efir/contract/audited.ts'
import { refusals } from '@efir/contract/refusals.ts'
import { isLocale, type Locale } from '@efir/contract/scalars.ts'
import { allows } from '@efir/contract/scopes.ts'
import cookie from '@fastify/cookie'
import helmet from '@fastify/helmet'
import multipart from '@fastify/multipart'
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest, LogController } from 'fastify'
import { audited } from './audit.ts'
import type { Place, PlaceFinders, Route, Wire } from './bind.ts'
import { type Actor, type ActorKey, type Ctx, type Kernel, openCtx, personOf } from './context.ts'
import { admitSites, refuseClosedActs, type Sites } from './cors.ts'
import type { HttpFigures } from './figures.ts'
import { checkInput, coerceQuery, refuseBrokenText } from './input.ts'
import type { Pages } from './pages.ts'
import type { PassOn } from './proxy.ts'
import { assert, Refusal } from './refusal.ts'
import { openTrust } from './remote.ts'
import type { Throttle } from './throttle.ts'

export interface HttpOptions {
  readonly kernel: Kernel
  readonly routes: readonly Route[]
  readonly places: PlaceFinders
  /** Who asks; never touches the database. */
  readonly authenticate: (request: FastifyRequest) => Actor
  /** The roles of a person in a place. */
  readonly rolesIn: (ctx: Ctx, personId: string, place: Place) => Promise<ReadonlySet<Who>>
  /** Throws `too_many_requests` when this caller has asked this act too often. */
  readonly throttle: Throttle
  /** Opens the door for API keys; they are looked up at each call, so that a revoked one is dead at once. */
  readonly keyDoor?: KeyDoor
  /** Pages of other sites that may ask, without cookies and only for what anybody or a guest may. */
  readonly sites?: Sites
  readonly https?: { key: string; cert: string }
  /** Paths that pass by the app: the picture's bytes go straight to media. */
  readonly bypass?: Readonly<Record<string, PassOn>>
  readonly pages?: Pages
  readonly figures?: HttpFigures
}

/** The caller as the key makes them, or a refusal; tells the limits of the key in the headers of the answer. */
export type KeyDoor = (ctx: Ctx, key: string, request: FastifyRequest, reply: FastifyReply) => Promise<Actor>

export async function openHttp(options: HttpOptions): Promise<FastifyInstance> {
  const { kernel } = options
  const base = {
    loggerInstance: kernel.log,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => kernel.ids.make('request'),
    bodyLimit: 1_048_576,
    trustProxy: openTrust(kernel.config.EFIR_PROXIES, kernel.config.production),
    forceCloseConnections: true,
    requestTimeout: 60_000,
  }
  const app = fastify({ ...base, serverFactory: serverFactory(options) } as never) as unknown as FastifyInstance
  await app.register(cookie)
  const outcomes = new WeakMap<FastifyRequest, string>()
  const safety = await safetyHeaders(kernel.config.production)
  app.addHook('onRequest', (_request, reply, done) => {
    reply.headers(safety)
    done()
  })
  await app.register(multipart, { limits: { files: 1, fileSize: 15_000_000, fields: 20, fieldSize: 10_000, parts: 21 } })
  app.addHook('onSend', async (request, reply) => void reply.header('x-request-id', request.id))
  app.addHook('onResponse', async (request, reply) => {
    if (!request.url.startsWith('/api/')) return
    const { act } = request.routeOptions.config as { act?: string }
    if (act)
      options.figures?.answered(act, outcomes.get(request) ?? (reply.statusCode < 400 ? 'ok' : 'defect'), reply.elapsedTime)
    request.log.info({ act, status: reply.statusCode, ms: Math.round(reply.elapsedTime * 10) / 10 }, 'answered')
  })
  app.setErrorHandler((problem: Error & { statusCode?: number; code?: string }, request, reply) => {
    const refusal = refusalFrom(problem)
    if (refusal) outcomes.set(request, refusal.code)
    const { retryInMs } = refusal?.params ?? {}
    // RFC 9110, 10.2.3: whole seconds.
    if (typeof retryInMs === 'number') reply.header('retry-after', Math.max(1, Math.ceil(retryInMs / 1000)))
    if (refusal)
      return reply
        .status(refusals[refusal.code])
        .send({ refusal: { code: refusal.code, params: refusal.params }, requestId: request.id })
    request.log.error({ err: problem }, 'defect')
    return reply.status(500).send({ defect: true, requestId: request.id })
  })
  app.setNotFoundHandler(
    (request, reply) =>
      options.pages?.answer(request, reply) ??
      reply.status(404).send({ refusal: { code: 'not_found', params: {} }, requestId: request.id }),
  )
  await options.pages?.plug(app)
  if (options.sites) admitSites(app, options.sites)
  for (const route of options.routes) addRoute(app, options, route)
  return app
}

/** What helmet says is the same for every answer, so it is asked once. */
async function safetyHeaders(production: boolean): Promise<Record<string, string>> {
  const probe = fastify()
  await probe.register(helmet, {
    contentSecurityPolicy: securityPolicy(),
    crossOriginEmbedderPolicy: false,
    hsts: production,
    crossOriginResourcePolicy: false,
  })
  probe.get('/', (_request, reply) => reply.send())
  const { headers } = await probe.inject('/')
  await probe.close()
  const own = new Set(['content-length', 'content-type', 'date', 'connection', 'keep-alive'])
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => (own.has(name) || value === undefined ? [] : [[name, String(value)]])),
  )
}

/** The listen backlog and the bypass need the plain server. */
function serverFactory(options: HttpOptions) {
  const bypass = Object.entries(options.bypass ?? {})
  return (handler: (req: IncomingMessage, res: ServerResponse) => void) => {
    const listener = (req: IncomingMessage, res: ServerResponse) => {
      const passed = bypass.find(([prefix]) => req.url?.startsWith(prefix))
      if (passed) passed[1](req, res)
      else handler(req, res)
    }
    return options.https ? createTlsServer(options.https, listener) : createServer({ keepAliveTimeout: 72_000 }, listener)
  }
}

function refusalFrom(problem: Error & { statusCode?: number; code?: string }): Refusal | null {
  if (problem instanceof Refusal) return problem
  if (problem.code === 'FST_REQ_FILE_TOO_LARGE') return new Refusal('picture_too_large')
  if (problem.statusCode === 429) return new Refusal('too_many_requests')
  if (problem.statusCode !== undefined && problem.statusCode >= 400 && problem.statusCode < 500)
    return new Refusal('bad_input', { field: '', problem: problem.message.slice(0, 200) })
  return null
}

/** No inline scripts or styles; media and sockets from here only. */
function securityPolicy() {
  return {
    useDefaults: false,
    directives: {
      defaultSrc: ["'self'"],
      scriptSrc: ["'self'", 'blob:'],
      workerSrc: ["'self'", 'blob:'],
      styleSrc: ["'self'"],
      imgSrc: ["'self'", 'data:', 'blob:'],
      mediaSrc: ["'self'", 'blob:'],
      connectSrc: ["'self'", 'ws:', 'wss:'],
      frameAncestors: ["'none'"],
      baseUri: ["'none'"],
      formAction: ["'self'"],
      objectSrc: ["'none'"],
    },
  }
}

function addRoute(app: FastifyInstance, options: HttpOptions, route: Route): void {
  const { act } = route
  app.route({
    method: act.method,
    url: `/api${act.path}`,
    bodyLimit: bodyLimitOf(act),
    config: { act: act.name } as never,
    schema: { response: { '2xx': act.output } },
    handler: async (request, reply) => {
      const asked = ctxOf(options, request)
      options.throttle(asked, act)
      const ctx = await withKey(options, asked, request, reply)
      if (options.sites?.isForeign(request)) refuseClosedActs(act, request)
      else if (act.method !== 'GET') refuseForeignPages(request)
      const input = inputOf(act, request)
      refuseBrokenText(input)
      await admit(options, ctx, act, input)
      checkInput(act, input)
      options.throttle(ctx, act, input)
      reply.header('cache-control', 'no-store')
      return await carryOut(options, route, ctx, input, { request, reply })
    },
  })
}

async function withKey(options: HttpOptions, ctx: Ctx, request: FastifyRequest, reply: FastifyReply): Promise<Ctx> {
  const bearer = request.headers.authorization
  if (!options.keyDoor || !bearer?.startsWith('Bearer efir_')) return ctx
  const actor = await options.keyDoor(ctx, bearer.slice(7), request, reply)
  return openCtx(options.kernel, { actor, locale: ctx.locale, requestId: ctx.requestId, remote: ctx.remote })
}

async function carryOut(
  options: HttpOptions,
  route: Route,
  ctx: Ctx,
  input: Record<string, unknown>,
  wire: Wire,
): Promise<unknown> {
  if (!isAudited(route.act)) return await route.call(ctx, input as never, wire)
  const { place } = await placeOf(options, ctx, route.act, input)
  const within = audited(ctx, route.act, place, input)
  const answer = await route.call(within.ctx, input as never, wire)
  await within.finish()
  return answer
}

/** Reading and judging a body holds up everybody else, so those whom nobody vouches for may send little. */
const bodyLimitOf = (act: Act): number => (act.who.includes('public') || act.who.includes('known') ? 65_536 : 1_048_576)

export function ctxOf(options: Pick<HttpOptions, 'kernel' | 'authenticate'>, request: FastifyRequest): Ctx {
  return openCtx(options.kernel, {
    actor: options.authenticate(request),
    locale: localeOf(request),
    requestId: request.id,
    remote: request.ip,
  })
}

function inputOf(act: Act, request: FastifyRequest): Record<string, unknown> {
  const params = request.params as Record<string, string>
  if (act.method === 'GET') return { ...coerceQuery(act, request.query as Record<string, unknown>), ...params }
  const body = request.isMultipart() ? {} : (request.body ?? {})
  if (typeof body !== 'object' || Array.isArray(body))
    throw new Refusal('bad_input', { field: '', problem: 'the body must be an object' })
  return { ...(body as Record<string, unknown>), ...params }
}

/** Cross-site request forgery: our pages send a header that a foreign form cannot, and browsers say where a request comes from. */
function refuseForeignPages(request: FastifyRequest): void {
  const site = request.headers['sec-fetch-site']
  if (site !== undefined && site !== 'same-origin' && site !== 'none') throw new Refusal('csrf_failed')
  if (request.headers.cookie !== undefined && request.headers['x-efir'] === undefined) throw new Refusal('csrf_failed')
}

const ofRoles = (act: Act): boolean => act.who.some((w) => w.startsWith('shop:') || w.startsWith('show:'))

async function admit(options: HttpOptions, ctx: Ctx, act: Act, input: Record<string, unknown>): Promise<void> {
  const { actor } = ctx
  if ('key' in actor && actor.key) return await admitKey(options, ctx, act, input, actor.key)
  if (act.who.includes('public')) return
  if (actor.kind === 'nobody') throw new Refusal('not_signed_in')
  assert(actor.kind !== 'system', 'requests come from people')
  if (act.who.includes('known')) return
  if (act.who.includes('account') && actor.kind === 'account') return
  if (act.who.includes('operator') && actor.operator) return
  if (actor.kind === 'guest') throw new Refusal('not_signed_in')
  await admitByRoles(options, ctx, act, input)
}

/** `within`: a key's shop, beside which its maker has no roles. */
async function admitByRoles(
  options: HttpOptions,
  ctx: Ctx,
  act: Act,
  input: Record<string, unknown>,
  within?: string,
): Promise<void> {
  if (!ofRoles(act)) throw new Refusal('not_allowed')
  const { key, place } = await placeOf(options, ctx, act, input)
  const inside = place && (within === undefined || place.shopId === within)
  const roles = inside ? await options.rolesIn(ctx, personOf(ctx), place) : null
  if (roles && act.who.some((w) => roles.has(w))) return
  // A shop is no secret, what it holds may be: a stranger is not told whether a thing of it exists.
  throw new Refusal(key === 'shopId' || (roles?.size ?? 0) > 0 ? 'not_allowed' : 'not_found')
}

/** A key does what its scopes say, in its own place, and never more than its maker may right now. */
async function admitKey(options: HttpOptions, ctx: Ctx, act: Act, input: Record<string, unknown>, key: ActorKey): Promise<void> {
  const { actor } = ctx
  assert(actor.kind === 'account', 'keys are made by accounts')
  const scope = scopeFor(act)
  if (scope === 'open') return
  if (scope === null || !allows(key.scopes, scope)) throw new Refusal('not_allowed', { scope: scope ?? '' })
  if (key.shopId === null) {
    if (act.who.includes('operator') && actor.operator) return
    throw new Refusal('not_allowed')
  }
  await admitByRoles(options, ctx, act, input, key.shopId)
}

/** The last id of the path that a module can place decides; only an act without one goes by its body. */
async function placeOf(
  options: HttpOptions,
  ctx: Ctx,
  act: Act,
  input: Record<string, unknown>,
): Promise<{ key: string; place: Place | null }> {
  const inPath = [...act.path.matchAll(/:(\w+)/g)].map((m) => m[1] as string).reverse()
  for (const key of [...inPath, ...Object.keys(options.places)]) {
    const id = input[key]
    const find = options.places[key]
    if (find && typeof id === 'string') return { key, place: await find(ctx, id.slice(0, 80)) }
  }
  return { key: '', place: null }
}

export function localeOf(request: FastifyRequest): Locale {
  const chosen = request.cookies['efir_locale']
  if (chosen && isLocale(chosen)) return chosen
  for (const part of (request.headers['accept-language'] ?? '').split(',').slice(0, 10)) {
    const tag = part.trim().slice(0, 2).toLowerCase()
    if (isLocale(tag)) return tag
  }
  return 'en'
}
