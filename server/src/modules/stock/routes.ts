import * as contract from '@efir/contract/stock.ts'
import { bind, type Route } from '../../kernel/bind.ts'
import * as goods from './verbs/goods.ts'
import * as views from './views.ts'

export const routes: Route[] = [
  bind.act(contract.receiveStock, async (tx, input) => {
    await views.levelOf(tx, input)
    await goods.receiveStock(tx, input)
    return await views.levelOf(tx, input)
  }),
  bind.act(contract.correctStock, async (tx, input) => {
    await views.levelOf(tx, input)
    await goods.correctStock(tx, input)
    return await views.levelOf(tx, input)
  }),
  bind.view(contract.stockOf, views.stockOf),
  bind.view(contract.stockList, views.stockList),
  bind.view(contract.availability, views.availability),
]
