import * as account from '@efir/contract/account.ts'
import * as contract from '@efir/contract/identity.ts'
import { bind, type Route } from '../../kernel/bind.ts'
import type { Credentials, Outside, PersonPart } from './ports.ts'
import { mySecurity, signInWays } from './security.ts'
import { type BeginAnew, resetDemo } from './verbs/demo.ts'
import { askArchive, eraseMe } from './verbs/leaving.ts'
import { startOutside, unlinkOutside } from './verbs/outside.ts'
import * as passkeys from './verbs/passkeys.ts'
import { endSession } from './verbs/sessions.ts'
import * as shops from './verbs/shops.ts'
import * as signIn from './verbs/sign-in.ts'
import * as views from './views.ts'

export interface IdentityDeps {
  readonly credentials: Credentials
  readonly outside: Outside
  readonly beginAnew?: BeginAnew
  /** What every module keeps about people. */
  readonly parts: readonly PersonPart[]
}

const waysIn = ({ credentials, outside, parts }: IdentityDeps): Route[] => [
  bind.wire(account.signInWays, signInWays(outside)),
  bind.wire(account.startOutside, startOutside(outside)),
  bind.wire(account.startPasskey, passkeys.startPasskey),
  bind.wire(account.enterPasskey, passkeys.enterPasskey),
  bind.wire(account.mySecurity, mySecurity(outside, credentials)),
  bind.act(account.endSession, endSession),
  bind.wire(account.newPasskey, passkeys.newPasskey),
  bind.wire(account.keepPasskey, passkeys.keepPasskey),
  bind.act(account.renamePasskey, passkeys.renamePasskey),
  bind.wire(account.removePasskey, passkeys.removePasskey),
  bind.wire(account.unlinkOutside, unlinkOutside),
  bind.wire(account.askArchive, askArchive),
  bind.wire(account.eraseMe, eraseMe({ credentials, parts })),
]

export const routes = (deps: IdentityDeps): Route[] => [...waysIn(deps), ...people(deps)]

const people = ({ credentials, beginAnew }: IdentityDeps): Route[] => [
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
