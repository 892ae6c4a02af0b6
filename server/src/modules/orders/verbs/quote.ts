import type { In, Out } from '@efir/contract/act.ts'
import { type Money, money, sum } from '@efir/contract/money.ts'
import type * as contract from '@efir/contract/orders.ts'
import type { Queries } from '../../../kernel/db.ts'
import { found, refuseIf } from '../../../kernel/refusal.ts'
import { sql } from '../../../kernel/sql.ts'
import type { ShopRow } from '../../identity/tables.ts'
import { type MarketProfile, profileOf, profileOfCountry } from '../../markets/views.ts'
import type { PaymentProvider } from '../../payments/ports.ts'
import type { Cashier } from '../../payments/verbs/cashier.ts'
import { shownProvider } from '../../payments/views.ts'
import { addressDigest, normalAddress, usualFields } from '../rules/address.ts'
import { taxRateFor } from '../rules/tax.ts'
import { countOrder, deliveryPrice, type OrderTotals } from '../rules/totals.ts'
import type { DeliveryMethodRow } from '../tables.ts'
import { type DescribedLine, priceItems } from './pricing.ts'

/** The fields of an address there: of the market profile, else the usual ones. */
export const fieldsOf = (country: string) => profileOfCountry(country)?.address ?? usualFields(country)

export interface Quoting {
  readonly q: Queries
  readonly now: number
  readonly secret: string
  readonly personId: string
  readonly market: string
  readonly items: In<typeof contract.quote>['items']
  readonly country: string
  readonly delivery: readonly { shopId: string; methodId: string }[]
  /** Only a parcel to the same place is joined; before the address is known, any of this buyer's counts. */
  readonly address?: Readonly<Record<string, string | undefined>>
}

export interface DeliveryOffer {
  readonly method: DeliveryMethodRow
  readonly price: Money
  /** The open parcel of this show it goes into. */
  readonly parcelId: string | null
}

export interface ShopQuote {
  readonly shop: ShopRow
  readonly showId: string | null
  readonly lines: readonly (DescribedLine & { readonly rate: number })[]
  readonly deliveries: readonly DeliveryOffer[]
  readonly chosen: DeliveryOffer | null
  readonly deliveryTaxRate: number
  readonly totals: OrderTotals
}

export interface FullQuote {
  readonly profile: MarketProfile
  readonly shops: readonly ShopQuote[]
  readonly total: Money
  readonly validUntil: number | null
}

/** Everything about a purchase as it would be placed now: the same for showing it and for placing it. */
export async function buildQuote(asking: Quoting): Promise<FullQuote> {
  const profile = found(profileOf(asking.market))
  const { currency } = profile
  const lines = await priceItems({ ...asking, currency }, asking.items)
  const byShop = Map.groupBy(lines, (l) => l.shopId)
  const shops: ShopQuote[] = []
  for (const [shopId, mine] of byShop) shops.push(await quoteShop(asking, profile, shopId, mine))
  const holds = lines.flatMap((l) => (l.validUntil === undefined ? [] : [l.validUntil]))
  return {
    profile,
    shops,
    total: sum(
      currency,
      shops.map((s) => s.totals.total),
    ),
    validUntil: holds.length > 0 ? Math.min(...holds) : null,
  }
}

async function quoteShop(
  asking: Quoting,
  profile: MarketProfile,
  shopId: string,
  described: readonly DescribedLine[],
): Promise<ShopQuote> {
  const shop = found(await asking.q.maybe<ShopRow>(sql`select * from identity.shop where id = ${shopId} and closed_at is null`))
  const rateOf = (product: number | null) =>
    taxRateFor({
      home: shop.country,
      to: asking.country,
      product,
      shop: shop.settings.taxRate ?? null,
      there: profileOfCountry(asking.country)?.taxRate ?? null,
      market: profile.taxRate,
    })
  const rate = rateOf(null)
  const lines = described.map((line) => ({ ...line, rate: rateOf(line.taxRate) }))
  // A purchase belongs to a show when any of it was sold there; the first one names it.
  const showId = lines.find((l) => l.source.showId)?.source.showId ?? null
  const counted = lines.map((l) => ({ unit: l.price, quantity: l.quantity, taxRate: l.rate }))
  const goods = sum(
    profile.currency,
    countOrder({
      currency: profile.currency,
      taxIncluded: profile.taxIncluded,
      lines: counted,
      delivery: { price: money(0, profile.currency), taxRate: 0 },
    }).lines.map((l) => l.total),
  )
  const deliveries = await deliveryOffers(asking, { shopId, showId, goods })
  const wanted = asking.delivery.find((d) => d.shopId === shopId)?.methodId
  const chosen = wanted ? (deliveries.find((d) => d.method.id === wanted) ?? null) : (deliveries[0] ?? null)
  refuseIf(chosen === null, 'delivery_unavailable', { shopId, country: asking.country })
  const totals = countOrder({
    currency: profile.currency,
    taxIncluded: profile.taxIncluded,
    lines: counted,
    delivery: { price: chosen?.price ?? money(0, profile.currency), taxRate: rate },
  })
  refuseIf(totals.total.amount === 0, 'cart_empty')
  return { shop, showId, lines, deliveries, chosen, deliveryTaxRate: rate, totals }
}

