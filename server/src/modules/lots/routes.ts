import * as contract from '@efir/contract/lots.ts'
import { bind, type Route } from '../../kernel/bind.ts'
import { watchShow } from './guard/guard.ts'
import * as buying from './verbs/buying.ts'
import * as deals from './verbs/deals.ts'
import * as lots from './verbs/lots.ts'
import * as pins from './verbs/pins.ts'
import * as views from './views.ts'

export const routes = (counter: buying.Counter): Route[] => [
  bind.act(contract.createLot, lots.createLot),
  bind.act(contract.createLinkLot, lots.createLinkLot),
  bind.act(contract.quickLot, lots.quickLot),
  bind.act(contract.changeLot, lots.changeLot),
  bind.act(contract.removeLot, lots.removeLot),
  bind.act(contract.pinLot, pins.pinLot),
  bind.act(contract.unpinLot, pins.unpinLot),
  bind.act(contract.armLot, deals.armLot),
  bind.act(contract.openLot, deals.openLot),
  bind.act(contract.closeLot, deals.closeLot),
  bind.act(contract.revokeLot, deals.revokeLot),
  bind.view(contract.lotBoard, views.lotBoard),
  bind.view(contract.shelf, views.shelf),
  bind.view(contract.chapters, views.chapters),
  bind.wire(contract.reserveLot, buying.reserveLot(counter)),
  bind.wire(contract.watchShow, watchShow(counter.guard)),
  bind.act(contract.releaseMyReservation, buying.releaseMyReservation),
  bind.view(contract.myReservations, views.myReservations),
  bind.act(contract.followLink, buying.followLink),
]
