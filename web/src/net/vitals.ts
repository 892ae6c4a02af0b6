import type { In } from '@efir/contract/act.ts'
import { tellVitals } from '@efir/contract/site.ts'

type Visit = In<typeof tellVitals>
interface Shift extends PerformanceEntry {
  readonly value: number
  readonly hadRecentInput: boolean
}
interface Touch extends PerformanceEntry {
  readonly interactionId?: number
}

const firstParts: Readonly<Record<string, Visit['page']>> = {
  '': 'home',
  show: 'show',
  products: 'products',
  product: 'product',
  shop: 'shop',
  host: 'host',
}
const ownParts = new Set(['bag', 'orders', 'order', 'sign-in', 'invitation', 'notifications'])
export function pageKind(path: string): Visit['page'] {
  const first = path.split('/')[1] ?? ''
  return firstParts[first] ?? (ownParts.has(first) ? 'own' : 'other')
}

/** The largest sum of shifts less than a second apart within five seconds (web.dev/cls). */
export function largestWindow(shifts: readonly { readonly startTime: number; readonly value: number }[]): number {
  let most = 0
  let sum = 0
  let first = 0
  let last = Number.NEGATIVE_INFINITY
  for (const { startTime, value } of shifts) {
    if (startTime - last > 1_000 || startTime - first > 5_000) {
      sum = 0
      first = startTime
    }
    last = startTime
    sum += value
    most = Math.max(most, sum)
  }
  return most
}

/** Core Web Vitals of this visit, told once when the page is left: how fast it was, not whose it was. */
export function startVitals(): void {
  if (!('PerformanceObserver' in globalThis)) return
  const page = pageKind(location.pathname)
  const shifts: { startTime: number; value: number }[] = []
  let lcpMs: number | undefined
  let inpMs: number | undefined
  const watch = (type: string, see: (entry: PerformanceEntry) => void, more: object = {}) => {
    if (!PerformanceObserver.supportedEntryTypes.includes(type)) return
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) see(entry)
    }).observe({ type, buffered: true, ...more })
  }
  watch('largest-contentful-paint', (entry) => {
    lcpMs = Math.round(entry.startTime)
  })
  watch('layout-shift', (entry) => {
    const { startTime, value, hadRecentInput } = entry as Shift
    if (!hadRecentInput && shifts.length < 1_000) shifts.push({ startTime, value })
  })
  watch(
    'event',
    (entry) => {
      if ((entry as Touch).interactionId) inpMs = Math.max(inpMs ?? 0, Math.round(entry.duration))
    },
    { durationThreshold: 40 },
  )
  const tell = () => {
    if (document.visibilityState !== 'hidden') return
    removeEventListener('visibilitychange', tell)
    const [navigation] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[]
    const visit: Visit = {
      page,
      cls: Math.round(largestWindow(shifts) * 10_000) / 10_000,
      ...(lcpMs === undefined ? {} : { lcpMs }),
      ...(inpMs === undefined ? {} : { inpMs }),
      ...(navigation ? { ttfbMs: Math.max(0, Math.round(navigation.responseStart)) } : {}),
    }
    // A beacon cannot carry our header; this request outlives the page as well.
    fetch(`/api${tellVitals.path}`, {
      method: tellVitals.method,
      keepalive: true,
      headers: { 'content-type': 'application/json', 'x-efir': '1' },
      body: JSON.stringify(visit),
    }).catch((problem: Error) => console.debug(`vitals were not told: ${problem.message}`))
  }
  addEventListener('visibilitychange', tell)
}
