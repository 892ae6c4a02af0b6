import type { Act, In, Out } from '@efir/contract/act.ts'
import { type Call, caller } from '@efir/contract/client.ts'

/** A person with a cookie jar of their own, who uses the public API as a browser would. */
export interface Visitor {
  readonly call: Call
  /** The answer must be yes. */
  must<A extends Act>(act: A, input: In<A>): Promise<Out<A>>
  /** For `context.addCookies` of a browser that goes on as the same person. */
  cookies(): { name: string; value: string; url: string }[]
  /** Multipart acts, which the typed client leaves to the browser's own form. */
  upload(path: string, name: string, bytes: Uint8Array, type: string): Promise<{ id: string; base: string }>
}

export function openVisitor(base: string, through: typeof fetch = fetch): Visitor {
  const jar = new Map<string, string>()
  const send = async (address: string | URL | Request, init: RequestInit = {}): Promise<Response> => {
    const headers = new Headers(init.headers)
    headers.set('x-efir', '1')
    if (jar.size > 0) headers.set('cookie', [...jar].map(([name, value]) => `${name}=${value}`).join('; '))
    const response = await through(address, { ...init, headers })
    for (const line of response.headers.getSetCookie()) {
      const [pair = ''] = line.split(';')
      const cut = pair.indexOf('=')
      const value = pair.slice(cut + 1)
      if (value) jar.set(pair.slice(0, cut), value)
      else jar.delete(pair.slice(0, cut))
    }
    return response
  }
  const call = caller({ base, fetch: send as typeof fetch, timeoutMs: 30_000 })
  return {
    call,
    async must(act, input) {
      const answer = await call(act, input)
      if (!answer.ok) throw new Error(`${act.name}: ${JSON.stringify(answer)}`)
      return answer.value
    },
    cookies: () => [...jar].map(([name, value]) => ({ name, value, url: base })),
    async upload(path, name, bytes, type) {
      const form = new FormData()
      form.set('file', new Blob([new Uint8Array(bytes)], { type }), name)
      const response = await send(`${base}${path}`, { method: 'POST', body: form })
      if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
      return (await response.json()) as { id: string; base: string }
    },
  }
}
