import { Type } from 'typebox'
import { act, Done, Nothing, Obj } from './act.ts'
import { Me } from './identity.ts'
import { Id, Millis, ShortText } from './scalars.ts'

/** JSON as the browser's WebAuthn functions take and give it (Web Authentication level 3, section 5.1: the JSON forms). */
const WebAuthnJson = Type.Object({}, { additionalProperties: true, description: 'JSON of the WebAuthn interface' })
const Credential = Type.Object(
  { id: Type.String({ maxLength: 2000 }), rawId: Type.String({ maxLength: 2000 }), type: Type.Literal('public-key') },
  { additionalProperties: true, description: 'PublicKeyCredential as JSON' },
)
const ProviderId = Type.String({ pattern: '^[a-z0-9-]{1,32}$', description: 'as the operator named it' })
const Provider = Obj({ id: ProviderId, name: Type.String() })
/** A path of this site. */
const ReturnTo = Type.String({ maxLength: 300, pattern: '^/(?!/)[^\\\\]*$', examples: ['/orders'] })

export const signInWays = act({
  name: 'signInWays',
  method: 'GET',
  path: '/sign-in/ways',
  who: ['public'],
  summary: 'Ways to sign in besides a code and a password.',
  input: Nothing,
  output: Obj({
    providers: Type.Array(Provider),
    passkeyHost: Type.Union([Type.String(), Type.Null()], { description: 'host that passkeys belong to; null: not here' }),
  }),
})
export const startOutside = act({
  name: 'startOutside',
  method: 'POST',
  path: '/sign-in/outside/:provider',
  who: ['public'],
  summary: 'Begin to sign in with an account elsewhere (OpenID Connect), or to link it to mine; go to the address.',
  input: Obj({ provider: ProviderId, to: Type.Optional(ReturnTo), link: Type.Optional(Type.Boolean()) }),
  output: Obj({ url: Type.String() }),
  refusals: ['outside_down', 'prove_again'],
})
export const startPasskey = act({
  name: 'startPasskey',
  method: 'POST',
  path: '/sign-in/passkey/options',
  who: ['public'],
  summary: 'A challenge for signing in with a passkey; good for five minutes, once.',
  input: Nothing,
  output: Obj({ options: WebAuthnJson }),
  refusals: ['passkeys_off'],
})
export const enterPasskey = act({
  name: 'enterPasskey',
  method: 'POST',
  path: '/sign-in/passkey',
  who: ['public'],
  summary: 'Sign in with a passkey; claims the guest of this browser.',
  input: Obj({ credential: Credential }),
  output: Me,
  refusals: ['passkey_wrong', 'passkeys_off'],
})

const Way = Type.Enum(['code', 'password', 'passkey', 'outside', 'demo', 'setup', 'guest'], {
  description: 'how this session was begun',
})

export const mySecurity = act({
  name: 'mySecurity',
  method: 'GET',
  path: '/me/security',
  who: ['account'],
  summary: 'Where I am signed in, and by what I can sign in.',
  input: Nothing,
  output: Obj({
    email: Type.String(),
    password: Type.Boolean({ description: 'there is one' }),
    /** Dangerous acts ask for a new proof after this. */
    provenUntilAt: Type.Union([Millis, Type.Null()]),
    sessions: Type.Array(
      Obj({
        id: Id('session'),
        browser: Type.String(),
        system: Type.String(),
        address: Type.String(),
        way: Way,
        startedAt: Millis,
        seenAt: Millis,
        current: Type.Boolean(),
      }),
    ),
    passkeys: Type.Array(
      Obj({
        id: Id('passkey'),
        name: Type.String(),
        synced: Type.Boolean(),
        createdAt: Millis,
        usedAt: Type.Optional(Millis),
      }),
    ),
    /** Files with everything about me; fetched at /api/me/archives/:id with the cookies of this browser. */
    archives: Type.Array(
      Obj({ id: Id('export'), askedAt: Millis, readyAt: Type.Optional(Millis), untilAt: Type.Optional(Millis) }),
    ),
    outside: Type.Array(
      Obj({ provider: ProviderId, name: Type.String(), email: Type.Optional(Type.String()), linkedAt: Millis }),
    ),
  }),
})
export const endSession = act({
  name: 'endSession',
  method: 'DELETE',
  path: '/me/sessions/:sessionId',
  who: ['account'],
  summary: 'Sign one of my browsers out, at once.',
  input: Obj({ sessionId: Id('session') }),
  output: Done,
})
export const newPasskey = act({
  name: 'newPasskey',
  method: 'POST',
  path: '/me/passkeys/options',
  who: ['account'],
  summary: 'A challenge for making a passkey; good for five minutes, once.',
  input: Nothing,
  output: Obj({ options: WebAuthnJson }),
  refusals: ['passkeys_off', 'passkeys_full', 'prove_again'],
})
export const keepPasskey = act({
  name: 'keepPasskey',
  method: 'POST',
  path: '/me/passkeys',
  who: ['account'],
  summary: 'Keep the passkey that was made.',
  input: Obj({ credential: Credential, name: ShortText(60) }),
  output: Done,
  refusals: ['passkey_wrong', 'passkeys_off', 'passkeys_full', 'prove_again'],
})
export const renamePasskey = act({
  name: 'renamePasskey',
  method: 'PATCH',
  path: '/me/passkeys/:passkeyId',
  who: ['account'],
  summary: 'Call a passkey of mine something else.',
  input: Obj({ passkeyId: Id('passkey'), name: ShortText(60) }),
  output: Done,
})
export const removePasskey = act({
  name: 'removePasskey',
  method: 'DELETE',
  path: '/me/passkeys/:passkeyId',
  who: ['account'],
  summary: 'A passkey of mine opens nothing any more.',
  input: Obj({ passkeyId: Id('passkey') }),
  output: Done,
  refusals: ['prove_again'],
})
export const unlinkOutside = act({
  name: 'unlinkOutside',
  method: 'DELETE',
  path: '/me/outside/:provider',
  who: ['account'],
  summary: 'An account elsewhere signs me in no more.',
  input: Obj({ provider: ProviderId }),
  output: Done,
  refusals: ['prove_again'],
})

export const askArchive = act({
  name: 'askArchive',
  method: 'POST',
  path: '/me/archives',
  who: ['account'],
  summary: 'Everything kept about me in one JSON file, made in the background; a letter tells when it is ready.',
  input: Nothing,
  output: Done,
  refusals: ['prove_again', 'export_waiting'],
})
export const eraseMe = act({
  name: 'eraseMe',
  method: 'POST',
  path: '/me/erase',
  who: ['account'],
  summary: 'Delete my account and all personal data for good. Orders stay in the books with their amounts, without my name.',
  input: Obj({ sure: Type.Literal(true) }),
  output: Done,
  refusals: ['prove_again', 'orders_open', 'last_owner'],
})

export const acts = [
  signInWays,
  startOutside,
  startPasskey,
  enterPasskey,
  mySecurity,
  endSession,
  newPasskey,
  keepPasskey,
  renamePasskey,
  removePasskey,
  unlinkOutside,
  askArchive,
  eraseMe,
]
