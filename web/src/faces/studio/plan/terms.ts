import type { LotGuard } from '@efir/contract/lots.ts'
import type { Money } from '@efir/contract/money.ts'
import type { Static } from 'typebox'

/** What a host decides about a lot. */
export interface Terms {
  readonly amount: number | null
  readonly quota: number | null
  readonly perBuyer: number | null
  readonly windowMs: number
  /** Where the struck price comes from: the shop's own history, the maker, or nowhere. */
  readonly reference: 'history' | 'maker' | 'none'
  readonly makersAmount: number | null
  readonly guard: Static<typeof LotGuard>
}

/** 0: open until it is closed by hand. */
export const windows = [0, 30_000, 60_000, 120_000, 180_000, 300_000, 600_000, 1_800_000] as const

export const startTerms = (price: Money | null, stock: number | null): Terms => ({
  amount: price?.amount ?? null,
  quota: stock === null ? 10 : Math.max(1, Math.min(stock, 50)),
  perBuyer: 2,
  windowMs: 120_000,
  reference: 'history',
  makersAmount: null,
  guard: 'open',
})

export const termsFit = (terms: Terms): boolean =>
  terms.amount !== null &&
  terms.quota !== null &&
  terms.quota >= 1 &&
  terms.perBuyer !== null &&
  terms.perBuyer >= 1 &&
  (terms.reference !== 'maker' || terms.makersAmount !== null)
