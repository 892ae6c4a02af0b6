import * as contract from '@efir/contract/integrations.ts'
import { bind, type Route } from '../../kernel/bind.ts'
import * as keys from './verbs/keys.ts'
import * as sites from './verbs/sites.ts'
import * as views from './views.ts'

export const routes: Route[] = [
  bind.view(contract.shopKeys, views.shopKeys),
  bind.act(contract.makeShopKey, keys.makeShopKey),
  bind.act(contract.revokeShopKey, keys.revokeShopKey),
  bind.view(contract.shopKeyCalls, views.callsOfShopKey),
  bind.view(contract.platformKeys, views.platformKeys),
  bind.act(contract.makePlatformKey, keys.makePlatformKey),
  bind.act(contract.revokePlatformKey, keys.revokePlatformKey),
  bind.view(contract.platformKeyCalls, views.callsOfPlatformKey),
  bind.view(contract.shopSites, views.shopSites),
  bind.act(contract.addSite, sites.addSite),
  bind.act(contract.removeSite, sites.removeSite),
  bind.wire(contract.embedGuest, sites.embedGuest),
]
