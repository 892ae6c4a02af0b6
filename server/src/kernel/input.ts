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
 * Texts that PostgreSQL cannot keep (NUL, halves of surrogate pairs) and texts that deceive their readers. Asked of everything before anything else is, names of
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

/** Right-to-left and left-to-right overrides make a text read as another one; the marks and isolates that mixed languages need are let through. */
const overrides = /[\u202d\u202e]/
/** Accents stacked over their neighbours' lines; no script needs this many. */
const stacked = /\p{M}{9}/u
/** Two linear looks: one expression for both would take the square of the length. */
const unseen = /[\p{Cf}\u115f\u1160\u3164\uffa0\u2800]/u
const seen = /[^\p{Cf}\p{Cc}\p{Z}\u115f\u1160\u3164\uffa0\u2800]/u
const plainText = /^[\x20-\x7e]*$/

function refuseBroken(text: string): void {
  if (plainText.test(text)) return
  const problem =
    text.includes('\0') || !text.isWellFormed()
      ? 'a text has characters that no text has'
      : overrides.test(text)
        ? 'a text has characters that turn its direction round'
        : stacked.test(text)
          ? 'a text has too many marks on one letter'
          : unseen.test(text) && !seen.test(text)
            ? 'a text has nothing to be seen'
            : null
  if (problem) throw new Refusal('bad_input', { field: '', problem })
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
