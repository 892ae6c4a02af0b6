import type { Act, Out } from '@efir/contract/act.ts'
import { beGuest, me } from '@efir/contract/identity.ts'
import { call, setRenew } from '../../net/api.ts'
import { noteServerTime } from '../../net/clock.ts'
import { remember, useView, type View } from '../../net/query.ts'

/** Who is looking: `value.person` is null for a stranger. Shared by all that ask. */
export const useMe = (): View<Out<typeof me>> => useView(me, {}, { staleMs: 60_000 })

/** Asks who I am, which also renews the short-lived token, and learns the server's time. */
async function askMe(): Promise<Out<typeof me> | null> {
  const sentAt = Date.now()
  const answer = await call(me, {})
  if (!answer.ok) return null
  noteServerTime(answer.value.now, sentAt, Date.now())
  return answer.value
}

/** Puts what a sign-in act answered where `useMe` looks. */
export const signedInAs = (value: Out<typeof me>): void => remember(me, {}, value)

/** A guest is a person from the first tap on: doing makes one, looking does not. */
async function renew(act: Act): Promise<boolean> {
  const now = await askMe()
  if (!now) return false
  if (now.person) {
    signedInAs(now)
    return true
  }
  if (act.method === 'GET' || !act.who.includes('known')) return false
  const guest = await call(beGuest, {})
  if (!guest.ok) return false
  signedInAs(guest.value)
  return true
}

/** For a room whose token ran out: `renew: renewSession` of the socket. */
export async function renewSession(): Promise<void> {
  await askMe()
}

export const startSession = (): void => setRenew(renew)
