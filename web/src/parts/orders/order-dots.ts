import type { DotState } from '../../ui/Marks.tsx'
import type { OrderSummary } from './order.ts'

const dots: Readonly<Record<OrderSummary['state'], DotState>> = {
  placed: 'waiting',
  paid: 'todo',
  packed: 'half',
  shipped: 'half',
  delivered: 'done',
  cancelled: 'off',
  refunded: 'off',
}
export const dotOf = (state: OrderSummary['state']): DotState => dots[state]
