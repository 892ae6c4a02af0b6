import type { In, Out } from '@efir/contract/act.ts'
import { money, sum, times } from '@efir/contract/money.ts'
import type * as contract from '@efir/contract/orders.ts'
import type { LocalText } from '@efir/contract/scalars.ts'
import { type Ctx, personOf } from '../../../kernel/context.ts'
import type { Queries } from '../../../kernel/db.ts'
import { found } from '../../../kernel/refusal.ts'
import { at, sql } from '../../../kernel/sql.ts'
import { profileOf } from '../../markets/views.ts'
import { taxRateFor } from '../rules/tax.ts'

interface Row {
  id: string
  variant_id: string
  quantity: number
  reservation_id: string | null
  shop_id: string
  shop_name: string
  product_id: string
  slug: string
  title: LocalText
  options: Record<string, string>
  sku: string
  tax_rate: number | null
  shop_tax: number | null
  shop_country: string
  picture: string | null
  amount: number | null
  left: number | null
  expires_at: number | null
  use: string | null
  use_id: string | null
  topic: string | null
}

/** Prices of the shop as they are now; reserved units at the price of their reservation. Lines that can no longer be bought are not listed. */
export async function cartOf(q: Queries, personId: string, market: string, now: number): Promise<Out<typeof contract.cart>> {
  const profile = found(profileOf(market))
  const { currency } = profile
  const rows = await q.rows<Row>(
    sql`select l.id, l.variant_id, l.quantity, l.reservation_id, v.shop_id, s.name as shop_name, p.id as product_id, p.slug, p.title, v.options, v.sku, p.tax_rate,
          (s.settings ->> 'taxRate')::int as shop_tax, s.country as shop_country,
          (select '/pictures/' || c.id from catalog.picture c where c.product_id = p.id order by (c.variant_id is not distinct from v.id) desc, c.position limit 1) as picture,
          case when l.reservation_id is null then c.amount when r.currency = ${currency} then r.amount end as amount,
          case when l.reservation_id is null then f.left_units else r.quantity end as left, r.expires_at, a.use, a.use_id, a.topic
        from orders.cart_line l join catalog.variant v on v.id = l.variant_id join catalog.product p on p.id = v.product_id join identity.shop s on s.id = v.shop_id
        left join catalog.price c on c.variant_id = v.id and c.currency = ${currency}
        left join stock.allotment f on f.variant_id = v.id and f.use = 'shelf'
        left join stock.reservation r on r.id = l.reservation_id and r.state = 'held' and r.expires_at > ${at(now)}
        left join stock.allotment a on a.id = r.allotment_id
        where l.person_id = ${personId} and l.market = ${market} and (l.reservation_id is not null or (v.active and p.state = 'published')) order by l.id`,
  )
  const living = rows.filter((r): r is Row & { amount: number } => r.amount !== null)
  const lines = living.map((r) => {
    const unitPrice = money(r.amount, currency)
    return {
      id: r.id,
      item: r.reservation_id ? { reservationId: r.reservation_id } : { variantId: r.variant_id, quantity: r.quantity },
      variantId: r.variant_id,
      productId: r.product_id,
      productSlug: r.slug,
      title: r.title,
      options: r.options,
      sku: r.sku,
      picture: r.picture ?? undefined,
      quantity: r.quantity,
      unitPrice,
      total: times(unitPrice, r.quantity),
      // Until an address is known, delivery is taken to stay in the market's country.
      taxRate: taxRateFor({
        home: r.shop_country,
        to: profile.country,
        product: r.tax_rate,
        shop: r.shop_tax,
        there: profile.taxRate,
        market: profile.taxRate,
      }),
      source: {
        kind: r.use === null || r.use === 'shelf' ? 'shop' : r.use,
        id: r.use_id ?? undefined,
        showId: r.topic ?? undefined,
      },
      shopId: r.shop_id,
      shopName: r.shop_name,
      validUntilAt: r.expires_at ?? undefined,
      left: r.left ?? 0,
    }
  })
  return {
    market,
    currency,
    lines,
    goods: sum(
      currency,
      lines.map((l) => l.total),
    ),
    gone: rows.length - living.length,
  }
}

export const cart = (ctx: Ctx, input: In<typeof contract.cart>): Promise<Out<typeof contract.cart>> =>
  cartOf(ctx, personOf(ctx), input.market, ctx.now())
