import type { World } from './world.ts'

/** The answer of any act, to be looked into. */
export interface Loose {
  readonly [key: string]: Loose
}

export interface BrowserAnswer {
  readonly status: number
  readonly body: Loose
  /** Of the refusal. */
  readonly no: string | undefined
  readonly location: string | undefined
}

export interface Browser {
  readonly jar: Map<string, string>
  ask(
    method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
    url: string,
    payload?: object,
    headers?: Record<string, string>,
  ): Promise<BrowserAnswer>
  /** Signs in by the mailed code. */
  enter(email: string): Promise<BrowserAnswer>
}

/** A browser: keeps cookies between calls, as the pages use them. */
export function browser(world: World, headers: Record<string, string> = {}): Browser {
  const jar = new Map<string, string>()
  const self: Browser = {
    jar,
    async ask(method, url, payload, more = {}) {
      const response = await world.app.http.inject({
        method,
        url: url.startsWith('/api/') ? url : `/api${url}`,
        headers: {
          host: 'localhost:3000',
          'x-efir': '1',
          cookie: [...jar].map(([k, v]) => `${k}=${v}`).join('; '),
          ...headers,
          ...more,
        },
        ...(payload ? { payload } : {}),
      })
      for (const cookie of response.cookies) {
        if (cookie.value) jar.set(cookie.name, cookie.value)
        else jar.delete(cookie.name)
      }
      const body = response.headers['content-type']?.toString().includes('json') ? response.json() : response.body
      const no = (body as { refusal?: { code: string } } | null)?.refusal?.code
      return { status: response.statusCode, body, no, location: response.headers.location?.toString() }
    },
    async enter(email) {
      await self.ask('POST', '/sign-in/code', { email })
      return await self.ask('POST', '/sign-in/code/enter', { email, code: world.codes.get(email.toLowerCase()) })
    },
  }
  return self
}
