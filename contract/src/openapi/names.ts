import type { Schema } from './example.ts'

/** Schemas by their exact text: an optional field holds a copy of the schema it is made of, and means the same component. */
export interface Names {
  /** The same schema with every part that has a name replaced by a reference to it. */
  refer(schema: Schema): object
  /** Gives a schema a name of its own unless it has one, and refers to it. */
  name(schema: Schema, name: string): object
  readonly components: () => Record<string, object>
}

const worthAName = (value: unknown): value is Schema =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  !('path' in value) &&
  ('anyOf' in value || 'enum' in value || ('properties' in value && 'type' in value))

/** `sources` are files of the contract, nearest first: where two of them use one name for different things, the later one is prefixed. */
export function openNames(
  sources: readonly { readonly prefix: string; readonly named: Readonly<Record<string, unknown>> }[],
): Names {
  const byText = new Map<string, string>()
  const schemas = new Map<string, Schema>()

  function give(schema: Schema, wished: string, prefix: string): void {
    const text = JSON.stringify(schema)
    if (byText.has(text)) return
    const plain = wished.replace(/Schema$/, '')
    const name = schemas.has(plain) ? `${prefix}${plain}` : plain
    byText.set(text, name)
    schemas.set(name, schema)
  }

  function refer(schema: Schema): object {
    const name = byText.get(JSON.stringify(schema))
    return name ? { $ref: `#/components/schemas/${name}` } : inside(schema)
  }

  const each = (of: Readonly<Record<string, Schema>>) => Object.fromEntries(Object.entries(of).map(([k, v]) => [k, refer(v)]))

  function inside(schema: Schema): object {
    return {
      ...schema,
      ...(schema.properties ? { properties: each(schema.properties) } : {}),
      ...(schema.patternProperties ? { patternProperties: each(schema.patternProperties) } : {}),
      ...(schema.items ? { items: refer(schema.items) } : {}),
      ...(schema.anyOf ? { anyOf: schema.anyOf.map(refer) } : {}),
    }
  }

  for (const { prefix, named } of sources)
    for (const [key, value] of Object.entries(named)) if (worthAName(value) && /^[A-Z]/.test(key)) give(value, key, prefix)
  return {
    refer,
    name(schema, name) {
      give(schema, name, 'Act')
      return refer(schema)
    },
    components: () => Object.fromEntries([...schemas].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([n, s]) => [n, inside(s)])),
  }
}
