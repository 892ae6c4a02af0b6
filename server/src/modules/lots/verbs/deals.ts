import type { In } from '@efir/contract/act.ts'
import type * as contract from '@efir/contract/lots.ts'
import type { Ctx, Tx } from '../../../kernel/context.ts'
import { assert, found, Refusal, refuseIf } from '../../../kernel/refusal.ts'
import { at, sql } from '../../../kernel/sql.ts'
import { showRow } from '../../shows/views.ts'
import type { AllotmentRow } from '../../stock/tables.ts'
import { allot, changeQuota, changeWindow, returnAllotment } from '../../stock/verbs/allotments.ts'
import { hasOpenReservations, shelvesOf } from '../../stock/views.ts'
import * as events from '../events.ts'
import {
  type CloseReason,
  type DealState,
  type DealStep,
  fairCountdownMs,
  hasUnits,
  isOver,
  maxGraceMs,
  nextState,
  shareQuota,
} from '../rules.ts'
import type { LotRow, LotVariantRow } from '../tables.ts'
import { deskLot } from '../views.ts'
import { lockLot } from './lock.ts'

const sellingStates: ReadonlySet<string> = new Set(['live', 'paused', 'ended', 'replay'])

function step(lot: LotRow, what: DealStep): DealState {
  const to = nextState(lot.state, what)
  if (to === null || lot.link_url !== null)
    throw new Refusal('lot_state', { state: lot.link_url === null ? lot.state : 'elsewhere' })
  return to
}

/** A deal that is over begins again with the same terms. */
async function renewed(tx: Tx, lot: LotRow): Promise<LotRow> {
  if (!isOver(lot.state)) return lot
  await tx.run(sql`update lots.variant set allotment_id = null where lot_id = ${lot.id}`)
  return await tx.one<LotRow>(
    sql`update lots.lot set state = ${step(lot, 'renew')}, opens_at = null, closes_at = null, closed_because = null where id = ${lot.id} returning *`,
  )
}

const variantsOf = (tx: Tx, lotId: string) =>
  tx.rows<LotVariantRow>(sql`select * from lots.variant where lot_id = ${lotId} order by position`)

export async function armLot(tx: Tx, input: In<typeof contract.armLot>) {
  const lot = await renewed(tx, await lockLot(tx, input.lotId))
  const state = step(lot, 'arm')
  // Nobody can take them before the opening says when.
  await setAside(tx, lot, { opensAt: farAway, closesAt: null })
  await tx.run(sql`update lots.lot set state = ${state}, changed_at = ${at(tx.now)} where id = ${lot.id}`)
  await tx.announce(events.dealArmed, { showId: lot.show_id, lotId: lot.id }, lot.show_id)
  return await deskLot(tx, lot.id)
}
const farAway = Date.UTC(2100, 0, 1)

/** Takes the quota out of the stock, shared among the variants by what each has. */
async function setAside(tx: Tx, lot: LotRow, window: { opensAt: number; closesAt: number | null }): Promise<void> {
  const variants = await variantsOf(tx, lot.id)
  const shelves = await shelvesOf(
    tx,
    variants.map((v) => v.variant_id),
  )
  const free = variants.map((v) => shelves.get(v.variant_id)?.left ?? 0)
  const shares = shareQuota(lot.quota, free)
  const total = free.reduce((a, b) => a + b, 0)
  refuseIf(total < lot.quota, 'stock_short', { left: total })
  let lead: AllotmentRow | undefined
  for (const [index, { variant_id }] of variants.entries()) {
    const quantity = shares[index] ?? 0
    if (quantity === 0) continue
    const row = await allot(tx, {
      variantId: variant_id,
      quantity,
      use: 'lot',
      useId: lot.id,
      topic: lot.show_id,
      perBuyer: lot.per_buyer,
      opensAt: window.opensAt,
      closesAt: window.closesAt ?? undefined,
      groupWith: lead,
    })
    lead ??= row
    await tx.run(sql`update lots.variant set allotment_id = ${row.id} where lot_id = ${lot.id} and variant_id = ${variant_id}`)
  }
}

/** Opens for all at one instant of the server: now, or after a countdown that the room can see begin. */
export async function openLot(tx: Tx, input: In<typeof contract.openLot>) {
  const lot = await renewed(tx, await lockLot(tx, input.lotId))
  const show = found(await showRow(tx, lot.show_id))
  const counting = (input.countdownMs ?? 0) > 0
  const state = step(lot, counting ? 'count' : 'open')
  refuseIf(!sellingStates.has(show.state), 'show_state', { state: show.state, act: 'open a lot' })
  const opensAt = counting ? tx.now + Math.max(input.countdownMs ?? 0, fairCountdownMs(show.room_delay_ms)) : tx.now
  const closesAt = lot.window_ms === null ? null : opensAt + lot.window_ms
  if (lot.state === 'armed') await moveWindow(tx, lot.id, { opensAt, closesAt })
  else if (lot.state !== 'counting') await setAside(tx, lot, { opensAt, closesAt })
  else await moveWindow(tx, lot.id, { opensAt, closesAt })
  await tx.run(
    sql`update lots.lot set state = ${state}, opens_at = ${at(opensAt)}, closes_at = ${closesAt === null ? null : at(closesAt)}, changed_at = ${at(tx.now)} where id = ${lot.id}`,
  )
  if (counting) await tx.addJob('lots.open', { lotId: lot.id }, { runAt: opensAt, key: `lots.open ${lot.id}` })
  if (closesAt !== null) await closeLater(tx, lot.id, closesAt)
  const of = { showId: lot.show_id, lotId: lot.id, pdtMs: input.pdtMs ?? tx.now }
  if (counting) await tx.announce(events.dealCounting, { ...of, opensAt }, lot.show_id)
  else await tx.announce(events.dealOpened, { ...of, opensAt, closesAt }, lot.show_id)
  return await deskLot(tx, lot.id)
}

