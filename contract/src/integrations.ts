import { Type } from 'typebox'
import { act, Done, Nothing, Obj, PageOf, pageInput } from './act.ts'
import { Id, LocaleSchema, Millis, ShortText } from './scalars.ts'

const office = ['shop:owner', 'shop:manager'] as const
const platform = ['operator'] as const
const ofShop = { shopId: Id('shop') }
const ofKey = { apiKeyId: Id('apiKey') }

export const keyLimits = { active: 50, days: 365, scopes: 40, callsShown: 100 } as const

const ScopeText = Type.String({
  maxLength: 40,
  pattern: '^[a-z]{2,20}:(read|write)$',
  description: 'such as orders:read; write includes read',
  examples: ['orders:read'],
})

export const ApiKey = Obj({
  id: Id('apiKey'),
  name: Type.String(),
  start: Type.String({ description: 'how the key begins, to know it again; the rest is shown once, when it is made' }),
  scopes: Type.Array(ScopeText),
  madeBy: Type.String({ description: 'name of the person whose roles count at each call' }),
  madeAt: Millis,
  expiresAt: Millis,
  lastUsedAt: Type.Optional(Millis),
  revokedAt: Type.Optional(Millis),
})
const Keys = Obj({ keys: Type.Array(ApiKey), scopes: Type.Array(ScopeText, { description: 'what a key may be given here' }) })
const newKey = {
  name: ShortText(60),
  scopes: Type.Array(ScopeText, { minItems: 1, maxItems: keyLimits.scopes, uniqueItems: true }),
  days: Type.Integer({ minimum: 1, maximum: keyLimits.days, description: 'until it expires' }),
}
const MadeKey = Obj({ key: ApiKey, secret: Type.String({ description: 'the whole key; it cannot be shown again' }) })
const KeyCall = Obj({
  at: Millis,
  act: Type.String(),
  status: Type.Integer(),
  refusal: Type.Optional(Type.String()),
  from: Type.String({ description: 'address of the caller' }),
  requestId: Type.String(),
})

export const shopKeys = act({
  name: 'shopKeys',
  method: 'GET',
  path: '/shops/:shopId/keys',
  who: office,
  summary: 'API keys of a shop, newest first.',
  input: Obj(ofShop),
  output: Keys,
})
export const makeShopKey = act({
  name: 'makeShopKey',
  method: 'POST',
  path: '/shops/:shopId/keys',
  who: office,
  summary: 'An API key for this shop. It can never do more than whoever makes it may at the time of a call.',
  input: Obj({ ...ofShop, ...newKey }),
  output: MadeKey,
  refusals: ['integration_limit', 'scope_unknown'],
})
export const revokeShopKey = act({
  name: 'revokeShopKey',
  method: 'DELETE',
  path: '/shops/:shopId/keys/:apiKeyId',
  who: office,
  summary: 'No call with this key works from now on.',
  input: Obj({ ...ofShop, ...ofKey }),
  output: Done,
})
export const shopKeyCalls = act({
  name: 'shopKeyCalls',
  method: 'GET',
  path: '/shops/:shopId/keys/:apiKeyId/calls',
  who: office,
  summary: 'What was asked with a key lately; kept for 30 days.',
  input: Obj({ ...ofShop, ...ofKey, ...pageInput }),
  output: PageOf(KeyCall),
})
export const platformKeys = act({
  name: 'platformKeys',
  method: 'GET',
  path: '/platform/keys',
  who: platform,
  summary: 'API keys of the operators, newest first.',
  input: Nothing,
  output: Keys,
})
export const makePlatformKey = act({
  name: 'makePlatformKey',
  method: 'POST',
  path: '/platform/keys',
  who: platform,
  summary: 'An API key for what operators do. It works as long as its maker is one.',
  input: Obj(newKey),
  output: MadeKey,
  refusals: ['integration_limit', 'scope_unknown'],
})
export const revokePlatformKey = act({
  name: 'revokePlatformKey',
  method: 'DELETE',
  path: '/platform/keys/:apiKeyId',
  who: platform,
  summary: 'No call with this key works from now on.',
  input: Obj(ofKey),
  output: Done,
})
export const platformKeyCalls = act({
  name: 'platformKeyCalls',
  method: 'GET',
  path: '/platform/keys/:apiKeyId/calls',
  who: platform,
  summary: 'What was asked with a key lately; kept for 30 days.',
  input: Obj({ ...ofKey, ...pageInput }),
  output: PageOf(KeyCall),
})

