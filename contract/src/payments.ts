import { Type } from 'typebox'
import { act, Nothing, Obj, PageOf, pageInput } from './act.ts'
import { type Money, MoneySchema } from './money.ts'
import { Id, Millis } from './scalars.ts'

const OneOf = <T extends string>(values: readonly T[], description?: string) =>
  Type.Unsafe<T>({ type: 'string', enum: [...values], ...(description ? { description } : {}) })

export const paymentStates = ['created', 'requires_action', 'unknown', 'authorised', 'captured', 'declined', 'voided'] as const
export type PaymentState = (typeof paymentStates)[number]
export const PaymentStateSchema = OneOf(
  paymentStates,
  'created: not begun · requires_action: the bank asks the buyer · unknown: no answer yet, it is found out · authorised: held, not taken (or: to be paid at the door) · captured: paid · declined · voided: given up, nothing was taken',
)

/** Why money did not come; the web has a sentence for each. */
export const declineReasons = [
  'insufficient_funds',
  'card_expired',
  'card_refused',
  'not_confirmed',
  'token_unknown',
  'never_arrived',
  'capture_refused',
  'provider_refused',
] as const
export type DeclineReason = (typeof declineReasons)[number]

export const Card = Obj({
  brand: Type.String({ description: 'visa, mastercard, ...' }),
  last4: Type.String({ pattern: '^[0-9]{4}$' }),
})

export const NextAction = Obj({
  kind: Type.Union([Type.Literal('challenge'), Type.Literal('redirect'), Type.Literal('element')], {
    description:
      "challenge: shown in the sheet (test provider) · redirect: a page of the bank · element: the provider's form asks",
  }),
  url: Type.Optional(Type.String()),
  secret: Type.Optional(
    Type.String({ description: "with it the provider's form answers for this payment; only its payer sees it" }),
  ),
})

export const payForms = ['card', 'element', 'redirect', 'none'] as const
export type PayForm = (typeof payForms)[number]
export const PayFormSchema = OneOf(
  payForms,
  "card: the test provider's own · element: the provider's script, on the page /pay/:account · redirect: the provider's page; the token is `redirect` · none: at the door",
)

export const PaymentView = Obj({
  id: Id('payment'),
  state: PaymentStateSchema,
  method: Type.String({ description: 'a payment method of the market profile, such as card or cod' }),
  provider: Type.String(),
  form: PayFormSchema,
  account: Type.Optional(Id('payAccount')),
  capture: Type.Union([Type.Literal('automatic'), Type.Literal('manual')]),
  amount: MoneySchema,
  card: Type.Optional(Card),
  action: Type.Optional(NextAction),
  declineReason: Type.Optional(OneOf(declineReasons)),
})

export const RefundView = Obj({
  id: Id('refund'),
  amount: MoneySchema,
  state: Type.Union([Type.Literal('asked'), Type.Literal('done'), Type.Literal('refused')]),
  reason: Type.String(),
  at: Millis,
  doneAt: Type.Optional(Millis),
})

export interface TestCard {
  readonly number: string
  readonly token: string
  readonly what:
    | 'success'
    | 'decline'
    | 'expired'
    | 'confirm'
    | 'timeout'
    | 'timeout_fail'
    | 'lost'
    | 'twice'
    | 'slow'
    | 'late'
    | 'refund_fail'
}

/** Cards of the built-in test provider. The card form turns a number into its token in the browser: numbers are never sent. */
export const testCards: readonly TestCard[] = [
  { number: '4242424242424242', token: 'tok_test_success', what: 'success' },
  { number: '4000000000009995', token: 'tok_test_decline', what: 'decline' },
  { number: '4000000000000069', token: 'tok_test_expired', what: 'expired' },
  { number: '4000002500003155', token: 'tok_test_confirm', what: 'confirm' },
  { number: '4000000000000119', token: 'tok_test_timeout', what: 'timeout' },
  { number: '4000000000000127', token: 'tok_test_timeout_fail', what: 'timeout_fail' },
  { number: '4000000000000135', token: 'tok_test_lost', what: 'lost' },
  { number: '4000000000000259', token: 'tok_test_twice', what: 'twice' },
  { number: '4000000000000341', token: 'tok_test_slow', what: 'slow' },
  { number: '4000000000000424', token: 'tok_test_late', what: 'late' },
  { number: '4000000000005126', token: 'tok_test_refund_fail', what: 'refund_fail' },
]

