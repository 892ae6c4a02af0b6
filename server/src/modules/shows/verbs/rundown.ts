import type { In } from '@efir/contract/act.ts'
import type * as contract from '@efir/contract/shows.ts'
import type { Tx } from '../../../kernel/context.ts'
import { found } from '../../../kernel/refusal.ts'
import { at, sql } from '../../../kernel/sql.ts'
import { itemStarted } from '../events.ts'
import type { ItemRow } from '../tables.ts'
import { rundown } from '../views.ts'
import { lockShow } from './life.ts'

export async function setRundown(tx: Tx, input: In<typeof contract.setRundown>) {
  await lockShow(tx, input.showId)
  const before = await tx.rows<ItemRow>(sql`select * from shows.item where show_id = ${input.showId}`)
  await tx.run(sql`delete from shows.item where show_id = ${input.showId}`)
  let position = 0
  for (const item of input.items) {
    const known = before.find((b) => b.id === item.id)
    await tx.run(
      sql`insert into shows.item (id, show_id, position, kind, title, note, planned_seconds, lot_id, started_at, ended_at)
          values (${known?.id ?? tx.newId('item')}, ${input.showId}, ${position++}, ${item.kind}, ${item.title}, ${item.note ?? ''}, ${item.plannedSeconds}, ${item.lotId ?? null},
            ${known?.started_at == null ? null : at(known.started_at)}, ${known?.ended_at == null ? null : at(known.ended_at)})`,
    )
  }
  return await rundown(tx, input)
}

/** Written by the lots on the right: a lot joins the plan at its end. */
export async function addLotItem(
  tx: Tx,
  item: { showId: string; lotId: string; title: string; plannedSeconds: number },
): Promise<void> {
  await tx.run(
    sql`insert into shows.item (id, show_id, position, kind, title, planned_seconds, lot_id)
        select ${tx.newId('item')}, ${item.showId}, coalesce(max(position) + 1, 0), 'lot', ${item.title.slice(0, 120)}, ${item.plannedSeconds}, ${item.lotId} from shows.item where show_id = ${item.showId}`,
  )
}

/** Also by the lots: how many there are. */
export async function noteLots(tx: Tx, of: { showId: string; lots: number }): Promise<void> {
  await tx.run(sql`update shows.show set lots = ${of.lots} where id = ${of.showId}`)
}

/** Also by the lots: in a copied plan the copy of a lot stands where the lot stood. */
export async function copyLotItem(
  tx: Tx,
  item: { fromShowId: string; fromLotId: string; showId: string; lotId: string },
): Promise<void> {
  await tx.run(
    sql`insert into shows.item (id, show_id, position, kind, title, note, planned_seconds, lot_id)
        select ${tx.newId('item')}, ${item.showId}, position, 'lot', title, note, planned_seconds, ${item.lotId} from shows.item
        where show_id = ${item.fromShowId} and lot_id = ${item.fromLotId} limit 1`,
  )
}

export async function startItem(tx: Tx, input: In<typeof contract.startItem>) {
  await lockShow(tx, input.showId)
  const item = found(
    await tx.maybe<ItemRow>(sql`select * from shows.item where id = ${input.itemId} and show_id = ${input.showId}`),
  )
  await tx.run(
    sql`update shows.item set ended_at = ${at(tx.now)} where show_id = ${input.showId} and started_at is not null and ended_at is null and id <> ${item.id}`,
  )
  await tx.run(sql`update shows.item set started_at = ${at(tx.now)}, ended_at = null where id = ${item.id}`)
  await tx.announce(itemStarted, { showId: input.showId, itemId: item.id, title: item.title, pdtMs: tx.now }, input.showId)
  return await rundown(tx, input)
}
