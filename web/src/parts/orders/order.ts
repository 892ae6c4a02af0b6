import type { Out } from '@efir/contract/act.ts'
import type { myOrders, order } from '@efir/contract/orders.ts'

export type OrderSummary = Out<typeof myOrders>['items'][number]
export type OrderState = OrderSummary['state']
export type Order = Out<typeof order>
