import * as contract from '@efir/contract/media.ts'
import { bind, type Route } from '../../kernel/bind.ts'
import type { MediaControl } from './ports.ts'
import * as keys from './verbs/keys.ts'
import * as views from './views.ts'

export const routes = (shopOf: keys.ShopOfStream, media: MediaControl): Route[] => [
  bind.wire(contract.makeStreamKey, keys.makeStreamKey(shopOf, media)),
  bind.view(contract.streamKeys, views.streamKeys),
  bind.act(contract.revokeStreamKey, keys.revokeStreamKey(media)),
  bind.wire(contract.publishToken, keys.publishToken(shopOf)),
  bind.view(contract.streamState, views.streamState),
]
