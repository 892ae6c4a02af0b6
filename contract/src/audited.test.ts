import { expect, test } from 'vitest'
import { apiModules } from './api.ts'
import { isAudited } from './audited.ts'

const acts = apiModules.flatMap((module) => module.acts).filter((act) => act.method !== 'GET')
/** Codes asked for and steps on the way to something that is audited itself. */
const harmless = new Set([
  'startPasskey',
  'enterPasskey',
  'enterPassword',
  'newPasskey',
  'renamePasskey',
  'publishToken',
  'payAgain',
  'inviteToShow',
])

test('every act that changes roles, money or keys is audited', () => {
  const grave = /role|refund|payout|settlement|seal|payaccount|invit|password|passkey|ban|cut|(make|revoke).*key|erase/i
  expect(acts.filter((act) => grave.test(act.name) && !isAudited(act) && !harmless.has(act.name)).map((act) => act.name)).toEqual(
    [],
  )
  expect(acts.filter(isAudited).length).toBeGreaterThan(25)
})

test('what buyers do all day is not', () => {
  for (const name of ['reserveLot', 'placeOrder', 'sendChat', 'setCartLine'])
    expect(acts.filter((act) => act.name === name).map(isAudited)).toEqual([false])
})
