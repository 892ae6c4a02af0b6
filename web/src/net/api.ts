import type { Act, In } from '@efir/contract/act.ts'
import { type Answer, type Call, caller } from '@efir/contract/client.ts'
import { noteAnswer } from './online.ts'

/** Every answer that is not a value: a refusal with its code, or an outcome that is not known. */
export type Problem = Extract<Answer<Act>, { ok: false }>

export const isUnknown = (answer: Answer<Act>): boolean => !answer.ok && answer.refusal === null

const plain = caller({
  // Looked up at each call: tools that watch the network replace it later.
  fetch: (address, init) => fetch(address, init),
  headers: () => ({ 'accept-language': document.documentElement.lang || 'en' }),
})

/** True: it is worth saying again. */
type Renew = (act: Act) => Promise<boolean>
let renew: Renew | null = null
/** Reads and acts apart: an act may make a guest of a stranger, a read does not. */
const renewing = new Map<boolean, Promise<boolean>>()
let renewals = 0

/** How a lapsed session token is renewed: cookies are the server's, so there is nothing to keep here. */
export function setRenew(how: Renew | null): void {
  renew = how
}

/** Many calls may find the token lapsed at once; the server is asked once. `seen` is the count when the call was sent. */
function renewOnce(act: Act, seen: number): Promise<boolean> {
  if (!renew) return Promise.resolve(false)
  if (renewals !== seen) return Promise.resolve(true)
  const reads = act.method === 'GET'
  const underWay = renewing.get(reads)
  if (underWay) return underWay
  const asking = renew(act)
    .then((worked) => {
      if (worked) renewals += 1
      return worked
    })
    .finally(() => renewing.delete(reads))
  renewing.set(reads, asking)
  return asking
}

const pausesMs = [300, 900, 2_000]
const sleep = (ms: number, signal?: AbortSignal) =>
  new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, ms)
    const stop = () => {
      clearTimeout(timer)
      resolve()
    }
    signal?.addEventListener('abort', stop, { once: true })
  })

/** Reads and acts with an idempotency key mean the same when they are said twice. */
export function mayRepeat(act: Act, input: Record<string, unknown>): boolean {
  return act.method === 'GET' || act.method === 'PUT' || typeof input.idempotencyKey === 'string' || typeof input.key === 'string'
}

/**
 * Calls an act of the same origin. An unknown outcome is asked for again where that is safe; a lapsed token is renewed once;
 * a busy server is given the time it asks for (reads only: whether to wait for a purchase is the buyer's choice).
 */
export const call: Call = async (act, input, options) => {
  const repeat = mayRepeat(act, input as Record<string, unknown>)
  let renewed = false
  for (let attempt = 0; ; attempt++) {
    const seen = renewals
    const answer = await plain(act, input, options)
    noteAnswer(!('failure' in answer) || answer.failure === 'defect')
    if (answer.ok || options?.signal?.aborted) return answer
    if (answer.refusal === 'not_signed_in' && !renewed) {
      renewed = true
      if (await renewOnce(act, seen)) continue
      return answer
    }
    const pauseMs = pausesMs[attempt]
    if (pauseMs === undefined || !navigator.onLine) return answer
    if ('failure' in answer) {
      if (!repeat) return answer
      await sleep(pauseMs * (0.5 + Math.random()), options?.signal)
    } else if (answer.refusal === 'busy' && act.method === 'GET') await sleep(retryInMs(answer.params, pauseMs), options?.signal)
    else return answer
  }
}

function retryInMs(params: Readonly<Record<string, unknown>>, otherwiseMs: number): number {
  const asked = params.retryInMs
  return typeof asked === 'number' ? Math.min(Math.max(asked, 100), 10_000) : otherwiseMs
}

/** Once for each intent: kept by the component while the same purchase is being tried. */
export const newIdempotencyKey = (): string => crypto.randomUUID()

export type { Answer, Call, In }
