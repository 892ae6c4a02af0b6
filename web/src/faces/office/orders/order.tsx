import type { Out } from '@efir/contract/act.ts'
import type { OrderState } from '@efir/contract/orders/shapes.ts'
import type { shopOrder, shopOrders } from '@efir/contract/orders.ts'
import { type DotState, StateDot } from '../../../ui/Marks.tsx'
import { useWords } from '../../../ui/words.tsx'

export type OrderRow = Out<typeof shopOrders>['items'][number]
export type OrderView = Out<typeof shopOrder>

/** What an office asks of an order is not its state alone: promised at the door it waits to be packed while it is unpaid. */
export type OfficeState = Exclude<OrderState, 'placed' | 'paid'> | 'paying' | 'to_pack'

const dots: Readonly<Record<OfficeState, DotState>> = {
  paying: 'waiting',
  to_pack: 'todo',
  packed: 'half',
  shipped: 'half',
  delivered: 'done',
  cancelled: 'off',
  refunded: 'off',
}

export function officeState(order: { readonly state: OrderState; readonly toPack: boolean }): OfficeState {
  if (order.toPack) return 'to_pack'
  return order.state === 'placed' || order.state === 'paid' ? 'paying' : order.state
}

export const toPack = (order: OrderView): boolean =>
  order.state === 'paid' || (order.state === 'placed' && order.payOnDelivery && order.payUntilAt === undefined)
export const mayCancel = (order: OrderView): boolean => ['placed', 'paid', 'packed'].includes(order.state)
export const leftToRefund = (order: OrderView): number =>
  order.paidAt !== undefined && ['paid', 'packed', 'shipped', 'delivered'].includes(order.state)
    ? order.total.amount - order.refunded.amount
    : 0

export function OrderMark({ state }: { readonly state: OfficeState }) {
  const words = useWords('office')
  return <StateDot state={dots[state]}>{words(`office.order_${state}`)}</StateDot>
}

type Address = OrderView['address']

/** As on a label. */
export const addressLines = (address: Address, country: string): string[] =>
  [
    address.name,
    address.pickup,
    address.line1,
    address.line2,
    [address.postcode, address.city].filter(Boolean).join(' '),
    address.region,
    country,
  ].filter((line): line is string => Boolean(line))
