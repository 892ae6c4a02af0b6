import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { Compile } from 'typebox/compile'
import { describe, expect, test } from 'vitest'
import type { Act } from '../act.ts'
import { allScopes, apiModules, scopeFor } from '../api.ts'
import { refusals } from '../refusals.ts'
import { openApiDocument, pathKeys } from './document.ts'
import { exampleOf, type Schema } from './example.ts'

interface Media {
  readonly schema: Json
  readonly example?: unknown
}
interface Operation {
  readonly operationId: string
  readonly parameters: readonly { name: string; in: string; required: boolean; schema: Json; example: unknown }[]
  readonly requestBody?: { content: { 'application/json': Media } }
  readonly responses: Record<string, { description?: string; content?: { 'application/json': Media }; $ref?: string }>
  readonly security: readonly Record<string, readonly string[]>[]
}
type Json = Record<string, unknown>

const document = openApiDocument({ origin: 'https://live.example', version: '1.2.3' }) as {
  openapi: string
  info: Json
  paths: Record<string, Record<string, Operation>>
  components: { schemas: Record<string, Json>; securitySchemes: Record<string, Json>; responses: Json }
  tags: { name: string }[]
}
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
)
const acts = apiModules.flatMap((module) => module.acts)
const byName = new Map(acts.map((act) => [act.name, act]))
const actOf = (name: string) => byName.get(name) as Act

/** References put in, so that a schema of the document can be judged by itself. */
function whole(value: unknown, depth = 0): unknown {
  expect(depth).toBeLessThan(40)
  if (Array.isArray(value)) return value.map((one) => whole(one, depth + 1))
  if (typeof value !== 'object' || value === null) return value
  const ref = (value as { $ref?: string }).$ref
  if (ref) return whole(document.components.schemas[ref.replace('#/components/schemas/', '')], depth + 1)
  return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, whole(v, depth + 1)]))
}
const takes = (schema: unknown, value: unknown) => Compile(whole(schema) as never).Check(value)

test('every act of the contract is described, under its own name', () => {
  expect(operations.map(({ operation }) => operation.operationId).toSorted()).toEqual(acts.map((act) => act.name).toSorted())
  for (const { path, method, operation } of operations) {
    const act = actOf(operation.operationId)
    expect([method.toUpperCase(), path]).toEqual([act.method, act.path.replace(/:(\w+)/g, '{$1}')])
  }
})

test('every file with acts is in the list of the interface', async () => {
  const folder = join(import.meta.dirname, '..')
  const files = readdirSync(folder).filter((f) => f.endsWith('.ts') && !f.endsWith('.test.ts'))
  const withActs = await Promise.all(
    files.map(async (f) => ('acts' in ((await import(join(folder, f))) as object) ? f.replace('.ts', '') : '')),
  )
  expect(apiModules.map((module) => module.name).toSorted()).toEqual(withActs.filter(Boolean).toSorted())
})

test('it has the shape that OpenAPI 3.1 wants: every reference leads somewhere, every path parameter is described', () => {
  expect(document.openapi).toBe('3.1.0')
  expect(document.info).toMatchObject({ title: 'Efir', version: '1.2.3' })
  const text = JSON.stringify(document)
  for (const [, kind, name] of text.matchAll(/"\$ref":"#\/components\/(\w+)\/([^"]+)"/g))
    expect(document.components[kind as 'schemas'], `${kind} ${name}`).toHaveProperty([name as string])
  expect(Object.keys(document.components.schemas).filter((name) => !/^[A-Za-z0-9._-]+$/.test(name))).toEqual([])
  const tags = new Set(document.tags.map((tag) => tag.name))
  for (const { path, operation } of operations) {
    const inPath = operation.parameters.filter((p) => p.in === 'path')
    expect(inPath.map((p) => p.name).toSorted()).toEqual([...path.matchAll(/\{(\w+)\}/g)].map((m) => m[1]).toSorted())
    expect(inPath.every((p) => p.required)).toBe(true)
    expect(new Set(operation.parameters.map((p) => p.name)).size).toBe(operation.parameters.length)
    expect((operation as unknown as { tags: string[] }).tags.every((tag) => tags.has(tag))).toBe(true)
    expect(operation.responses['200']?.content).toBeDefined()
    for (const need of operation.security)
      for (const scheme of Object.keys(need)) expect(document.components.securitySchemes).toHaveProperty([scheme])
  }
})

test('it is the same text every time', () => {
  expect(JSON.stringify(openApiDocument({ origin: 'https://live.example', version: '1.2.3' }))).toBe(JSON.stringify(document))
})

describe.each(operations.map(({ operation }) => [operation.operationId, operation] as const))('%s', (name, operation) => {
  test('its example goes through: described parts, put together, are an input of the act', () => {
    const act = actOf(name)
    const body = operation.requestBody?.content['application/json']
    const input = {
      ...Object.fromEntries(operation.parameters.map((p) => [p.name, p.example])),
      ...(body?.example as object | undefined),
    }
    const validator = Compile(act.input)
    expect([...validator.Errors(input)].map((e) => `${e.instancePath} ${e.message}`)).toEqual([])
    for (const p of operation.parameters) expect(takes(p.schema, p.example), p.name).toBe(true)
    if (body) expect(takes(body.schema, body.example)).toBe(true)
    const required = Object.keys(act.input.properties).filter((key) => (act.input as Schema).required?.includes(key))
    const described = [
      ...operation.parameters.filter((p) => p.required).map((p) => p.name),
      ...(((whole(body?.schema) as Schema | undefined)?.required ?? []) as string[]),
    ]
    expect(described.toSorted()).toEqual([...new Set([...required, ...pathKeys(act)])].toSorted())
  })

  test('its answer and its refusals are described as the contract says them', () => {
    const act = actOf(name)
    const answer = operation.responses['200']?.content?.['application/json'] as Media
    expect(takes(answer.schema, answer.example)).toBe(true)
    expect(Compile(act.output).Check(exampleOf(act.output as Schema))).toBe(true)
    for (const code of act.refusals) expect(operation.responses[String(refusals[code])]?.description?.split(', ')).toContain(code)
    expect(operation.security.some((need) => Object.keys(need).length === 0)).toBe(act.who.includes('public'))
  })
})

test('a key reaches what roles reach, never what belongs to a person', () => {
  expect(scopeFor({ name: 'shopOrders' })).toBe('orders:read')
  expect(scopeFor({ name: 'refundOrder' })).toBe('orders:write')
  expect(scopeFor({ name: 'listShops' })).toBe('open')
  for (const name of ['placeOrder', 'setPassword', 'enterPassword', 'changeMe', 'createShop'])
    expect(scopeFor({ name })).toBeNull()
  expect(allScopes.length).toBeGreaterThan(10)
})
