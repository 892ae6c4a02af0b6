import type { Money } from '@efir/contract/money.ts'

export interface Asked {
  readonly price: Money
  readonly fromAt: number
}

const dayMs = 86_400_000

/** The lowest price asked in the days before now (Directive 98/6/EC, article 6a); the history is newest first. */
export function lowestIn(history: readonly Asked[], now: number, days = 30): Money | null {
  const since = now - days * dayMs
  // A price holds until the next one: the one in force when the period began counts too.
  const inForce = history.findIndex((one) => one.fromAt <= since)
  const seen = inForce < 0 ? history : history.slice(0, inForce + 1)
  return seen.reduce<Money | null>((low, one) => (low === null || one.price.amount < low.amount ? one.price : low), null)
}
