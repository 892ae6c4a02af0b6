import type { Act, In, Out } from '@efir/contract/act.ts'
import { type Answer, type Call, caller } from '@efir/contract/client.ts'
import { me } from '@efir/contract/identity.ts'
import { log } from './log.ts'

/** Tokens live for a quarter of an hour. */
const renewMs = 11 * 60_000

/** Somebody who uses the public API as a browser does: a session renews the short-lived token. */
export interface LivePerson {
  readonly call: Call
  /** The value, or null when the answer was no; the reason goes to the log. */
  try<A extends Act>(act: A, input: In<A>): Promise<Out<A> | null>
  token(): Promise<string>
}

export function openPerson(origin: string, session: string): LivePerson {
  let current = ''
  let untilMs = 0
  const call = caller({ base: origin, headers: () => ({ authorization: `Bearer ${current}` }) })

  async function token(): Promise<string> {
    if (current !== '' && performance.now() < untilMs) return current
    const response = await fetch(`${origin}/api${me.path}`, {
      headers: { cookie: `efir_session=${session}`, 'x-efir': '1' },
      signal: AbortSignal.timeout(15_000),
    })
    await response.arrayBuffer()
    const cookie = response.headers.getSetCookie().find((c) => c.startsWith('efir_token='))
    if (!cookie) throw new Error(`no token: ${response.status}`)
    current = decodeURIComponent(cookie.slice('efir_token='.length).split(';')[0] ?? '')
    untilMs = performance.now() + renewMs
    return current
  }

  async function signed<A extends Act>(act: A, input: In<A>): Promise<Answer<A>> {
    await token()
    return await call(act, input)
  }

  return {
    call: signed,
    token,
    async try(act, input) {
      const answer = await signed(act, input)
      if (answer.ok) return answer.value
      const { ok: _, ...no } = answer
      log('no', { act: act.name, ...no })
      return null
    },
  }
}
