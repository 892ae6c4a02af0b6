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

export const acts = [
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
