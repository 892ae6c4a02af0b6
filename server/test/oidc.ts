import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import Provider from 'oidc-provider'

export interface OidcAccount {
  readonly email?: string
  readonly email_verified?: boolean
  readonly name?: string
}

export interface OidcServer extends AsyncDisposable {
  readonly issuer: string
  /** By subject; what the provider says of them. */
  readonly accounts: Map<string, OidcAccount>
  /** Signs in there as a person would, page by page; the address that it sends the browser back to. */
  walk(url: string, subject: string): Promise<string>
}

/** A real OpenID provider on this machine, with its own sign-in pages. */
export async function openOidcServer(given: { redirectUris: () => readonly string[] }): Promise<OidcServer> {
  const accounts = new Map<string, OidcAccount>()
  const http = createServer()
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  const issuer = `http://127.0.0.1:${(http.address() as AddressInfo).port}`
  const open = () =>
    new Provider(issuer, {
      clients: [
        {
          client_id: 'efir',
          client_secret: 'a secret between the two',
          redirect_uris: [...given.redirectUris()],
          grant_types: ['authorization_code'],
          response_types: ['code'],
        },
      ],
      claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
      findAccount: (_, subject) => ({ accountId: subject, claims: async () => ({ sub: subject, ...accounts.get(subject) }) }),
      pkce: { required: () => true },
      cookies: { keys: ['keys of the test'] },
      features: { devInteractions: { enabled: true } },
    })
  // When first asked: who starts it may not know their own address yet.
  let answer: ReturnType<Provider['callback']> | undefined
  http.on('request', (request, response) => {
    answer ??= open().callback()
    void answer(request, response)
  })
  return {
    issuer,
    accounts,
    walk: (url, subject) => walk(issuer, url, subject),
    async [Symbol.asyncDispose]() {
      http.closeAllConnections()
      await new Promise((resolve) => http.close(resolve))
    },
  }
}

async function walk(issuer: string, start: string, subject: string): Promise<string> {
  const jar = new Map<string, string>()
  const ask = async (url: string, form?: Record<string, string>): Promise<Response> => {
    const response = await fetch(url, {
      method: form ? 'POST' : 'GET',
      redirect: 'manual',
      headers: { cookie: [...jar].map(([k, v]) => `${k}=${v}`).join('; ') },
      ...(form ? { body: new URLSearchParams(form) } : {}),
    })
    for (const line of response.headers.getSetCookie()) {
      const [name = '', value = ''] = line.split(';')[0]?.split(/=(.*)/s) ?? []
      jar.set(name, value)
    }
    return response
  }
  let url = start
  for (let step = 0; step < 12; step++) {
    const response = await ask(url)
    const page = await response.text()
    const prompt = /name="prompt" value="(\w+)"/.exec(page)?.[1]
    const action = /action="([^"]+)"/.exec(page)?.[1]
    const next = prompt && action ? await ask(new URL(action, issuer).href, { prompt, login: subject, password: 'x' }) : response
    const to = next.headers.get('location')
    if (!to) throw new Error(`the provider stopped at ${url}: ${next.status} ${page.slice(0, 300)}`)
    url = new URL(to, issuer).href
    if (!url.startsWith(issuer)) return url
  }
  throw new Error('the provider goes round in circles')
}
