import type { FastifyInstance } from 'fastify'
import type { Kernel } from './kernel/context.ts'
import { openHttp } from './kernel/http.ts'
import { installJobs, installReactions, type Module } from './kernel/module.ts'
import { openThrottle } from './kernel/throttle.ts'
import { authenticator, rolesIn } from './modules/identity/access.ts'
import * as identityPlaces from './modules/identity/contributes.ts'
import type { Credentials } from './modules/identity/ports.ts'
import * as identityRoutes from './modules/identity/routes.ts'
import * as marketsRoutes from './modules/markets/routes.ts'
import * as stockContributes from './modules/stock/contributes.ts'
import { openStockDesk, type StockDesk } from './modules/stock/desk.ts'
import * as stockReactions from './modules/stock/reactions.ts'
import * as stockRoutes from './modules/stock/routes.ts'

/** The row, left to right. A module imports only modules before it; tidy.test.ts keeps that. */
export const row = [
  'identity', 'markets', 'ledger', 'payments', 'catalog', 'stock', 'orders', 'reviews', 'trials', 'media', 'shows', 'lots', 'groupbuys',
  'attribution', 'connect', 'room', 'answers', 'claims', 'rehearsal', 'channels', 'agency', 'notifications', 'analytics',
] as const

export interface App extends AsyncDisposable {
  readonly http: FastifyInstance
  readonly modules: readonly Module[]
  /** Reserves units, in groups, for everything that sells. */
  readonly desk: StockDesk
}

/** Adapters of the outside world, opened by main.ts. */
export interface Outside {
  readonly credentials: Credentials
}

export async function openApp(kernel: Kernel, outside: Outside, options: { https?: { key: string; cert: string } } = {}): Promise<App> {
  const desk = openStockDesk(kernel)
  const modules: Module[] = [
    { name: 'identity', routes: identityRoutes.routes(outside.credentials), places: identityPlaces.places },
    { name: 'markets', routes: marketsRoutes.routes },
    { name: 'stock', routes: stockRoutes.routes, reactions: stockReactions.reactions, jobs: stockReactions.jobs, verifierChecks: stockContributes.verifierChecks },
  ]
  installReactions(kernel, modules)
  installJobs(kernel, modules)
  const http = await openHttp({
    kernel,
    routes: modules.flatMap((m) => m.routes ?? []),
    places: Object.assign({}, ...modules.map((m) => m.places ?? {})),
    authenticate: authenticator(kernel),
    rolesIn,
    throttle: openThrottle(kernel.clock, {
      startCode: { burst: 3, perMinute: 3 },
      enterCode: { burst: 6, perMinute: 6 },
      enterPassword: { burst: 6, perMinute: 6 },
    }),
    https: options.https,
  })
  return {
    http,
    modules,
    desk,
    async [Symbol.asyncDispose]() {
      await http.close()
      await desk[Symbol.asyncDispose]()
    },
  }
}
