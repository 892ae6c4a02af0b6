import type { RoomStore } from '../../net/room-store.ts'
import { bySlot, type PinOf } from './lot.ts'

const slotNames: Readonly<Record<string, PinOf['slot']>> = { '1': 'primary', '2': 'second', '3': 'third' }

/** What the room says is pinned, at the viewer's picture. */
export function roomPins(store: RoomStore): readonly PinOf[] {
  return store
    .keys('pin:')
    .flatMap((key) => {
      const value = store.value<Partial<PinOf>>(key)
      const place = key.slice('pin:'.length)
      return value?.lotId ? [{ lotId: value.lotId, slot: value.slot ?? slotNames[place] ?? (place as PinOf['slot']) }] : []
    })
    .sort(bySlot)
}
