import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { money, percent } from '@efir/contract/money.ts'
import { type DeclineReason, type TestCard, testCards } from '@efir/contract/payments.ts'
import type { Kernel } from '../../../kernel/context.ts'
import { at, sql } from '../../../kernel/sql.ts'
import type { BeginAsk, Callback, Outcome, PaymentProvider, ProviderPayment } from '../ports.ts'

type Tools = Pick<Kernel, 'db' | 'clock' | 'jobs' | 'secret'>

interface Intent {
  id: string
  payment_id: string
  idempotency_key: string
  token: string
  amount: number
  currency: string
  capture: 'automatic' | 'manual'
  state: ProviderPayment['state']
  captured: number
  refunded: number
  due_state: ProviderPayment['state'] | null
  due_at: number | null
  version: number
}

export interface TestProvider extends PaymentProvider {
  /** The buyer's answer on the test bank's page; false when nothing is asked. */
  challenge(paymentId: string, approve: boolean): Promise<boolean>
  /** What it would send now: body and signed headers. `eventId` as given, so that a test can repeat one. */
  callbackFor(paymentId: string, eventId: string): Promise<{ body: Buffer; headers: Record<string, string> }>
}

const feeBasisPoints = 150
const slowMs = 8_000
const lateMs = 45 * 60_000
const callbackToleranceMs = 5 * 60_000

/** A card may carry `.<mark>`: two tokens with the same mark are the same card, whoever pays. */
function cardOf(token: string): { card: TestCard; mark: string | null } | null {
  const [name, mark] = token.split('.')
  const card = testCards.find((c) => c.token === name)
  return card ? { card, mark: mark ?? null } : null
}

/** What each card does when money is asked of it: its state at once, the state it comes to later, and whether it answers the asker. */
function scriptOf(
  what: TestCard['what'],
  goal: 'authorised' | 'captured',
): { state: ProviderPayment['state']; due?: { state: ProviderPayment['state']; inMs: number }; silent?: boolean } {
  switch (what) {
    case 'decline':
    case 'expired':
      return { state: 'declined' }
    case 'confirm':
      return { state: 'requires_action' }
    case 'timeout':
      return { state: goal, silent: true }
    case 'timeout_fail':
      return { state: 'declined', silent: true }
    case 'slow':
      return { state: 'processing', due: { state: goal, inMs: slowMs } }
    case 'late':
      return { state: 'declined', due: { state: goal, inMs: lateMs } }
    case 'success':
    case 'twice':
    case 'refund_fail':
    case 'lost':
      return { state: goal }
  }
}

const reasonOf = (what: TestCard['what']): DeclineReason =>
  what === 'expired'
    ? 'card_expired'
    : what === 'confirm'
      ? 'not_confirmed'
      : what === 'decline'
        ? 'insufficient_funds'
        : 'card_refused'

function paymentOf(intent: Intent): ProviderPayment {
  const what = cardOf(intent.token)?.card.what ?? 'success'
  return {
    ref: intent.id,
    state: intent.state,
    captured: intent.state === 'captured' ? intent.captured : 0,
    fee: intent.state === 'captured' ? percent(money(intent.captured, intent.currency), feeBasisPoints).amount : 0,
    ...(intent.state === 'declined' ? { declineReason: reasonOf(what) } : {}),
    ...(intent.state === 'requires_action' ? { action: { kind: 'challenge' as const } } : {}),
  }
}

/**
 * A payment provider of our own for the demo and the tests. It behaves like one outside: its books are its own, it knows ours only by
 * what it is asked, and it tells what happened by signed callbacks.
 */