/** As browsers write it: scheme, host, and a port that is not the usual one. */
export const Origin = Type.String({
  maxLength: 255,
  pattern: '^https?://([a-z0-9]([a-z0-9-]*[a-z0-9])?\\.)*[a-z0-9]([a-z0-9-]*[a-z0-9])?(:[0-9]{1,5})?$',
  description: 'of a page, such as https://blog.example',
  examples: ['https://blog.example'],
})
const Sites = Obj({ sites: Type.Array(Obj({ origin: Origin, addedAt: Millis })) })
export const sitesLimit = 40

export const shopSites = act({
  name: 'shopSites',
  method: 'GET',
  path: '/shops/:shopId/sites',
  who: office,
  summary: 'Websites that may embed the shows of a shop.',
  input: Obj(ofShop),
  output: Sites,
})
export const addSite = act({
  name: 'addSite',
  method: 'POST',
  path: '/shops/:shopId/sites',
  who: office,
  summary: 'Pages of this origin may embed the shows of the shop and sell from them.',
  input: Obj({ ...ofShop, origin: Origin }),
  output: Sites,
  refusals: ['integration_limit'],
})
export const removeSite = act({
  name: 'removeSite',
  method: 'DELETE',
  path: '/shops/:shopId/sites',
  who: office,
  summary: 'Pages of this origin may not any more; what they show ends with their next request.',
  input: Obj({ ...ofShop, origin: Origin }),
  output: Sites,
})
export const embedGuest = act({
  name: 'embedGuest',
  method: 'POST',
  path: '/shows/:showId/embed/guest',
  who: ['public'],
  summary:
    'A guest for a page of another site: the token is kept by the page, there are no cookies. With a session, the same guest again.',
  input: Obj({
    showId: Id('show'),
    session: Type.Optional(Type.String({ maxLength: 120, description: 'from the last answer' })),
    locale: Type.Optional(LocaleSchema),
  }),
  output: Obj({
    token: Type.String(),
    tokenUntilAt: Millis,
    session: Type.String(),
    personId: Id('person'),
    name: Type.String(),
  }),
  refusals: ['site_not_allowed', 'show_not_public'],
})

export const endpointLimits = { perShop: 20, logKeptDays: 30 } as const
const ofEndpoint = { ...ofShop, endpointId: Id('endpoint') }
const HookUrl = Type.String({ maxLength: 2000, pattern: '^https?://\\S+$', examples: ['https://shop.example/hooks/efir'] })
const EventTypes = Type.Array(Type.String({ maxLength: 40, pattern: '^[a-z_]+[.][a-z_]+$', examples: ['order.paid'] }), {
  minItems: 1,
  maxItems: 40,
  uniqueItems: true,
})
export const Endpoint = Obj({
  id: Id('endpoint'),
  url: Type.String(),
  about: Type.String(),
  types: Type.Array(Type.String()),
  state: Type.Enum(['active', 'paused', 'disabled'], {
    description: 'disabled: it did not answer for days; set it active again',
  }),
  madeAt: Millis,
  oldSecretUntilAt: Type.Optional(Millis),
  waiting: Type.Integer({ description: 'events not taken yet' }),
})
const SecretOnce = Type.String({ description: 'signs what is sent; shown once' })
export const Dispatch = Obj({
  id: Id('dispatch'),
  type: Type.String(),
  at: Millis,
  state: Type.Enum(['waiting', 'taken', 'given_up']),
  nextAt: Type.Optional(Millis),
  body: Type.String(),
  attempts: Type.Array(
    Obj({
      at: Millis,
      ms: Type.Integer(),
      status: Type.Optional(Type.Integer()),
      problem: Type.Optional(Type.String()),
      answer: Type.String({ description: 'how the answer begins' }),
    }),
  ),
})

