import type { Out } from '@efir/contract/act.ts'
import type { myReservations } from '@efir/contract/lots.ts'
import { type Held, type Mine, nothing, type Reservation } from './lot.ts'

export type Said = Out<typeof myReservations>

/** My purchase of a lot as this page knows it, and when it began by the server's clock. */
export interface Known {
  readonly mine: Mine
  readonly since: number
}

export const heldOf = (reservation: Reservation): Held => ({
  reservation,
  heldMs: Math.max(1, reservation.expiresAt - reservation.takenAt),
})

/** What the server says is mine of a lot: what still waits for me comes before what is done. */
export function saidOf(said: Said, lotId: string): Known {
  const mine = said.reservations.filter((one) => one.lotId === lotId)
  const order = said.lots.find((one) => one.lotId === lotId)?.order
  const held = mine.findLast((one) => one.state === 'held')
  if (held) return { mine: { at: 'held', held: heldOf(held) }, since: held.takenAt }
  if (order?.open) return { mine: { at: 'checking', number: order.number }, since: order.placedAt }
  if (order) {
    const units = said.lots.find((one) => one.lotId === lotId)?.units ?? 0
    const { id: orderId, number, placedAt: boughtAt, paid } = order
    return { mine: { at: 'bought', number, orderId, boughtAt, paid, units }, since: boughtAt }
  }
  const committed = mine.find((one) => one.state === 'committed')
  return committed ? { mine: { at: 'checking' }, since: committed.takenAt } : { mine: nothing, since: 0 }
}

/** An answer this young may have been read before the last thing that this page did. */
const unsureMs = 1_000
const clockMs = 500

/** The server's word against what this page knows, which may be newer: another tab, a reload, a broken line. */
export function settle(known: Known, said: Known, saidAt: number): Known {
  const { mine, since } = known
  if (mine.at === 'asking') return known
  if (mine.at === 'nothing') return said
  switch (said.mine.at) {
    case 'nothing':
      return saidAt > since + unsureMs ? said : known
    case 'bought':
      // An older purchase says nothing of the one that is under way.
      return mine.at === 'bought' || said.since > since - clockMs ? said : known
    case 'checking':
      return mine.at === 'declined' || said.since < since - clockMs ? known : said
    default:
      return mine.at === 'bought' || mine.at === 'held' ? (said.since > since - clockMs ? said : known) : known
  }
}
