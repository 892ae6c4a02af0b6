import type { Out } from '@efir/contract/act.ts'
import type { packing } from '@efir/contract/orders.ts'

export type PackingRow = Out<typeof packing>['items'][number]
