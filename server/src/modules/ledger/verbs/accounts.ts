import { type Money, negate } from '@efir/contract/money.ts'
import type { AccountRef, EntryDraft } from '../tables.ts'

export const buyer = (personId: string): AccountRef => ({ kind: 'buyer', ownerId: personId })
export const shop = (shopId: string): AccountRef => ({ kind: 'shop', ownerId: shopId })
export const clearing = (provider: string): AccountRef => ({ kind: 'clearing', ownerId: provider })
export const fees = (provider: string): AccountRef => ({ kind: 'fees', ownerId: provider })
export const cash = (shopId: string): AccountRef => ({ kind: 'cash', ownerId: shopId })
export const transit = (shopId: string): AccountRef => ({ kind: 'transit', ownerId: shopId })
export const platform: AccountRef = { kind: 'platform', ownerId: '' }

/** Value flows from one account to another: the receiver is debited, the giver credited. */
export const move = (amount: Money, from: AccountRef, to: AccountRef): EntryDraft[] => [
  { account: to, amount },
  { account: from, amount: negate(amount) },
]
