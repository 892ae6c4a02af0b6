import {
  type ComponentType,
  createContext,
  type MouseEvent,
  type ReactNode,
  useContext,
  useEffect,
  useMemo,
  useSyncExternalStore,
} from 'react'

/** `path` holds `:name` parts: `/shows/:showId`; a last `*` takes the rest. The first that fits is shown. */
export interface Route {
  readonly path: string
  readonly page: ComponentType
}
interface Place {
  readonly path: string
  readonly params: Readonly<Record<string, string>>
  readonly query: URLSearchParams
}

const listeners = new Set<() => void>()
const tell = () => {
  for (const one of listeners) one()
}
const subscribe = (one: () => void) => {
  listeners.add(one)
  addEventListener('popstate', one)
  return () => {
    listeners.delete(one)
    removeEventListener('popstate', one)
  }
}
const address = () => location.pathname + location.search

export interface GoOptions {
  /** Takes the place of the present entry: for filters and sheets that Back should not walk through. */
  readonly replace?: boolean
  /** Stays where one has scrolled to and keeps the focus. */
  readonly keepScroll?: boolean
}

export function go(to: string, options: GoOptions = {}): void {
  if (to === address()) return
  history[options.replace ? 'replaceState' : 'pushState']({}, '', to)
  if (!options.keepScroll) {
    scrollTo(0, 0)
    // Focus moves to the page, so that keyboards and screen readers start at its top.
    queueMicrotask(() => document.querySelector<HTMLElement>('main')?.focus({ preventScroll: true }))
  }
  tell()
}

/** Changes some of the query, leaving the rest: null removes. */
export function setQuery(
  change: Readonly<Record<string, string | null>>,
  options: GoOptions = { replace: true, keepScroll: true },
): void {
  const query = new URLSearchParams(location.search)
  for (const [name, value] of Object.entries(change)) value === null ? query.delete(name) : query.set(name, value)
  const text = query.toString()
  go(location.pathname + (text ? `?${text}` : ''), options)
}

export function matchPath(pattern: string, path: string): Record<string, string> | null {
  const wanted = pattern.split('/').filter(Boolean)
  const given = path.split('/').filter(Boolean)
  const params: Record<string, string> = {}
  for (const [index, part] of wanted.entries()) {
    if (part === '*') return { ...params, rest: given.slice(index).join('/') }
    const one = given[index]
    if (one === undefined) return null
    if (part.startsWith(':')) {
      try {
        params[part.slice(1)] = decodeURIComponent(one)
      } catch {
        return null
      }
    } else if (part !== one) return null
  }
  return wanted.length === given.length ? params : null
}

const PlaceContext = createContext<Place>({ path: '/', params: {}, query: new URLSearchParams() })

/** Where the reader is: path, its parts and the query. */
export const usePlace = (): Place => useContext(PlaceContext)

export function Router({ routes, missing: Missing }: { readonly routes: readonly Route[]; readonly missing: ComponentType }) {
  const at = useSyncExternalStore(subscribe, address)
  const { page: Page, place } = useMemo(() => {
    const url = new URL(at, location.origin)
    for (const route of routes) {
      const params = matchPath(route.path, url.pathname)
      if (params) return { page: route.page, place: { path: url.pathname, params, query: url.searchParams } }
    }
    return { page: Missing, place: { path: url.pathname, params: {}, query: url.searchParams } }
  }, [at, routes, Missing])
  useEffect(() => {
    history.scrollRestoration = 'auto'
  }, [])
  return (
    <PlaceContext value={place}>
      <Page />
    </PlaceContext>
  )
}

/** Left as it is: new tab, download, other site. */
const leave = (event: MouseEvent, to: string) =>
  event.defaultPrevented ||
  event.button !== 0 ||
  event.metaKey ||
  event.ctrlKey ||
  event.shiftKey ||
  event.altKey ||
  !to.startsWith('/')

/** Other entries (studio, office) and files are whole page loads. */
const otherEntry = (to: string) => /^\/(api|media|dev|pictures)\//.test(to) || entryOf(to) !== entryOf(location.pathname)
const entryOf = (path: string) => /^\/(studio|office)(?=[/?#]|$)/.exec(path)?.[1] ?? ''

export interface LinkProps extends Omit<React.AnchorHTMLAttributes<HTMLAnchorElement>, 'href'> {
  readonly to: string
  readonly children?: ReactNode
  readonly options?: GoOptions
}

export function Link({ to, options, onClick, ...rest }: LinkProps) {
  const { path } = usePlace()
  return (
    <a
      href={to}
      aria-current={path === to.split(/[?#]/)[0] ? 'page' : undefined}
      {...rest}
      onClick={(event) => {
        onClick?.(event)
        if (leave(event, to) || otherEntry(to)) return
        event.preventDefault()
        go(to, options)
      }}
    />
  )
}
