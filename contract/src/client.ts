import type { Act, In, Out, RefusalOf } from './act.ts'

export type Answer<A extends Act> =
  | { readonly ok: true; readonly value: Out<A> }
  | {
      readonly ok: false
      readonly refusal: RefusalOf<A>
      readonly params: Readonly<Record<string, string | number | boolean>>
      readonly requestId?: string
    }
  /** No answer or a defect: the outcome is not known. Acts with an idempotency key may be called again. */
  | { readonly ok: false; readonly refusal: null; readonly failure: 'network' | 'defect'; readonly requestId?: string }

export interface CallerOptions {
  /** Such as https://shop.example; empty for the same origin. */
  readonly base?: string
  readonly fetch?: typeof fetch
  /** Added to each request: authorization, accept-language. */
  readonly headers?: () => Record<string, string>
  readonly timeoutMs?: number
}

export type Call = <A extends Act>(act: A, input: In<A>, options?: { signal?: AbortSignal }) => Promise<Answer<A>>

/** Splits an input into path and the rest. Throws when a path part is missing. */
export function requestOf(act: Act, input: Record<string, unknown>): { path: string; rest: Record<string, unknown> } {
  const rest = { ...input }
  const path = act.path.replace(/:(\w+)/g, (_, key: string) => {
    const value = rest[key]
    if (value === undefined) throw new TypeError(`${act.name} needs ${key} for its path`)
    delete rest[key]
    return encodeURIComponent(String(value))
  })
  return { path: `/api${path}`, rest }
}

export function caller(options: CallerOptions = {}): Call {
  const send = options.fetch ?? fetch
  return async (act, input, extra) => {
    const { path, rest } = requestOf(act, input as Record<string, unknown>)
    const get = act.method === 'GET'
    const query = get ? queryOf(rest) : ''
    const timeout = AbortSignal.timeout(options.timeoutMs ?? 15_000)
    try {
      const response = await send(`${options.base ?? ''}${path}${query}`, {
        method: act.method,
        credentials: 'same-origin',
        headers: { 'x-efir': '1', ...(get ? {} : { 'content-type': 'application/json' }), ...options.headers?.() },
        body: get ? undefined : JSON.stringify(rest),
        signal: extra?.signal ? AbortSignal.any([extra.signal, timeout]) : timeout,
      })
      return await answerOf(response)
    } catch (problem) {
      if (problem instanceof TypeError || problem instanceof DOMException || problem instanceof SyntaxError)
        return { ok: false, refusal: null, failure: 'network' }
      throw problem
    }
  }
}

function queryOf(rest: Record<string, unknown>): string {
  const query = new URLSearchParams()
  for (const [key, value] of Object.entries(rest)) {
    if (value === undefined) continue
    for (const one of Array.isArray(value) ? value : [value]) query.append(key, String(one))
  }
  const text = query.toString()
  return text ? `?${text}` : ''
}

async function answerOf<A extends Act>(response: Response): Promise<Answer<A>> {
  const requestId = response.headers.get('x-request-id') ?? undefined
  const body: unknown = await response.json()
  if (response.ok) return { ok: true, value: body as Out<A> }
  const refusal = (body as { refusal?: { code: RefusalOf<A>; params?: Record<string, string | number | boolean> } }).refusal
  if (refusal) return { ok: false, refusal: refusal.code, params: refusal.params ?? {}, requestId }
  return { ok: false, refusal: null, failure: 'defect', requestId }
}
