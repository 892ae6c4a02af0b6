import type { Act } from '@efir/contract/act.ts'
import { type IdKind, idPrefixes } from '@efir/contract/scalars.ts'

/** A schema as JSON Schema has it; only what the contract uses. */
interface Schema {
  type?: string
  const?: unknown
  enum?: unknown[]
  anyOf?: Schema[]
  pattern?: string
  minLength?: number
  minimum?: number
  minItems?: number
  minProperties?: number
  items?: Schema
  properties?: Record<string, Schema>
  required?: string[]
}

const kinds = new Map(Object.entries(idPrefixes).map(([kind, prefix]) => [prefix as string, kind as IdKind]))
const kindOf = (schema: Schema): IdKind | undefined => kinds.get(/^\^([a-z]{3})_/.exec(schema.pattern ?? '')?.[1] ?? '')

/** One place of an input that takes an id: its path, such as `items.0.variantId`. */
export interface IdSpot {
  readonly path: string
  readonly kind: IdKind
}

export function idSpots(act: Act): IdSpot[] {
  const found: IdSpot[] = []
  const walk = (schema: Schema, path: string): void => {
    const kind = kindOf(schema)
    if (kind) found.push({ path, kind })
    for (const [key, inner] of Object.entries(schema.properties ?? {})) walk(inner, path ? `${path}.${key}` : key)
    if (schema.items) walk(schema.items, `${path}.0`)
    for (const inner of schema.anyOf ?? []) walk(inner, path)
  }
  walk(act.input as Schema, '')
  return found.filter((spot, i) => found.findIndex((f) => f.path === spot.path) === i)
}

const texts = [
  'text',
  'FR',
  'EUR',
  'en',
  'a-text',
  'x@example.org',
  'probe-key-1',
  '123456',
  'https://example.org/',
  'https://example.org',
  'order.paid',
  'a_text',
  'orders:read',
  '12345670',
]

/** The smallest input the act takes, with the ids that are asked for; `ids` says which id stands for each kind. */
export function sampleInput(act: Act, ids: (kind: IdKind) => string, wanted: string): Record<string, unknown> {
  return sample(act.input as Schema, '', ids, wanted) as Record<string, unknown>
}

function sample(schema: Schema, path: string, ids: (kind: IdKind) => string, wanted: string): unknown {
  const kind = kindOf(schema)
  if (kind) return ids(kind)
  if (schema.const !== undefined) return schema.const
  if (schema.enum) return schema.enum[0]
  if (schema.anyOf) return sample(schema.anyOf[0] as Schema, path, ids, wanted)
  if (schema.type === 'object') return sampleObject(schema, path, ids, wanted)
  if (schema.type === 'array') {
    const inner = `${path}.0`
    const needed = (schema.minItems ?? 0) > 0 || wanted.startsWith(inner)
    return needed ? [sample(schema.items ?? {}, inner, ids, wanted)] : []
  }
  if (schema.type === 'integer' || schema.type === 'number') return Math.max(schema.minimum ?? 1, 1)
  if (schema.type === 'boolean') return true
  const pattern = schema.pattern === undefined ? null : new RegExp(schema.pattern)
  const fit = texts.find((text) => (pattern?.test(text) ?? true) && text.length >= (schema.minLength ?? 0))
  return fit ?? 'a text long enough for everything'
}

function sampleObject(schema: Schema, path: string, ids: (kind: IdKind) => string, wanted: string): Record<string, unknown> {
  const made: Record<string, unknown> = {}
  for (const [key, inner] of Object.entries(schema.properties ?? {})) {
    const at = path ? `${path}.${key}` : key
    if (schema.required?.includes(key) || wanted === at || wanted.startsWith(`${at}.`)) made[key] = sample(inner, at, ids, wanted)
  }
  if (Object.keys(made).length < (schema.minProperties ?? 0) && schema.properties) {
    const [key, inner] = Object.entries(schema.properties)[0] as [string, Schema]
    made[key] = sample(inner, key, ids, wanted)
  }
  return made
}

/** The same input with another id in one place. */
export function withId(input: Record<string, unknown>, path: string, id: string): Record<string, unknown> {
  const copy = structuredClone(input)
  const keys = path.split('.')
  const last = keys.pop() as string
  let inside = copy
  for (const key of keys) inside = inside[key] as Record<string, unknown>
  inside[last] = id
  return copy
}
