export interface TaxFacts {
  /** Country of the shop. */
  readonly home: string
  /** Country of delivery. */
  readonly to: string
  /** The product's own rate and the shop's; both are those of the shop's country. Basis points. */
  readonly product: number | null
  readonly shop: number | null
  /** The usual rate of the country of delivery; null when nobody wrote a profile of it. */
  readonly there: number | null
  /** The usual rate of the market that the buyer shops in. */
  readonly market: number
}

/**
 * A rate belongs to the country of delivery. At home the product's own counts, then the shop's; abroad they mean nothing, and the
 * usual rate there counts. Where no rate is known the shop's own stay, so that nothing is declared too low.
 */
export const taxRateFor = ({ home, to, product, shop, there, market }: TaxFacts): number =>
  to !== home && there !== null ? there : (product ?? shop ?? there ?? market)
