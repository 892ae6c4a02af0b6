import { type Answered, type Asked, openWire, type Wire } from './wire.ts'

interface Amount {
  value: string
  currency: string
}
interface Payment {
  id: string
  status: 'pending' | 'waiting_for_capture' | 'succeeded' | 'canceled'
  paid: boolean
  amount: Amount
  income_amount?: Amount
  refunded_amount?: Amount
  capture: boolean
  confirmation?: { type: string; return_url?: string; confirmation_url: string }
  cancellation_details?: { party: string; reason: string }
  payment_method?: { type: string; id: string; saved: boolean; card: { first6: string; last4: string; card_type: string } }
  created_at: string
  description?: string
  metadata: Record<string, string>
  receipt?: { items: { quantity: string; amount: Amount }[] }
  test: true
}
interface Refund {
  id: string
  payment_id: string
  status: 'pending' | 'succeeded' | 'canceled'
  amount: Amount
  created_at: string
  description?: string
}

class No extends Error {
  readonly status: number
  readonly code: string
  constructor(status: number, code: string, message: string) {
    super(message)
    this.status = status
    this.code = code
  }
}

export interface FakeYooKassa extends AsyncDisposable {
  readonly wire: Wire
  readonly url: string
  readonly shopId: string
  readonly secretKey: string
  readonly payments: ReadonlyMap<string, Payment>
  readonly refunds: ReadonlyMap<string, Refund>
  /** The buyer on the provider's page. */
  pay(paymentId: string, outcome: 'paid' | 'insufficient_funds' | '3d_secure_failed' | 'expired_on_confirmation'): void
  /** The next refunds stay under way until finished. */
  slowRefunds: boolean
  finish(): void
  /** Notifications made since the last time; nothing signs them. */
  sent(): { id: string; body: Buffer; headers: Record<string, string> }[]
}

const cents = (amount: Amount): number => {
  const [whole = '0', part = ''] = amount.value.split('.')
  return Number(whole) * 100 + Number(part.padEnd(2, '0').slice(0, 2))
}
const amountOf = (of: number, currency: string): Amount => ({ value: (of / 100).toFixed(2), currency })

