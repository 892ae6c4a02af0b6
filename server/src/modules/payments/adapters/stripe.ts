import { createHmac } from 'node:crypto'
import { toStripe } from '@efir/contract/payments.ts'
import Stripe from 'stripe'
import type { BeginAsk, LookUpAsk, Outcome, PaymentProvider, ProviderPayment, Read, RefundAsk } from '../ports.ts'
import { paymentOf, reasonOf } from './stripe-words.ts'

export interface StripeAccount {
  readonly name: string
  readonly holds: 'clearing' | 'shop'
  readonly publicKey: string
  readonly secretKey: string
  readonly webhookSecret: string
  /** Such as https://api.stripe.com */
  readonly api: string
  /** How long an answer is waited for before its outcome is not known. */
  readonly timeoutMs?: number
  /** Repeats of what takes no money, with the same idempotency key. */
  readonly retries?: number
}

const toleranceSeconds = 300
const whole = ['latest_charge.balance_transaction']
type Asked = Outcome<{ payment: ProviderPayment }>

export function openClient(account: Pick<StripeAccount, 'secretKey' | 'api' | 'timeoutMs'>): Stripe {
  const api = new URL(account.api)
  const protocol = api.protocol === 'http:' ? 'http' : 'https'
  return new Stripe(account.secretKey, {
    host: api.hostname,
    port: api.port === '' ? (protocol === 'http' ? 80 : 443) : api.port,
    protocol,
    // Money is asked for once; what is not known is looked up, never tried again blindly.
    maxNetworkRetries: 0,
    timeout: account.timeoutMs ?? 20_000,
    telemetry: false,
  })
}

/** Said about what was asked. All else (a wrong key, too many asks, a conflict with another ask of the same key, 5xx) says nothing of it. */
const noes = new Set([400, 402, 404])

/** What became of an ask that ended in an error: the provider's "no", or nothing that is known. */
function outcomeOf(problem: unknown): {
  kind: 'refused' | 'unknown'
  error: InstanceType<typeof Stripe.errors.StripeError>
} {
  if (!(problem instanceof Stripe.errors.StripeError)) throw problem
  const status = problem.statusCode ?? 0
  const no = noes.has(status) && !(problem instanceof Stripe.errors.StripeIdempotencyError)
  return { kind: no ? 'refused' : 'unknown', error: problem }
}

const failed = (problem: unknown): { kind: 'refused'; reason: 'provider_refused' } | { kind: 'unknown'; why: string } => {
  const { kind, error } = outcomeOf(problem)
  return kind === 'refused' ? { kind, reason: 'provider_refused' } : { kind, why: `${error.type} ${error.code ?? ''}`.trim() }
}

/**
 * Payment Intents in two steps: named first, which takes no money, then confirmed with what the buyer typed into the provider's own form
 * (a confirmation token). Between the two the reference is written down, so any outcome can be asked for by it.
 */
