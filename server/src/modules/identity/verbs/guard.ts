import { createHmac } from 'node:crypto'
import { isIPv6 } from 'node:net'
import type { Ctx } from '../../../kernel/context.ts'
import { Refusal } from '../../../kernel/refusal.ts'
import { at, sql } from '../../../kernel/sql.ts'
import { knowsDevice } from './devices.ts'

/**
 * Guessed and stolen passwords. Tries are counted before they are judged, by account, by address and for everybody together; one that
 * proves right is taken off again. After the free ones each try waits twice as long as the one before. What is not known is counted like
 * what is, and a browser that has signed in before has a count of its own, so that a stranger's guesses do not lock its owner out.
 */
const freePerAccount = 10
const freePerAddress = 60
const freeTogether = 600
const mostWaitMs = 15 * 60_000
const forgottenMs = 60 * 60_000

export interface Try {
  /** It was right. */
  right(): Promise<void>
}

export async function countTry(ctx: Ctx, way: 'code' | 'password', email: string, device: string | null): Promise<Try> {
  const own = await knowsDevice(ctx, email, device)
  const account = keyOf(ctx, own ? `${way} ${email} ${device}` : `${way} ${email}`)
  const address = keyOf(ctx, `address ${networkOf(ctx.remote)}`)
  // Everybody together is counted by the minute: whoever is known goes on, others sign in a little later or with a code.
  const minute = keyOf(ctx, `${way} together ${Math.floor(ctx.now() / 60_000)}`)
  await take(ctx, account, freePerAccount)
  await take(ctx, address, freePerAddress)
  if (!own) await take(ctx, minute, freeTogether)
  return {
    async right() {
      await ctx.run(sql`delete from identity.trying where key = ${account}`)
      await ctx.run(sql`update identity.trying set tries = greatest(tries - 1, 0) where key = any(${[address, minute]})`)
    },
  }
}

/** One statement counts and judges: a thousand at once are no way around. */
async function take(ctx: Ctx, key: Buffer, free: number): Promise<void> {
  const now = ctx.now()
  const waitOf = sql`least(${mostWaitMs}, 1000 * power(2, least(trying.tries - ${free}, 20)))`
  const taken = await ctx.maybe(
    sql`insert into identity.trying as trying (key, tries, last_at) values (${key}, 1, ${at(now)})
        on conflict (key) do update set tries = case when trying.last_at < ${at(now - forgottenMs)} then 1 else trying.tries + 1 end, last_at = excluded.last_at
        where trying.tries < ${free} or trying.last_at + ${waitOf} * interval '1 millisecond' <= ${at(now)} returning tries`,
  )
  if (taken) return
  const { waits } = await ctx.one<{ waits: number }>(
    sql`select (extract(epoch from last_at) * 1000 + ${waitOf} - ${now})::int as waits from identity.trying as trying where key = ${key}`,
  )
  throw new Refusal('too_many_requests', { retryInMs: Math.max(waits, 1) })
}

const keyOf = (ctx: Ctx, text: string): Buffer => createHmac('sha256', ctx.secret).update(`efir.trying.1:${text}`).digest()

/** A household has a /64 of its own (RFC 6177); a mapped address is the one it maps. */
export function networkOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(address)?.[1]
  if (mapped) return mapped
  if (!isIPv6(address)) return address
  const [head = '', tail] = address.split('%')[0]?.split('::') ?? []
  const groups = head === '' ? [] : head.split(':')
  const rest = tail ? tail.split(':').length : 0
  const zeros = tail === undefined ? [] : Array.from({ length: Math.max(8 - groups.length - rest, 0) }, () => '0')
  return [...groups, ...zeros, ...(tail ? tail.split(':') : [])]
    .slice(0, 4)
    .map((g) => g.replace(/^0+(?=.)/, ''))
    .join(':')
}
