import { hash } from 'node:crypto'
import type { Tx } from '../../../kernel/context.ts'
import { assert, found, Refusal } from '../../../kernel/refusal.ts'
import { at, type Sql, sql } from '../../../kernel/sql.ts'
import { reservationExpired, reservationReleased, stockSold } from '../events.ts'
import { buyerPrefix, liveStates } from '../rules.ts'
import type { AllotmentRow, ReservationRow } from '../tables.ts'
import { type ReservationView, reservationOf } from '../views.ts'
import { lockWithShelf } from './allotments.ts'
import { move, tell } from './goods.ts'

/** The buyer, or the guest whom this account has claimed. */
const isTheirs = (personId: string) =>
  sql`(person_id = ${personId} or person_id in (select id from identity.person where claimed_by = ${personId}))`

/** Payment begins: from here it cannot lapse. Called in the transaction that places the order. */
export async function commitReservation(tx: Tx, input: { reservationId: string; personId: string }): Promise<ReservationView> {
  const changed = await tx.run(
    sql`update stock.reservation set state = 'committed', changed_at = ${at(tx.now)}
        where id = ${input.reservationId} and state = 'held' and expires_at > ${at(tx.now)} and ${isTheirs(input.personId)}`,
  )
  if (changed === 0) throw new Refusal('reservation_gone')
  return await reservationOf(tx, input.reservationId)
}

/** Held by the buyer, or committed and the payment is known to have failed. Doing it twice does nothing. */
export async function releaseReservation(
  tx: Tx,
  input: { reservationId: string; only?: 'held' },
): Promise<{ released: boolean }> {
  const from = input.only ? ['held'] : ['held', 'committed']
  const row = await tx.maybe<ReservationRow>(
    sql`update stock.reservation set state = 'released', changed_at = ${at(tx.now)} where id = ${input.reservationId} and state = any(${from}) returning *`,
  )
  if (!row) return { released: false }
  await giveBack(tx, [row], 'released')
  await tx.announce(reservationReleased, {
    reservationId: row.id,
    allotmentId: row.allotment_id,
    personId: row.person_id,
    quantity: row.quantity,
  })
  return { released: true }
}

/** Money is there: the units leave the stock. All must be committed. */
export async function payReservations(tx: Tx, reservationIds: readonly string[]): Promise<void> {
  if (reservationIds.length === 0) return
  const rows = await tx.rows<ReservationRow & { variant_id: string; use: string }>(
    sql`update stock.reservation r set state = 'paid', changed_at = ${at(tx.now)} from stock.allotment a
        where r.id = any(${[...reservationIds]}) and r.state = 'committed' and a.id = r.allotment_id returning r.*, a.variant_id, a.use`,
  )
  if (rows.length !== new Set(reservationIds).size) throw new Refusal('reservation_gone')
  const sales = rows.toSorted((a, b) =>
    a.variant_id < b.variant_id ? -1 : a.variant_id > b.variant_id ? 1 : a.id < b.id ? -1 : 1,
  )
  for (const row of sales) {
    await move(tx, {
      variantId: row.variant_id,
      cause: 'sold',
      onHand: -row.quantity,
      allotted: row.use === 'shelf' ? 0 : -row.quantity,
      allotmentId: row.allotment_id,
      reservationId: row.id,
    })
  }
  await tx.announce(stockSold, {
    sales: sales.map((r) => ({
      reservationId: r.id,
      allotmentId: r.allotment_id,
      variantId: r.variant_id,
      personId: r.person_id,
      quantity: r.quantity,
    })),
  })
}

