import type { In } from '@efir/contract/act.ts'
import type * as contract from '@efir/contract/identity.ts'
import type { Ctx } from '../../../kernel/context.ts'
import { Refusal, refuseIf } from '../../../kernel/refusal.ts'

/** Ends this server's work and begins again on fresh ground. False: something here is not the demo world's. */
export type BeginAnew = () => Promise<boolean>

/** For people of the demo world and the operator; only where one was loaded. */
export const resetDemo = (beginAnew: BeginAnew | undefined) => async (ctx: Ctx, _: In<typeof contract.resetDemo>) => {
  if (ctx.config.production || !beginAnew) throw new Refusal('demo_off')
  refuseIf(ctx.actor.kind !== 'account' || !(ctx.actor.demo || ctx.actor.operator), 'not_allowed')
  refuseIf(!(await beginAnew()), 'demo_not_alone')
  return { done: true as const }
}
