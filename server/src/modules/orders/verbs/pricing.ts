import { type Money, money } from '@efir/contract/money.ts'
import type { CheckoutItem as CheckoutItemSchema } from '@efir/contract/orders/shapes.ts'
import type { LocalText } from '@efir/contract/scalars.ts'
import type { Static } from 'typebox'
import type { Queries } from '../../../kernel/db.ts'
import { found, Refusal, refuseIf } from '../../../kernel/refusal.ts'
import { seal, unseal } from '../../../kernel/seal.ts'
import { at, sql } from '../../../kernel/sql.ts'
import { shelvesOf } from '../../stock/views.ts'

export type CheckoutItem = Static<typeof CheckoutItemSchema>

/** What every way of selling hands over: goods at a price. */
export interface PricedLine {
  readonly variantId: string
  readonly quantity: number
  readonly price: Money
  readonly source: { readonly kind: string; readonly id?: string; readonly showId?: string }
  readonly reservationId?: string
  /** Units are not reserved yet: where to take them, and whose terms these are. */
  readonly allotmentId?: string
  readonly terms?: string
  readonly validUntil?: number
}

export interface DescribedLine extends PricedLine {
  readonly shopId: string
  readonly productId: string
  readonly productSlug: string
  readonly title: LocalText
  readonly options: Record<string, string>
  readonly sku: string
  readonly picture?: string
  /** The product's own; null takes the shop's. */
  readonly taxRate: number | null
}

/** An offer a shop makes before anything is reserved (it takes the money first). Signed, so that nothing needs to be stored at the tap. */
export interface Offer {
  readonly personId: string
  readonly variantId: string
  readonly allotmentId: string
  readonly quantity: number
  readonly price: Money
  readonly source: { readonly kind: string; readonly id?: string; readonly showId?: string }
  /** Whose terms: a deal. */
  readonly terms: string
  readonly validUntil: number
}

const purpose = 'offer.1'

export const signOffer = (secret: string, offer: Offer): string => seal(secret, purpose, offer)

function readOffer(secret: string, token: string, personId: string, now: number): Offer {
  const offer = found(unseal<Offer>(secret, purpose, token), 'reservation_gone')
  refuseIf(offer.personId !== personId || offer.validUntil <= now, 'reservation_gone')
  return offer
}

export interface Asking {
  readonly q: Queries
  readonly now: number
  readonly secret: string
  readonly personId: string
  readonly currency: string
}

/** Prices of what somebody wants to buy, in the order asked. Refuses when any of it cannot be bought. */
export async function priceItems(asking: Asking, items: readonly CheckoutItem[]): Promise<DescribedLine[]> {
  refuseIf(items.length === 0, 'cart_empty')
  const reserved = await reservedLines(
    asking,
    items.flatMap((i) => (i.reservationId ? [i.reservationId] : [])),
  )
  const plain = await shopLines(
    asking,
    items.flatMap((i) => (i.variantId ? [{ variantId: i.variantId, quantity: i.quantity ?? 1 }] : [])),
  )
  const lines = items.map((item) => {
    const ways = [item.reservationId, item.variantId, item.offer].filter((w) => w !== undefined).length
    refuseIf(ways !== 1, 'bad_input', { field: 'items', problem: 'each item has one of reservationId, variantId and offer' })
    if (item.reservationId) return found(reserved.get(item.reservationId), 'reservation_gone')
    if (item.variantId) return found(plain.get(item.variantId))
    return offered(asking, item.offer ?? '')
  })
  refuseIf(new Set(items.map((i) => i.reservationId ?? i.variantId ?? i.offer)).size !== items.length, 'bad_input', {
    field: 'items',
    problem: 'the same thing twice',
  })
  const other = lines.find((l) => l.price.currency !== asking.currency)
  if (other) throw new Refusal('currency_unknown', { currency: asking.currency })
  return await describe(asking.q, lines)
}

async function reservedLines(asking: Asking, ids: readonly string[]): Promise<Map<string, PricedLine>> {
  if (ids.length === 0) return new Map()
  const rows = await asking.q.rows<{
    id: string
    variant_id: string
    quantity: number
    amount: number
    currency: string
    use: string
    use_id: string | null
    topic: string | null
    expires_at: number
  }>(
    sql`select r.id, a.variant_id, r.quantity, r.amount, r.currency, a.use, a.use_id, a.topic, r.expires_at from stock.reservation r join stock.allotment a on a.id = r.allotment_id
        where r.id = any(${[...ids]}) and r.state = 'held' and r.expires_at > ${at(asking.now)}
          and (r.person_id = ${asking.personId} or r.person_id in (select id from identity.person where claimed_by = ${asking.personId}))`,
  )
  return new Map(
    rows.map((r) => [
      r.id,
      {
        variantId: r.variant_id,
        quantity: r.quantity,
        price: money(r.amount, r.currency),
        source: { kind: r.use === 'shelf' ? 'shop' : r.use, id: r.use_id ?? undefined, showId: r.topic ?? undefined },
        reservationId: r.id,
        validUntil: r.expires_at,
      },
    ]),
  )
}

async function shopLines(
  asking: Asking,
  wanted: readonly { variantId: string; quantity: number }[],
): Promise<Map<string, PricedLine>> {
  if (wanted.length === 0) return new Map()
  const ids = wanted.map((w) => w.variantId)
  const rows = await asking.q.rows<{ id: string; amount: number | null }>(
    sql`select v.id, c.amount from catalog.variant v join catalog.product p on p.id = v.product_id
        left join catalog.price c on c.variant_id = v.id and c.currency = ${asking.currency} where v.id = any(${ids}) and v.active and p.state = 'published'`,
  )
  const amounts = new Map(rows.map((r) => [r.id, r.amount]))
  const shelves = await shelvesOf(asking.q, ids)
  return new Map(
    wanted.flatMap((w) => {
      const amount = amounts.get(w.variantId)
      if (amount === undefined) return []
      if (amount === null) throw new Refusal('currency_unknown', { currency: asking.currency })
      const line = {
        ...w,
        price: money(amount, asking.currency),
        source: { kind: 'shop' },
        allotmentId: shelves.get(w.variantId)?.allotmentId,
        terms: 'shelf',
      }
      return [[w.variantId, line] as const]
    }),
  )
}

function offered(asking: Asking, token: string): PricedLine {
  const { personId: _, ...line } = readOffer(asking.secret, token, asking.personId, asking.now)
  return line
}

async function describe(q: Queries, lines: readonly PricedLine[]): Promise<DescribedLine[]> {
  const rows = await q.rows<Omit<DescribedLine, keyof PricedLine> & { variantId: string; picture: string | null }>(
    sql`select v.id as "variantId", v.shop_id as "shopId", p.id as "productId", p.slug as "productSlug", p.title, v.options, v.sku, p.tax_rate as "taxRate",
          (select '/pictures/' || c.id from catalog.picture c where c.product_id = p.id order by (c.variant_id is not distinct from v.id) desc, c.position limit 1) as picture
        from catalog.variant v join catalog.product p on p.id = v.product_id where v.id = any(${lines.map((l) => l.variantId)})`,
  )
  const about = new Map(rows.map((r) => [r.variantId, r]))
  return lines.map((line) => {
    const { picture, ...rest } = found(about.get(line.variantId))
    return { ...rest, picture: picture ?? undefined, ...line }
  })
}
