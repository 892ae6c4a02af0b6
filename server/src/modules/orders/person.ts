import type { Sql } from '../../kernel/sql.ts'
import { sql } from '../../kernel/sql.ts'
import { nobodysName, type PersonPart, type Whole } from '../identity/ports.ts'

/** Also what they bought as a guest elsewhere: the address is proven to be theirs. */
const theirs = ({ ids, email }: Whole): Sql =>
  sql`(t.person_id = any(${[...ids]}) or (lower(t.email) = ${email} and t.person_id in (select id from identity.person where kind = 'guest')))`

export const personPart: PersonPart = {
  name: 'orders',
  async tell(ctx, who) {
    const orders = await ctx.rows<{ id: string }>(
      sql`select t.id, t.number, t.shop_id, t.show_id, t.state, t.currency, t.goods_amount, t.delivery_amount, t.tax_amount, t.total_amount, t.refunded_amount, t.email, t.phone, t.address,
            t.placed_at, t.paid_at, t.shipped_at, t.delivered_at, t.cancelled_at from orders.order t where ${theirs(who)} order by t.id`,
    )
    return {
      orders,
      lines: await ctx.rows(
        sql`select order_id, kind, title, options, sku, quantity, unit_amount, total_amount, returned from orders.line where order_id = any(${orders.map((o) => o.id)}) order by order_id, position`,
      ),
      cart: await ctx.rows(
        sql`select market, variant_id, quantity, added_at from orders.cart_line where person_id = any(${[...who.ids]})`,
      ),
    }
  },
  async holds(q, who) {
    const open = await q.maybe(
      sql`select 1 from orders.order t where ${theirs(who)} and t.state in ('placed', 'paid', 'packed', 'shipped') limit 1`,
    )
    return open ? 'orders_open' : null
  },
  /** The books keep what was bought, for how much and in which country; not by whom or where to. */
  async erase(tx, who) {
    const gone = await tx.rows<{ checkout_id: string; parcel_id: string }>(
      sql`update orders.order t set email = '', phone = '', search = lower(t.number),
            address = jsonb_build_object('country', t.address -> 'country', 'name', ${nobodysName}::text, 'phone', '')
          where ${theirs(who)} returning t.checkout_id, t.parcel_id`,
    )
    await tx.run(
      sql`update orders.checkout t set email = '', digest = '' where ${theirs(who)} or t.id = any(${gone.map((o) => o.checkout_id)})`,
    )
    await tx.run(sql`update orders.parcel set address_digest = '', tracking = '' where id = any(${gone.map((o) => o.parcel_id)})`)
    await tx.run(sql`delete from orders.cart_line where person_id = any(${[...who.ids]})`)
  },
}
