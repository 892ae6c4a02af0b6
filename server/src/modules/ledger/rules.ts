import { createHash } from 'node:crypto'
import { type Money, money, negate } from '@efir/contract/money.ts'
import { assert } from '../../kernel/refusal.ts'
import type { EntryDraft, TransferDraft, TransferKind } from './tables.ts'

/** Entries that do not sum to zero in each currency are a defect of the caller. */
export function checkBalanced(entries: readonly EntryDraft[]): void {
  assert(entries.length >= 2, 'a transfer has at least two entries')
  const sums = new Map<string, bigint>()
  for (const { amount } of entries) {
    assert(
      Number.isSafeInteger(amount.amount) && amount.amount !== 0,
      'an entry moves a whole number of minor units that is not zero',
    )
    sums.set(amount.currency, (sums.get(amount.currency) ?? 0n) + BigInt(amount.amount))
  }
  for (const [currency, sum] of sums) assert(sum === 0n, `the entries of a transfer sum to zero, not ${sum} ${currency}`)
}

export const reversed = (entries: readonly EntryDraft[]): EntryDraft[] =>
  entries.map((e) => ({ account: e.account, amount: negate(e.amount) }))

/** Equal for equal contents in any order. */
export function digestOf(draft: Pick<TransferDraft, 'entries'> & { kind: TransferKind }): string {
  const lines = draft.entries.map((e) => `${e.account.kind} ${e.account.ownerId} ${e.amount.amount} ${e.amount.currency}`).sort()
  return createHash('sha256')
    .update([draft.kind, ...lines].join('\n'))
    .digest('base64url')
}

/** What a credit account owes, as a person reads it. */
export const owedOf = (balance: number, currency: string): Money => negate(money(balance, currency))
