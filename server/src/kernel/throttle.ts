import type { Act } from '@efir/contract/act.ts'
import type { Clock } from './clock.ts'
import type { Ctx } from './context.ts'
import { Refusal } from './refusal.ts'

export interface Allowance {
  readonly burst: number
  readonly perMinute: number
}

/**
 * Token buckets per act and caller. The caller is the person when there is one: carriers put thousands behind one address,
 * so an address alone only counts for people we do not know yet, and generously.
 */
export function openThrottle(clock: Clock, special: Readonly<Record<string, Allowance>>): (ctx: Ctx, act: Act) => void {
  const buckets = new Map<string, { level: number; at: number }>()
  const usual: Allowance = { burst: 60, perMinute: 300 }
  const strangers = 20
  return (ctx, act) => {
    const allowance = special[act.name] ?? usual
    const known = ctx.actor.kind === 'guest' || ctx.actor.kind === 'account'
    const factor = known ? 1 : strangers
    const who = known ? ctx.actor.personId : ctx.remote
    const key = `${act.name} ${who}`
    const now = clock.now()
    const size = allowance.burst * factor
    const bucket = buckets.get(key) ?? { level: size, at: now }
    bucket.level = Math.min(size, bucket.level + ((now - bucket.at) / 60_000) * allowance.perMinute * factor)
    bucket.at = now
    buckets.delete(key)
    buckets.set(key, bucket)
    if (buckets.size > 200_000) buckets.delete(buckets.keys().next().value as string)
    if (bucket.level < 1)
      throw new Refusal('too_many_requests', {
        retryInMs: Math.ceil(((1 - bucket.level) * 60_000) / (allowance.perMinute * factor)),
      })
    bucket.level -= 1
  }
}