/** A payment succeeded after the reservation was gone: takes the units again if any remain, from the quota, else from the shelf. */
export async function reacquire(tx: Tx, reservationId: string): Promise<boolean> {
  const row = found(await tx.maybe<ReservationRow>(sql`select * from stock.reservation where id = ${reservationId} for update`))
  if (row.state === 'committed') return true
  if (row.state !== 'released' && row.state !== 'expired') return false
  const { allotment, shelf } = await lockWithShelf(tx, row.allotment_id)
  const mine = buyerPrefix(allotment.id, row.person_id)
  const had = await unitsOf(
    tx,
    sql`r.id >= ${mine} and r.id < ${`${mine}~`} and r.person_id = ${row.person_id} and a.limit_group = ${allotment.limit_group}`,
  )
  if (allotment.per_buyer !== null && had + row.quantity > allotment.per_buyer) return false
  if (allotment.left_units >= row.quantity) {
    await tx.run(
      sql`update stock.allotment set left_units = left_units - ${row.quantity}, changed_at = ${at(tx.now)} where id = ${allotment.id}`,
    )
  } else if (allotment.use !== 'shelf' && shelf.left_units >= row.quantity) {
    await tx.run(
      sql`update stock.allotment set quota = quota - ${row.quantity}, left_units = left_units - ${row.quantity}, changed_at = ${at(tx.now)} where id = ${shelf.id}`,
    )
    await tx.run(
      sql`update stock.allotment set quota = quota + ${row.quantity}, changed_at = ${at(tx.now)} where id = ${allotment.id}`,
    )
    await move(tx, {
      variantId: allotment.variant_id,
      cause: 'allotted',
      onHand: 0,
      allotted: row.quantity,
      allotmentId: allotment.id,
      reservationId,
    })
  } else return false
  await tx.run(sql`update stock.reservation set state = 'committed', changed_at = ${at(tx.now)} where id = ${reservationId}`)
  await tell(tx, [...new Set([allotment.id, shelf.id])], 'reacquired')
  return true
}

/** Paid units come back: to the quota while it is open, else to the shelf. */
export async function returnSold(
  tx: Tx,
  input: { reservationId: string; quantity: number; cause: 'cancelled' | 'returned'; note?: string },
): Promise<void> {
  assert(input.quantity > 0, 'something comes back')
  const row = await tx.maybe<ReservationRow>(
    sql`update stock.reservation set returned = returned + ${input.quantity}, changed_at = ${at(tx.now)}
        where id = ${input.reservationId} and state = 'paid' and returned + ${input.quantity} <= quantity returning *`,
  )
  assert(row, 'no more units come back than were paid')
  const { allotment, shelf } = await lockWithShelf(tx, row.allotment_id)
  await putBack(tx, allotment, shelf, input.quantity)
  await move(tx, {
    variantId: allotment.variant_id,
    cause: input.cause,
    onHand: input.quantity,
    allotted: allotment.open && allotment.use !== 'shelf' ? input.quantity : 0,
    allotmentId: allotment.open ? allotment.id : shelf.id,
    reservationId: row.id,
    note: input.note,
  })
  await tell(tx, [...new Set([allotment.id, shelf.id])], input.cause)
}

async function putBack(tx: Tx, allotment: AllotmentRow, shelf: AllotmentRow, units: number): Promise<void> {
  if (allotment.open) {
    await tx.run(
      sql`update stock.allotment set left_units = left_units + ${units}, changed_at = ${at(tx.now)} where id = ${allotment.id}`,
    )
    return
  }
  await tx.run(sql`update stock.allotment set quota = quota - ${units}, changed_at = ${at(tx.now)} where id = ${allotment.id}`)
  await tx.run(
    sql`update stock.allotment set quota = quota + ${units}, left_units = left_units + ${units}, changed_at = ${at(tx.now)} where id = ${shelf.id}`,
  )
}

