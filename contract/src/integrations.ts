import { Type } from 'typebox'
import { act, Done, Nothing, Obj, PageOf, pageInput } from './act.ts'
import { Id, Millis, ShortText } from './scalars.ts'

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

export const acts = [
  shopKeys,
  makeShopKey,
  revokeShopKey,
  shopKeyCalls,
  platformKeys,
  makePlatformKey,
  revokePlatformKey,
  platformKeyCalls,
] as const