export const shopEndpoints = act({
  name: 'shopEndpoints',
  method: 'GET',
  path: '/shops/:shopId/webhooks',
  who: office,
  summary: 'Where a shop wants to be told, and of what it can be.',
  input: Obj(ofShop),
  output: Obj({ endpoints: Type.Array(Endpoint), types: Type.Array(Type.String()) }),
})
export const addEndpoint = act({
  name: 'addEndpoint',
  method: 'POST',
  path: '/shops/:shopId/webhooks',
  who: office,
  summary: 'Be told at this address from now on. It must be public and https.',
  input: Obj({ ...ofShop, url: HookUrl, types: EventTypes, about: Type.Optional(Type.String({ maxLength: 200 })) }),
  output: Obj({ endpoint: Endpoint, secret: SecretOnce }),
  refusals: ['integration_limit', 'address_not_public', 'event_unknown'],
})
export const changeEndpoint = act({
  name: 'changeEndpoint',
  method: 'PATCH',
  path: '/shops/:shopId/webhooks/:endpointId',
  who: office,
  summary: 'Another address, other events; pause it, or set it active again.',
  input: Obj({
    ...ofEndpoint,
    url: Type.Optional(HookUrl),
    types: Type.Optional(EventTypes),
    about: Type.Optional(Type.String({ maxLength: 200 })),
    state: Type.Optional(Type.Enum(['active', 'paused'])),
  }),
  output: Endpoint,
  refusals: ['address_not_public', 'event_unknown'],
})
export const removeEndpoint = act({
  name: 'removeEndpoint',
  method: 'DELETE',
  path: '/shops/:shopId/webhooks/:endpointId',
  who: office,
  summary: 'Nothing is sent there any more; its log goes too.',
  input: Obj(ofEndpoint),
  output: Done,
})
export const rotateEndpointSecret = act({
  name: 'rotateEndpointSecret',
  method: 'POST',
  path: '/shops/:shopId/webhooks/:endpointId/secret',
  who: office,
  summary: 'A new secret; for a day the old one signs beside it.',
  input: Obj(ofEndpoint),
  output: Obj({ endpoint: Endpoint, secret: SecretOnce }),
})
export const pingEndpoint = act({
  name: 'pingEndpoint',
  method: 'POST',
  path: '/shops/:shopId/webhooks/:endpointId/ping',
  who: office,
  summary: 'Send a ping; the log shows what came of it.',
  input: Obj(ofEndpoint),
  output: Done,
})
export const endpointLog = act({
  name: 'endpointLog',
  method: 'GET',
  path: '/shops/:shopId/webhooks/:endpointId/log',
  who: office,
  summary: 'What was sent and what was answered, newest first; kept for 30 days.',
  input: Obj({ ...ofEndpoint, ...pageInput, state: Type.Optional(Type.Enum(['waiting', 'taken', 'given_up'])) }),
  output: PageOf(Dispatch),
})
export const replayEvents = act({
  name: 'replayEvents',
  method: 'POST',
  path: '/shops/:shopId/webhooks/:endpointId/replay',
  who: office,
  summary: 'Send again: one event, or all since an instant. They keep their ids, so that a receiver knows them again.',
  input: Obj({ ...ofEndpoint, dispatchId: Type.Optional(Id('dispatch')), sinceAt: Type.Optional(Millis) }),
  output: Obj({ again: Type.Integer() }),
})

export const acts = [
  shopEndpoints,
  addEndpoint,
  changeEndpoint,
  removeEndpoint,
  rotateEndpointSecret,
  pingEndpoint,
  endpointLog,
  replayEvents,
  shopSites,
  addSite,
  removeSite,
  embedGuest,
  shopKeys,
  makeShopKey,
  revokeShopKey,
  shopKeyCalls,
  platformKeys,
  makePlatformKey,
  revokePlatformKey,
  platformKeyCalls,
] as const
