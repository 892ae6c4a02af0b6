import type { In } from '@efir/contract/act.ts'
import type * as contract from '@efir/contract/lots.ts'
import type { Tx } from '../../../kernel/context.ts'
import { found, Refusal, refuseIf } from '../../../kernel/refusal.ts'
import { at, sql } from '../../../kernel/sql.ts'
import { showRow } from '../../shows/views.ts'
import { lotPinned, lotUnpinned } from '../events.ts'
import { placePin, type Slot } from '../rules.ts'
import type { PinRow } from '../tables.ts'
import { deskLot } from '../views.ts'
import { lockLot } from './lock.ts'

/** One change of a show's pins at a time. */
async function openPins(tx: Tx, showId: string): Promise<PinRow[]> {
  await tx.run(sql`select pg_advisory_xact_lock(hashtextextended(${`pins of ${showId}`}, 0))`)
  return await tx.rows<PinRow>(sql`select * from lots.pin where show_id = ${showId} and end_at is null`)
}

async function close(tx: Tx, pin: PinRow, pdtMs: number): Promise<void> {
  await tx.run(sql`update lots.pin set end_at = greatest(start_at, ${at(pdtMs)}) where id = ${pin.id}`)
}

async function open(tx: Tx, pin: { showId: string; lotId: string; slot: Slot; pdtMs: number }): Promise<void> {
  await tx.run(
    sql`insert into lots.pin (id, show_id, lot_id, slot, start_at) values (${tx.newId('pin')}, ${pin.showId}, ${pin.lotId}, ${pin.slot}, ${at(pin.pdtMs)})`,
  )
  await tx.announce(lotPinned, pin, pin.showId)
}

/** The host acts on the picture they see: `pdtMs` is that picture's time, never later than now. */
const pictureTime = (tx: Tx, pdtMs: number | undefined): number => Math.min(tx.now, pdtMs ?? tx.now)

export async function pinLot(tx: Tx, input: In<typeof contract.pinLot>) {
  const lot = await lockLot(tx, input.lotId)
  const show = found(await showRow(tx, lot.show_id))
  refuseIf(show.state !== 'live' && show.state !== 'paused', 'show_state', { state: show.state, act: 'pin' })
  const pdtMs = pictureTime(tx, input.pdtMs)
  const pins = await openPins(tx, lot.show_id)
  const placed = placePin(new Map(pins.map((p) => [p.slot, p.lot_id])), lot.id, input.slot)
  if (!placed) throw new Refusal('too_many_pins')
  const mine = pins.find((p) => p.lot_id === lot.id)
  if (mine?.slot === placed.slot) return await deskLot(tx, lot.id)
  const there = pins.find((p) => p.slot === placed.slot)
  for (const pin of [mine, there]) if (pin) await close(tx, pin, pdtMs)
  if (there && placed.moved) await open(tx, { showId: lot.show_id, lotId: there.lot_id, slot: placed.moved, pdtMs })
  if (mine && placed.moved !== mine.slot)
    await tx.announce(lotUnpinned, { showId: lot.show_id, lotId: lot.id, slot: mine.slot, pdtMs }, lot.show_id)
  await open(tx, { showId: lot.show_id, lotId: lot.id, slot: placed.slot, pdtMs })
  return await deskLot(tx, lot.id)
}

export async function unpinLot(tx: Tx, input: In<typeof contract.unpinLot>) {
  const lot = await lockLot(tx, input.lotId)
  const pin = (await openPins(tx, lot.show_id)).find((p) => p.lot_id === lot.id)
  if (pin) await unpin(tx, pin, pictureTime(tx, input.pdtMs))
  return await deskLot(tx, lot.id)
}

async function unpin(tx: Tx, pin: PinRow, pdtMs: number): Promise<void> {
  await close(tx, pin, pdtMs)
  await tx.announce(lotUnpinned, { showId: pin.show_id, lotId: pin.lot_id, slot: pin.slot, pdtMs }, pin.show_id)
}

export async function unpinAll(tx: Tx, body: { showId: string }): Promise<void> {
  for (const pin of await openPins(tx, body.showId)) await unpin(tx, pin, tx.now)
}
