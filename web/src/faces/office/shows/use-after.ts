import { chapters, shelf } from '@efir/contract/lots.ts'
import { shopOrders } from '@efir/contract/orders.ts'
import { chatLog } from '@efir/contract/room.ts'
import { useView } from '../../../net/query.ts'
import { manages, useShop } from '../frame/shop.ts'
import type { ShowRow } from './show.tsx'

/** As many as a time line can use; longer lists say so by a plus. */
const most = 200

/** What is known of a show once it has begun: its orders, pins, chapters, chat. */
export function useAfter(show: ShowRow) {
  const shop = useShop()
  const begun = show.startedAt !== undefined
  const showId = show.id
  const orders = useView(shopOrders, { shopId: shop.id, showId, limit: most }, { when: begun })
  const pins = useView(shelf, { showId }, { when: begun })
  const parts = useView(chapters, { showId }, { when: begun })
  const chat = useView(chatLog, { showId, limit: most }, { when: begun && manages(shop) })
  const bought = (orders.value?.items ?? []).filter((row) => row.state !== 'cancelled')
  return {
    begun,
    bought,
    moreOrders: orders.value?.next !== undefined,
    pins: pins.value?.pins ?? [],
    lots: pins.value?.lots ?? [],
    chapters: parts.value?.chapters ?? [],
    said: chat.value?.items ?? [],
    moreSaid: chat.value?.next !== undefined,
  }
}
