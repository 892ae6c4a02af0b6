import type { In } from '@efir/contract/act.ts'
import type { tellVitals } from '@efir/contract/site.ts'
import { type Figure, spread } from '../../kernel/figures.ts'

export interface Vitals {
  readonly figures: readonly Figure[]
  count(visit: In<typeof tellVitals>): void
}

/** Of visitors of this process since it started, by kind of page. Among the ends of each are those of good and poor at web.dev. */
export function openVitals(): Vitals {
  const labels = ['page']
  const ofVisitors = (what: string) => `${what} of visitors, as their browsers measured it`
  const lcp = spread(
    { name: 'efir_web_lcp_seconds', help: ofVisitors('Largest Contentful Paint'), labels },
    [0.6, 1.25, 2.5, 4, 8],
  )
  const inp = spread(
    { name: 'efir_web_inp_seconds', help: ofVisitors('Interaction to Next Paint'), labels },
    [0.05, 0.1, 0.2, 0.5, 1],
  )
  const ttfb = spread({ name: 'efir_web_ttfb_seconds', help: ofVisitors('Time to First Byte'), labels }, [0.1, 0.4, 0.8, 1.8, 4])
  const cls = spread(
    { name: 'efir_web_layout_shift', help: ofVisitors('Cumulative Layout Shift'), labels },
    [0.01, 0.05, 0.1, 0.25, 0.5],
  )
  return {
    figures: [lcp, inp, ttfb, cls],
    count({ page, lcpMs, inpMs, ttfbMs, cls: shift }) {
      if (lcpMs !== undefined) lcp.observe({ page }, lcpMs / 1000)
      if (inpMs !== undefined) inp.observe({ page }, inpMs / 1000)
      if (ttfbMs !== undefined) ttfb.observe({ page }, ttfbMs / 1000)
      if (shift !== undefined) cls.observe({ page }, shift)
    },
  }
}
