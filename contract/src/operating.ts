import { Type } from 'typebox'
import { act, Obj, PageOf, pageInput } from './act.ts'
import { Id, Millis } from './scalars.ts'

export const AuditEntry = Obj({
  id: Type.String({ description: 'place in the log' }),
  at: Millis,
  act: Type.String(),
  personId: Type.Optional(Id('person')),
  personName: Type.String(),
  shopId: Type.Optional(Id('shop')),
  showId: Type.Optional(Id('show')),
  detail: Type.Record(Type.String(), Type.Unknown(), { description: 'what the act was given, without secrets' }),
  requestId: Type.String(),
  address: Type.String({ description: 'the network it came from, shortened' }),
})

const filters = {
  act: Type.Optional(Type.String({ maxLength: 60, description: 'only this act' })),
  personId: Type.Optional(Id('person')),
  ...pageInput,
}

export const shopAudit = act({
  name: 'shopAudit',
  method: 'GET',
  path: '/shops/:shopId/audit',
  who: ['shop:owner'],
  summary: 'Who did which sensitive act in this shop, newest first.',
  input: Obj({ shopId: Id('shop'), ...filters }),
  output: PageOf(AuditEntry),
})

export const platformAudit = act({
  name: 'platformAudit',
  method: 'GET',
  path: '/audit',
  who: ['operator'],
  summary: 'Who did which sensitive act anywhere, newest first.',
  input: Obj({ ...filters }),
  output: PageOf(AuditEntry),
})

export const acts = [shopAudit, platformAudit] as const
