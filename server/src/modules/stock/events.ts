import { eventType } from '../../kernel/events.ts'

/** Absolute state of an allotment after the change; the newest wins. */
export interface AllotmentState {
  allotmentId: string
  /** What it serves: `shelf`, `lot`, ... and the id of that. */
  use: string
  useId: string | null
  /** The show that displays it. */
  topic: string | null
  /** Of its whole group: a lot's variants together. */
  left: number
  quota: number
}

/** One per batch of the desk. `expiresAt` lists the instants at which these reservations lapse. */
export const stockReserved = eventType<{ allotments: AllotmentState[]; expiresAt: number[] }>('stock.reserved')
/** What changed allotments otherwise: units came back, came in, or moved between shelf and quota. */
export const stockChanged = eventType<{
  allotments: AllotmentState[]
  cause: 'released' | 'expired' | 'cancelled' | 'returned' | 'received' | 'corrected' | 'allotted' | 'unallotted' | 'reacquired'
}>('stock.changed')
/** Reservations whose time ran out, at most 500 per event. */
export const reservationExpired = eventType<{
  reservations: { reservationId: string; allotmentId: string; personId: string; quantity: number }[]
}>('reservation.expired')
export const reservationReleased = eventType<{ reservationId: string; allotmentId: string; personId: string; quantity: number }>(
  'reservation.released',
)
/** Units left the stock for good. */
export const stockSold = eventType<{
  sales: { reservationId: string; allotmentId: string; variantId: string; personId: string; quantity: number }[]
}>('stock.sold')
export const stockLevelChanged = eventType<{ variantId: string; shopId: string; onHand: number; allotted: number }>(
  'stock.level_changed',
)
