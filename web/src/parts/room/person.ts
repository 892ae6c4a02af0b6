import { beGuest } from '@efir/contract/identity.ts'
import { call } from '../../net/api.ts'
import { signedInAs, useMe } from '../identity/session.ts'

/** A guest is a person from the first tap: without one there is nobody to answer, mute or thank. */
export async function becomePerson(): Promise<boolean> {
  const answer = await call(beGuest, {})
  if (answer.ok) signedInAs(answer.value)
  return answer.ok
}

export function useBecomePerson(): () => Promise<boolean> {
  const me = useMe()
  return async () => (me.value?.person ? true : await becomePerson())
}