export function openStripe(account: StripeAccount): PaymentProvider {
  const stripe = openClient(account)
  const retries = account.retries ?? 2

  async function begin(ask: BeginAsk): Promise<Asked> {
    const amount = toStripe(ask.amount)
    if (!amount) return { kind: 'refused', reason: 'provider_refused' }
    const named = await stripe.paymentIntents
      .create(
        {
          ...amount,
          capture_method: ask.capture,
          automatic_payment_methods: { enabled: true },
          transfer_group: ask.group,
          metadata: { efir_payment: ask.paymentId },
        },
        { idempotencyKey: ask.idempotencyKey, maxNetworkRetries: retries },
      )
      .catch((problem: unknown) => outcomeOf(problem))
    // Nothing was asked of the money yet, so not knowing is a plain no: the buyer may try again at once.
    if (!('id' in named)) return { kind: 'refused', reason: named.kind === 'refused' ? 'provider_refused' : 'never_arrived' }
    if (!(await ask.named(named.id))) return { kind: 'unknown', why: 'given up before it was asked for' }
    return await confirm(named.id, ask)
  }

  async function confirm(ref: string, ask: BeginAsk): Promise<Asked> {
    try {
      const intent = await stripe.paymentIntents.confirm(
        ref,
        { confirmation_token: ask.token, return_url: ask.returnUrl, use_stripe_sdk: true, expand: whole },
        { idempotencyKey: `${ask.idempotencyKey}:confirm` },
      )
      const payment = paymentOf(intent)
      return payment ? { kind: 'ok', payment } : { kind: 'unknown', why: `confirmed and still ${intent.status}` }
    } catch (problem) {
      const { kind, error } = outcomeOf(problem)
      // Turned away at the door: nothing was asked of the money.
      if (error.statusCode === 429) return { kind: 'refused', reason: 'provider_refused' }
      if (kind === 'unknown') return failed(problem)
      const declineReason = reasonOf(error.code, error.decline_code)
      if (error instanceof Stripe.errors.StripeCardError)
        return { kind: 'ok', payment: { ref, state: 'declined', captured: 0, fee: 0, declineReason } }
      // A refusal to confirm says nothing about an earlier confirmation of the same payment.
      const now = await lookUp({ paymentId: ask.paymentId, ref, final: false })
      if (now.kind !== 'ok') return now
      return now.payment ? { kind: 'ok', payment: now.payment } : { kind: 'refused', reason: 'provider_refused' }
    }
  }

  async function capture(ask: Parameters<PaymentProvider['capture']>[0]): Promise<Asked> {
    const amount = toStripe(ask.amount)
    if (!amount) return { kind: 'refused', reason: 'capture_refused' }
    return await answer(
      stripe.paymentIntents.capture(
        ask.ref,
        { amount_to_capture: amount.amount, expand: whole },
        { idempotencyKey: ask.idempotencyKey },
      ),
    )
  }

  async function answer(asked: Promise<Stripe.PaymentIntent>): Promise<Asked> {
    try {
      const intent = await asked
      const payment = paymentOf(intent)
      return payment ? { kind: 'ok', payment } : { kind: 'unknown', why: `still ${intent.status}` }
    } catch (problem) {
      return failed(problem)
    }
  }

  async function refund(ask: RefundAsk): Promise<Outcome<{ refundRef: string; state: 'done' | 'processing' }>> {
    const amount = toStripe(ask.amount)
    if (!amount) return { kind: 'refused', reason: 'provider_refused' }
    try {
      const before = await findRefund(ask)
      const made =
        before ??
        (await stripe.refunds.create(
          { payment_intent: ask.ref, amount: amount.amount, metadata: { efir_refund: ask.refundId } },
          { idempotencyKey: ask.idempotencyKey },
        ))
      if (made.status === 'failed' || made.status === 'canceled') return { kind: 'refused', reason: 'provider_refused' }
      return { kind: 'ok', refundRef: made.id, state: made.status === 'succeeded' ? 'done' : 'processing' }
    } catch (problem) {
      return failed(problem)
    }
  }

  /** Keys are forgotten after a day and a repeat would pay twice, so what may have been made is looked for first. */
  async function findRefund(ask: RefundAsk): Promise<Stripe.Refund | null> {
    if (ask.refundRef) return await stripe.refunds.retrieve(ask.refundRef)
    if (!ask.repeated) return null
    const { data } = await stripe.refunds.list({ payment_intent: ask.ref, limit: 100 })
    return data.find((one) => one.metadata?.['efir_refund'] === ask.refundId) ?? null
  }

  async function lookUp(ask: LookUpAsk): Promise<Outcome<{ payment: ProviderPayment | null }>> {
    // Without a reference it was never confirmed: the reference is written down before.
    if (ask.ref === null) return { kind: 'ok', payment: null }
    try {
      const intent = await stripe.paymentIntents.retrieve(ask.ref, { expand: whole })
      const payment = paymentOf(intent)
      if (payment || !ask.final) return { kind: 'ok', payment }
      const closed = await stripe.paymentIntents.cancel(ask.ref, {}, { idempotencyKey: `${ask.paymentId}:close` })
      return { kind: 'ok', payment: closed.status === 'canceled' ? null : paymentOf(closed) }
    } catch (problem) {
      if (problem instanceof Stripe.errors.StripeError && problem.statusCode === 404) return { kind: 'ok', payment: null }
      const { error } = outcomeOf(problem)
      return { kind: 'unknown', why: error.type }
    }
  }

  return {
    name: account.name,
    methods: ['card'],
    holds: account.holds,
    testOnly: false,
    publicKey: account.publicKey,
    async inspect(token) {
      try {
        const { payment_method_preview: shown } = await stripe.confirmationTokens.retrieve(token)
        const card = shown?.card
        return {
          kind: 'ok',
          instrument: {
            fingerprint: card?.fingerprint ? digest(card.fingerprint) : null,
            card: card ? { brand: card.brand, last4: card.last4 } : null,
          },
        }
      } catch (problem) {
        const { kind, error } = outcomeOf(problem)
        if (kind === 'unknown') return { kind, why: error.type }
        return { kind, reason: error.statusCode === 404 ? 'token_unknown' : 'provider_refused' }
      }
    },
    begin,
    capture,
    void: (ask) => answer(stripe.paymentIntents.cancel(ask.ref, {}, { idempotencyKey: ask.idempotencyKey })),
    refund,
    lookUp,
    readCallback: (body, headers, now) =>
      readEvent(stripe, account.webhookSecret, { body, header: headers['stripe-signature'], now }),
  }
}

/** One card has one print for all shops of an account; ours is not theirs. */
const digest = (fingerprint: string): string =>
  createHmac('sha256', 'efir.card.1').update(fingerprint).digest('base64url').slice(0, 22)

/** Checked offline over the bytes as sent. The object inside is a picture of the moment it was sent: a hint that asks for a look. */
function readEvent(
  stripe: Stripe,
  secret: string,
  sent: { body: Buffer; header: string | string[] | undefined; now: number },
): Read {
  if (typeof sent.header !== 'string') return { ok: false, why: 'no signature' }
  let event: Stripe.Event
  try {
    event = stripe.webhooks.constructEvent(sent.body, sent.header, secret, toleranceSeconds, undefined, sent.now)
  } catch (problem) {
    if (!(problem instanceof Stripe.errors.StripeSignatureVerificationError) && !(problem instanceof SyntaxError)) throw problem
    return { ok: false, why: 'the signature is wrong or too old' }
  }
  return { ok: true, callback: callbackOf(event) }
}

function callbackOf(event: Stripe.Event): Extract<Read, { ok: true }>['callback'] {
  const about = event.data.object as { object: string; id: string; metadata?: Record<string, string> | null }
  const paymentId = about.metadata?.['efir_payment']
  if (about.object === 'refund') {
    const refundId = about.metadata?.['efir_refund']
    return refundId ? { eventId: event.id, paymentId: '', payment: null, asks: true, refundId } : null
  }
  if (!paymentId) return null
  // A charge tells the fee, which the intent does not have at first.
  if (about.object === 'charge') {
    const ref = (event.data.object as Stripe.Charge).payment_intent
    return typeof ref === 'string' ? { eventId: event.id, paymentId, ref, payment: null, asks: true } : null
  }
  if (about.object !== 'payment_intent') return null
  const intent = event.data.object as Stripe.PaymentIntent
  return { eventId: event.id, paymentId, ref: intent.id, payment: paymentOf(intent), asks: true }
}