/** Unpaid units come back. The reservations' rows are already locked; allotments come next, sorted, levels last. */
async function giveBack(tx: Tx, rows: readonly ReservationRow[], cause: 'released' | 'expired'): Promise<void> {
  const units = Map.groupBy(rows, (r) => r.allotment_id)
  const ids = [...units.keys()]
  const locked = await tx.rows<AllotmentRow>(
    sql`select * from stock.allotment where id = any(${ids})
        or id in (select l.shelf_id from stock.allotment a join stock.level l on l.variant_id = a.variant_id where a.id = any(${ids}))
        order by id for no key update`,
  )
  const touched = new Set<string>()
  const moves: { allotment: AllotmentRow; count: number }[] = []
  for (const allotment of locked) {
    const mine = units.get(allotment.id)
    if (!mine) continue
    const shelf = locked.find((r) => r.use === 'shelf' && r.variant_id === allotment.variant_id)
    assert(shelf, 'every variant with an allotment has a shelf')
    const count = mine.reduce((sum, r) => sum + r.quantity, 0)
    await putBack(tx, allotment, shelf, count)
    touched.add(allotment.id).add(allotment.open ? allotment.id : shelf.id)
    if (!allotment.open) moves.push({ allotment, count })
  }
  for (const { allotment, count } of moves.toSorted((a, b) => (a.allotment.variant_id < b.allotment.variant_id ? -1 : 1))) {
    await move(tx, {
      variantId: allotment.variant_id,
      cause: 'unallotted',
      onHand: 0,
      allotted: -count,
      allotmentId: allotment.id,
    })
  }
  await tell(tx, [...touched], cause)
}

const expiryBatch = 500

/** Held reservations whose time is over, at most 500; true when there may be more. Committed ones are never touched. */
export async function expireDue(tx: Tx): Promise<boolean> {
  const rows = await tx.rows<ReservationRow>(
    sql`update stock.reservation set state = 'expired', changed_at = ${at(tx.now)}
        where id in (select id from stock.reservation where state = 'held' and expires_at <= ${at(tx.now)} order by expires_at limit ${expiryBatch} for update skip locked)
        returning *`,
  )
  if (rows.length === 0) return false
  await giveBack(tx, rows, 'expired')
  await tx.announce(reservationExpired, {
    reservations: rows.map((r) => ({
      reservationId: r.id,
      allotmentId: r.allotment_id,
      personId: r.person_id,
      quantity: r.quantity,
    })),
  })
  return rows.length === expiryBatch
}

const unitsOf = async (tx: Tx, which: Sql): Promise<number> =>
  (
    await tx.one<{ units: number }>(
      sql`select coalesce(sum(r.quantity - r.returned), 0)::int as units from stock.reservation r join stock.allotment a on a.id = r.allotment_id
          where r.state = any(${[...liveStates]}) and ${which}`,
    )
  ).units

/**
 * Counts a reservation for further marks of its buyer, such as `mail:<verified address>` or `card:<fingerprint>`, and refuses when one
 * mark would pass the limit. Kept as digests. The lock makes two people with one card take turns without touching the hot row.
 */
export async function countBuyerKeys(tx: Tx, input: { reservationId: string; keys: readonly string[] }): Promise<void> {
  const row = found(
    await tx.maybe<ReservationRow>(sql`select * from stock.reservation where id = ${input.reservationId}`),
    'reservation_gone',
  )
  const { per_buyer, limit_group } = await tx.one<AllotmentRow>(sql`select * from stock.allotment where id = ${row.allotment_id}`)
  for (const key of input.keys.map((k) => hash('sha256', k)).toSorted()) {
    await tx.run(sql`select pg_advisory_xact_lock(hashtextextended(${`${limit_group} ${key}`}, 0))`)
    await tx.run(
      sql`insert into stock.buyer_key (limit_group, key, reservation_id) values (${limit_group}, ${key}, ${row.id}) on conflict do nothing`,
    )
    const units = await unitsOf(
      tx,
      sql`r.id in (select reservation_id from stock.buyer_key where limit_group = ${limit_group} and key = ${key})`,
    )
    if (per_buyer !== null && units > per_buyer) throw new Refusal('lot_limit_reached', { limit: per_buyer })
  }
}
