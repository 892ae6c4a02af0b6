import type { FastifyInstance } from 'fastify'
import { auditCheck } from './kernel/audit.ts'
import type { Kernel } from './kernel/context.ts'
import { type Figure, openHttpFigures } from './kernel/figures.ts'
import { localeOf, openHttp } from './kernel/http.ts'
import { keepingJobs } from './kernel/keeping.ts'
import { installJobs, installReactions, lanesOf, type Module } from './kernel/module.ts'
import { kernelFigures } from './kernel/own-figures.ts'
import { openPages } from './kernel/pages.ts'
import type { PassOn } from './kernel/proxy.ts'
import { openThrottle } from './kernel/throttle.ts'
import type { VerifierCheck } from './kernel/verifier.ts'
import * as catalogParts from './modules/catalog/contributes.ts'
import { servePictures } from './modules/catalog/files.ts'
import * as catalogRoutes from './modules/catalog/routes.ts'
import { authenticator, openEndedSessions } from './modules/identity/access.ts'
import { openOidc } from './modules/identity/adapters/oidc.ts'
import * as identityParts from './modules/identity/contributes.ts'
import * as identityKeeping from './modules/identity/keeping.ts'
import * as aboutPeople from './modules/identity/person.ts'
import type { Credentials, PersonPart } from './modules/identity/ports.ts'
import * as identityRoutes from './modules/identity/routes.ts'
import type { BeginAnew } from './modules/identity/verbs/demo.ts'
import { serveArchives } from './modules/identity/verbs/leaving.ts'
import { serveOutside } from './modules/identity/verbs/outside.ts'
import { rolesIn } from './modules/identity/views.ts'
import { keepKeyJournal, openKeyDoor } from './modules/integrations/door.ts'
import { serveOpenApi } from './modules/integrations/openapi.ts'
import * as aboutIntegrations from './modules/integrations/person.ts'
import * as integrationsReactions from './modules/integrations/reactions.ts'
import * as integrationsRoutes from './modules/integrations/routes.ts'
import { openSites, serveDemoPage } from './modules/integrations/sites.ts'
import * as ledgerParts from './modules/ledger/contributes.ts'
import * as ledgerRoutes from './modules/ledger/routes.ts'
import * as lotsParts from './modules/lots/contributes.ts'
import { openGuard } from './modules/lots/guard/guard.ts'
import { puzzleChallenge } from './modules/lots/guard/puzzle.ts'
import * as lotsReactions from './modules/lots/reactions.ts'
import * as lotsRoutes from './modules/lots/routes.ts'
import { openTermsBook } from './modules/lots/terms.ts'
import * as marketsRoutes from './modules/markets/routes.ts'
import { mediaFigures } from './modules/media/figures.ts'
import { serveReplays } from './modules/media/files.ts'
import type { StreamOwner, WatchedMedia } from './modules/media/ports.ts'
import * as mediaReactions from './modules/media/reactions.ts'
import * as mediaRoutes from './modules/media/routes.ts'
import * as notificationsJobs from './modules/notifications/jobs.ts'
import * as aboutLetters from './modules/notifications/person.ts'
import * as notificationsReactions from './modules/notifications/reactions.ts'
import * as notificationsRoutes from './modules/notifications/routes.ts'
import * as operatingRoutes from './modules/operating/routes.ts'
import * as ordersParts from './modules/orders/contributes.ts'
import * as aboutOrders from './modules/orders/person.ts'
import * as ordersReactions from './modules/orders/reactions.ts'
import * as ordersRoutes from './modules/orders/routes.ts'
import { openPayments } from './modules/payments/adapters/usual.ts'
import * as paymentsParts from './modules/payments/contributes.ts'
import { paymentFigures } from './modules/payments/figures.ts'
import { servePayPage } from './modules/payments/pay-page.ts'
import * as aboutPayments from './modules/payments/person.ts'
import * as paymentsReactions from './modules/payments/reactions.ts'
import * as paymentsRoutes from './modules/payments/routes.ts'
import { serveCallbacks } from './modules/payments/webhooks.ts'
import { openRoom, type RoomPart } from './modules/room/open-room.ts'
import * as aboutRoom from './modules/room/person.ts'
import * as roomReactions from './modules/room/reactions.ts'
import * as roomRoutes from './modules/room/routes.ts'
import * as showsParts from './modules/shows/contributes.ts'
import * as aboutShows from './modules/shows/person.ts'
import * as showsReactions from './modules/shows/reactions.ts'
import * as showsRoutes from './modules/shows/routes.ts'
import { composer } from './modules/site/compose.ts'
import * as siteRoutes from './modules/site/routes.ts'
import { openVitals } from './modules/site/vitals.ts'
import * as stockParts from './modules/stock/contributes.ts'
import { openStockDesk, type StockDesk } from './modules/stock/desk.ts'
import * as stockReactions from './modules/stock/reactions.ts'
import * as stockRoutes from './modules/stock/routes.ts'

