import { eventType } from '../../kernel/events.ts'
import type { CloseReason, Slot } from './rules.ts'

/** Bodies name the lot; what it looks like now is `lotCards` (absolute state, the newest wins). `pdtMs`: the picture at which it takes effect. */
interface OfLot {
  showId: string
  lotId: string
  pdtMs?: number
}
export const lotCreated = eventType<OfLot>('lot.created')
export const lotChanged = eventType<OfLot>('lot.changed')
export const lotRemoved = eventType<OfLot>('lot.removed')
export const lotPinned = eventType<OfLot & { slot: Slot; pdtMs: number }>('lot.pinned')
export const lotUnpinned = eventType<OfLot & { slot: Slot; pdtMs: number }>('lot.unpinned')
export const dealArmed = eventType<OfLot>('deal.armed')
export const dealCounting = eventType<OfLot & { opensAt: number }>('deal.counting')
export const dealOpened = eventType<OfLot & { opensAt: number; closesAt: number | null }>('deal.opened')
/** The window has its end; who watches with a delay may still tap within their grace. `deal.closed` follows. */
export const dealClosing = eventType<OfLot & { closesAt: number }>('deal.closing')
export const dealClosed = eventType<OfLot & { reason: CloseReason }>('deal.closed')