const closeLater = (tx: Tx, lotId: string, closesAt: number) =>
  tx.addJob('lots.close', { lotId }, { runAt: closesAt + maxGraceMs, key: `lots.close ${lotId}` })

async function moveWindow(tx: Tx, lotId: string, window: { opensAt?: number; closesAt?: number | null }): Promise<void> {
  for (const { allotment_id } of await variantsOf(tx, lotId))
    if (allotment_id) await changeWindow(tx, { allotmentId: allotment_id, ...window })
}

/** The quota and the window of a deal whose units are set aside. */
export async function changeOpen(tx: Tx, lot: LotRow, input: { quota?: number; windowMs?: number | null }): Promise<void> {
  if (input.quota !== undefined && input.quota !== lot.quota) {
    await resize(tx, lot, input.quota - lot.quota)
    await tx.run(sql`update lots.lot set quota = ${input.quota} where id = ${lot.id}`)
  }
  if (input.windowMs === undefined) return
  await tx.run(sql`update lots.lot set window_ms = ${input.windowMs} where id = ${lot.id}`)
  if (lot.opens_at === null) return
  const closesAt = input.windowMs === null ? null : Math.max(tx.now, lot.opens_at + input.windowMs)
  await tx.run(sql`update lots.lot set closes_at = ${closesAt === null ? null : at(closesAt)} where id = ${lot.id}`)
  await moveWindow(tx, lot.id, { closesAt })
  // Without an end the job that was to close finds nothing to do.
  if (closesAt !== null) await closeLater(tx, lot.id, closesAt)
}

interface Share {
  variant_id: string
  allotment_id: string | null
  quota: number
  left_units: number
  free: number
}
const sharesOf = (tx: Tx, lotId: string) =>
  tx.rows<Share>(
    sql`select v.variant_id, v.allotment_id, coalesce(a.quota, 0) as quota, coalesce(a.left_units, 0) as left_units, coalesce(s.left_units, 0) as free
        from lots.variant v left join stock.allotment a on a.id = v.allotment_id left join stock.allotment s on s.variant_id = v.variant_id and s.use = 'shelf'
        where v.lot_id = ${lotId} order by v.position`,
  )

/** More comes from the shelves, less from what nobody has taken; each variant by what it can give. */
async function resize(tx: Tx, lot: LotRow, delta: number): Promise<void> {
  const shares = (await sharesOf(tx, lot.id)).filter((s) => s.allotment_id !== null)
  const room = shares.map((s) => (delta > 0 ? s.free : s.left_units))
  const total = room.reduce((a, b) => a + b, 0)
  refuseIf(total < Math.abs(delta), 'stock_short', { left: total })
  const parts = shareQuota(Math.abs(delta), room)
  for (const [index, share] of shares.entries()) {
    const part = parts[index] ?? 0
    if (part > 0 && share.allotment_id)
      await changeQuota(tx, { allotmentId: share.allotment_id, quota: share.quota + Math.sign(delta) * part })
  }
}

/** A variant that is gone while others are not takes over half of the fullest one's rest, if its shelf has the units. */
export async function rebalance(tx: Tx, lotId: string): Promise<void> {
  const lot = await tx.maybe<LotRow>(sql`select * from lots.lot where id = ${lotId} and state = 'open' for update`)
  if (!lot) return
  const shares = await sharesOf(tx, lotId)
  const donor = shares.toSorted((a, b) => b.left_units - a.left_units)[0]
  const empty = shares.find((s) => s.allotment_id !== null && s.left_units === 0 && s.free > 0)
  if (!donor?.allotment_id || !empty?.allotment_id) return
  const units = Math.min(empty.free, Math.floor(donor.left_units / 2))
  if (units === 0) return
  await changeQuota(tx, { allotmentId: donor.allotment_id, quota: donor.quota - units })
  await changeQuota(tx, { allotmentId: empty.allotment_id, quota: empty.quota + units })
}

/** Ends the window now. Who sees a late picture may still tap within their grace; then what is left returns to stock. */
export async function closeLot(tx: Tx, input: In<typeof contract.closeLot>) {
  const lot = await lockLot(tx, input.lotId)
  step(lot, 'expire')
  await endWindow(tx, lot, input.pdtMs ?? tx.now, 'hand')
  return await deskLot(tx, lot.id)
}

