import type { Act } from '@efir/contract/act.ts'
import type { TSchema } from 'typebox'
import { Compile, type Validator } from 'typebox/compile'
import { Refusal } from './refusal.ts'

const compiledActs = new WeakMap<object, Validator>()

function validatorOf(schema: TSchema): Validator {
  const known = compiledActs.get(schema)
  if (known) return known
  const made = Compile(schema) as unknown as Validator
  compiledActs.set(schema, made)
  return made
}

/** Refuses with the first wrong field; bodies are never coerced and unknown fields are refused. */
export function checkInput(act: Act, input: unknown): void {
  const validator = validatorOf(act.input)
  if (validator.Check(input)) return
  const first = [...validator.Errors(input)][0]
  throw new Refusal('bad_input', {
    field: (first?.instancePath ?? '').slice(1).replaceAll('/', '.').slice(0, 100),
    problem: (first?.message ?? 'is wrong').slice(0, 200),
  })
}

/**
 * Texts that PostgreSQL cannot keep: NUL, and halves of surrogate pairs. Asked of everything before anything else is, names of
 * fields included; without recursion, because the depth of a body is its sender's choice.
 */
export function refuseBrokenText(input: Readonly<Record<string, unknown>>): void {
  const waiting: unknown[] = [input]
  const look = (value: unknown): void => {
    if (typeof value === 'string') refuseBroken(value)
    else if (typeof value === 'object' && value !== null) waiting.push(value)
  }
  while (waiting.length > 0) {
    const value = waiting.pop()
    if (Array.isArray(value)) for (const one of value) look(one)
    else
      for (const name in value as Record<string, unknown>) {
        refuseBroken(name)
        look((value as Record<string, unknown>)[name])
      }
  }
}

function refuseBroken(text: string): void {
  if (text.includes('\0') || !text.isWellFormed())
    throw new Refusal('bad_input', { field: '', problem: 'a text has characters that no text has' })
}

interface Typed {
  type?: string
  anyOf?: Typed[]
  items?: Typed
}

/** Query strings are text: numbers, booleans and lists are read by the schema of the act. */
export function coerceQuery(act: Act, query: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const properties = act.input.properties as Record<string, Typed>
  return Object.fromEntries(
    Object.entries(query).map(([key, value]) => {
      const schema = properties[key]
      return [key, schema ? coerce(schema, value) : value]
    }),
  )
}

function coerce(schema: Typed, value: unknown): unknown {
  if (schema.type === 'array')
    return (Array.isArray(value) ? value : [value]).map((v) => (schema.items ? coerce(schema.items, v) : v))
  if (typeof value !== 'string') return value
  if ((schema.type === 'integer' || schema.type === 'number') && /^-?\d+(\.\d+)?$/.test(value)) return Number(value)
  if (schema.type === 'boolean' && (value === 'true' || value === 'false')) return value === 'true'
  return value
}
