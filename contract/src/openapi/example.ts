/** The part of JSON Schema that the contract's schemas use. */
export interface Schema {
  readonly type?: string
  readonly description?: string
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly anyOf?: readonly Schema[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly patternProperties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: boolean | Schema
  readonly items?: Schema
  readonly pattern?: string
  readonly minLength?: number
  readonly maxLength?: number
  readonly minItems?: number
  readonly minimum?: number
  readonly maximum?: number
  readonly examples?: readonly unknown[]
}

/** One text for each pattern of the contract; a schema with another pattern brings `examples`. */
const samples: readonly string[] = [
  'Blue kettle',
  'EUR',
  'EU',
  'AT',
  'ana@example.com',
  'blue-kettle',
  'order-2026-000117',
  '123456',
  '4242',
  '40123455',
  'capacity',
  'https://shop.example/kettle',
  '7KQ2-M9PD',
  'tok_test_success',
]
/** `…_` + 26 characters of Crockford base32. */
const idTail = '01jd4v3e9fyb5s8c6a0n2k7m4x'
const instant = 1_795_197_600_000

/** A value that the schema takes: readable, and always the same. */
export function exampleOf(schema: Schema, name = ''): unknown {
  if (schema.examples?.length) return schema.examples[0]
  if (schema.const !== undefined) return schema.const
  if (schema.enum) return schema.enum[0]
  if (schema.anyOf) return exampleOf(schema.anyOf.find((one) => one.type !== 'null') ?? (schema.anyOf[0] as Schema), name)
  switch (schema.type) {
    case 'object':
      return objectExample(schema)
    case 'array':
      return Array.from({ length: Math.max(1, schema.minItems ?? 1) }, () => exampleOf(schema.items ?? {}, name))
    case 'string':
      return textExample(schema, name)
    case 'integer':
    case 'number':
      return numberExample(schema)
    case 'boolean':
      return true
    case 'null':
      return null
    default:
      return {}
  }
}

function objectExample(schema: Schema): Record<string, unknown> {
  const own = Object.entries(schema.properties ?? {}).map(([key, value]) => [key, exampleOf(value, key)])
  const keyed = Object.entries(schema.patternProperties ?? {}).map(([pattern, value]) => [
    samples.find((text) => new RegExp(pattern).test(text)) ?? 'key',
    exampleOf(value),
  ])
  return Object.fromEntries([...own, ...keyed])
}

function textExample(schema: Schema, name: string): string {
  const { pattern, minLength = 0, maxLength = 10_000 } = schema
  const fits = (text: string) => text.length >= minLength && text.length <= maxLength
  if (pattern === undefined)
    return fits(name) && name !== '' ? name : 'text'.repeat(10).slice(0, Math.max(minLength, Math.min(4, maxLength)))
  const id = /^\^([a-z]+)_\[/.exec(pattern)
  if (id) return `${id[1]}_${idTail}`
  return samples.find((text) => fits(text) && new RegExp(pattern).test(text)) ?? ''
}

function numberExample(schema: Schema): number {
  if (schema.description?.startsWith('epoch milliseconds')) return instant
  return Math.min(Math.max(1, schema.minimum ?? 1), schema.maximum ?? 1)
}
