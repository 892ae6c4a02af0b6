import { Type } from 'typebox'
import { act, Done, Nothing, Obj, PageOf, pageInput } from './act.ts'
import {
  BasisPoints,
  CountryCode,
  CurrencyCode,
  Email,
  Id,
  LocaleSchema,
  LocalText,
  Millis,
  ShopRole,
  ShortText,
  Slug,
} from './scalars.ts'

export const Person = Obj({
  id: Id('person'),
  kind: Type.Union([Type.Literal('guest'), Type.Literal('account')]),
  name: Type.String(),
  email: Type.Optional(Type.String()),
  locale: LocaleSchema,
  country: Type.Optional(CountryCode),
  picture: Type.Optional(Type.String()),
  operator: Type.Boolean(),
  demo: Type.Boolean(),
})

const returnDays = Type.Optional(Type.Integer({ minimum: 0, maximum: 365 }))
export const ShopSettings = Obj({
  reservationMinutes: Type.Optional(Type.Integer({ minimum: 1, maximum: 60, description: 'how long units wait for payment' })),
  payFirst: Type.Optional(Type.Boolean({ description: 'authorise, reserve, capture' })),
  recordingDays: Type.Optional(
    Type.Integer({ minimum: 0, maximum: 3650, description: 'retention of replays; 0 records nothing' }),
  ),
  returnDays,
  taxRate: Type.Optional(BasisPoints),
  mail: Type.Optional(Email),
  blockWords: Type.Optional(Type.Array(Type.String({ maxLength: 60 }), { maxItems: 500 })),
})

export const Shop = Obj({
  id: Id('shop'),
  slug: Type.String(),
  name: Type.String(),
  about: LocalText,
  market: Type.String(),
  country: CountryCode,
  currency: CurrencyCode,
  logo: Type.Optional(Type.String()),
  banner: Type.Optional(Type.String()),
  settings: ShopSettings,
  demo: Type.Boolean(),
})

/** Of a shop's settings only what concerns its buyers. */
export const PublicShop = Obj({ ...Shop.properties, settings: Obj({ returnDays }) })

export const Me = Obj({
  person: Type.Union([Person, Type.Null()]),
  shops: Type.Array(
    Obj({ id: Id('shop'), name: Type.String(), slug: Type.String(), currency: CurrencyCode, roles: Type.Array(ShopRole) }),
  ),
  /** Shows where the person is host or moderator. */
  shows: Type.Array(Obj({ id: Id('show'), roles: Type.Array(Type.Union([Type.Literal('host'), Type.Literal('moderator')])) })),
  /** Renew the token before this instant. */
  tokenUntilAt: Type.Union([Millis, Type.Null()]),
  demo: Type.Boolean({ description: 'demo logins and the letter box are open' }),
  needsOperator: Type.Boolean({ description: 'nobody runs this platform yet' }),
  now: Millis,
})

const Password = Type.String({ minLength: 1, maxLength: 256 })
const everybody = ['public'] as const

