import type { FastifyInstance } from 'fastify'
import type { PlaceFinders, Route } from './bind.ts'
import { type Kernel, openCtx, openTx, systemActor } from './context.ts'
import type { Figure } from './figures.ts'
import type { JobLane } from './jobs.ts'
import type { JobSpec, Reaction } from './reactions.ts'
import type { VerifierCheck } from './verifier.ts'

/** What app.ts gathers of a module; plain lists, no behaviour. */
export interface Module {
  readonly name: string
  readonly routes?: readonly Route[]
  readonly reactions?: readonly Reaction[]
  readonly jobs?: readonly JobSpec[]
  readonly places?: PlaceFinders
  readonly verifierChecks?: readonly VerifierCheck[]
  /** What `/metrics` tells of it. */
  readonly figures?: readonly Figure[]
  /** Routes that are no acts: files, hooks, sockets. */
  readonly plug?: (app: FastifyInstance, kernel: Kernel) => void | Promise<void>
}

/** One durable reader per module that reacts, so that a slow module does not hold up the others. */
export function installReactions(kernel: Kernel, modules: readonly Module[]): void {
  for (const module of modules) {
    const reactions = module.reactions ?? []
    if (reactions.length === 0) continue
    kernel.events.read({
      name: module.name,
      types: new Set(reactions.map((r) => r.type)),
      async handle(connection, event, later) {
        const tx = openTx(kernel, connection, { actor: systemActor, requestId: `event ${event.pos}` }, later)
        for (const reaction of reactions) if (reaction.type === event.type) await reaction.run(tx, event.body, event)
      },
    })
  }
}

export function installJobs(kernel: Kernel, modules: readonly Module[]): void {
  for (const module of modules) {
    for (const spec of module.jobs ?? []) {
      const ctx = () => openCtx(kernel, { actor: systemActor, requestId: `job ${spec.name}` })
      kernel.jobs.handle(spec.name, (payload) => spec.run(ctx(), payload), spec.lane)
    }
  }
}

/** In which lane each kind of job waits. */
export const lanesOf = (modules: readonly Module[]): ReadonlyMap<string, JobLane> =>
  new Map(modules.flatMap((module) => (module.jobs ?? []).map((spec) => [spec.name, spec.lane] as const)))
