import type { Locale } from '@efir/contract/scalars.ts'
import type { Queries } from '../../../kernel/db.ts'
import { found } from '../../../kernel/refusal.ts'
import { sql } from '../../../kernel/sql.ts'
import { profileOf } from '../../markets/views.ts'
import type { OrderRow } from '../tables.ts'
import { type OrderView, orderPage } from './orders.ts'

export interface OrderLetter {
  readonly to: string
  readonly locale: Locale
  readonly demo: boolean
  readonly order: OrderView
  /** Where the shop reads answers, if it said so. */
  readonly replyTo: string | null
  /** Keys of words, by market. */
  readonly texts: { readonly returns: string; readonly taxNote: string } | null
}

/** Everything a letter about an order needs. */
export async function orderLetter(q: Queries & { now(): number }, orderId: string): Promise<OrderLetter> {
  const row = found(
    await q.maybe<OrderRow & { shop_mail: string | null; market: string; demo: boolean }>(
      sql`select o.*, s.settings ->> 'mail' as shop_mail, c.market, p.demo from orders.order o join identity.shop s on s.id = o.shop_id
          join orders.checkout c on c.id = o.checkout_id join identity.person p on p.id = o.person_id where o.id = ${orderId}`,
    ),
  )
  const profile = profileOf(row.market)
  return {
    to: row.email,
    locale: row.locale,
    demo: row.demo,
    order: await orderPage(q, row, q.now()),
    replyTo: row.shop_mail,
    texts: profile ? { returns: profile.texts.returns, taxNote: profile.texts.taxNote } : null,
  }
}
