import * as account from './account.ts'
import type { Act } from './act.ts'
import * as catalog from './catalog.ts'
import * as identity from './identity.ts'
import * as integrations from './integrations.ts'
import * as ledger from './ledger.ts'
import * as lots from './lots.ts'
import * as markets from './markets.ts'
import * as media from './media.ts'
import * as money from './money.ts'
import * as notifications from './notifications.ts'
import * as operating from './operating.ts'
import * as shapes from './orders/shapes.ts'
import * as orders from './orders.ts'
import * as payments from './payments.ts'
import * as room from './room.ts'
import * as scalars from './scalars.ts'
import { type Scope, scopeOf } from './scopes.ts'
import * as shows from './shows.ts'
import * as site from './site.ts'
import * as stock from './stock.ts'

export interface ApiModule {
  readonly name: string
  readonly acts: readonly Act[]
  /** Everything the file names, so that its schemas keep their names in the description. */
  readonly named: Readonly<Record<string, unknown>>
}

const of = (name: string, file: { readonly acts: readonly unknown[] }): ApiModule => ({
  name,
  acts: file.acts as readonly Act[],
  named: file as unknown as Record<string, unknown>,
})

/** The whole public interface, module by module. A test holds it against the files of this folder. */
export const apiModules: readonly ApiModule[] = [
  of('identity', identity),
  of('account', account),
  of('markets', markets),
  of('ledger', ledger),
  of('payments', payments),
  of('catalog', catalog),
  of('stock', stock),
  of('orders', orders),
  of('media', media),
  of('shows', shows),
  of('lots', lots),
  of('room', room),
  of('integrations', integrations),
  of('notifications', notifications),
  of('site', site),
  of('operating', operating),
]

/** Schemas that belong to no module. */
export const sharedSchemas: readonly Readonly<Record<string, unknown>>[] = [scalars, money, shapes]

const scopeByAct = new Map(apiModules.flatMap(({ name, acts }) => acts.map((act) => [act.name, scopeOf(name, act)] as const)))

/** See scopes.ts; an act that is not in the list is never for keys. */
export const scopeFor = (act: Pick<Act, 'name'>): Scope | 'open' | null => scopeByAct.get(act.name) ?? null

export const allScopes: readonly Scope[] = [
  ...new Set([...scopeByAct.values()].filter((scope): scope is Scope => scope !== null && scope !== 'open')),
].toSorted()

const within = (place: 'shop' | 'platform'): readonly Scope[] => {
  const counts = (act: Act) => act.who.some((who) => (place === 'platform' ? who === 'operator' : /^(shop|show):/.test(who)))
  const found = apiModules.flatMap(({ acts }) => acts.filter(counts).map((act) => scopeByAct.get(act.name)))
  return allScopes.filter((scope) => found.includes(scope))
}
/** What the keys of a shop, and those of operators, may be given. */
export const scopesWithin = { shop: within('shop'), platform: within('platform') } as const
