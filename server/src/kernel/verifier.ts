import type { Ctx } from './context.ts'

/** Recomputes something from its journal; each string is a difference, in words with ids and numbers. Empty means it agrees. */
export interface VerifierCheck {
  readonly name: string
  run(ctx: Ctx): Promise<string[]>
}
