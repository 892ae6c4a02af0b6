import { type Static, type TObject, type TSchema, Type } from 'typebox'
import type { RefusalCode } from './refusals.ts'

/**
 * An act is said once and everything else follows from it: route, validation, serialiser, client call, OpenAPI, rights.
 * `view` acts only read (GET); all others are POST, PUT, PATCH or DELETE.
 */
export interface Act<I extends TObject = TObject, O extends TSchema = TSchema, R extends RefusalCode = RefusalCode> {
  readonly name: string
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Path below /api; `:name` parts are taken from the input, the rest is the body (or the query of a GET). */
  readonly path: string
  readonly who: readonly Who[]
  readonly summary: string
  readonly input: I
  readonly output: O
  readonly refusals: readonly R[]
}

/**
 * Who may call an act; any one of the list suffices.
 * public: anybody, also without a person · known: a guest or better · account: a person with a verified e-mail or password
 * shop:* and show:*: a role in the shop or show that the input names (directly or through the thing it names) · operator.
 * self: the person whom the thing belongs to (their order, their reservation); the verb checks it and answers `not_found`.
 */
export type Who =
  | 'public'
  | 'known'
  | 'account'
  | 'shop:owner'
  | 'shop:manager'
  | 'shop:fulfilment'
  | 'show:host'
  | 'show:moderator'
  | 'operator'

export type In<A extends Act> = Static<A['input']>
export type Out<A extends Act> = Static<A['output']>
export type RefusalOf<A extends Act> = A['refusals'][number] | CommonRefusal

/** Any act may answer these without declaring them. */
export type CommonRefusal = 'not_signed_in' | 'not_allowed' | 'not_found' | 'bad_input' | 'too_many_requests' | 'busy'

interface ActText<I, O, R> {
  name: string
  method: Act['method']
  path: string
  who: readonly Who[]
  summary: string
  input: I
  output: O
  refusals?: readonly R[]
}

export function act<I extends TObject, O extends TSchema, const R extends RefusalCode = never>(
  text: ActText<I, O, R>,
): Act<I, O, R> {
  return { refusals: [], ...text }
}

/** Objects of the contract refuse unknown fields. */
export const Obj = <P extends Record<string, TSchema>>(properties: P, description?: string) =>
  Type.Object(properties, { additionalProperties: false, ...(description ? { description } : {}) })

/** A page of a list: `next` is passed back as `after`. */
export const PageOf = <T extends TSchema>(item: T) => Obj({ items: Type.Array(item), next: Type.Optional(Type.String()) })

export const pageInput = {
  after: Type.Optional(Type.String({ maxLength: 120 })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
}

export const Nothing = Obj({})
export const Done = Obj({ done: Type.Literal(true) })
