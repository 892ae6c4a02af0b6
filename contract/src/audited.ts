import type { Act } from './act.ts'

/** Acts on roles, money, keys and people that more than an owner may do, or that somebody does to their own account. */
const named: ReadonlySet<string> = new Set([
  'setPassword',
  'setUpOperator',
  'endSession',
  'keepPasskey',
  'removePasskey',
  'unlinkOutside',
  'eraseMe',
  'createShop',
  'changeShop',
  'inviteToShow',
  'acceptInvitation',
  'giveShowRole',
  'takeShowRole',
  'makeShopKey',
  'revokeShopKey',
  'addSite',
  'removeSite',
  'makeStreamKey',
  'revokeStreamKey',
  'refundOrder',
  'cancelShopOrder',
  'correctStock',
  'setPrice',
  'banPerson',
  'mutePerson',
  'setSlate',
  'endShow',
  'cancelShow',
])

/**
 * Which acts are written into the audit log: everything that only an owner or the operator may do, and those that are named above.
 * Reading is not.
 */
export function isAudited(act: Pick<Act, 'name' | 'method' | 'who'>): boolean {
  if (act.method === 'GET') return false
  return named.has(act.name) || act.who.every((who) => who === 'operator' || who === 'shop:owner')
}
