import type { Act, In, Out } from '@efir/contract/act.ts'
import { keepPreviousData, QueryClient, useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback, useRef, useState } from 'react'
import { type Answer, call, type Problem } from './api.ts'

/** A problem travels through the cache as an error and comes out as itself. */
class Failed extends Error {
  readonly problem: Problem
  constructor(problem: Problem) {
    super(problem.refusal ?? problem.failure)
    this.problem = problem
  }
}

export const queries = new QueryClient({
  defaultOptions: { queries: { retry: false, staleTime: 10_000, gcTime: 5 * 60_000, refetchOnWindowFocus: true } },
})

async function read<A extends Act>(act: A, input: In<A>, signal?: AbortSignal): Promise<Out<A>> {
  const answer = await call(act, input, { signal })
  if (answer.ok) return answer.value
  throw new Failed(answer as Problem)
}

/** What a page shows: nothing yet, the value (also while it is asked for again), or why not. */
export type View<V> =
  | { readonly state: 'loading'; readonly value: undefined; readonly problem: undefined; again(): void }
  | { readonly state: 'ready'; readonly value: V; readonly problem: undefined; again(): void }
  | { readonly state: 'failed'; readonly value: undefined; readonly problem: Problem; again(): void }

export interface ViewOptions {
  /** False keeps the question unasked. */
  readonly when?: boolean
  /** Asked again after this long, while the page is seen. */
  readonly everyMs?: number
  readonly staleMs?: number
  /** Shows the last answer while another input is asked for: pages and filters do not flash. */
  readonly keep?: boolean
}

const keyOf = (act: Act, input: unknown) => [act.name, input]

export function useView<A extends Act>(act: A, input: In<A>, options: ViewOptions = {}): View<Out<A>> {
  const result = useQuery({
    queryKey: keyOf(act, input),
    queryFn: ({ signal }) => read(act, input, signal),
    enabled: options.when ?? true,
    refetchInterval: options.everyMs ?? false,
    ...(options.staleMs === undefined ? {} : { staleTime: options.staleMs }),
    ...(options.keep ? { placeholderData: keepPreviousData } : {}),
  })
  const again = () => void result.refetch()
  if (result.data !== undefined) return { state: 'ready', value: result.data as Out<A>, problem: undefined, again }
  if (result.error) return { state: 'failed', value: undefined, problem: problemOf(result.error), again }
  return { state: 'loading', value: undefined, problem: undefined, again }
}

interface Page<T> {
  readonly items: readonly T[]
  readonly next?: string
}
export type PagedView<T> = View<readonly T[]> & { readonly more: boolean; readonly moreBusy: boolean; loadMore(): void }

/** For acts whose output is `PageOf`: the pages asked for so far, as one list. */
export function usePages<A extends Act, T = Out<A> extends Page<infer I> ? I : never>(
  act: A,
  input: In<A>,
  options: ViewOptions = {},
): PagedView<T> {
  const result = useInfiniteQuery({
    queryKey: [...keyOf(act, input), 'pages'],
    queryFn: ({ pageParam, signal }) =>
      read(act, { ...(input as object), ...(pageParam ? { after: pageParam } : {}) } as In<A>, signal) as Promise<Page<T>>,
    initialPageParam: '',
    getNextPageParam: (last: Page<T>) => last.next,
    enabled: options.when ?? true,
    refetchInterval: options.everyMs ?? false,
  })
  const again = () => void result.refetch()
  const rest = {
    again,
    more: result.hasNextPage,
    moreBusy: result.isFetchingNextPage,
    loadMore: () => void result.fetchNextPage(),
  }
  if (result.data) return { state: 'ready', value: result.data.pages.flatMap((page) => page.items), problem: undefined, ...rest }
  if (result.error) return { state: 'failed', value: undefined, problem: problemOf(result.error), ...rest }
  return { state: 'loading', value: undefined, problem: undefined, ...rest }
}

function problemOf(error: Error): Problem {
  if (error instanceof Failed) return error.problem
  throw error
}

export interface Acting<A extends Act> {
  /** Asks; while an earlier call is on its way, a second press gets the same answer. */
  run(input: In<A>): Promise<Answer<A>>
  readonly busy: boolean
  /** Of the last call; forgotten when the next one starts. */
  readonly problem: Problem | null
  reset(): void
}

/** Doing something. `changes` names the views that are no longer true afterwards. */
export function useAct<A extends Act>(act: A, options: { readonly changes?: readonly Act[] } = {}): Acting<A> {
  const client = useQueryClient()
  const underWay = useRef<Promise<Answer<A>> | null>(null)
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<Problem | null>(null)
  const changes = options.changes
  const run = useCallback(
    (input: In<A>) => {
      if (underWay.current) return underWay.current
      setBusy(true)
      setProblem(null)
      const asking = call(act, input).then(async (answer) => {
        if (answer.ok) await Promise.all((changes ?? []).map((view) => client.invalidateQueries({ queryKey: [view.name] })))
        else setProblem(answer as Problem)
        return answer
      })
      underWay.current = asking
      return asking.finally(() => {
        underWay.current = null
        setBusy(false)
      })
    },
    [act, changes, client],
  )
  return { run, busy, problem, reset: useCallback(() => setProblem(null), []) }
}

/** After a message of the room: the views of these acts are asked for again where they are seen. */
export const refresh = (...acts: readonly Act[]): Promise<unknown> =>
  Promise.all(acts.map((act) => queries.invalidateQueries({ queryKey: [act.name] })))

/** Puts a value that came another way (a snapshot, an act's output) where a view looks for it. */
export function remember<A extends Act>(act: A, input: In<A>, value: Out<A>): void {
  queries.setQueryData(keyOf(act, input), value)
}

/** Asks ahead: on hover or on touch of a link. */
export const prefetch = <A extends Act>(act: A, input: In<A>): Promise<void> =>
  queries.prefetchQuery({ queryKey: keyOf(act, input), queryFn: ({ signal }) => read(act, input, signal) })

/** Views that came with the page: shown at once, and asked for again since they are a stranger's and some seconds old. */
export function plant(seeds: readonly { readonly act: string; readonly input: unknown; readonly value: unknown }[]): void {
  for (const { act, input, value } of seeds) queries.setQueryData([act, input], value, { updatedAt: 1 })
}
