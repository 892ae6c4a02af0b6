import { createHash, createHmac } from 'node:crypto'
import {
  type BalanceLine,
  balanceCsv,
  type Charge,
  cards,
  declineOf,
  feeFor,
  type Intent,
  type Refund,
  type Reversal,
  StripeNo,
  type Transfer,
} from './stripe-books.ts'
import { type Answered, type Asked, formOf, openWire, type Wire } from './wire.ts'

export interface Sent {
  readonly id: string
  readonly type: string
  readonly body: Buffer
  readonly headers: Record<string, string>
}

export interface FakeStripe extends AsyncDisposable {
  readonly wire: Wire
  readonly url: string
  readonly secretKey: string
  readonly publicKey: string
  readonly webhookSecret: string
  readonly intents: ReadonlyMap<string, Intent>
  readonly refunds: ReadonlyMap<string, Refund>
  readonly transfers: ReadonlyMap<string, Transfer>
  /** What the browser's form answers for this card. */
  tokenFor(number: string, fingerprint?: string): string
  /** The buyer's answer to their bank. */
  challenge(intentId: string, approve: boolean): void
  /** Ends what is processing; refunds under way are done, and those of the failing card come back. */
  finish(intentId?: string): void
  /** Callbacks made since the last time, signed as of now. */
  sent(): Sent[]
  balanceCsv(): string
  /** What it keeps is told by the report alone. */
  silentAboutFees: boolean
  lines(): readonly BalanceLine[]
  /** The bank account gets what is in the balance. */
  payOut(amount: number, currency: string): void
}