export function openTestProvider(tools: Tools): TestProvider {
  const { db } = tools
  const key = createHmac('sha256', tools.secret).update('efir.test-provider.1').digest()
  const goalOf = (intent: Pick<Intent, 'capture'>) => (intent.capture === 'automatic' ? 'captured' : 'authorised')
  const tell = (paymentId: string, inMs: number, tag: string) =>
    db.transaction((c) =>
      tools.jobs.add(
        c,
        'payments.testCallback',
        { paymentId, eventId: `evt_${paymentId}_${tag}` },
        { runAt: tools.clock.now() + inMs },
      ),
    )

  async function change(intent: Intent, state: Intent['state'], captured: number): Promise<Intent> {
    return await db.one<Intent>(
      sql`update payments.test_intent set state = ${state}, captured = ${captured}, due_state = null, due_at = null, version = version + 1 where id = ${intent.id} returning *`,
    )
  }

  /** As it is now: what was due has happened. */
  async function current(where: { paymentId: string } | { ref: string }): Promise<Intent | null> {
    const intent = await db.maybe<Intent>(
      sql`select * from payments.test_intent where ${'ref' in where ? sql`id = ${where.ref}` : sql`payment_id = ${where.paymentId}`}`,
    )
    if (!intent?.due_state || (intent.due_at ?? 0) > tools.clock.now()) return intent
    return await change(intent, intent.due_state, intent.due_state === 'captured' ? intent.amount : 0)
  }

  async function begin(ask: BeginAsk): Promise<Outcome<{ payment: ProviderPayment }>> {
    const known = cardOf(ask.token)
    if (!known) return { kind: 'refused', reason: 'token_unknown' }
    if (known.card.what === 'lost') return { kind: 'unknown', why: 'the request was lost on its way' }
    const script = scriptOf(known.card.what, goalOf(ask))
    const id = `test_${createHash('sha256').update(ask.idempotencyKey).digest('hex').slice(0, 24)}`
    const now = tools.clock.now()
    const made = await db.run(
      sql`insert into payments.test_intent (id, payment_id, idempotency_key, token, amount, currency, capture, state, captured, due_state, due_at)
          values (${id}, ${ask.paymentId}, ${ask.idempotencyKey}, ${ask.token}, ${ask.amount.amount}, ${ask.amount.currency}, ${ask.capture}, ${script.state},
                  ${script.state === 'captured' ? ask.amount.amount : 0}, ${script.due?.state ?? null}, ${script.due ? at(now + script.due.inMs) : null})
          on conflict do nothing`,
    )
    const intent = await current({ ref: id })
    if (!intent) return { kind: 'refused', reason: 'provider_refused' }
    if (made && script.due) await tell(ask.paymentId, script.due.inMs, 'due')
    if (made && !script.due && !script.silent && script.state !== 'requires_action') await tell(ask.paymentId, 0, 'first')
    if (made && known.card.what === 'twice') await tell(ask.paymentId, 0, 'first')
    if (script.silent) return { kind: 'unknown', why: 'no answer in time' }
    return { kind: 'ok', payment: paymentOf(intent) }
  }

  async function capture(ask: { ref: string; amount: { amount: number } }): Promise<Outcome<{ payment: ProviderPayment }>> {
    const intent = await current({ ref: ask.ref })
    if (intent?.state === 'captured') return { kind: 'ok', payment: paymentOf(intent) }
    if (intent?.state !== 'authorised' || ask.amount.amount > intent.amount) return { kind: 'refused', reason: 'capture_refused' }
    const done = await change(intent, 'captured', ask.amount.amount)
    await tell(intent.payment_id, 0, 'captured')
    return { kind: 'ok', payment: paymentOf(done) }
  }

  async function release(ask: { ref: string }): Promise<Outcome<{ payment: ProviderPayment }>> {
    const intent = await current({ ref: ask.ref })
    if (!intent) return { kind: 'refused', reason: 'provider_refused' }
    if (intent.state === 'authorised' || intent.state === 'requires_action' || intent.state === 'processing')
      return { kind: 'ok', payment: paymentOf(await change(intent, 'voided', 0)) }
    return intent.state === 'captured'
      ? { kind: 'refused', reason: 'provider_refused' }
      : { kind: 'ok', payment: paymentOf(intent) }
  }

  async function refund(ask: {
    ref: string
    amount: { amount: number }
    idempotencyKey: string
  }): Promise<Outcome<{ refundRef: string; state: 'done' | 'processing' }>> {
    const intent = await current({ ref: ask.ref })
    const fails = intent === null || intent.state !== 'captured' || cardOf(intent.token)?.card.what === 'refund_fail'
    return await db.transaction(async (c) => {
      const before = await c.maybe<{ id: string }>(
        sql`select id from payments.test_refund where idempotency_key = ${ask.idempotencyKey}`,
      )
      if (before) return { kind: 'ok', refundRef: before.id, state: 'done' }
      const took = fails
        ? 0
        : await c.run(
            sql`update payments.test_intent set refunded = refunded + ${ask.amount.amount} where id = ${ask.ref} and refunded + ${ask.amount.amount} <= captured`,
          )
      if (took === 0) return { kind: 'refused', reason: 'provider_refused' }
      const id = `testr_${createHash('sha256').update(ask.idempotencyKey).digest('hex').slice(0, 24)}`
      await c.run(
        sql`insert into payments.test_refund values (${ask.idempotencyKey}, ${id}, ${ask.ref}, ${ask.amount.amount}, 'done')`,
      )
      return { kind: 'ok', refundRef: id, state: 'done' }
    })
  }

  return {
    name: 'test',
    methods: ['card'],
    holds: 'clearing',
    testOnly: true,
    async inspect(token) {
      const known = cardOf(token)
      if (!known) return { kind: 'refused', reason: 'token_unknown' }
      const fingerprint = known.mark
        ? createHmac('sha256', key).update(`${known.card.number} ${known.mark}`).digest('base64url').slice(0, 22)
        : null
      return { kind: 'ok', instrument: { fingerprint, card: { brand: 'visa', last4: known.card.number.slice(-4) } } }
    },
    begin,
    capture,
    void: release,
    refund,
    async lookUp(ask) {
      const intent = await current(ask.ref ? { ref: ask.ref } : { paymentId: ask.paymentId })
      return { kind: 'ok', payment: intent && paymentOf(intent) }
    },
    async challenge(paymentId, approve) {
      const intent = await current({ paymentId })
      if (intent?.state !== 'requires_action') return false
      const goal = approve ? goalOf(intent) : 'declined'
      await change(intent, goal, goal === 'captured' ? intent.amount : 0)
      await tell(paymentId, 0, 'confirmed')
      return true
    },
    async callbackFor(paymentId, eventId) {
      const intent = await current({ paymentId })
      const callback: Partial<Callback> = { eventId, paymentId, ...(intent ? { payment: paymentOf(intent) } : {}) }
      const body = Buffer.from(JSON.stringify(callback))
      return { body, headers: { 'efir-test-signature': sign(key, body, tools.clock.now()) } }
    },
    readCallback(body, headers, now) {
      if (!signatureHolds(key, body, headers['efir-test-signature'], now))
        return { ok: false, why: 'the signature is wrong or too old' }
      return { ok: true, callback: JSON.parse(body.toString()) as Callback }
    },
  }
}

/** `t=<epoch ms>,v1=<hex HMAC-SHA-256 of "t.body">` */
export function sign(key: Buffer, body: Buffer, now: number): string {
  return `t=${now},v1=${createHmac('sha256', key).update(`${now}.`).update(body).digest('hex')}`
}

function signatureHolds(key: Buffer, body: Buffer, header: string | string[] | undefined, now: number): boolean {
  const match = typeof header === 'string' ? /^t=(\d{1,16}),v1=([0-9a-f]{64})$/.exec(header) : null
  if (!match || Math.abs(now - Number(match[1])) > callbackToleranceMs) return false
  const right = createHmac('sha256', key).update(`${match[1]}.`).update(body).digest()
  return timingSafeEqual(right, Buffer.from(match[2] as string, 'hex'))
}
