import type { Act } from '@efir/contract/act.ts'
import fc from 'fast-check'

/** What of JSON Schema the contract uses. */
interface Schema {
  readonly type?: string
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly anyOf?: readonly Schema[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly patternProperties?: Readonly<Record<string, Schema>>
  readonly additionalProperties?: boolean | Schema
  readonly items?: Schema
  readonly pattern?: string
  readonly minLength?: number
  readonly maxLength?: number
  readonly minItems?: number
  readonly maxItems?: number
  readonly minimum?: number
  readonly maximum?: number
}

/** Values that the schema of an act's input allows; ids that exist where the name of a field is known. */
export function inputsOf(act: Act, ids: Readonly<Record<string, string>>): fc.Arbitrary<Record<string, unknown>> {
  return valuesOf(act.input as Schema, ids, '') as fc.Arbitrary<Record<string, unknown>>
}

function valuesOf(schema: Schema, ids: Readonly<Record<string, string>>, key: string): fc.Arbitrary<unknown> {
  if (schema.const !== undefined) return fc.constant(schema.const)
  if (schema.enum) return fc.constantFrom(...schema.enum)
  if (schema.anyOf) return fc.oneof(...schema.anyOf.map((one) => valuesOf(one, ids, key)))
  switch (schema.type) {
    case 'object':
      return objectsOf(schema, ids)
    case 'array':
      return fc.array(valuesOf(schema.items ?? {}, ids, key.replace(/s$/, '')), {
        minLength: schema.minItems ?? 0,
        maxLength: Math.min(schema.maxItems ?? 3, Math.max(3, schema.minItems ?? 0)),
      })
    case 'integer':
      return fc.integer(boundsOf(schema))
    case 'number':
      return fc.double({ ...boundsOf(schema), noNaN: true })
    case 'boolean':
      return fc.boolean()
    case 'null':
      return fc.constant(null)
    case 'string':
      return stringsOf(schema, ids, key)
    default:
      return fc.jsonValue({ maxDepth: 2 })
  }
}

const boundsOf = (schema: Schema) => ({
  min: Math.max(schema.minimum ?? -1_000, -1e15),
  max: Math.min(schema.maximum ?? 1_000_000, 1e15),
})

function stringsOf(schema: Schema, ids: Readonly<Record<string, string>>, key: string): fc.Arbitrary<string> {
  const known = ids[key]
  const limit = schema.maxLength ?? 200
  const free =
    schema.pattern && !schema.pattern.includes('(?')
      ? fc.stringMatching(new RegExp(schema.pattern), { maxLength: schema.maxLength ?? 200 })
      : fc.string({ unit: 'grapheme', minLength: schema.minLength ?? 0, maxLength: Math.min(limit, 60) })
  const fits = free.filter((text) => text.length >= (schema.minLength ?? 0) && text.length <= limit)
  return known === undefined ? fits : fc.oneof({ weight: 4, arbitrary: fc.constant(known) }, { weight: 1, arbitrary: fits })
}

function objectsOf(schema: Schema, ids: Readonly<Record<string, string>>): fc.Arbitrary<unknown> {
  if (schema.properties) {
    const parts = Object.fromEntries(Object.entries(schema.properties).map(([key, one]) => [key, valuesOf(one, ids, key)]))
    return fc.record(parts, { requiredKeys: [...(schema.required ?? [])] })
  }
  const [pattern, value] = Object.entries(schema.patternProperties ?? {})[0] ?? []
  const values = value ? valuesOf(value, ids, '') : fc.jsonValue({ maxDepth: 1 })
  return fc.dictionary(pattern ? fc.stringMatching(new RegExp(pattern)) : fc.string({ maxLength: 20 }), values, { maxKeys: 3 })
}

export interface Leaf {
  readonly path: readonly (string | number)[]
  readonly value: unknown
}

/** Every place of a value that holds no object or list, at most `limit`. */
export function leavesOf(value: unknown, limit: number): Leaf[] {
  const found: Leaf[] = []
  const walk = (at: unknown, path: readonly (string | number)[]): void => {
    if (found.length >= limit) return
    if (typeof at === 'object' && at !== null)
      for (const [key, inner] of Object.entries(at)) walk(inner, [...path, Array.isArray(at) ? Number(key) : key])
    else found.push({ path, value: at })
  }
  walk(value, [])
  return found
}

/** The same value with one place changed. */
export function withLeaf(value: unknown, path: readonly (string | number)[], put: unknown): unknown {
  const [key, ...rest] = path
  if (key === undefined) return put
  const copy: unknown[] | Record<string, unknown> = Array.isArray(value) ? [...value] : { ...(value as Record<string, unknown>) }
  const inner = (copy as Record<string | number, unknown>)[key]
  Object.defineProperty(copy, key, { value: withLeaf(inner, rest, put), enumerable: true, writable: true, configurable: true })
  return copy
}
