import type { Act, Who } from '../act.ts'
import { type ApiModule, apiModules, scopeFor, sharedSchemas } from '../api.ts'
import { type RefusalCode, refusals } from '../refusals.ts'
import { envelopeOf, publicEvents } from '../webhooks.ts'
import { exampleOf, type Schema } from './example.ts'
import { type Names, openNames } from './names.ts'

/** Answered by any act, whether it says so or not (act.ts: CommonRefusal). */
const common: readonly RefusalCode[] = ['bad_input', 'not_found', 'too_many_requests', 'busy']
const ofPeople: readonly RefusalCode[] = ['not_signed_in', 'not_allowed']

const whoInWords: Readonly<Record<Who, string>> = {
  public: 'anybody',
  known: 'a guest or an account',
  account: 'an account',
  'shop:owner': 'owner of the shop',
  'shop:manager': 'manager of the shop',
  'shop:fulfilment': 'fulfilment of the shop',
  'show:host': 'host of the show',
  'show:moderator': 'moderator of the show',
  operator: 'operator of the platform',
}

export interface DocumentOptions {
  /** Public address, such as https://live.example */
  readonly origin: string
  readonly version: string
  readonly modules?: readonly ApiModule[]
}

/** The whole contract as OpenAPI 3.1 (schemas are JSON Schema 2020-12 as they are). The same contract gives the same text. */
export function openApiDocument({ origin, version, modules = apiModules }: DocumentOptions): Record<string, unknown> {
  const names = openNames([
    ...sharedSchemas.map((named) => ({ prefix: '', named })),
    ...modules.map(({ name, named }) => ({ prefix: capital(name), named })),
  ])
  const paths: Record<string, Record<string, object>> = {}
  for (const module of modules)
    for (const act of module.acts) {
      const path = act.path.replace(/:(\w+)/g, '{$1}')
      paths[path] = { ...paths[path], [act.method.toLowerCase()]: operation(act, module.name, names) }
    }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Efir',
      version,
      summary: 'Live commerce: shows, lots, orders and everything around them.',
      description: introduction,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    jsonSchemaDialect: 'https://json-schema.org/draft/2020-12/schema',
    servers: [{ url: `${origin}/api` }],
    tags: [...modules.map(({ name }) => ({ name })), { name: 'webhooks' }],
    paths,
    webhooks: webhooksOf(names),
    components: {
      schemas: { ...names.components(), Refused: refusedSchema, Defect: defectSchema },
      responses: {
        Defect: {
          description: 'A defect of the server; the log has it under the request id.',
          content: json({ $ref: '#/components/schemas/Defect' }),
        },
      },
      securitySchemes,
    },
  }
}

const introduction = `Every operation is an act of the contract: what it takes, who may call it and every expected "no" are said once.

Fields that are not described are refused. Instants are epoch milliseconds in UTC, money is an amount in minor units with its currency, ids carry the kind of what they name.

A refusal is data: \`{ "refusal": { "code", "params" }, "requestId" }\`. Codes are stable; words for people are yours.

With an API key send \`Authorization: Bearer efir_…\`. \`x-efir-scope\` of an operation is the scope that its key needs: \`open\` needs none, and operations without one belong to persons. Lists are pages: pass \`next\` back as \`after\`.`

const securitySchemes = {
  apiKey: {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'efir_…',
    description: 'Made in the office under Developers; limited to its scopes.',
  },
  personToken: { type: 'http', scheme: 'bearer', description: 'The short-lived token of a signed-in person or a guest.' },
  browserSession: {
    type: 'apiKey',
    in: 'cookie',
    name: 'efir_token',
    description: 'What the website uses; acts also want the header x-efir: 1.',
  },
}

const refusedSchema = {
  type: 'object',
  description: 'An expected "no".',
  required: ['refusal', 'requestId'],
  properties: {
    refusal: {
      type: 'object',
      required: ['code', 'params'],
      properties: {
        code: { type: 'string', enum: Object.keys(refusals) },
        params: { type: 'object', additionalProperties: { type: ['string', 'number', 'boolean'] } },
      },
    },
    requestId: { type: 'string' },
  },
}
const defectSchema = {
  type: 'object',
  required: ['defect', 'requestId'],
  properties: { defect: { const: true }, requestId: { type: 'string' } },
}