export const me = act({
  name: 'me',
  method: 'GET',
  path: '/me',
  who: everybody,
  summary: 'Who I am; renews the short-lived token from the session.',
  input: Nothing,
  output: Me,
})
export const beGuest = act({
  name: 'beGuest',
  method: 'POST',
  path: '/me/guest',
  who: everybody,
  summary: 'Become a person without an account; does nothing for who is one already.',
  input: Obj({ name: Type.Optional(ShortText(60)), locale: Type.Optional(LocaleSchema) }),
  output: Me,
})
export const startCode = act({
  name: 'startCode',
  method: 'POST',
  path: '/sign-in/code',
  who: everybody,
  summary: 'Mail a sign-in code. The answer is the same whether or not the address is known.',
  input: Obj({ email: Email }),
  output: Done,
})
export const enterCode = act({
  name: 'enterCode',
  method: 'POST',
  path: '/sign-in/code/enter',
  who: everybody,
  summary: 'Sign in with the mailed code; claims the guest of this browser.',
  input: Obj({ email: Email, code: Type.String({ pattern: '^[0-9]{6}$' }), name: Type.Optional(ShortText(60)) }),
  output: Me,
  refusals: ['code_wrong', 'code_expired'],
})
export const enterPassword = act({
  name: 'enterPassword',
  method: 'POST',
  path: '/sign-in/password',
  who: everybody,
  summary: 'Sign in with a password; claims the guest of this browser.',
  input: Obj({ email: Email, password: Password }),
  output: Me,
  refusals: ['password_wrong'],
})
export const setPassword = act({
  name: 'setPassword',
  method: 'POST',
  path: '/me/password',
  who: ['account'],
  summary: 'Set or change my password.',
  input: Obj({ password: Password, current: Type.Optional(Password) }),
  output: Done,
  refusals: ['password_weak', 'password_wrong', 'prove_again'],
})
export const changeMe = act({
  name: 'changeMe',
  method: 'PATCH',
  path: '/me',
  who: ['known'],
  summary: 'Change my name, language or country.',
  input: Obj({ name: Type.Optional(ShortText(60)), locale: Type.Optional(LocaleSchema), country: Type.Optional(CountryCode) }),
  output: Me,
})
export const signOut = act({
  name: 'signOut',
  method: 'POST',
  path: '/sign-out',
  who: everybody,
  summary: 'End this session, or all of mine.',
  input: Obj({ everywhere: Type.Optional(Type.Boolean()) }),
  output: Done,
})
export const demoPeople = act({
  name: 'demoPeople',
  method: 'GET',
  path: '/demo/people',
  who: everybody,
  summary: 'One-click logins of the demo world.',
  input: Nothing,
  output: Obj({
    people: Type.Array(
      Obj({ id: Id('person'), name: Type.String(), role: Type.String(), picture: Type.Optional(Type.String()) }),
    ),
  }),
  refusals: ['demo_off'],
})
export const demoLogin = act({
  name: 'demoLogin',
  method: 'POST',
  path: '/demo/login',
  who: everybody,
  summary: 'Sign in as a demo person.',
  input: Obj({ personId: Id('person') }),
  output: Me,
  refusals: ['demo_off'],
})
export const resetDemo = act({
  name: 'resetDemo',
  method: 'POST',
  path: '/demo/reset',
  who: ['account'],
  summary:
    'Begin the demo world anew: everything in it is deleted and loaded again. The server answers again after some seconds.',
  input: Nothing,
  output: Done,
  refusals: ['demo_off', 'demo_not_alone'],
})
export const setUpOperator = act({
  name: 'setUpOperator',
  method: 'POST',
  path: '/set-up',
  who: everybody,
  summary: 'Create the first operator of an empty platform; needs the set-up code printed at start.',
  input: Obj({ setUpCode: Type.String({ maxLength: 60 }), email: Email, name: ShortText(60), password: Password }),
  output: Me,
  refusals: ['already_set_up', 'code_wrong', 'password_weak', 'email_taken'],
})

export const createShop = act({
  name: 'createShop',
  method: 'POST',
  path: '/shops',
  who: ['account'],
  summary: 'Open a shop; I become its owner.',
  input: Obj({
    name: ShortText(120),
    slug: Slug,
    market: Type.String({ maxLength: 8 }),
    country: CountryCode,
    currency: CurrencyCode,
    about: Type.Optional(LocalText),
  }),
  output: Shop,
  refusals: ['slug_taken', 'currency_unknown'],
})
export const changeShop = act({
  name: 'changeShop',
  method: 'PATCH',
  path: '/shops/:shopId',
  who: ['shop:owner', 'shop:manager', 'operator'],
  summary: 'Change name, texts and settings of a shop.',
  input: Obj({
    shopId: Id('shop'),
    name: Type.Optional(ShortText(120)),
    about: Type.Optional(LocalText),
    settings: Type.Optional(ShopSettings),
  }),
  output: Shop,
})
export const shopPage = act({
  name: 'shopPage',
  method: 'GET',
  path: '/shop/:slug',
  who: everybody,
  summary: 'A shop by its address name.',
  input: Obj({ slug: Slug }),
  output: PublicShop,
})
export const myShop = act({
  name: 'myShop',
  method: 'GET',
  path: '/shops/:shopId',
  who: ['shop:owner', 'shop:manager', 'shop:fulfilment', 'operator'],
  summary: 'A shop as its people see it.',
  input: Obj({ shopId: Id('shop') }),
  output: Shop,
})
export const listShops = act({
  name: 'listShops',
  method: 'GET',
  path: '/shops',
  who: everybody,
  summary: 'Open shops.',
  input: Obj({ ...pageInput }),
  output: PageOf(PublicShop),
})

