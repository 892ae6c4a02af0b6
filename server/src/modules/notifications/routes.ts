import * as contract from '@efir/contract/notifications.ts'
import { bind, type Route } from '../../kernel/bind.ts'
import * as verbs from './verbs.ts'
import * as views from './views.ts'

export const routes: Route[] = [
  bind.view(contract.pushKey, views.pushKey),
  bind.view(contract.myPush, views.myPush),
  bind.act(contract.setPush, verbs.setPush),
  bind.act(contract.forgetPush, verbs.forgetPush),
]
