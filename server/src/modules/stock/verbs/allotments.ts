import type { Tx } from '../../../kernel/context.ts'
import { assert, found, Refusal } from '../../../kernel/refusal.ts'
import { at, sql } from '../../../kernel/sql.ts'
import type { AllotmentRow } from '../tables.ts'
import { move, openShelf, tell } from './goods.ts'

export interface AllotInput {
  readonly variantId: string
  readonly quantity: number
  /** What it serves, such as `lot`, and the id of that. */
  readonly use: string
  readonly useId: string
  /** The show that displays it. */
  readonly topic?: string
  readonly perBuyer?: number
  readonly opensAt?: number
  readonly closesAt?: number
  /** An allotment of the same use that it shares its limit with, such as another variant of the lot. */
  readonly groupWith?: AllotmentRow
}

/** Sets units aside for one use. `stock_short` says how many are free. */
export async function allot(tx: Tx, input: AllotInput): Promise<AllotmentRow> {
  assert(input.quantity > 0 && input.use !== 'shelf', 'a quota has units and a use')
  const { shelfId, shopId } = await openShelf(tx, input.variantId)
  await takeFromShelf(tx, shelfId, input.quantity)
  const own = tx.newId('allotment')
  const id = input.groupWith ? `${input.groupWith.id.slice(0, 14)}${own.slice(14)}` : own
  const row = await tx.one<AllotmentRow>(
    sql`insert into stock.allotment (id, shop_id, variant_id, use, use_id, limit_group, topic, quota, left_units, per_buyer, opens_at, closes_at, created_at, changed_at)
        values (${id}, ${shopId}, ${input.variantId}, ${input.use}, ${input.useId}, ${input.groupWith?.limit_group ?? id}, ${input.topic ?? null}, ${input.quantity}, ${input.quantity}, ${input.perBuyer ?? null},
          ${instant(input.opensAt)}, ${instant(input.closesAt)}, ${at(tx.now)}, ${at(tx.now)}) returning *`,
  )
  await move(tx, { variantId: input.variantId, cause: 'allotted', onHand: 0, allotted: input.quantity, allotmentId: id })
  await tell(tx, [shelfId, id], 'allotted')
  return row
}

async function takeFromShelf(tx: Tx, shelfId: string, quantity: number): Promise<void> {
  const taken = await tx.run(
    sql`update stock.allotment set quota = quota - ${quantity}, left_units = left_units - ${quantity}, changed_at = ${at(tx.now)} where id = ${shelfId} and left_units >= ${quantity}`,
  )
  if (taken > 0) return
  const { left_units } = await tx.one<{ left_units: number }>(sql`select left_units from stock.allotment where id = ${shelfId}`)
  throw new Refusal('stock_short', { left: left_units })
}

const instant = (ms: number | undefined | null): string | null => (ms === undefined || ms === null ? null : at(ms))

/** Locks an allotment and the shelf of its variant, in the order every other statement takes. */
export async function lockWithShelf(tx: Tx, allotmentId: string): Promise<{ allotment: AllotmentRow; shelf: AllotmentRow }> {
  const rows = await tx.rows<AllotmentRow>(
    sql`select * from stock.allotment where id = ${allotmentId}
        or id = (select l.shelf_id from stock.level l join stock.allotment a on a.variant_id = l.variant_id where a.id = ${allotmentId})
        order by id for no key update`,
  )
  const allotment = found(rows.find((r) => r.id === allotmentId))
  const shelf = rows.find((r) => r.use === 'shelf')
  assert(shelf, 'every variant with an allotment has a shelf')
  return { allotment, shelf }
}

/** Ends the use: what is left goes back to the shelf; what is reserved stays with its buyers. Doing it twice does nothing. */
export async function returnAllotment(tx: Tx, allotmentId: string): Promise<{ returned: number }> {
  const { allotment, shelf } = await lockWithShelf(tx, allotmentId)
  assert(allotment.use !== 'shelf', 'a shelf is never given back')
  if (!allotment.open) return { returned: 0 }
  const units = allotment.left_units
  await tx.run(
    sql`update stock.allotment set open = false, quota = quota - ${units}, left_units = 0, changed_at = ${at(tx.now)} where id = ${allotmentId}`,
  )
  if (units > 0) {
    await tx.run(
      sql`update stock.allotment set quota = quota + ${units}, left_units = left_units + ${units}, changed_at = ${at(tx.now)} where id = ${shelf.id}`,
    )
    await move(tx, { variantId: allotment.variant_id, cause: 'unallotted', onHand: 0, allotted: -units, allotmentId })
  }
  await tell(tx, [allotmentId, shelf.id], 'unallotted')
  return { returned: units }
}

/** Makes the quota larger from the shelf, or smaller by what nobody has reserved. */
export async function changeQuota(tx: Tx, input: { allotmentId: string; quota: number }): Promise<void> {
  const { allotment, shelf } = await lockWithShelf(tx, input.allotmentId)
  const delta = input.quota - allotment.quota
  if (delta === 0) return
  if (delta > 0 && shelf.left_units < delta) throw new Refusal('stock_short', { left: shelf.left_units })
  if (delta < 0 && allotment.left_units < -delta) throw new Refusal('stock_short', { left: allotment.left_units })
  await tx.run(
    sql`update stock.allotment set quota = quota + ${delta}, left_units = left_units + ${delta}, changed_at = ${at(tx.now)} where id = ${allotment.id}`,
  )
  await tx.run(
    sql`update stock.allotment set quota = quota - ${delta}, left_units = left_units - ${delta}, changed_at = ${at(tx.now)} where id = ${shelf.id}`,
  )
  await move(tx, {
    variantId: allotment.variant_id,
    cause: delta > 0 ? 'allotted' : 'unallotted',
    onHand: 0,
    allotted: delta,
    allotmentId: allotment.id,
  })
  await tell(tx, [allotment.id, shelf.id], delta > 0 ? 'allotted' : 'unallotted')
}

/** Changes when and how much one buyer may take; undefined leaves as it is, null removes. */
export async function changeWindow(
  tx: Tx,
  input: { allotmentId: string; opensAt?: number | null; closesAt?: number | null; perBuyer?: number | null },
): Promise<void> {
  const now = found(
    await tx.maybe<AllotmentRow>(sql`select * from stock.allotment where id = ${input.allotmentId} for no key update`),
  )
  const lowered =
    input.perBuyer !== undefined && input.perBuyer !== null && (now.per_buyer === null || input.perBuyer < now.per_buyer)
  // Who already has more would break the rule that nobody has more.
  if (lowered && now.open && now.left_units < now.quota) throw new Refusal('lot_state', { state: 'open' })
  const pick = <T>(given: T | undefined, kept: T): T => (given === undefined ? kept : given)
  await tx.run(
    sql`update stock.allotment set opens_at = ${instant(pick(input.opensAt, now.opens_at))}, closes_at = ${instant(pick(input.closesAt, now.closes_at))},
          per_buyer = ${pick(input.perBuyer, now.per_buyer)}, changed_at = ${at(tx.now)} where id = ${input.allotmentId}`,
  )
}
