import * as contract from '@efir/contract/shows.ts'
import { bind, type Route } from '../../kernel/bind.ts'
import { found } from '../../kernel/refusal.ts'
import { addPicture } from '../catalog/verbs/pictures.ts'
import type { MediaControl } from '../media/ports.ts'
import * as followers from './verbs/followers.ts'
import * as life from './verbs/life.ts'
import * as make from './verbs/make.ts'
import * as plan from './verbs/rundown.ts'
import * as views from './views.ts'

export const routes = (media: MediaControl): Route[] => [
  bind.act(contract.createShow, make.createShow),
  bind.act(contract.changeShow, make.changeShow),
  bind.act(contract.scheduleShow, life.scheduleShow),
  bind.act(contract.cancelShow, life.cancelShow),
  bind.act(contract.endShow, life.endShow(media)),
  bind.act(contract.setSlate, life.setSlate),
  bind.act(contract.cutShow, life.cutShow(media)),
  bind.act(contract.archiveShow, life.archiveShow),
  bind.act(contract.duplicateShow, (tx, input) => make.duplicateShow(tx, input)),
  bind.act(contract.createSeries, make.createSeries),
  bind.act(contract.endSeries, make.endSeries),
  bind.view(contract.showPage, views.showPage),
  bind.view(contract.storefront, views.storefront),
  bind.view(contract.listShows, views.listShows),
  bind.view(contract.showsOnAir, views.showsOnAir),
  bind.view(contract.myShows, views.myShows),
  bind.view(contract.showTeamView, views.showTeamView),
  bind.act(contract.giveShowRole, make.giveShowRole),
  bind.act(contract.takeShowRole, make.takeShowRole),
  bind.view(contract.rundown, views.rundown),
  bind.act(contract.setRundown, plan.setRundown),
  bind.act(contract.startItem, plan.startItem),
  bind.act(contract.remindMe, followers.remindMe),
  bind.act(contract.forgetReminder, followers.forgetReminder),
  bind.act(contract.followHost, followers.followHost),
  bind.wire(contract.addShowPicture, async (ctx, input, wire) =>
    addPicture(ctx, { shopId: found(await views.showRow(ctx, input.showId)).shop_id }, wire),
  ),
  bind.view(contract.hostPage, views.hostPage),
]
