import * as contract from '@efir/contract/integrations.ts'
import { bind, type Route } from '../../kernel/bind.ts'
import * as hookViews from './hook-views.ts'
import * as hooks from './verbs/hooks.ts'
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
  bind.view(contract.shopEndpoints, hookViews.shopEndpoints),
  bind.act(contract.addEndpoint, hooks.addEndpoint),
  bind.act(contract.changeEndpoint, hooks.changeEndpoint),
  bind.act(contract.removeEndpoint, hooks.removeEndpoint),
  bind.act(contract.rotateEndpointSecret, hooks.rotateEndpointSecret),
  bind.act(contract.pingEndpoint, hooks.pingEndpoint),
  bind.view(contract.endpointLog, hookViews.endpointLog),
  bind.act(contract.replayEvents, hooks.replayEvents),
  bind.view(contract.shopSites, views.shopSites),
  bind.act(contract.addSite, sites.addSite),
  bind.act(contract.removeSite, sites.removeSite),
  bind.wire(contract.embedGuest, sites.embedGuest),
]
