import type { In, Out } from '@efir/contract/act.ts'
import type * as contract from '@efir/contract/orders.ts'
import { personOf, type Tx } from '../../../kernel/context.ts'
import { found, Refusal, refuseIf } from '../../../kernel/refusal.ts'
import { at, sql } from '../../../kernel/sql.ts'
import { profileOf } from '../../markets/views.ts'
import { releaseReservation } from '../../stock/verbs/reservations.ts'
import { cartOf } from '../views/cart.ts'
import { priceItems } from './pricing.ts'

const mostLines = 50

async function room(tx: Tx, personId: string, market: string): Promise<void> {
  await tx.run(sql`select pg_advisory_xact_lock(hashtextextended(${`orders.cart ${personId}`}, 0))`)
  // What lapsed is not listed any more, so its buyer could not take it out.
  await tx.run(
    sql`delete from orders.cart_line c where c.person_id = ${personId} and c.market = ${market} and c.reservation_id is not null
        and not exists (select from stock.reservation r where r.id = c.reservation_id and r.state = 'held' and r.expires_at > ${at(tx.now)})`,
  )
  const { count } = await tx.one<{ count: number }>(
    sql`select count(*)::int as count from orders.cart_line where person_id = ${personId} and market = ${market}`,
  )
  refuseIf(count >= mostLines, 'cart_full', { most: mostLines })
}

const asking = (tx: Tx, market: string) => ({
  q: tx,
  now: tx.now,
  secret: tx.kernel.secret,
  personId: personOf(tx),
  currency: found(profileOf(market)).currency,
})

export async function setCartLine(tx: Tx, input: In<typeof contract.setCartLine>): Promise<Out<typeof contract.cart>> {
  const personId = personOf(tx)
  const { market, variantId, quantity } = input
  const known = await tx.maybe(
    sql`select 1 from orders.cart_line where person_id = ${personId} and market = ${market} and variant_id = ${variantId} and reservation_id is null`,
  )
  if (quantity === 0) {
    await tx.run(
      sql`delete from orders.cart_line where person_id = ${personId} and market = ${market} and variant_id = ${variantId} and reservation_id is null`,
    )
    return await cartOf(tx, personId, market, tx.now)
  }
  if (!known) await room(tx, personId, market)
  await priceItems(asking(tx, market), [{ variantId, quantity }])
  await tx.run(
    sql`insert into orders.cart_line (id, person_id, market, variant_id, quantity, added_at) values (${tx.newId('cart')}, ${personId}, ${market}, ${variantId}, ${quantity}, ${at(tx.now)})
        on conflict (person_id, market, variant_id) where reservation_id is null do update set quantity = excluded.quantity`,
  )
  return await cartOf(tx, personId, market, tx.now)
}

export async function keepInCart(tx: Tx, input: In<typeof contract.keepInCart>): Promise<Out<typeof contract.cart>> {
  const personId = personOf(tx)
  const { market, reservationId } = input
  const known = await tx.maybe(sql`select 1 from orders.cart_line where reservation_id = ${reservationId}`)
  if (!known) await room(tx, personId, market)
  const line = (await priceItems(asking(tx, market), [{ reservationId }]))[0]
  if (!line) throw new Refusal('reservation_gone')
  await tx.run(
    sql`insert into orders.cart_line (id, person_id, market, variant_id, quantity, reservation_id, added_at)
        values (${tx.newId('cart')}, ${personId}, ${market}, ${line.variantId}, ${line.quantity}, ${reservationId}, ${at(tx.now)}) on conflict (reservation_id) do nothing`,
  )
  return await cartOf(tx, personId, market, tx.now)
}

export async function dropFromCart(tx: Tx, input: In<typeof contract.dropFromCart>): Promise<Out<typeof contract.cart>> {
  const personId = personOf(tx)
  const row = found(
    await tx.maybe<{ reservation_id: string | null }>(
      sql`delete from orders.cart_line where id = ${input.cartLineId} and person_id = ${personId} and market = ${input.market} returning reservation_id`,
    ),
  )
  if (row.reservation_id !== null) await releaseReservation(tx, { reservationId: row.reservation_id, only: 'held' })
  return await cartOf(tx, personId, input.market, tx.now)
}

/** Signing in keeps the cart: what the guest had joins what the account had; lines beyond the limit are left behind. */
export async function onGuestClaimed(tx: Tx, body: { guestId: string; personId: string }): Promise<void> {
  const { guestId, personId } = body
  await tx.run(sql`select pg_advisory_xact_lock(hashtextextended(${`orders.cart ${personId}`}, 0))`)
  await tx.run(
    sql`update orders.cart_line c set quantity = greatest(c.quantity, g.quantity) from orders.cart_line g
        where g.person_id = ${guestId} and c.person_id = ${personId} and c.market = g.market and c.variant_id = g.variant_id and c.reservation_id is null and g.reservation_id is null`,
  )
  await tx.run(
    sql`update orders.cart_line set person_id = ${personId} where id in (
          select g.id from orders.cart_line g where g.person_id = ${guestId}
            and not exists (select from orders.cart_line c where c.person_id = ${personId} and c.market = g.market and c.variant_id = g.variant_id and c.reservation_id is null and g.reservation_id is null)
            and (select count(*) from orders.cart_line c where c.person_id = ${personId} and c.market = g.market)
              + (select count(*) from orders.cart_line e where e.person_id = ${guestId} and e.market = g.market and e.id < g.id) < ${mostLines})`,
  )
  await tx.run(sql`delete from orders.cart_line where person_id = ${guestId} and reservation_id is null`)
}
