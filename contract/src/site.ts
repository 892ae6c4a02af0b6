import { Type } from 'typebox'
import { act, Done, Obj } from './act.ts'

/** Pages as visits are counted by: never which show, product or person. */
export const PageKind = Type.Enum(['home', 'show', 'products', 'product', 'shop', 'host', 'own', 'other'])

/** Core Web Vitals of one visit, as the browser measured them. Counted into histograms; nothing of the visitor is kept. */
export const tellVitals = act({
  name: 'tellVitals',
  method: 'POST',
  path: '/vitals',
  who: ['public'],
  summary: 'How fast a page was for one visitor; counted, not kept.',
  input: Obj({
    page: PageKind,
    lcpMs: Type.Optional(Type.Integer({ minimum: 0, maximum: 600_000, description: 'Largest Contentful Paint' })),
    inpMs: Type.Optional(Type.Integer({ minimum: 0, maximum: 600_000, description: 'Interaction to Next Paint' })),
    ttfbMs: Type.Optional(Type.Integer({ minimum: 0, maximum: 600_000, description: 'Time to First Byte' })),
    cls: Type.Optional(Type.Number({ minimum: 0, maximum: 100, description: 'Cumulative Layout Shift' })),
  }),
  output: Done,
})

export const acts = [tellVitals]