async function deliveryOffers(
  asking: Quoting,
  about: { shopId: string; showId: string | null; goods: Money },
): Promise<DeliveryOffer[]> {
  const rows = await asking.q.rows<DeliveryMethodRow>(
    sql`select * from orders.delivery_method where shop_id = ${about.shopId} and active and (countries = '{}' or ${asking.country} = any(countries)) order by position, id`,
  )
  const parcels = await openParcels(asking, about.shopId, about.showId, about.goods.currency)
  return rows.flatMap((method) => {
    const parcelId = parcels.get(method.id) ?? null
    const price = deliveryPrice({ prices: method.prices, freeFrom: method.free_from }, about.goods, parcelId !== null)
    return price ? [{ method, price, parcelId }] : []
  })
}

/** Parcels of this show that still take more, by delivery method: with an order in them whose delivery is paid for (or promised at the door). */
async function openParcels(
  asking: Quoting,
  shopId: string,
  showId: string | null,
  currency: string,
): Promise<Map<string, string>> {
  if (showId === null) return new Map()
  const digest = asking.address ? addressDigest(normalAddress(fieldsOf(asking.country), asking.address)) : null
  const rows = await asking.q.rows<{ id: string; method_id: string }>(
    sql`select p.id, p.method_id from orders.parcel p
        where p.state = 'open' and p.shop_id = ${shopId} and p.show_id = ${showId} and p.currency = ${currency} and p.person_id = ${asking.personId}
          and (${digest}::text is null or p.address_digest = ${digest})
          and exists (select from orders.order o where o.parcel_id = p.id and o.confirmed_at is not null and o.state in ('placed', 'paid')) order by p.id desc`,
  )
  return new Map(rows.map((r) => [r.method_id, r.id]))
}

export async function quoteView(q: Queries, quote: FullQuote, cashier: Cashier): Promise<Out<typeof contract.quote>> {
  const { profile } = quote
  const add = (pick: (t: OrderTotals) => Money): Money =>
    sum(
      profile.currency,
      quote.shops.map((s) => pick(s.totals)),
    )
  return {
    currency: profile.currency,
    taxIncluded: profile.taxIncluded,
    shops: quote.shops.map((s) => ({
      shopId: s.shop.id,
      name: s.shop.name,
      slug: s.shop.slug,
      lines: s.lines.map((l, index) => lineView(l, s.totals.lines[index]?.total ?? l.price)),
      deliveries: s.deliveries.map((d) => ({
        methodId: d.method.id,
        kind: d.method.kind,
        name: d.method.name,
        price: d.price,
        daysMin: d.method.days_min,
        daysMax: d.method.days_max,
        joined: d.parcelId !== null,
      })),
      chosen: s.chosen?.method.id,
      goods: s.totals.goods,
      delivery: s.totals.delivery,
      tax: s.totals.tax,
      total: s.totals.total,
    })),
    goods: add((t) => t.goods),
    delivery: add((t) => t.delivery),
    tax: add((t) => t.tax),
    total: quote.total,
    methods: (await methodsOf(q, quote, cashier)).map((m) => ({
      method: m.method,
      atTheDoor: m.atTheDoor,
      ...shownProvider(m.provider),
    })),
    texts: profile.texts,
    validUntilAt: quote.validUntil ?? undefined,
  }
}

export const lineView = (l: DescribedLine & { rate: number }, total: Money) => ({
  variantId: l.variantId,
  productId: l.productId,
  productSlug: l.productSlug,
  title: l.title,
  options: l.options,
  sku: l.sku,
  picture: l.picture,
  quantity: l.quantity,
  unitPrice: l.price,
  total,
  taxRate: l.rate,
  source: { kind: l.source.kind, id: l.source.id, showId: l.source.showId },
  reservationId: l.reservationId,
  validUntilAt: l.validUntil,
})

/** What the market pays with, as far as somebody here takes it. */
export async function methodsOf(q: Queries, quote: FullQuote, cashier: Cashier): Promise<TakenMethod[]> {
  const shopIds = quote.shops.map((s) => s.shop.id)
  const taken: TakenMethod[] = []
  for (const method of quote.profile.paymentMethods) {
    const provider = await cashier.providers.forMethod(q, { method, market: quote.profile.code, shopIds })
    if (provider) taken.push({ method, provider: provider.name, holds: provider.holds, atTheDoor: provider.holds === 'cash' })
  }
  return taken
}

export interface TakenMethod {
  readonly method: string
  readonly provider: string
  readonly holds: PaymentProvider['holds']
  readonly atTheDoor: boolean
}
