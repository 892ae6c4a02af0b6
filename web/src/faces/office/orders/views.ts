import type { In } from '@efir/contract/act.ts'
import type { OrderState } from '@efir/contract/orders/shapes.ts'
import { orderCounts, type shopOrders } from '@efir/contract/orders.ts'
import { useView } from '../../../net/query.ts'
import type { KeyMap } from '../../../ui/keys.ts'
import { setQuery } from '../../../ui/router.tsx'
import type { Tab } from '../../../ui/Tabs.tsx'
import { useWords } from '../../../ui/words.tsx'
import { useShop } from '../frame/shop.ts'
import type { OrderRow } from './order.tsx'

const ids = ['all', 'pack', 'paying', 'packed', 'shipped', 'delivered', 'back'] as const
type ViewId = (typeof ids)[number]

export interface OrderList {
  readonly id: ViewId
  readonly input: Omit<In<typeof shopOrders>, 'shopId'>
  /** What the server's filter cannot tell apart. */
  readonly fits: (row: OrderRow) => boolean
}

const always = () => true
const lists: Readonly<Record<ViewId, Omit<OrderList, 'id'>>> = {
  all: { input: {}, fits: always },
  pack: { input: { toPack: true }, fits: always },
  paying: { input: { state: ['placed'] }, fits: (row) => !row.toPack },
  packed: { input: { state: ['packed'] }, fits: always },
  shipped: { input: { state: ['shipped'] }, fits: always },
  delivered: { input: { state: ['delivered'] }, fits: always },
  back: { input: { state: ['cancelled', 'refunded'] }, fits: always },
}

const toView = (id: ViewId) => setQuery({ view: id === 'all' ? null : id, order: null })

/** The saved views of the orders, each with how many there are; 1 to 7 go to them. */
export function useOrderViews(asked: string | null) {
  const words = useWords('office')
  const shop = useShop()
  const counts = useView(orderCounts, { shopId: shop.id }, { everyMs: 30_000 })
  const now = ids.find((one) => one === asked) ?? 'all'
  const of = (...states: readonly OrderState[]) =>
    counts.value?.counts.filter((one) => states.includes(one.state)).reduce((sum, one) => sum + one.count, 0)
  const value = counts.value
  const paying = value ? (of('placed', 'paid') ?? 0) - value.toPack : undefined
  const numbers: Readonly<Record<ViewId, number | undefined>> = {
    all: value?.counts.reduce((sum, one) => sum + one.count, 0),
    pack: value?.toPack,
    paying,
    packed: of('packed'),
    shipped: of('shipped'),
    delivered: of('delivered'),
    back: of('cancelled', 'refunded'),
  }
  const tabs: readonly Tab<ViewId>[] = ids.map((id) => ({
    id,
    label: words(`office.view_${id}`),
    count: numbers[id],
    to: id === 'all' ? '/office/orders' : `/office/orders?view=${id}`,
  }))
  const keys: KeyMap = Object.fromEntries(ids.map((id, index) => [String(index + 1), () => toView(id)]))
  return { now: { id: now, ...lists[now] }, tabs, keys }
}
