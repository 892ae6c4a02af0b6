import type { Act, In } from '@efir/contract/act.ts'
import { type Answer, type Call, caller } from '@efir/contract/client.ts'
import { embedGuest } from '@efir/contract/integrations.ts'
import type { Locale } from '@efir/contract/scalars.ts'
import { serverNow } from '../../net/clock.ts'

/** Renewed this long before its end. */
const marginMs = 60_000

/** The guest of one page: kept in memory, gone with it. Nothing is stored on the device of the visitor. */
export interface Guest {
  readonly call: Call
  token(): string | undefined
  /** True when there is one; the second time it is the same one. */
  become(showId: string, locale: Locale): Promise<boolean>
}

export function openGuest(base: string, locale: () => Locale): Guest {
  let held: { token: string; tokenUntilAt: number; session: string; showId: string } | null = null
  const say = caller({
    base,
    headers: () => ({ 'accept-language': locale(), ...(held ? { authorization: `Bearer ${held.token}` } : {}) }),
  })

  async function become(showId: string, speaks: Locale): Promise<boolean> {
    if (held && held.tokenUntilAt - marginMs > serverNow()) return true
    const answer = await say(embedGuest, { showId, locale: speaks, ...(held ? { session: held.session } : {}) })
    if (answer.ok) held = { ...answer.value, showId }
    return answer.ok
  }
  return {
    token: () => held?.token,
    become,
    call: async <A extends Act>(act: A, input: In<A>): Promise<Answer<A>> => {
      if (held) await become(held.showId, locale())
      return await say(act, input)
    },
  }
}