/** OpenAPI 3.1 describes what the server sends as it describes what it takes. */
const webhooksOf = (names: Names): Record<string, object> =>
  Object.fromEntries(
    publicEvents.map((one) => {
      const schema = envelopeOf(one) as Schema
      const header = (name: string, description: string) => ({
        name,
        in: 'header',
        required: true,
        description,
        schema: { type: 'string' },
      })
      const operation = {
        operationId: `on ${one.type}`,
        tags: ['webhooks'],
        summary: one.summary,
        parameters: [
          header('webhook-id', 'the same at every try: whoever keeps it does nothing twice'),
          header('webhook-timestamp', 'seconds since 1970, of this try'),
          header('webhook-signature', 'v1,base64 of HMAC-SHA-256 over id.timestamp.body; several while the secret changes'),
        ],
        requestBody: {
          required: true,
          content: json(names.name(schema, `${one.type.split(/[._]/).map(capital).join('')}Event`), exampleOf(schema)),
        },
        responses: { '2XX': { description: 'taken' }, 410: { description: 'never again: the endpoint is switched off' } },
      }
      return [one.type, { post: operation }]
    }),
  )

const capital = (text: string) => text.slice(0, 1).toUpperCase() + text.slice(1)
const json = (schema: object, example?: unknown) => ({
  'application/json': { schema, ...(example === undefined ? {} : { example }) },
})

export const pathKeys = (act: Act): string[] => [...act.path.matchAll(/:(\w+)/g)].map((m) => m[1] as string)

function operation(act: Act, module: string, names: Names): object {
  const inPath = pathKeys(act)
  const input = act.input as Schema
  const fields = Object.entries(input.properties ?? {})
  const rest = fields.filter(([key]) => !inPath.includes(key))
  const get = act.method === 'GET'
  const scope = scopeFor(act)
  return {
    operationId: act.name,
    tags: [module],
    summary: act.summary,
    description: `May be called by: ${act.who.map((who) => whoInWords[who]).join(', ')}.`,
    'x-efir-who': act.who,
    ...(scope ? { 'x-efir-scope': scope } : {}),
    security: securityOf(act, scope !== null),
    parameters: [
      ...fields.filter(([key]) => inPath.includes(key)).map(([key, schema]) => parameter(key, schema, names, 'path', true)),
      ...(get ? rest.map(([key, schema]) => parameter(key, schema, names, 'query', input.required?.includes(key) ?? false)) : []),
    ],
    ...(get || rest.length === 0 ? {} : { requestBody: bodyOf(act, input, inPath, names) }),
    responses: {
      200: {
        description: 'Done.',
        content: json(names.name(act.output as Schema, `${capital(act.name)}Answer`), exampleOf(act.output as Schema)),
      },
      ...refusalAnswers(act),
      default: { $ref: '#/components/responses/Defect' },
    },
  }
}

function securityOf(act: Act, forKeys: boolean): object[] {
  const person = [{ personToken: [] }, { browserSession: [] }]
  return [...(act.who.includes('public') ? [{}] : []), ...(forKeys ? [{ apiKey: [] }] : []), ...person]
}

const parameter = (name: string, schema: Schema, names: Names, place: 'path' | 'query', required: boolean) => ({
  name,
  in: place,
  required,
  ...(schema.description ? { description: schema.description } : {}),
  schema: names.refer(schema),
  example: exampleOf(schema, name),
  // Lists are repeated: state=paid&state=packed.
  ...(schema.type === 'array' ? { style: 'form', explode: true } : {}),
})

function bodyOf(act: Act, input: Schema, inPath: readonly string[], names: Names): object {
  const properties = Object.fromEntries(Object.entries(input.properties ?? {}).filter(([key]) => !inPath.includes(key)))
  const required = input.required?.filter((key) => !inPath.includes(key))
  const { description } = input
  const schema: Schema = {
    type: 'object',
    properties,
    additionalProperties: false,
    ...(required?.length ? { required } : {}),
    ...(description ? { description } : {}),
  }
  return {
    required: (required?.length ?? 0) > 0,
    content: json(names.name(schema, `${capital(act.name)}Input`), exampleOf(schema)),
  }
}

/** Each status once, with the codes that come with it. */
function refusalAnswers(act: Act): Record<string, object> {
  const codes = new Set<RefusalCode>([
    ...act.refusals,
    ...common,
    ...(act.who.includes('public') ? [] : ofPeople),
    ...(act.method === 'GET' ? [] : (['csrf_failed'] as const)),
  ])
  const byStatus = Map.groupBy(codes, (code) => refusals[code])
  return Object.fromEntries(
    [...byStatus]
      .toSorted(([a], [b]) => a - b)
      .map(([status, found]) => {
        const described = {
          allOf: [{ $ref: '#/components/schemas/Refused' }],
          properties: { refusal: { properties: { code: { enum: found } } } },
        }
        const example = { refusal: { code: found[0], params: {} }, requestId: 'req_01jd4v3e9fyb5s8c6a0n2k7m4x' }
        const headers =
          status === 429 ? { headers: { 'Retry-After': { description: 'seconds', schema: { type: 'integer' } } } } : {}
        return [String(status), { description: found.join(', '), content: json(described, example), ...headers }]
      }),
  )
}
