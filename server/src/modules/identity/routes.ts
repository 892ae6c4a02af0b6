import * as contract from '@efir/contract/identity.ts'
import { bind, type Route } from '../../kernel/bind.ts'
import type { Credentials } from './ports.ts'
import { type BeginAnew, resetDemo } from './verbs/demo.ts'
import * as shops from './verbs/shops.ts'
import * as signIn from './verbs/sign-in.ts'
import * as views from './views.ts'

export const routes = (credentials: Credentials, beginAnew?: BeginAnew): Route[] => [
  bind.wire(contract.me, signIn.me),
  bind.wire(contract.beGuest, signIn.beGuest),
  bind.wire(contract.startCode, signIn.startCode(credentials)),
  bind.wire(contract.enterCode, signIn.enterCode(credentials)),
  bind.wire(contract.enterPassword, signIn.enterPassword(credentials)),
  bind.wire(contract.setPassword, signIn.setPassword(credentials)),
  bind.wire(contract.changeMe, signIn.changeMe),
  bind.wire(contract.signOut, signIn.signOut),
  bind.view(contract.demoPeople, views.demoPeople),
  bind.wire(contract.demoLogin, signIn.demoLogin),
  bind.wire(contract.resetDemo, resetDemo(beginAnew)),
  bind.wire(contract.setUpOperator, signIn.setUpOperator(credentials)),
  bind.act(contract.createShop, shops.createShop),
  bind.act(contract.changeShop, shops.changeShop),
  bind.view(contract.shopPage, views.shopPage),
  bind.view(contract.myShop, views.myShop),
  bind.view(contract.listShops, views.listShops),
  bind.view(contract.shopTeam, views.shopTeam),
  bind.act(contract.giveRole, shops.giveRole),
  bind.act(contract.takeRole, shops.takeRole),
  bind.act(contract.inviteToShop, shops.inviteToShop),
  bind.act(contract.inviteToShow, shops.inviteToShow),
  bind.view(contract.invitation, views.invitation),
  bind.act(contract.acceptInvitation, shops.acceptInvitation),
  bind.act(contract.takeInvitationBack, shops.takeInvitationBack),
  bind.view(contract.listPeople, views.listPeople),
]
