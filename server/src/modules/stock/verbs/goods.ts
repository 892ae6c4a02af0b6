import type { Tx } from '../../../kernel/context.ts'
import { found, Refusal } from '../../../kernel/refusal.ts'
import { at, sql } from '../../../kernel/sql.ts'
import { stockChanged, stockLevelChanged } from '../events.ts'
import type { LevelRow, MovementCause } from '../tables.ts'
import { allotmentStates } from '../views.ts'

export interface Movement {
  readonly variantId: string
  readonly cause: MovementCause
  readonly onHand: number
  readonly allotted: number
  readonly allotmentId?: string
  readonly reservationId?: string
  readonly note?: string
}

/** Writes the journal and the level together. Callers hold the locks of the allotments: level rows are always locked last. */
export async function move(tx: Tx, movement: Movement): Promise<LevelRow> {
  const { variantId, cause, onHand, allotted } = movement
  const actor = tx.actor.kind === 'guest' || tx.actor.kind === 'account' ? tx.actor.personId : null
  // One statement: from here to the commit everybody who moves this variant waits.
  const level = await tx.one<LevelRow>(
    sql`with level as (
          update stock.level set on_hand = on_hand + ${onHand}, allotted = allotted + ${allotted}, changed_at = ${at(tx.now)} where variant_id = ${variantId} returning *
        ), journal as (
          insert into stock.movement (id, variant_id, shop_id, cause, on_hand_delta, allotted_delta, on_hand_after, allotted_after, allotment_id, reservation_id, actor, note, at)
          select ${tx.newId('movement')}, variant_id, shop_id, ${cause}, ${onHand}, ${allotted}, on_hand, allotted,
            ${movement.allotmentId ?? null}, ${movement.reservationId ?? null}, ${actor}, ${movement.note ?? ''}, ${at(tx.now)} from level
        ) select * from level`,
  )
  await tx.announce(
    stockLevelChanged,
    { variantId, shopId: level.shop_id, onHand: level.on_hand, allotted: level.allotted },
    level.shop_id,
  )
  return level
}

/** The variant's shelf, made when there is none. */
export async function openShelf(tx: Tx, variantId: string): Promise<{ shelfId: string; shopId: string }> {
  const known = await tx.maybe<LevelRow>(sql`select * from stock.level where variant_id = ${variantId}`)
  if (known) return { shelfId: known.shelf_id, shopId: known.shop_id }
  const variant = found(await tx.maybe<{ shop_id: string }>(sql`select shop_id from catalog.variant where id = ${variantId}`))
  const shelfId = tx.newId('allotment')
  const made = await tx.run(
    sql`insert into stock.level (variant_id, shop_id, shelf_id, changed_at) values (${variantId}, ${variant.shop_id}, ${shelfId}, ${at(tx.now)}) on conflict do nothing`,
  )
  if (made === 0) return await openShelf(tx, variantId)
  await tx.run(
    sql`insert into stock.allotment (id, shop_id, variant_id, use, limit_group, quota, left_units, created_at, changed_at)
        values (${shelfId}, ${variant.shop_id}, ${variantId}, 'shelf', ${shelfId}, 0, 0, ${at(tx.now)}, ${at(tx.now)})`,
  )
  return { shelfId, shopId: variant.shop_id }
}

/** New units came in. */
export async function receiveStock(tx: Tx, input: { variantId: string; quantity: number; note?: string }): Promise<LevelRow> {
  const { shelfId } = await openShelf(tx, input.variantId)
  await tx.run(
    sql`update stock.allotment set quota = quota + ${input.quantity}, left_units = left_units + ${input.quantity}, changed_at = ${at(tx.now)} where id = ${shelfId}`,
  )
  const level = await move(tx, {
    variantId: input.variantId,
    cause: 'received',
    onHand: input.quantity,
    allotted: 0,
    note: input.note,
  })
  await tell(tx, [shelfId], 'received')
  return level
}

/** Somebody counted. Units promised to buyers or to a quota cannot be counted away: `stock_short` says how many could. */
export async function correctStock(tx: Tx, input: { variantId: string; onHand: number; note: string }): Promise<LevelRow> {
  const { shelfId } = await openShelf(tx, input.variantId)
  const shelf = await tx.one<{ left_units: number }>(sql`select left_units from stock.allotment where id = ${shelfId} for update`)
  const before = await tx.one<LevelRow>(sql`select * from stock.level where variant_id = ${input.variantId} for update`)
  const delta = input.onHand - before.on_hand
  if (delta === 0) return before
  if (shelf.left_units + delta < 0) throw new Refusal('stock_short', { left: shelf.left_units })
  await tx.run(
    sql`update stock.allotment set quota = quota + ${delta}, left_units = left_units + ${delta}, changed_at = ${at(tx.now)} where id = ${shelfId}`,
  )
  const level = await move(tx, { variantId: input.variantId, cause: 'corrected', onHand: delta, allotted: 0, note: input.note })
  await tell(tx, [shelfId], 'corrected')
  return level
}

type Cause = (typeof stockChanged)['__body'] extends infer B ? (NonNullable<B> extends { cause: infer C } ? C : never) : never

export async function tell(tx: Tx, allotmentIds: readonly string[], cause: Cause): Promise<void> {
  const allotments = await allotmentStates(tx, allotmentIds)
  if (allotments.length > 0) await tx.announce(stockChanged, { allotments, cause })
}
