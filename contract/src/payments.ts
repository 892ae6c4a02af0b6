import { Type } from 'typebox'
import { act, Nothing, Obj, PageOf, pageInput } from './act.ts'
import { MoneySchema } from './money.ts'
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
  kind: Type.Union([Type.Literal('challenge'), Type.Literal('redirect')], {
    description: 'challenge: shown in the sheet (test provider) · redirect: a page of the bank',
  }),
  url: Type.Optional(Type.String()),
})

export const PaymentView = Obj({
  id: Id('payment'),
  state: PaymentStateSchema,
  method: Type.String({ description: 'a payment method of the market profile, such as card or cod' }),
  provider: Type.String(),
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

export const acts = [paymentSetup, answerTestChallenge, openPayments, reconcilePayment] as const
