import type { Act, In, Out } from '@efir/contract/act.ts'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Ctx, Tx } from './context.ts'

/** A contract act bound to what carries it out. `routes.ts` of a module is a list of these. */
export interface Route {
  readonly act: Act
  readonly call: (ctx: Ctx, input: never, wire: Wire) => Promise<unknown>
}

/** The request behind a call, for the few acts that need cookies, streams or files. */
export interface Wire {
  readonly request: FastifyRequest
  readonly reply: FastifyReply
}

/** What an act concerns: the shop and show whose roles count. */
export interface Place {
  readonly shopId?: string
  readonly showId?: string
}

/** From the id of a thing to its place; null when there is no such thing. Each module contributes those of its ids. */
export type PlaceFinders = Readonly<Record<string, (ctx: Ctx, id: string) => Promise<Place | null>>>

export const bind = {
  /** A verb: runs in one transaction. */
  act: <A extends Act>(act: A, verb: (tx: Tx, input: In<A>) => Promise<Out<A>>): Route => ({
    act,
    call: (ctx, input) => ctx.transaction((tx) => verb(tx, input)),
  }),
  /** A view: reads only. */
  view: <A extends Act>(act: A, view: (ctx: Ctx, input: In<A>) => Promise<Out<A>>): Route => ({
    act,
    call: (ctx, input) => view(ctx, input),
  }),
  /** Needs the request itself, several transactions or a queue of its own. */
  wire: <A extends Act>(act: A, call: (ctx: Ctx, input: In<A>, wire: Wire) => Promise<Out<A>>): Route => ({
    act,
    call: (ctx, input, wire) => call(ctx, input, wire),
  }),
}