export const TeamMember = Obj({
  personId: Id('person'),
  name: Type.String(),
  email: Type.Optional(Type.String()),
  picture: Type.Optional(Type.String()),
  roles: Type.Array(ShopRole),
  since: Millis,
})
export const shopTeam = act({
  name: 'shopTeam',
  method: 'GET',
  path: '/shops/:shopId/team',
  who: ['shop:owner', 'shop:manager', 'operator'],
  summary: 'People of a shop and open invitations.',
  input: Obj({ shopId: Id('shop') }),
  output: Obj({
    members: Type.Array(TeamMember),
    invitations: Type.Array(
      Obj({ id: Id('invitation'), role: Type.String(), email: Type.Optional(Type.String()), expiresAt: Millis }),
    ),
  }),
})
export const giveRole = act({
  name: 'giveRole',
  method: 'POST',
  path: '/shops/:shopId/roles',
  who: ['shop:owner', 'operator'],
  summary: 'Give a person a role in the shop.',
  input: Obj({ shopId: Id('shop'), personId: Id('person'), role: ShopRole }),
  output: Done,
})
export const takeRole = act({
  name: 'takeRole',
  method: 'DELETE',
  path: '/shops/:shopId/roles',
  who: ['shop:owner', 'operator'],
  summary: 'Take a role away; the last owner stays.',
  input: Obj({ shopId: Id('shop'), personId: Id('person'), role: ShopRole }),
  output: Done,
  refusals: ['last_owner'],
})
export const inviteToShop = act({
  name: 'inviteToShop',
  method: 'POST',
  path: '/shops/:shopId/invitations',
  who: ['shop:owner'],
  summary: 'An invitation link to a role, for a week; mailed when an address is given.',
  input: Obj({ shopId: Id('shop'), role: ShopRole, email: Type.Optional(Email) }),
  output: Obj({
    id: Id('invitation'),
    link: Type.String({ description: 'path with the secret; shown once' }),
    expiresAt: Millis,
  }),
})
export const inviteToShow = act({
  name: 'inviteToShow',
  method: 'POST',
  path: '/shows/:showId/invitations',
  who: ['shop:owner', 'shop:manager', 'show:host'],
  summary: 'An invitation link for a co-host or moderator of a show.',
  input: Obj({
    showId: Id('show'),
    role: Type.Union([Type.Literal('host'), Type.Literal('moderator')]),
    email: Type.Optional(Email),
  }),
  output: Obj({ id: Id('invitation'), link: Type.String(), expiresAt: Millis }),
})
export const invitation = act({
  name: 'invitation',
  method: 'GET',
  path: '/invitations/:secret',
  who: everybody,
  summary: 'What an invitation link offers.',
  input: Obj({ secret: Type.String({ maxLength: 100 }) }),
  output: Obj({
    role: Type.String(),
    place: Type.String(),
    email: Type.Optional(Type.String({ description: 'only the account with this address may accept' })),
    expiresAt: Millis,
  }),
  refusals: ['invitation_gone'],
})
export const acceptInvitation = act({
  name: 'acceptInvitation',
  method: 'POST',
  path: '/invitations/:secret/accept',
  who: ['account'],
  summary: 'Accept; the link works once.',
  input: Obj({ secret: Type.String({ maxLength: 100 }) }),
  output: Obj({ shopId: Type.Optional(Id('shop')), showId: Type.Optional(Id('show')) }),
  refusals: ['invitation_gone', 'invitation_other'],
})
export const takeInvitationBack = act({
  name: 'takeInvitationBack',
  method: 'DELETE',
  path: '/shops/:shopId/invitations/:invitationId',
  who: ['shop:owner'],
  summary: 'Make an invitation link void.',
  input: Obj({ shopId: Id('shop'), invitationId: Id('invitation') }),
  output: Done,
})
export const listPeople = act({
  name: 'listPeople',
  method: 'GET',
  path: '/people',
  who: ['operator'],
  summary: 'Accounts of the platform.',
  input: Obj({ ...pageInput, search: Type.Optional(Type.String({ maxLength: 100 })) }),
  output: PageOf(Person),
})

export const acts = [
  me,
  beGuest,
  startCode,
  enterCode,
  enterPassword,
  setPassword,
  changeMe,
  signOut,
  demoPeople,
  demoLogin,
  resetDemo,
  setUpOperator,
  createShop,
  changeShop,
  shopPage,
  myShop,
  listShops,
  shopTeam,
  giveRole,
  takeRole,
  inviteToShop,
  inviteToShow,
  invitation,
  acceptInvitation,
  takeInvitationBack,
  listPeople,
]
