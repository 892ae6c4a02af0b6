import type { Out } from '@efir/contract/act.ts'
import type { stockList } from '@efir/contract/stock.ts'

export type StockRow = Out<typeof stockList>['items'][number]
