import * as contract from '@efir/contract/markets.ts'
import { bind, type Route } from '../../kernel/bind.ts'
import * as views from './views.ts'

export const routes: Route[] = [bind.view(contract.listMarkets, views.listMarkets), bind.view(contract.market, views.market)]
