import { createHash } from 'node:crypto'
import type { Outcome, PaymentProvider, ProviderPayment, Read, RefundAsk } from '../ports.ts'
import { paymentOf, receiptOf, toAmount, type YooPayment, type YooRefund } from './yookassa-words.ts'

export interface YooKassaAccount {
  readonly name: string
  readonly holds: 'clearing' | 'shop'
  /** The number of the shop there; not a secret. */
  readonly publicKey: string
  readonly secretKey: string
  /** Such as https://api.yookassa.ru */
  readonly api: string
  readonly timeoutMs?: number
}

/** Said instead of a card's token: its page asks for the card. */
export const redirectToken = 'redirect'

type Answer<T> = { kind: 'ok'; body: T } | { kind: 'refused'; status: number } | { kind: 'unknown'; why: string }
type Asked = Outcome<{ payment: ProviderPayment }>

const maxAnswerBytes = 1_000_000
const refused = { kind: 'refused', reason: 'provider_refused' } as const

/** The buyer pays on the provider's page. Until they do nothing can be taken, so a lost answer to `begin` loses no money. */
export function openYooKassa(account: YooKassaAccount): PaymentProvider {
  const authorization = `Basic ${Buffer.from(`${account.publicKey}:${account.secretKey}`).toString('base64')}`

  async function ask<T>(method: 'GET' | 'POST', path: string, given: { key?: string; body?: unknown } = {}): Promise<Answer<T>> {
    try {
      const response = await fetch(`${account.api}/v3${path}`, {
        method,
        headers: {
          authorization,
          ...(given.body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(given.key === undefined ? {} : { 'idempotence-key': shortKey(given.key) }),
        },
        body: given.body === undefined ? undefined : JSON.stringify(given.body),
        redirect: 'error',
        signal: AbortSignal.timeout(account.timeoutMs ?? 20_000),
      })
      const text = (await response.text()).slice(0, maxAnswerBytes)
      if (response.status === 200) return { kind: 'ok', body: JSON.parse(text) as T }
      // 202: still working on it. A wrong key, too many asks and 5xx say nothing of what was asked.
      const no = response.status === 400 || response.status === 404
      return no ? { kind: 'refused', status: response.status } : { kind: 'unknown', why: `status ${response.status}` }
    } catch (problem) {
      return { kind: 'unknown', why: (problem as Error).name }
    }
  }

  const paid = (answer: Answer<YooPayment>): Asked =>
    answer.kind === 'ok' ? { kind: 'ok', payment: paymentOf(answer.body) } : answer.kind === 'refused' ? refused : answer

  async function release(given: { ref: string; idempotencyKey: string }): Promise<Asked> {
    const now = paid(await ask<YooPayment>('GET', `/payments/${given.ref}`))
    // Its page cannot be closed from here: it is let go of, and should the buyer pay after all, that is money that came late.
    if (now.kind === 'ok' && (now.payment.state === 'requires_action' || now.payment.state === 'processing'))
      return { kind: 'ok', payment: { ...now.payment, state: 'voided', action: undefined } }
    if (now.kind !== 'ok' || now.payment.state !== 'authorised') return now
    const cancelled = paid(
      await ask<YooPayment>('POST', `/payments/${given.ref}/cancel`, { key: given.idempotencyKey, body: {} }),
    )
    return cancelled.kind === 'refused' ? paid(await ask<YooPayment>('GET', `/payments/${given.ref}`)) : cancelled
  }

  async function findRefund(given: RefundAsk): Promise<Answer<YooRefund | null>> {
    if (given.refundRef) return await ask<YooRefund>('GET', `/refunds/${given.refundRef}`)
    if (!given.repeated) return { kind: 'ok', body: null }
    const list = await ask<{ items: YooRefund[] }>('GET', `/refunds?payment_id=${encodeURIComponent(given.ref)}&limit=100`)
    return list.kind === 'ok'
      ? { kind: 'ok', body: list.body.items.find((one) => one.description === given.refundId) ?? null }
      : list
  }

  async function refund(given: RefundAsk): Promise<Outcome<{ refundRef: string; state: 'done' | 'processing' }>> {
    const before = await findRefund(given)
    const answer =
      before.kind === 'ok' && before.body === null
        ? await ask<YooRefund>('POST', '/refunds', {
            key: given.idempotencyKey,
            body: { payment_id: given.ref, amount: toAmount(given.amount), description: given.refundId },
          })
        : before
    if (answer.kind === 'unknown') return answer
    if (answer.kind === 'refused' || answer.body === null || answer.body.status === 'canceled') return refused
    return { kind: 'ok', refundRef: answer.body.id, state: answer.body.status === 'succeeded' ? 'done' : 'processing' }
  }

  return {
    name: account.name,
    methods: ['card'],
    holds: account.holds,
    testOnly: false,
    wantsReceipt: true,
    publicKey: account.publicKey,
    inspect: async (token) =>
      token === redirectToken
        ? { kind: 'ok', instrument: { fingerprint: null, card: null } }
        : { kind: 'refused', reason: 'token_unknown' },
    async begin(given) {
      const body = {
        amount: toAmount(given.amount),
        capture: given.capture === 'automatic',
        confirmation: { type: 'redirect', return_url: given.returnUrl },
        description: given.paymentId,
        metadata: { efir_payment: given.paymentId },
        ...(given.receipt ? { receipt: receiptOf(given.receipt) } : {}),
      }
      const made = await ask<YooPayment>('POST', '/payments', { key: given.idempotencyKey, body })
      // Nobody has seen its page, so nothing can come of it.
      if (made.kind === 'unknown') return { kind: 'refused', reason: 'never_arrived' }
      if (made.kind === 'refused') return refused
      if (!(await given.named(made.body.id))) return { kind: 'unknown', why: 'given up before it was asked for' }
      return paid(made)
    },
    async capture(given) {
      const answer = await ask<YooPayment>('POST', `/payments/${given.ref}/capture`, {
        key: given.idempotencyKey,
        body: { amount: toAmount(given.amount) },
      })
      return answer.kind === 'refused' ? { kind: 'refused', reason: 'capture_refused' } : paid(answer)
    },
    void: release,
    refund,
    async lookUp(given) {
      if (given.ref === null) return { kind: 'ok', payment: null }
      const answer = await ask<YooPayment>('GET', `/payments/${encodeURIComponent(given.ref)}`)
      if (answer.kind === 'refused')
        return answer.status === 404 ? { kind: 'ok', payment: null } : { kind: 'unknown', why: `status ${answer.status}` }
      return paid(answer)
    },
    readCallback: (body) => readNotification(body),
  }
}

/** At most 64 characters are taken. */
const shortKey = (key: string): string => (key.length <= 64 ? key : createHash('sha256').update(key).digest('hex'))

/** Notifications carry no signature: they only say which payment is worth asking about. */
function readNotification(body: Buffer): Read {
  const read = parsed(body)
  const { event, object } = read ?? {}
  if (typeof event !== 'string' || typeof object?.id !== 'string') return { ok: false, why: 'not a notification' }
  const eventId = `${event.slice(0, 60)}:${object.id.slice(0, 60)}`
  if (event.startsWith('refund.')) {
    const refundId = object.description
    return {
      ok: true,
      callback: typeof refundId === 'string' ? { eventId, paymentId: '', payment: null, asks: true, refundId } : null,
    }
  }
  const paymentId = object.metadata?.['efir_payment']
  if (typeof paymentId !== 'string') return { ok: true, callback: null }
  return { ok: true, callback: { eventId, paymentId, ref: object.id, payment: null, asks: true } }
}

interface Notification {
  event?: unknown
  object?: { id?: unknown; description?: unknown; metadata?: Record<string, unknown> } | null
}
function parsed(body: Buffer): Notification | null {
  try {
    const value: unknown = JSON.parse(body.toString())
    return typeof value === 'object' && value !== null ? (value as Notification) : null
  } catch (problem) {
    if (problem instanceof SyntaxError) return null
    throw problem
  }
}
