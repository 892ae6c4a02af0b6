import type { In } from '@efir/contract/act.ts'
import type { tellVitals } from '@efir/contract/site.ts'

type Visit = In<typeof tellVitals>
type Vital = 'lcpMs' | 'inpMs' | 'ttfbMs' | 'cls'

/** Upper ends; the second and fourth are where web.dev draws good and poor. One more bucket has no end. */
const ends: Readonly<Record<Vital, readonly number[]>> = {
  lcpMs: [1250, 2500, 3250, 4000, 8000],
  inpMs: [100, 200, 350, 500, 1000],
  ttfbMs: [400, 800, 1300, 1800, 4000],
  cls: [0.05, 0.1, 0.18, 0.25, 0.5],
}

export interface Histogram {
  readonly page: Visit['page']
  readonly vital: Vital
  readonly ends: readonly number[]
  /** Visits in each bucket, not cumulative; one more than `ends`. */
  readonly counts: number[]
  sum: number
  count: number
}

/** Of this process, since it started. */
const histograms = new Map<string, Histogram>()

/** What visitors' browsers measured, by page: for whoever shows figures to the operator. */
export const vitalsNow = (): readonly Histogram[] => [...histograms.values()]

export function countVitals(visit: Visit): void {
  for (const vital of ['lcpMs', 'inpMs', 'ttfbMs', 'cls'] as const) {
    const value = visit[vital]
    if (value === undefined) continue
    const name = `${visit.page} ${vital}`
    const one = histograms.get(name) ?? empty(visit.page, vital)
    histograms.set(name, one)
    const place = one.ends.findIndex((end) => value <= end)
    const bucket = place === -1 ? one.ends.length : place
    one.counts[bucket] = (one.counts[bucket] ?? 0) + 1
    one.sum += value
    one.count++
  }
}

const empty = (page: Visit['page'], vital: Vital): Histogram => ({
  page,
  vital,
  ends: ends[vital],
  counts: new Array<number>(ends[vital].length + 1).fill(0),
  sum: 0,
  count: 0,
})