/** The row, left to right. A module imports only modules before it; tidy.test.ts keeps that. */
export const row = [
  'identity',
  'markets',
  'ledger',
  'payments',
  'catalog',
  'stock',
  'orders',
  'reviews',
  'trials',
  'media',
  'shows',
  'lots',
  'groupbuys',
  'attribution',
  'connect',
  'room',
  'answers',
  'claims',
  'rehearsal',
  'channels',
  'agency',
  'integrations',
  'notifications',
  'analytics',
  'site',
  'operating',
] as const

/** Adapters of the outside world, opened by main.ts. */
export interface Outside {
  readonly credentials: Credentials
  readonly media: WatchedMedia
  /** Only with a demo world, which can be reset. */
  readonly beginAnew?: BeginAnew
}

export interface App extends AsyncDisposable {
  readonly http: FastifyInstance
  readonly modules: readonly Module[]
  readonly desk: StockDesk
  readonly room: RoomPart
  /** Everything that `/metrics` tells. */
  readonly figures: readonly Figure[]
}

export interface AppOptions {
  readonly https?: { key: string; cert: string }
  readonly bypass?: Readonly<Record<string, PassOn>>
  /** Where the website was built. */
  readonly dist?: string
}

/** What the verifier recomputes: `npm run verify`, the office's board and every simulation. */
export const verifierChecks: readonly VerifierCheck[] = [
  auditCheck,
  ...[identityParts, ledgerParts, paymentsParts, stockParts, ordersParts, lotsParts].flatMap((part) => part.verifierChecks),
]

/** Everything that is kept about a person, for their archive and for their erasure. */
const personParts: readonly PersonPart[] = [
  aboutOrders.personPart,
  aboutPayments.personPart,
  aboutShows.personPart,
  aboutRoom.personPart,
  aboutIntegrations.personPart,
  aboutLetters.personPart,
  // Last: others ask it who somebody was.
  aboutPeople.personPart,
]

export const streamOwners: readonly StreamOwner[] = [showsParts.streamOwner]

