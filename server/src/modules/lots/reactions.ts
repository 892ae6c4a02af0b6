import type { Tx } from '../../kernel/context.ts'
import { type JobSpec, job, on, type Reaction } from '../../kernel/reactions.ts'
import { sql } from '../../kernel/sql.ts'
import { showCancelled, showDuplicated, showEnded } from '../shows/events.ts'
import { stockReserved, stockSold } from '../stock/events.ts'
import { allotmentStates } from '../stock/views.ts'
import * as deals from './verbs/deals.ts'
import { copyLots } from './verbs/lots.ts'
import { unpinAll } from './verbs/pins.ts'

/** Variants of one lot help each other out. */
async function onReserved(tx: Tx, lotIds: readonly string[]): Promise<void> {
  if (lotIds.length === 0) return
  const rows = await tx.rows<{ lot_id: string }>(
    sql`select v.lot_id from lots.variant v join stock.allotment a on a.id = v.allotment_id and a.open where v.lot_id = any(${[...lotIds]})
        group by v.lot_id having count(*) > 1 and bool_or(a.left_units = 0) and max(a.left_units) > 1`,
  )
  for (const { lot_id } of rows) await deals.rebalance(tx, lot_id)
}

export const reactions: Reaction[] = [
  on(stockReserved, (tx, { allotments }) =>
    onReserved(
      tx,
      allotments.flatMap((a) => (a.use === 'lot' && a.useId && a.left > 1 ? [a.useId] : [])),
    ),
  ),
  on(stockSold, async (tx, { sales }) => {
    for (const state of await allotmentStates(
      tx,
      sales.map((s) => s.allotmentId),
    )) {
      if (state.use !== 'lot' || state.left > 0 || !state.useId) continue
      await tx.addJob('lots.soldOut', { lotId: state.useId }, { runAt: tx.now + 1000, key: `lots.soldOut ${state.useId}` })
    }
  }),
  on(showEnded, async (tx, body) => {
    await deals.onShowEnded(tx, body)
    await unpinAll(tx, body)
  }),
  on(showCancelled, deals.onShowCancelled),
  on(showDuplicated, copyLots),
]

export const jobs: JobSpec[] = [
  job('lots.open', deals.onOpening, 'clock'),
  job('lots.close', deals.onClosing, 'clock'),
  job('lots.soldOut', deals.onSoldOut, 'clock'),
]