/** Null for a number that is no test card. Spaces and dashes are ignored. */
export function testTokenOf(number: string): string | null {
  const digits = number.replace(/[\s-]/g, '')
  return testCards.find((c) => c.number === digits)?.token ?? null
}

/** Stripe counts these with two decimals that are always zero, ISO 4217 without: their smallest coins are whole. */
export const stripeZeros: ReadonlySet<string> = new Set(['ISK', 'UGX'])
/** Stripe takes three decimals with a last digit of zero. */
const stripeTens = new Set(['BHD', 'JOD', 'KWD', 'OMR', 'TND'])

/** An amount as Stripe counts it; null when it has no number for it. */
export function toStripe({ amount, currency }: Money): { amount: number; currency: string } | null {
  if (stripeTens.has(currency) && amount % 10 !== 0) return null
  return { amount: stripeZeros.has(currency) ? amount * 100 : amount, currency: currency.toLowerCase() }
}

/** A token of the provider's own card form; never a card number (12 or more digits in a row are refused). */
export const CardToken = Type.String({ minLength: 3, maxLength: 200, pattern: '^(?![\\s\\S]*\\d{12})[A-Za-z][A-Za-z0-9_.-]+$' })

export const paymentSetup = act({
  name: 'paymentSetup',
  method: 'GET',
  path: '/payments/setup',
  who: ['public'],
  summary: 'How this platform takes money: methods with their providers, and the test cards when the test provider is on.',
  input: Nothing,
  output: Obj({
    methods: Type.Array(
      Obj({ method: Type.String(), provider: Type.String(), publicKey: Type.Optional(Type.String()), atTheDoor: Type.Boolean() }),
    ),
    testCards: Type.Array(Obj({ number: Type.String(), token: Type.String(), what: Type.String() })),
  }),
})

export const answerTestChallenge = act({
  name: 'answerTestChallenge',
  method: 'POST',
  path: '/payments/:paymentId/test-challenge',
  who: ['known'],
  summary: "The test bank's confirmation page: approve or refuse. Then call confirmPayment.",
  input: Obj({ paymentId: Id('payment'), approve: Type.Boolean() }),
  output: Obj({ done: Type.Literal(true) }),
  refusals: ['payment_method_unavailable', 'payment_pending'],
})

export const openPayments = act({
  name: 'openPayments',
  method: 'GET',
  path: '/payments/open',
  who: ['operator'],
  summary: 'Payments whose outcome is not known, wanted captures and voids not carried out, and refunds not done: oldest first.',
  input: Obj({ ...pageInput }),
  output: PageOf(
    Obj({
      id: Id('payment'),
      state: PaymentStateSchema,
      wanted: Type.Optional(Type.String()),
      provider: Type.String(),
      amount: MoneySchema,
      since: Millis,
      asked: Type.Integer({ description: 'how often the provider was asked' }),
      refundsWaiting: Type.Integer(),
    }),
  ),
})

export const reconcilePayment = act({
  name: 'reconcilePayment',
  method: 'POST',
  path: '/payments/:paymentId/reconcile',
  who: ['operator'],
  summary: 'Ask the provider now.',
  input: Obj({ paymentId: Id('payment') }),
  output: PaymentView,
})

export const payProviders = ['stripe', 'yookassa'] as const
export type PayProvider = (typeof payProviders)[number]
const PayProviderSchema = OneOf(payProviders)
const MarketCodes = Type.Array(Type.String({ pattern: '^[A-Z]{2,8}$' }), {
  maxItems: 50,
  uniqueItems: true,
  description: 'codes of market profiles; empty: everywhere',
})
const Secret = Type.String({
  minLength: 8,
  maxLength: 300,
  pattern: '^[\\x21-\\x7e]+$',
  description: 'never shown again; left out: as before',
})