/** Open it after `kernel.events.start()`: the rooms follow the log from its head. */
export async function openApp(kernel: Kernel, outside: Outside, options: AppOptions = {}): Promise<App> {
  const desk = openStockDesk(kernel)
  const guard = openGuard({ clock: kernel.clock, challenge: puzzleChallenge })
  const terms = openTermsBook(kernel)
  const payments = openPayments(kernel)
  const room = openRoom(kernel)
  const ended = await openEndedSessions(kernel)
  const authenticate = authenticator(kernel, ended)
  const signIn = { ...outside, parts: personParts, outside: openOidc({ providers: kernel.config.oidc, log: kernel.log }) }
  const till = { desk, cashier: payments.cashier }
  const vitals = openVitals()
  const modules: Module[] = [
    { name: 'kernel', jobs: keepingJobs },
    {
      name: 'identity',
      routes: identityRoutes.routes(signIn),
      places: identityParts.places,
      jobs: identityKeeping.jobs(personParts),
      verifierChecks: identityParts.verifierChecks,
      plug: (app, k) => {
        serveOutside({ ...signIn, authenticate })(app, k)
        serveArchives(app, k)
      },
    },
    { name: 'markets', routes: marketsRoutes.routes },
    { name: 'ledger', routes: ledgerRoutes.routes, places: ledgerParts.places, verifierChecks: ledgerParts.verifierChecks },
    {
      name: 'payments',
      routes: paymentsRoutes.routes(payments),
      jobs: paymentsReactions.jobs(payments),
      verifierChecks: paymentsParts.verifierChecks,
      figures: paymentFigures(kernel),
      plug: async (app) => {
        await serveCallbacks(payments.cashier)(app, kernel)
        await servePayPage(options.dist)(app, kernel)
      },
    },
    { name: 'catalog', routes: catalogRoutes.routes, places: catalogParts.places, plug: servePictures },
    {
      name: 'stock',
      routes: stockRoutes.routes,
      reactions: stockReactions.reactions,
      jobs: stockReactions.jobs,
      verifierChecks: stockParts.verifierChecks,
      figures: desk.figures,
    },
    {
      name: 'orders',
      routes: ordersRoutes.routes(till),
      reactions: ordersReactions.reactions,
      jobs: ordersReactions.jobs(till),
      places: ordersParts.places,
      verifierChecks: ordersParts.verifierChecks,
    },
    {
      name: 'media',
      routes: mediaRoutes.routes(showsParts.shopOfStream, outside.media),
      reactions: mediaReactions.reactions(outside.media),
      jobs: mediaReactions.jobs(outside.media, streamOwners, kernel.storage.disk),
      figures: mediaFigures(outside.media),
      plug: serveReplays,
    },
    {
      name: 'shows',
      routes: showsRoutes.routes(outside.media),
      reactions: showsReactions.reactions,
      jobs: showsReactions.jobs(outside.media),
      places: showsParts.places,
    },
    {
      name: 'lots',
      routes: lotsRoutes.routes({ desk, terms, guard }),
      reactions: lotsReactions.reactions,
      jobs: lotsReactions.jobs,
      places: lotsParts.places,
      verifierChecks: lotsParts.verifierChecks,
    },
    {
      name: 'room',
      routes: roomRoutes.routes(room.chat),
      reactions: roomReactions.reactions,
      figures: room.figures,
      plug: room.serve,
    },
    {
      name: 'integrations',
      routes: integrationsRoutes.routes,
      reactions: integrationsReactions.reactions,
      jobs: integrationsReactions.jobs,
      plug(http, its) {
        keepKeyJournal(http, its)
        serveOpenApi(http, its)
        serveDemoPage(http)
      },
    },
    { name: 'operating', routes: operatingRoutes.routes },
    {
      name: 'notifications',
      routes: notificationsRoutes.routes,
      reactions: notificationsReactions.reactions,
      jobs: notificationsJobs.jobs,
    },
    { name: 'site', routes: siteRoutes.routes(vitals), figures: vitals.figures, plug: siteRoutes.serveCrawlers },
  ]
  installReactions(kernel, modules)
  installJobs(kernel, modules)
  const answers = openHttpFigures()
  const { dist, ...served } = options
  const http = await openHttp({
    kernel,
    routes: modules.flatMap((m) => m.routes ?? []),
    places: Object.assign({}, ...modules.map((m) => m.places ?? {})),
    authenticate,
    rolesIn,
    keyDoor: openKeyDoor(),
    sites: openSites(kernel),
    throttle: openThrottle(kernel.clock, {
      startCode: { burst: 3, perMinute: 3, about: { field: 'email', burst: 5, perMinute: 1 } },
      enterCode: { burst: 6, perMinute: 6, about: { field: 'email', burst: 10, perMinute: 3 } },
      askArchive: { burst: 3, perMinute: 0.02 },
      startOutside: { burst: 10, perMinute: 10 },
      enterPasskey: { burst: 10, perMinute: 10 },
      enterPassword: { burst: 6, perMinute: 6, about: { field: 'email', burst: 15, perMinute: 5 } },
      findOrder: { burst: 6, perMinute: 6, about: { field: 'number', burst: 15, perMinute: 5 } },
      embedGuest: { burst: 3, perMinute: 3 },
      payAgain: { burst: 6, perMinute: 12 },
      // These send letters to whatever address somebody types.
      remindMe: { burst: 20, perMinute: 20, about: { field: 'email', burst: 5, perMinute: 1 } },
      inviteToShop: { burst: 20, perMinute: 10, about: { field: 'email', burst: 5, perMinute: 1 } },
      inviteToShow: { burst: 20, perMinute: 10, about: { field: 'email', burst: 5, perMinute: 1 } },
    }),
    figures: answers,
    ...served,
    ...(dist ? { pages: openPages({ dist, compose: composer(kernel), localeOf }) } : {}),
  })
  for (const module of modules) await module.plug?.(http, kernel)
  room.attach(http.server, kernel.config.EFIR_ORIGIN)
  return {
    http,
    modules,
    desk,
    room,
    figures: [...kernelFigures(kernel, lanesOf(modules)), ...answers.figures, ...modules.flatMap((m) => m.figures ?? [])],
    async [Symbol.asyncDispose]() {
      await room[Symbol.asyncDispose]()
      await http.close()
      terms[Symbol.dispose]()
      ended[Symbol.dispose]()
      await desk[Symbol.asyncDispose]()
    },
  }
}
