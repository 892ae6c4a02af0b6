import { type Static, Type } from 'typebox'
import { Check, Errors } from 'typebox/value'

const Provider = Type.Object(
  {
    id: Type.String({ pattern: '^[a-z0-9-]{1,32}$' }),
    name: Type.String({ minLength: 1, maxLength: 40 }),
    issuer: Type.String({ pattern: '^https?://' }),
    clientId: Type.String({ minLength: 1 }),
    clientSecret: Type.Optional(Type.String()),
    scopes: Type.Optional(Type.String()),
    /** Its word about an e-mail address joins an account that has proven the same address, without signing in to it once. */
    joinsByEmail: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false },
)
export type OidcProvider = Static<typeof Provider>

const most = 12
const loopback = /^http:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?(\/|$)/

/** The providers that people may sign in with; throws with what is wrong. */
export function oidcProviders(text: string | undefined, production: boolean): readonly OidcProvider[] {
  if (text === undefined) return []
  const wrong = (why: string) => new Error(`The configuration is wrong:\n  EFIR_OIDC_PROVIDERS: ${why}`)
  let given: unknown
  try {
    given = JSON.parse(text)
  } catch {
    throw wrong('is no JSON')
  }
  const List = Type.Array(Provider, { maxItems: most })
  if (!Check(List, given)) {
    const [first] = [...Errors(List, given)]
    throw wrong(`${first?.instancePath ?? ''} ${first?.message ?? 'is wrong'}`.trim())
  }
  if (new Set(given.map((p) => p.id)).size !== given.length) throw wrong('two providers have the same id')
  // OpenID Connect Core, section 3.1.2.1: TLS is required; a provider on this machine is for development.
  const plain = given.find((p) => p.issuer.startsWith('http://') && (production || !loopback.test(p.issuer)))
  if (plain) throw wrong(`${plain.id}: the issuer must be https`)
  return given
}