export const PayAccount = Obj({
  id: Id('payAccount'),
  provider: PayProviderSchema,
  publicKey: Type.String({ description: 'Stripe: publishable key · YooKassa: number of the shop there' }),
  markets: MarketCodes,
  active: Type.Boolean(),
  live: Type.Boolean({ description: 'false: with test keys, no real money moves' }),
  ends: Type.Record(Type.String(), Type.String(), { description: 'the last characters of each secret' }),
  callbackUrl: Type.String({ description: 'where the provider is to call' }),
  sealedBefore: Type.Boolean({ description: 'with an earlier EFIR_SECRET: seal anew before that one is dropped' }),
  changedAt: Millis,
})
const accountFields = {
  accountId: Type.Optional(Id('payAccount')),
  provider: PayProviderSchema,
  publicKey: Type.String({ minLength: 3, maxLength: 200, pattern: '^[A-Za-z0-9_]+$' }),
  secretKey: Type.Optional(Secret),
  webhookSecret: Type.Optional(Secret),
  markets: MarketCodes,
  active: Type.Boolean(),
}
const PayAccounts = Obj({ accounts: Type.Array(PayAccount) })
const keepers = ['shop:owner', 'operator'] as const

export const shopPayAccounts = act({
  name: 'shopPayAccounts',
  method: 'GET',
  path: '/shops/:shopId/pay-accounts',
  who: keepers,
  summary: "A shop's own accounts at payment providers. Secrets are never answered, only their ends.",
  input: Obj({ shopId: Id('shop') }),
  output: PayAccounts,
})
export const saveShopPayAccount = act({
  name: 'saveShopPayAccount',
  method: 'PUT',
  path: '/shops/:shopId/pay-accounts',
  who: keepers,
  summary: "Open or change a shop's own account: what is bought from this shop alone is paid to it.",
  input: Obj({ shopId: Id('shop'), ...accountFields }),
  output: PayAccounts,
})
export const platformPayAccounts = act({
  name: 'platformPayAccounts',
  method: 'GET',
  path: '/pay-accounts',
  who: ['operator'],
  summary: "The platform's accounts at payment providers: they take money for all shops that have none of their own.",
  input: Nothing,
  output: PayAccounts,
})
export const savePlatformPayAccount = act({
  name: 'savePlatformPayAccount',
  method: 'PUT',
  path: '/pay-accounts',
  who: ['operator'],
  summary: "Open or change an account of the platform's own.",
  input: Obj(accountFields),
  output: PayAccounts,
})
export const sealSecretsAnew = act({
  name: 'sealSecretsAnew',
  method: 'POST',
  path: '/pay-accounts/seal',
  who: ['operator'],
  summary: 'After a change of EFIR_SECRET: seal all kept secrets with the new one. Safe to repeat.',
  input: Nothing,
  output: Obj({ sealed: Type.Integer({ description: 'how many were sealed with an earlier one' }) }),
})

export const differenceKinds = ['missing_here', 'missing_there', 'amount', 'fee', 'other'] as const
export const compareReport = act({
  name: 'compareReport',
  method: 'POST',
  path: '/pay-accounts/:accountId/report',
  who: ['operator'],
  summary:
    "Hold the provider's itemised balance report against the ledger: fees nobody told and payouts to the platform are booked, all that differs is listed. Safe to repeat.",
  input: Obj({
    accountId: Id('payAccount'),
    csv: Type.String({ minLength: 1, maxLength: 900_000, description: 'as it was downloaded' }),
  }),
  output: Obj({
    lines: Type.Integer(),
    matched: Type.Integer(),
    feesBooked: Type.Integer(),
    differences: Type.Array(
      Obj({
        kind: OneOf(
          differenceKinds,
          'missing_here: only the provider knows it · missing_there: only we · amount, fee: both, and differ · other: none of ours',
        ),
        what: Type.String({ description: "the provider's word for it, such as charge or refund" }),
        source: Type.String(),
        at: Millis,
        theirs: Type.Optional(MoneySchema),
        ours: Type.Optional(MoneySchema),
      }),
    ),
    more: Type.Integer({ description: 'differences left out' }),
  }),
})

export const acts = [
  paymentSetup,
  answerTestChallenge,
  openPayments,
  reconcilePayment,
  shopPayAccounts,
  saveShopPayAccount,
  platformPayAccounts,
  savePlatformPayAccount,
  sealSecretsAnew,
  compareReport,
] as const