/** Speaks the wire format of the provider's API over loopback: forms in, JSON out, keys, errors and callbacks. Behaves the same for the same seed. */
export async function openFakeStripe(options: { seed?: number; now?: () => number } = {}): Promise<FakeStripe> {
  const mark = (options.seed ?? 1).toString(36)
  const nowMs = options.now ?? (() => Date.now())
  const nowS = () => Math.floor(nowMs() / 1000)
  let made = 0
  const newId = (prefix: string) => `${prefix}_fk${mark}${(++made).toString(36).padStart(6, '0')}`
  const secretKey = `sk_test_fake${mark}Zq8`
  const publicKey = `pk_test_fake${mark}Wd3`
  const webhookSecret = `whsec_fake${mark}Lm5`
  const tokens = new Map<string, { number: string; fingerprint: string; used: boolean }>()
  const intents = new Map<string, Intent>()
  const charges = new Map<string, Charge>()
  const refunds = new Map<string, Refund>()
  const transfers = new Map<string, Transfer>()
  const reversals: Reversal[] = []
  const balance = new Map<string, BalanceLine>()
  const accounts = new Map<string, { id: string; object: 'account'; payouts_enabled: boolean; details_submitted: boolean }>()
  const keys = new Map<string, { print: string; answered: Answered }>()
  let outbox: { id: string; type: string; object: unknown }[] = []

  const tell = (type: string, object: object) => void outbox.push({ id: newId('evt'), type, object: structuredClone(object) })
  const bad = (message: string, code?: string, param?: string) =>
    new StripeNo(400, { type: 'invalid_request_error', message, ...(code ? { code } : {}), ...(param ? { param } : {}) })
  const missing = (what: string) =>
    new StripeNo(404, { type: 'invalid_request_error', code: 'resource_missing', message: `No such ${what}` })
  function get<T>(map: ReadonlyMap<string, T>, id: string, what: string): T {
    const found = map.get(id)
    if (!found) throw missing(what)
    return found
  }

  function record(category: string, source: string, amount: number, fee: number, currency: string, intent = ''): string {
    const id = newId('txn')
    balance.set(id, {
      id,
      object: 'balance_transaction',
      amount,
      fee,
      net: amount - fee,
      currency,
      created: nowS(),
      reporting_category: category,
      source,
      payment_intent: intent,
    })
    return id
  }

  /** With what the asker wants expanded. */
  function shown(intent: Intent, expand: unknown): object {
    const charge = intent.latest_charge ? charges.get(intent.latest_charge) : undefined
    if (!charge || !JSON.stringify(expand ?? '').includes('latest_charge')) return intent
    const counted = charge.balance_transaction && !fake.silentAboutFees ? balance.get(charge.balance_transaction) : null
    return { ...intent, latest_charge: { ...charge, balance_transaction: counted } }
  }

  function createIntent(form: Record<string, unknown>): object {
    const amount = Number(form['amount'])
    if (!Number.isInteger(amount) || amount < 1) throw bad('Invalid positive integer', 'parameter_invalid_integer', 'amount')
    const id = newId('pi')
    const intent: Intent = {
      id,
      object: 'payment_intent',
      amount,
      amount_capturable: 0,
      amount_received: 0,
      capture_method: String(form['capture_method'] ?? 'automatic'),
      client_secret: `${id}_secret_${createHash('sha256').update(id).digest('hex').slice(0, 12)}`,
      created: nowS(),
      currency: String(form['currency']),
      last_payment_error: null,
      latest_charge: null,
      livemode: false,
      metadata: (form['metadata'] ?? {}) as Record<string, string>,
      next_action: null,
      status: 'requires_payment_method',
      transfer_group: (form['transfer_group'] as string | undefined) ?? null,
    }
    intents.set(id, intent)
    return intent
  }

  function confirm(intent: Intent, form: Record<string, unknown>): object {
    if (intent.status !== 'requires_payment_method')
      throw bad(`This PaymentIntent's status is ${intent.status}`, 'payment_intent_unexpected_state')
    const token = tokens.get(String(form['confirmation_token'] ?? ''))
    if (!token) throw missing('confirmation_token')
    if (token.used) throw bad('This ConfirmationToken was used already', 'confirmation_token_used')
    token.used = true
    intent.last_payment_error = null
    const no = declineOf(token.number)
    if (no) {
      intent.last_payment_error = no
      tell('payment_intent.payment_failed', intent)
      throw new StripeNo(402, { ...no, payment_intent: intent })
    }
    if (token.number === cards.confirm) {
      intent.status = 'requires_action'
      intent.next_action = { type: 'use_stripe_sdk', use_stripe_sdk: { type: 'three_d_secure_redirect' } }
      charges.set(`pending_${intent.id}`, chargeOf(intent, token.number))
      tell('payment_intent.requires_action', intent)
    } else if (token.number === cards.processing) {
      intent.status = 'processing'
      charges.set(`pending_${intent.id}`, chargeOf(intent, token.number))
      tell('payment_intent.processing', intent)
    } else take(intent, chargeOf(intent, token.number))
    return shown(intent, form['expand'])
  }

  const chargeOf = (intent: Intent, card: string): Charge => ({
    id: newId('ch'),
    object: 'charge',
    amount: intent.amount,
    amount_captured: 0,
    amount_refunded: 0,
    balance_transaction: null,
    captured: false,
    created: nowS(),
    currency: intent.currency,
    metadata: { ...intent.metadata },
    payment_intent: intent.id,
    card,
  })

  function take(intent: Intent, charge: Charge): void {
    charges.set(charge.id, charge)
    intent.latest_charge = charge.id
    intent.next_action = null
    if (intent.capture_method === 'manual') {
      intent.status = 'requires_capture'
      intent.amount_capturable = intent.amount
      tell('payment_intent.amount_capturable_updated', intent)
    } else settle(intent, charge, intent.amount)
  }

  function settle(intent: Intent, charge: Charge, amount: number): void {
    charge.captured = true
    charge.amount_captured = amount
    charge.balance_transaction = record('charge', charge.id, amount, feeFor(amount), intent.currency, intent.id)
    intent.status = 'succeeded'
    intent.amount_received = amount
    intent.amount_capturable = 0
    tell('payment_intent.succeeded', intent)
    tell('charge.succeeded', charge)
  }

  function capture(intent: Intent, form: Record<string, unknown>): object {
    const amount = Number(form['amount_to_capture'] ?? intent.amount_capturable)
    if (intent.status !== 'requires_capture')
      throw bad(`This PaymentIntent could not be captured: its status is ${intent.status}`, 'payment_intent_unexpected_state')
    if (!(amount >= 1 && amount <= intent.amount_capturable)) throw bad('The amount is too large', 'amount_too_large')
    settle(intent, get(charges, intent.latest_charge ?? '', 'charge'), amount)
    return shown(intent, form['expand'])
  }

  function cancel(intent: Intent): object {
    if (intent.status === 'succeeded' || intent.status === 'canceled' || intent.status === 'processing')
      throw bad(`You cannot cancel this PaymentIntent: its status is ${intent.status}`, 'payment_intent_unexpected_state')
    intent.status = 'canceled'
    intent.amount_capturable = 0
    intent.next_action = null
    tell('payment_intent.canceled', intent)
    return intent
  }

  function createRefund(form: Record<string, unknown>): object {
    const intent = get(intents, String(form['payment_intent']), 'payment_intent')
    const charge = get(charges, intent.latest_charge ?? '', 'charge')
    const amount = Number(form['amount'] ?? charge.amount_captured - charge.amount_refunded)
    if (charge.amount_refunded >= charge.amount_captured)
      throw bad('Charge has already been refunded.', 'charge_already_refunded')
    if (!(amount >= 1 && amount <= charge.amount_captured - charge.amount_refunded))
      throw bad('Refund amount is greater than unrefunded amount on charge', 'amount_too_large')
    charge.amount_refunded += amount
    const refund: Refund = {
      id: newId('re'),
      object: 'refund',
      amount,
      charge: charge.id,
      created: nowS(),
      currency: charge.currency,
      metadata: (form['metadata'] ?? {}) as Record<string, string>,
      payment_intent: intent.id,
      status: charge.card === cards.refundPending ? 'pending' : 'succeeded',
    }
    refunds.set(refund.id, refund)
    record('refund', refund.id, -amount, 0, charge.currency, intent.id)
    tell('refund.created', refund)
    return refund
  }

  function finishRefund(refund: Refund): void {
    const charge = charges.get(refund.charge)
    if (refund.status === 'pending') {
      refund.status = 'succeeded'
      tell('refund.updated', refund)
    } else if (refund.status === 'succeeded' && charge?.card === cards.refundFailsLater) {
      refund.status = 'failed'
      refund.failure_reason = 'unknown'
      charge.amount_refunded -= refund.amount
      record('refund_failure', refund.id, refund.amount, 0, refund.currency, refund.payment_intent)
      tell('refund.failed', refund)
    }
  }

  function createTransfer(form: Record<string, unknown>): object {
    const charge = get(charges, String(form['source_transaction']), 'charge')
    get(accounts, String(form['destination']), 'account')
    const amount = Number(form['amount'])
    const sentOn = [...transfers.values()].filter((t) => t.source_transaction === charge.id).reduce((sum, t) => sum + t.amount, 0)
    if (!(amount >= 1) || sentOn + amount > charge.amount_captured)
      throw bad('Insufficient funds in the source', 'balance_insufficient')
    const transfer: Transfer = {
      id: newId('tr'),
      object: 'transfer',
      amount,
      amount_reversed: 0,
      created: nowS(),
      currency: String(form['currency']),
      destination: String(form['destination']),
      metadata: (form['metadata'] ?? {}) as Record<string, string>,
      source_transaction: charge.id,
      transfer_group: String(form['transfer_group'] ?? ''),
    }
    transfers.set(transfer.id, transfer)
    record('transfer', transfer.id, -amount, 0, transfer.currency)
    return transfer
  }

  function reverseTransfer(transfer: Transfer, form: Record<string, unknown>): object {
    const amount = Number(form['amount'] ?? transfer.amount - transfer.amount_reversed)
    if (!(amount >= 1 && amount <= transfer.amount - transfer.amount_reversed))
      throw bad('The reversal is too large', 'amount_too_large')
    transfer.amount_reversed += amount
    const metadata = (form['metadata'] ?? {}) as Record<string, string>
    const reversal: Reversal = {
      id: newId('trr'),
      object: 'transfer_reversal',
      amount,
      currency: transfer.currency,
      metadata,
      transfer: transfer.id,
    }
    reversals.push(reversal)
    record('transfer_reversal', reversal.id, amount, 0, transfer.currency)
    return reversal
  }

  function openAccount(): object {
    const account = { id: newId('acct'), object: 'account' as const, payouts_enabled: false, details_submitted: false }
    accounts.set(account.id, account)
    return account
  }

  const list = (data: readonly object[]) => ({ object: 'list', data, has_more: false })
  const preview = (id: string) => {
    const token = get(tokens, id, 'confirmation_token')
    const brand = token.number.startsWith('4') ? 'visa' : 'mastercard'
    return {
      id,
      object: 'confirmation_token',
      payment_method_preview: { type: 'card', card: { brand, last4: token.number.slice(-4), fingerprint: token.fingerprint } },
    }
  }

  function carryOut(asked: Asked): object {
    const form = asked.method === 'GET' ? formOf(asked.query.toString()) : formOf(asked.body)
    const [, , noun = '', id = '', verb = ''] = asked.path.split('/')
    const act = `${asked.method} ${noun}${id ? '/:id' : ''}${verb ? `/${verb}` : ''}`
    const intent = () => get(intents, id, 'payment_intent')
    switch (act) {
      case 'POST confirmation_tokens':
        return preview(newToken(String(form['number'] ?? ''), undefined))
      case 'GET confirmation_tokens/:id':
        return preview(id)
      case 'POST payment_intents':
        return createIntent(form)
      case 'GET payment_intents/:id':
        return shown(intent(), form['expand'])
      case 'POST payment_intents/:id/confirm':
        return confirm(intent(), form)
      case 'POST payment_intents/:id/capture':
        return capture(intent(), form)
      case 'POST payment_intents/:id/cancel':
        return cancel(intent())
      case 'POST payment_intents/:id/challenge':
        challenge(id, form['approve'] === 'true')
        return intent()
      case 'POST refunds':
        return createRefund(form)
      case 'GET refunds/:id':
        return get(refunds, id, 'refund')
      case 'GET refunds':
        return list([...refunds.values()].filter((r) => r.payment_intent === form['payment_intent']).reverse())
      case 'POST transfers':
        return createTransfer(form)
      case 'GET transfers':
        return list(
          [...transfers.values()].filter(
            (t) => t.transfer_group === form['transfer_group'] && t.destination === form['destination'],
          ),
        )
      case 'POST transfers/:id/reversals':
        return reverseTransfer(get(transfers, id, 'transfer'), form)
      case 'GET transfers/:id/reversals':
        return list(reversals.filter((r) => r.transfer === id))
      case 'POST accounts':
        return openAccount()
      case 'GET accounts/:id':
        return get(accounts, id, 'account')
      case 'POST account_links': {
        const account = get(accounts, String(form['account']), 'account')
        Object.assign(account, { payouts_enabled: true, details_submitted: true })
        return { object: 'account_link', url: `https://connect.stripe.com/setup/s/${account.id}`, expires_at: nowS() + 300 }
      }
      default:
        throw new StripeNo(404, { type: 'invalid_request_error', message: `Unrecognized request URL (${act})` })
    }
  }

  function newToken(number: string, fingerprint: string | undefined): string {
    const id = newId('ctoken')
    tokens.set(id, { number, fingerprint: fingerprint ?? `fp_${number}`, used: false })
    return id
  }

  function challenge(intentId: string, approve: boolean): void {
    const intent = get(intents, intentId, 'payment_intent')
    const charge = charges.get(`pending_${intentId}`)
    if (intent.status !== 'requires_action' || !charge) throw bad('Nothing is asked', 'payment_intent_unexpected_state')
    charges.delete(`pending_${intentId}`)
    if (approve) return take(intent, charge)
    intent.status = 'requires_payment_method'
    intent.next_action = null
    intent.last_payment_error = {
      type: 'card_error',
      code: 'payment_intent_authentication_failure',
      message: 'The provided payment method has failed authentication.',
    }
    tell('payment_intent.payment_failed', intent)
  }

  /** A key belongs to one set of parameters; what was answered to it first, an error too, is answered again. */
  function keyed(asked: Asked): Answered {
    const key = asked.method === 'POST' ? asked.headers['idempotency-key'] : undefined
    const print = `${asked.path} ${asked.body}`
    const before = typeof key === 'string' ? keys.get(key) : undefined
    if (before && before.print !== print)
      return failure(
        new StripeNo(400, {
          type: 'idempotency_error',
          message: 'Keys for idempotent requests can only be used with the same parameters they were first used with.',
        }),
      )
    if (before) return { ...before.answered, headers: { ...before.answered.headers, 'idempotent-replayed': 'true' } }
    const answered = attempt(asked)
    if (typeof key === 'string') keys.set(key, { print, answered })
    return answered
  }

  function attempt(asked: Asked): Answered {
    try {
      return { status: 200, body: structuredClone(carryOut(asked)), headers: { 'request-id': newId('req') } }
    } catch (problem) {
      if (!(problem instanceof StripeNo)) throw problem
      return failure(problem)
    }
  }
  const failure = (no: StripeNo): Answered => ({
    status: no.status,
    body: { error: structuredClone(no.body) },
    headers: { 'request-id': newId('req'), 'stripe-should-retry': 'false' },
  })

  function admit(asked: Asked): Answered {
    const allowed = asked.headers.authorization === `Bearer ${secretKey}`
    const fromBrowser =
      /\/(confirmation_tokens|challenge)$/.test(asked.path) && asked.headers.authorization === `Bearer ${publicKey}`
    if (allowed || fromBrowser) return keyed(asked)
    return failure(new StripeNo(401, { type: 'invalid_request_error', message: 'Invalid API Key provided' }))
  }

  const wire = await openWire(admit, {
    busy: () => ({
      status: 429,
      body: { error: { type: 'invalid_request_error', code: 'rate_limit', message: 'Too many requests' } },
    }),
    fail: () => ({
      status: 500,
      body: { error: { type: 'api_error', message: 'Sorry, there was an error' } },
      headers: { 'stripe-should-retry': 'false' },
    }),
  })

  const fake: FakeStripe = {
    silentAboutFees: false,
    wire,
    url: wire.url,
    secretKey,
    publicKey,
    webhookSecret,
    intents,
    refunds,
    transfers,
    tokenFor: newToken,
    challenge,
    finish(intentId) {
      for (const intent of intents.values()) {
        if (intent.status !== 'processing' || (intentId && intent.id !== intentId)) continue
        take(intent, get(charges, `pending_${intent.id}`, 'charge'))
        charges.delete(`pending_${intent.id}`)
      }
      if (!intentId) for (const refund of refunds.values()) finishRefund(refund)
    },
    sent() {
      const taken = outbox
      outbox = []
      return taken.map(({ id, type, object }) => {
        const text = JSON.stringify({ id, object: 'event', type, created: nowS(), livemode: false, data: { object } })
        const v1 = createHmac('sha256', webhookSecret).update(`${nowS()}.${text}`).digest('hex')
        return { id, type, body: Buffer.from(text), headers: { 'stripe-signature': `t=${nowS()},v1=${v1}` } }
      })
    },
    balanceCsv: () => balanceCsv([...balance.values()]),
    lines: () => [...balance.values()],
    payOut: (amount, currency) => void record('payout', newId('po'), -amount, 0, currency),
    [Symbol.asyncDispose]: () => wire[Symbol.asyncDispose](),
  }
  return fake
}
