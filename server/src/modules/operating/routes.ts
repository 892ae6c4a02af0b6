import * as contract from '@efir/contract/operating.ts'
import { bind, type Route } from '../../kernel/bind.ts'
import * as views from './views.ts'

export const routes: Route[] = [
  bind.view(contract.shopAudit, views.shopAudit),
  bind.view(contract.platformAudit, views.platformAudit),
]
