import * as client from 'openid-client'
import type { OidcProvider } from '../../../config-oidc.ts'
import type { Log } from '../../../kernel/log.ts'
import type { Outside, OutsideProof } from '../ports.ts'

const timeoutS = 10

/** Authorization code flow with PKCE, state and nonce (OpenID Connect Core 3.1, RFC 7636, RFC 9207). Discovery when first needed. */
export function openOidc(options: { providers: readonly OidcProvider[]; log: Log }): Outside {
  const found = new Map<string, Promise<client.Configuration>>()

  function discover(provider: OidcProvider): Promise<client.Configuration> {
    const known = found.get(provider.id)
    if (known) return known
    const insecure = provider.issuer.startsWith('http://')
    const asked = client
      .discovery(new URL(provider.issuer), provider.clientId, provider.clientSecret, undefined, {
        timeout: timeoutS,
        execute: insecure ? [client.allowInsecureRequests] : [],
      })
      .catch((problem: Error) => {
        found.delete(provider.id)
        throw problem
      })
    found.set(provider.id, asked)
    return asked
  }
  const named = (id: string): OidcProvider => {
    const provider = options.providers.find((p) => p.id === id)
    if (!provider) throw new Error(`defect: no provider ${id}: the verb looks first`)
    return provider
  }
  const down = (id: string, problem: unknown): 'down' => {
    options.log.warn({ provider: id, problem: (problem as Error).message }, 'an account elsewhere cannot be asked')
    return 'down'
  }
  return {
    providers: options.providers.map(({ id, name, joinsByEmail = false }) => ({ id, name, joinsByEmail })),
    async start(id, redirectUri) {
      const provider = named(id)
      try {
        const config = await discover(provider)
        const flow = { state: client.randomState(), nonce: client.randomNonce(), verifier: client.randomPKCECodeVerifier() }
        const url = client.buildAuthorizationUrl(config, {
          redirect_uri: redirectUri,
          scope: provider.scopes ?? 'openid email profile',
          state: flow.state,
          nonce: flow.nonce,
          code_challenge: await client.calculatePKCECodeChallenge(flow.verifier),
          code_challenge_method: 'S256',
        })
        return { url: url.href, flow }
      } catch (problem) {
        return down(id, problem)
      }
    },
    async finish(id, back, flow) {
      try {
        const config = await discover(named(id))
        const tokens = await client.authorizationCodeGrant(config, back, {
          expectedState: flow.state,
          expectedNonce: flow.nonce,
          pkceCodeVerifier: flow.verifier,
          idTokenExpected: true,
        })
        const claims = tokens.claims()
        if (!claims) return 'refused'
        if (typeof claims['email'] === 'string' || !config.serverMetadata().userinfo_endpoint)
          return proofFrom(claims.sub, claims)
        return proofFrom(claims.sub, await client.fetchUserInfo(config, tokens.access_token, claims.sub))
      } catch (problem) {
        if (refused(problem)) {
          options.log.warn({ provider: id, problem: (problem as Error).message }, 'a sign-in elsewhere did not prove anything')
          return 'refused'
        }
        return down(id, problem)
      }
    },
  }
}

/** Answers that are wrong, as opposed to no answers. */
const refused = (problem: unknown): boolean =>
  problem instanceof client.ClientError
    ? problem.code !== 'OAUTH_TIMEOUT' && problem.code !== 'OAUTH_ABORT'
    : problem instanceof client.AuthorizationResponseError || problem instanceof client.ResponseBodyError

function proofFrom(subject: string, claims: Readonly<Record<string, unknown>>): OutsideProof {
  const text = (name: string) => (typeof claims[name] === 'string' ? (claims[name] as string).trim() : '')
  return {
    subject,
    email: text('email').toLowerCase() || null,
    emailVerified: claims['email_verified'] === true,
    name: (text('name') || text('given_name') || text('preferred_username')).slice(0, 60),
  }
}
