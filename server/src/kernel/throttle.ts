import type { Act } from '@efir/contract/act.ts'
import type { Clock } from './clock.ts'
import type { Ctx } from './context.ts'
import { Refusal } from './refusal.ts'

export interface Allowance {
  readonly burst: number
  readonly perMinute: number
  /** A field of the input whose value is limited too, whoever asks: one address is not guessed at by a thousand guests. */
  readonly about?: { readonly field: string; readonly burst: number; readonly perMinute: number }
}

/** Called when an act is asked, and once more with its input when that is known to be well formed. */
export type Throttle = (
  ctx: Pick<Ctx, 'actor' | 'remote'>,
  act: Pick<Act, 'name'>,
  input?: Readonly<Record<string, unknown>>,
) => void

const mostBuckets = 200_000

/**
 * Token buckets per act and caller. The caller is the person when there is one: carriers put thousands behind one address,
 * so an address alone only counts for people we do not know yet, and generously.
 */
export function openThrottle(clock: Clock, special: Readonly<Record<string, Allowance>>): Throttle {
  const buckets = new Map<string, { level: number; at: number }>()
  const usual: Allowance = { burst: 60, perMinute: 300 }
  const strangers = 20

  function take(key: string, size: number, perMinute: number): void {
    const now = clock.now()
    const bucket = buckets.get(key) ?? { level: size, at: now }
    bucket.level = Math.min(size, bucket.level + ((now - bucket.at) / 60_000) * perMinute)
    bucket.at = now
    buckets.delete(key)
    buckets.set(key, bucket)
    if (buckets.size > mostBuckets) buckets.delete(buckets.keys().next().value as string)
    if (bucket.level < 1)
      throw new Refusal('too_many_requests', { retryInMs: Math.ceil(((1 - bucket.level) * 60_000) / perMinute) })
    bucket.level -= 1
  }

  return (ctx, act, input) => {
    const allowance = special[act.name] ?? usual
    const { about } = allowance
    if (input) {
      const value = about && input[about.field]
      if (typeof value === 'string') take(`${act.name} about ${plain(value)}`, about?.burst ?? 1, about?.perMinute ?? 1)
      return
    }
    const known = ctx.actor.kind === 'guest' || ctx.actor.kind === 'account'
    const factor = known ? 1 : strangers
    const who = known ? ctx.actor.personId : ctx.remote
    take(`${act.name} ${who}`, allowance.burst * factor, allowance.perMinute * factor)
  }
}

/** However it was typed. */
const plain = (value: string): string => value.toLowerCase().replace(/[\s-]/g, '')
