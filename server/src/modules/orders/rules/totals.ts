import { type Money, money, percent, plus, sum, taxIncluded, times } from '@efir/contract/money.ts'

export interface CountedLine {
  readonly unit: Money
  readonly quantity: number
  /** Basis points. */
  readonly taxRate: number
}

export interface LineTotals {
  /** As prices are shown: with tax inside, or before it. */
  readonly total: Money
  readonly tax: Money
}

export interface OrderTotals {
  readonly goods: Money
  readonly delivery: Money
  readonly tax: Money
  readonly total: Money
  /** Of each line, in order. */
  readonly lines: readonly LineTotals[]
  readonly deliveryTax: Money
}

export interface Counting {
  readonly currency: string
  /** Prices are shown with tax inside; else it is added. */
  readonly taxIncluded: boolean
  readonly lines: readonly CountedLine[]
  readonly delivery: { readonly price: Money; readonly taxRate: number }
}

/** The only place where an order is added up. Tax is rounded per line, so that a returned line gives back exactly its own. */
export function countOrder(input: Counting): OrderTotals {
  const taxOf = input.taxIncluded ? taxIncluded : percent
  const lines = input.lines.map((line) => {
    const total = times(line.unit, line.quantity)
    return { total, tax: taxOf(total, line.taxRate) }
  })
  const goods = sum(
    input.currency,
    lines.map((l) => l.total),
  )
  const delivery = input.delivery.price
  const deliveryTax = taxOf(delivery, input.delivery.taxRate)
  const tax = plus(
    sum(
      input.currency,
      lines.map((l) => l.tax),
    ),
    deliveryTax,
  )
  const shown = plus(goods, delivery)
  return { goods, delivery, tax, total: input.taxIncluded ? shown : plus(shown, tax), lines, deliveryTax }
}

export interface DeliveryPricing {
  readonly prices: Readonly<Record<string, number>>
  readonly freeFrom: Readonly<Record<string, number>>
}

/** Null when the method has no price in this currency. A parcel that is paid for already costs nothing more. */
export function deliveryPrice(method: DeliveryPricing, goods: Money, joined: boolean): Money | null {
  const price = method.prices[goods.currency]
  if (price === undefined) return null
  const freeFrom = method.freeFrom[goods.currency]
  const free = joined || (freeFrom !== undefined && goods.amount >= freeFrom)
  return money(free ? 0 : price, goods.currency)
}

/** What comes back for some units of a line: their share of the price, and of the tax where it was added on top. The last units take the rest. */
export function returnValue(
  line: { unit: number; quantity: number; tax: number; returned: number },
  units: number,
  taxIncludedInPrice: boolean,
): number {
  const goods = line.unit * units
  if (taxIncludedInPrice) return goods
  const taxUpTo = (count: number): number => Number((BigInt(line.tax) * BigInt(count)) / BigInt(line.quantity))
  return goods + taxUpTo(line.returned + units) - taxUpTo(line.returned)
}