/** Speaks the wire format of the provider's API, version 3, over loopback. */
export async function openFakeYooKassa(options: { seed?: number; now?: () => number } = {}): Promise<FakeYooKassa> {
  const now = options.now ?? (() => Date.now())
  const seed = (options.seed ?? 1).toString(16).padStart(8, '0')
  let made = 0
  const newId = () => `${seed}-000f-5000-8000-${(++made).toString(16).padStart(12, '0')}`
  const shopId = '100500'
  const secretKey = `test_fake${seed}Qw7`
  const payments = new Map<string, Payment>()
  const refunds = new Map<string, Refund>()
  const keys = new Map<string, { print: string; answered: Answered }>()
  let outbox: { id: string; body: Buffer; headers: Record<string, string> }[] = []
  const tell = (event: string, object: object) => {
    const body = Buffer.from(JSON.stringify({ type: 'notification', event, object }))
    outbox.push({ id: newId(), body, headers: { 'content-type': 'application/json' } })
  }
  const get = <T>(map: ReadonlyMap<string, T>, id: string): T => {
    const found = map.get(id)
    if (!found) throw new No(404, 'not_found', 'Object not found')
    return found
  }

  function create(form: Record<string, unknown>): Payment {
    const amount = form['amount'] as Amount | undefined
    if (!amount || !/^\d+\.\d{2}$/.test(amount.value) || cents(amount) < 1) throw new No(400, 'invalid_request', 'Wrong amount')
    const receipt = form['receipt'] as Payment['receipt']
    const total = receipt?.items.reduce((sum, item) => sum + Math.round(Number(item.quantity) * cents(item.amount)), 0)
    if (total !== undefined && total !== cents(amount)) throw new No(400, 'invalid_request', 'Receipt does not match the amount')
    const id = newId()
    const payment: Payment = {
      id,
      status: 'pending',
      paid: false,
      amount,
      capture: form['capture'] === true,
      confirmation: { type: 'redirect', confirmation_url: `https://yoomoney.ru/checkout/payments/v2/contract?orderId=${id}` },
      created_at: new Date(now()).toISOString(),
      description: form['description'] as string,
      metadata: (form['metadata'] ?? {}) as Record<string, string>,
      ...(receipt ? { receipt } : {}),
      test: true,
    }
    payments.set(id, payment)
    return payment
  }

  function succeed(payment: Payment, amount: number): void {
    payment.amount = amountOf(amount, payment.amount.currency)
    payment.income_amount = amountOf(amount - Math.round(amount * 0.028), payment.amount.currency)
    payment.status = 'succeeded'
    tell('payment.succeeded', payment)
  }

  function cancel(payment: Payment, party: string, reason: string): void {
    payment.status = 'canceled'
    payment.cancellation_details = { party, reason }
    tell('payment.canceled', payment)
  }

  function capture(payment: Payment, form: Record<string, unknown>): Payment {
    const amount = form['amount'] ? cents(form['amount'] as Amount) : cents(payment.amount)
    if (payment.status !== 'waiting_for_capture' || amount > cents(payment.amount) || amount < 1)
      throw new No(400, 'invalid_request', 'The payment cannot be captured')
    succeed(payment, amount)
    return payment
  }

  function createRefund(form: Record<string, unknown>): Refund {
    const payment = get(payments, String(form['payment_id']))
    const amount = cents(form['amount'] as Amount)
    const back = payment.refunded_amount ? cents(payment.refunded_amount) : 0
    if (payment.status !== 'succeeded' || amount < 1 || back + amount > cents(payment.amount))
      throw new No(400, 'invalid_request', 'The refund is larger than the payment')
    payment.refunded_amount = amountOf(back + amount, payment.amount.currency)
    const refund: Refund = {
      id: newId(),
      payment_id: payment.id,
      status: fake.slowRefunds ? 'pending' : 'succeeded',
      amount: form['amount'] as Amount,
      created_at: new Date(now()).toISOString(),
      description: form['description'] as string,
    }
    refunds.set(refund.id, refund)
    if (refund.status === 'succeeded') tell('refund.succeeded', refund)
    return refund
  }

  function carryOut(asked: Asked): unknown {
    const form = asked.method === 'POST' ? (JSON.parse(asked.body) as Record<string, unknown>) : {}
    const [, , noun = '', id = '', verb = ''] = asked.path.split('/')
    switch (`${asked.method} ${noun}${id ? '/:id' : ''}${verb ? `/${verb}` : ''}`) {
      case 'POST payments':
        return create(form)
      case 'GET payments/:id':
        return get(payments, id)
      case 'POST payments/:id/capture':
        return capture(get(payments, id), form)
      case 'POST payments/:id/cancel': {
        const payment = get(payments, id)
        if (payment.status !== 'waiting_for_capture') throw new No(400, 'invalid_request', 'The payment cannot be cancelled')
        cancel(payment, 'merchant', 'canceled_by_merchant')
        return payment
      }
      case 'POST refunds':
        return createRefund(form)
      case 'GET refunds/:id':
        return get(refunds, id)
      case 'GET refunds':
        return { type: 'list', items: [...refunds.values()].filter((r) => r.payment_id === asked.query.get('payment_id')) }
      default:
        throw new No(404, 'not_found', 'No such address')
    }
  }

  const failure = (status: number, code: string, description: string): Answered => ({
    status,
    body: { type: 'error', id: newId(), code, description },
  })
  const basic = `Basic ${Buffer.from(`${shopId}:${secretKey}`).toString('base64')}`

  function answer(asked: Asked): Answered {
    if (asked.headers.authorization !== basic) return failure(401, 'invalid_credentials', 'Basic authentication failed')
    const key = asked.method === 'POST' ? asked.headers['idempotence-key'] : undefined
    if (asked.method === 'POST' && (typeof key !== 'string' || key.length > 64))
      return failure(400, 'invalid_request', 'Idempotence-Key is missing or too long')
    const print = `${asked.path} ${asked.body}`
    const before = typeof key === 'string' ? keys.get(key) : undefined
    if (before) return before.print === print ? before.answered : failure(400, 'invalid_request', 'Idempotence key duplicated')
    let answered: Answered
    try {
      answered = { status: 200, body: structuredClone(carryOut(asked)) }
    } catch (problem) {
      if (!(problem instanceof No)) throw problem
      answered = failure(problem.status, problem.code, problem.message)
    }
    if (typeof key === 'string') keys.set(key, { print, answered })
    return answered
  }

  const wire = await openWire(answer, {
    busy: () => failure(429, 'too_many_requests', 'Too many requests'),
    fail: () => failure(500, 'internal_server_error', 'Try again later'),
  })
  const fake: FakeYooKassa = {
    wire,
    url: wire.url,
    shopId,
    secretKey,
    payments,
    refunds,
    slowRefunds: false,
    pay(paymentId, outcome) {
      const payment = get(payments, paymentId)
      if (payment.status !== 'pending') throw new No(400, 'invalid_request', 'Nothing is asked')
      payment.confirmation = undefined
      payment.payment_method = {
        type: 'bank_card',
        id: payment.id,
        saved: false,
        card: { first6: '555555', last4: '4444', card_type: 'MasterCard' },
      }
      if (outcome !== 'paid') return cancel(payment, 'payment_network', outcome)
      payment.paid = true
      if (payment.capture) return succeed(payment, cents(payment.amount))
      payment.status = 'waiting_for_capture'
      tell('payment.waiting_for_capture', payment)
    },
    finish() {
      for (const refund of refunds.values()) {
        if (refund.status !== 'pending') continue
        refund.status = 'succeeded'
        tell('refund.succeeded', refund)
      }
    },
    sent() {
      const taken = outbox
      outbox = []
      return taken
    },
    [Symbol.asyncDispose]: () => wire[Symbol.asyncDispose](),
  }
  return fake
}