async function endWindow(tx: Tx, lot: LotRow, pdtMs: number, reason: CloseReason): Promise<void> {
  // Before its opening nobody could have tapped.
  if (lot.state === 'counting' && lot.opens_at !== null && tx.now < lot.opens_at)
    return await finish(tx, lot, 'expired', reason, pdtMs)
  if (lot.closes_at !== null && lot.closes_at <= tx.now) return
  await tx.run(
    sql`update lots.lot set closes_at = ${at(tx.now)}, closed_because = ${reason}, changed_at = ${at(tx.now)} where id = ${lot.id}`,
  )
  await moveWindow(tx, lot.id, { closesAt: tx.now })
  await closeLater(tx, lot.id, tx.now)
  await tx.announce(events.dealClosing, { showId: lot.show_id, lotId: lot.id, pdtMs, closesAt: tx.now }, lot.show_id)
}

export async function revokeLot(tx: Tx, input: In<typeof contract.revokeLot>) {
  const lot = await lockLot(tx, input.lotId)
  await finish(tx, lot, step(lot, 'revoke'), 'revoked', tx.now)
  return await deskLot(tx, lot.id)
}

async function finish(tx: Tx, lot: LotRow, state: DealState, reason: CloseReason, pdtMs: number): Promise<void> {
  const allotments = (await variantsOf(tx, lot.id)).flatMap((v) => (v.allotment_id ? [v.allotment_id] : [])).toSorted()
  for (const allotmentId of allotments) await returnAllotment(tx, allotmentId)
  await tx.run(
    sql`update lots.lot set state = ${state}, closed_because = ${reason}, closes_at = least(closes_at, ${at(tx.now)}), changed_at = ${at(tx.now)} where id = ${lot.id}`,
  )
  await tx.announce(events.dealClosed, { showId: lot.show_id, lotId: lot.id, reason, pdtMs }, lot.show_id)
}

const lotToWork = (ctx: Ctx, payload: Record<string, unknown>, work: (tx: Tx, lot: LotRow) => Promise<void>) =>
  ctx.transaction(async (tx) => {
    const lot = await tx.maybe<LotRow>(sql`select * from lots.lot where id = ${String(payload['lotId'])} for update`)
    if (lot) await work(tx, lot)
  })

/** At the instant; a late job changes nothing for buyers, who go by the clock. */
export const onOpening = (ctx: Ctx, payload: Record<string, unknown>) =>
  lotToWork(ctx, payload, async (tx, lot) => {
    if (lot.state !== 'counting' || lot.opens_at === null || tx.now < lot.opens_at) return
    await tx.run(sql`update lots.lot set state = ${step(lot, 'open')}, changed_at = ${at(tx.now)} where id = ${lot.id}`)
    await tx.announce(
      events.dealOpened,
      { showId: lot.show_id, lotId: lot.id, pdtMs: lot.opens_at, opensAt: lot.opens_at, closesAt: lot.closes_at },
      lot.show_id,
    )
  })

/** After the last grace. */
export const onClosing = (ctx: Ctx, payload: Record<string, unknown>) =>
  lotToWork(ctx, payload, async (tx, lot) => {
    if ((lot.state !== 'open' && lot.state !== 'counting') || lot.closes_at === null || tx.now < lot.closes_at + maxGraceMs)
      return
    await finish(tx, lot, step(lot, 'expire'), lot.closed_because ?? 'time', lot.closes_at)
  })

/** Nothing left, and nobody who could still give something back: it is over. */
export const onSoldOut = (ctx: Ctx, payload: Record<string, unknown>) =>
  lotToWork(ctx, payload, async (tx, lot) => {
    if (lot.state !== 'open') return
    const shares = await sharesOf(tx, lot.id)
    if (shares.some((s) => s.left_units > 0)) return
    for (const { allotment_id } of shares) if (allotment_id && (await hasOpenReservations(tx, allotment_id))) return
    await finish(tx, lot, step(lot, 'sellOut'), 'sold_out', tx.now)
  })

/** The show is over: what had a window ends now; what had none goes on selling in the replay. */
export async function onShowEnded(tx: Tx, body: { showId: string }): Promise<void> {
  const lots = await tx.rows<LotRow>(
    sql`select * from lots.lot where show_id = ${body.showId} and state in ('counting', 'open') order by id for update`,
  )
  for (const lot of lots) if (lot.state === 'counting' || lot.window_ms !== null) await endWindow(tx, lot, tx.now, 'show_ended')
}

/** Nothing of a cancelled show keeps units. */
export async function onShowCancelled(tx: Tx, body: { showId: string }): Promise<void> {
  const lots = await tx.rows<LotRow>(sql`select * from lots.lot where show_id = ${body.showId} order by id for update`)
  for (const lot of lots.filter((l) => hasUnits(l.state))) {
    const state = nextState(lot.state, 'revoke')
    assert(state, 'what has units can be revoked')
    await finish(tx, lot, state, 'show_ended', tx.now)
  }
}
