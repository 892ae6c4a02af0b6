import type { Act } from './act.ts'

/** What an API key may be allowed: reading or changing the things of one module. */
export type Scope = `${string}:read` | `${string}:write`

/** Who holds the wider name holds the narrower one: whoever may change orders has to see them. */
export const allows = (held: readonly string[], wanted: Scope): boolean =>
  held.includes(wanted) || (wanted.endsWith(':read') && held.includes(wanted.replace(/read$/, 'write')))

/** Keys make no keys, do not read events of things they may not read, and never say where money goes. */
const closed: readonly string[] = ['integrations', 'payments']

const roles = (act: Act) => act.who.some((who) => who.startsWith('shop:') || who.startsWith('show:') || who === 'operator')

/**
 * `open`: needs no scope, because everybody may · null: never with a key, because it belongs to a person (their cart, password, session).
 * Everything else is a scope of its module: `read` for a GET, `write` for what changes something.
 */
export function scopeOf(module: string, act: Act): Scope | 'open' | null {
  if (act.who.includes('public')) return act.method === 'GET' ? 'open' : null
  if (!roles(act) || act.who.includes('known') || closed.includes(module)) return null
  return `${module}:${act.method === 'GET' ? 'read' : 'write'}`
}
