/** The part of OpenAPI 3.1 that our description uses. */
export interface Schema {
  readonly $ref?: string
  readonly type?: string
  readonly description?: string
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly anyOf?: readonly Schema[]
  readonly items?: Schema
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly pattern?: string
  readonly minimum?: number
  readonly maximum?: number
  readonly maxLength?: number
}
interface Media {
  readonly content?: { readonly 'application/json': { readonly schema: Schema; readonly example?: unknown } }
}
export interface Parameter {
  readonly name: string
  readonly in: string
  readonly required: boolean
  readonly schema: Schema
  readonly example: unknown
}
export interface Operation {
  readonly operationId: string
  readonly tags: readonly string[]
  readonly summary: string
  readonly description?: string
  readonly 'x-efir-scope'?: string
  readonly parameters: readonly Parameter[]
  readonly requestBody?: Media
  readonly responses: Readonly<Record<string, Media & { readonly description?: string }>>
}
export interface Description {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly webhooks?: Readonly<Record<string, { readonly post: Operation }>>
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> }
}

export interface Listed {
  readonly name: string
  readonly method: string
  readonly path: string
  readonly module: string
  readonly operation: Operation
  /** Sent by the server, not taken by it. */
  readonly webhook: boolean
}

export function listed(description: Description): Listed[] {
  const acts = Object.entries(description.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      name: operation.operationId,
      method: method.toUpperCase(),
      path: `/api${path}`,
      module: operation.tags[0] ?? '',
      operation,
      webhook: false,
    })),
  )
  const hooks = Object.entries(description.webhooks ?? {}).map(([type, { post }]) => ({
    name: type,
    method: 'POST',
    path: type,
    module: 'webhooks',
    operation: post,
    webhook: true,
  }))
  return [...acts, ...hooks]
}

const nameOf = (ref: string) => ref.slice(ref.lastIndexOf('/') + 1)
export const resolve = (description: Description, schema: Schema): Schema =>
  schema.$ref ? (description.components.schemas[nameOf(schema.$ref)] ?? {}) : schema

/** A type in one line: string, Money, "live" | "ended", list of Order. */
export function typeText(schema: Schema): string {
  if (schema.$ref) return nameOf(schema.$ref)
  if (schema.const !== undefined) return JSON.stringify(schema.const)
  if (schema.enum) return schema.enum.map((one) => JSON.stringify(one)).join(' | ')
  if (schema.anyOf) return schema.anyOf.map(typeText).join(' | ')
  if (schema.type === 'array') return `${typeText(schema.items ?? {})}[]`
  return schema.type ?? 'any'
}

/** The example input of an act, path and query and body together, as the typed client takes it. */
export function inputOf({ operation }: Listed): Record<string, unknown> {
  const own = operation.parameters.filter((one) => one.in !== 'header').map((one) => [one.name, one.example] as const)
  return { ...Object.fromEntries(own), ...(operation.requestBody?.content?.['application/json'].example as object | undefined) }
}

/** An input taken apart again: address and body. */
export function requestOf(of: Listed, input: Readonly<Record<string, unknown>>): { url: string; body: string | undefined } {
  const rest = { ...input }
  const path = of.path.replace(/\{(\w+)\}/g, (_, key: string) => {
    const value = rest[key]
    delete rest[key]
    return encodeURIComponent(String(value ?? ''))
  })
  if (of.method !== 'GET') return { url: path, body: JSON.stringify(rest) }
  const query = new URLSearchParams()
  for (const [key, value] of Object.entries(rest)) for (const one of [value].flat()) query.append(key, String(one))
  return { url: query.size > 0 ? `${path}?${query}` : path, body: undefined }
}

export function curlOf(of: Listed, origin: string): string {
  const { url, body } = requestOf(of, inputOf(of))
  const lines = [`curl -X ${of.method} '${origin}${url}'`, `-H 'authorization: Bearer efir_…'`]
  if (body !== undefined) lines.push(`-H 'content-type: application/json'`, `-d '${body.replaceAll("'", "'\\''")}'`)
  return lines.join(' \\\n  ')
}

export const clientOf = (of: Listed, origin: string): string => `import { caller } from '@efir/contract/client.js'
import { ${of.name} } from '@efir/contract/${of.module}.js'

const key = 'efir_…'
const call = caller({ base: '${origin}', headers: () => ({ authorization: \`Bearer \${key}\` }) })
const answer = await call(${of.name}, ${JSON.stringify(inputOf(of), null, 2)})
if (answer.ok) console.log(answer.value)
else console.log(answer.refusal)`
