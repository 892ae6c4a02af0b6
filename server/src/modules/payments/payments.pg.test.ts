import { money } from '@efir/contract/money.ts'
import { answerTestChallenge, openPayments as openPaymentsAct, paymentSetup, reconcilePayment } from '@efir/contract/payments.ts'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { openWorld, type TestPerson, type World } from '../../../test/world.ts'
import type { AnyEvent } from '../../kernel/events.ts'
import { sql } from '../../kernel/sql.ts'
import * as ledger from '../ledger/contributes.ts'
import { openPayments, type Payments } from './adapters/usual.ts'
import { verifierChecks } from './contributes.ts'
import type { InboxRow, PaymentRow, RefundRow } from './tables.ts'
import { askCapture, askRefund, askVoid, openPayment } from './verbs/ask.ts'
import { receiveCallback } from './verbs/inbox.ts'
import { paymentRow } from './views.ts'

let world: World
let payments: Payments
let payer: TestPerson
const heard: AnyEvent[] = []
beforeAll(async () => {
  world = await openWorld()
  payments = openPayments(world.kernel)
  world.kernel.events.follow((event) => void heard.push(event))
})
beforeEach(async () => {
  await world.advance(0)
  heard.length = 0
  payer = await world.person()
})
afterAll(async () => {
  const found = await Promise.all([...ledger.verifierChecks, ...verifierChecks].map((c) => c.run(world.ctx)))
  expect(found.flat()).toEqual([])
  await world[Symbol.asyncDispose]()
})

let keys = 0
async function opened(given: { amount?: number; currency?: string; capture?: 'automatic' | 'manual' } = {}): Promise<PaymentRow> {
  const n = ++keys
  return await world.tx((tx) =>
    openPayment(tx, {
      key: `k${n}`,
      subjectId: `sub_${n}`,
      personId: payer.id,
      provider: 'test',
      method: 'card',
      capture: given.capture ?? 'automatic',
      amount: money(given.amount ?? 5000, given.currency ?? 'EUR'),
    }),
  )
}
const begin = (payment: PaymentRow, token: string) =>
  payments.cashier.begin(world.ctx, { paymentId: payment.id, token, returnUrl: '' })
const now = (payment: PaymentRow) => paymentRow(world.ctx, payment.id)
const told = () => heard.map((e) => e.type).filter((t) => t.startsWith('payment.'))
const inbox = (payment: PaymentRow) =>
  world.ctx.rows<InboxRow>(sql`select * from payments.inbox where payment_id = ${payment.id} order by received_at, event_id`)
const captures = async (payment: PaymentRow) =>
  (
    await world.ctx.one<{ n: number }>(
      sql`select count(*)::int as n from ledger.transfer where payment_id = ${payment.id} and kind = 'capture'`,
    )
  ).n

test('[PAY9] a success is captured once, with its fee, and the ledger holds both', async () => {
  const payment = await opened({ amount: 10_000 })
  expect(await begin(payment, 'tok_test_success')).toMatchObject({
    state: 'captured',
    captured_amount: 10_000,
    fee_amount: 150,
    card: { brand: 'visa', last4: '4242' },
  })
  await world.settle()
  expect(told()).toEqual(['payment.captured'])
  expect(await captures(payment)).toBe(1)
  expect(await inbox(payment)).toMatchObject([{ state: 'stale', copies: 1 }])
})

test('[PAY9] currencies without decimals and with three are whole minor units too', async () => {
  const yen = await begin(await opened({ amount: 333, currency: 'JPY' }), 'tok_test_success')
  expect(yen).toMatchObject({ captured_amount: 333, fee_amount: 5 })
  const dinar = await begin(await opened({ amount: 12_345, currency: 'KWD' }), 'tok_test_success')
  expect(dinar).toMatchObject({ captured_amount: 12_345, fee_amount: 185 })
})

test('a decline says why, and takes nothing', async () => {
  expect(await begin(await opened(), 'tok_test_decline')).toMatchObject({
    state: 'declined',
    decline_reason: 'insufficient_funds',
    captured_amount: 0,
  })
  expect(await begin(await opened(), 'tok_test_expired')).toMatchObject({ state: 'declined', decline_reason: 'card_expired' })
  expect(await begin(await opened(), 'tok_nobody_knows')).toMatchObject({ state: 'declined', decline_reason: 'token_unknown' })
  await world.settle()
  expect(told()).toEqual(['payment.declined', 'payment.declined', 'payment.declined'])
})

test('[PAY2] ten askers at once begin one payment once', async () => {
  const payment = await opened()
  const all = await Promise.all(Array.from({ length: 10 }, () => begin(payment, 'tok_test_success')))
  expect(all.filter((p) => p.state === 'captured').length).toBeGreaterThan(0)
  await world.settle()
  expect(await now(payment)).toMatchObject({ state: 'captured' })
  expect(await captures(payment)).toBe(1)
  expect(told().filter((t) => t === 'payment.captured')).toHaveLength(1)
})

test('[PAY13] a card that needs confirmation waits for its payer, who answers once', async () => {
  const payment = await opened()
  expect(await begin(payment, 'tok_test_confirm')).toMatchObject({ state: 'requires_action', action: { kind: 'challenge' } })
  const stranger = await world.person()
  expect(await world.call(stranger, answerTestChallenge, { paymentId: payment.id, approve: true })).toMatchObject({
    ok: false,
    refusal: 'not_found',
  })
  await world.must(payer, answerTestChallenge, { paymentId: payment.id, approve: true })
  expect(await world.call(payer, answerTestChallenge, { paymentId: payment.id, approve: false })).toMatchObject({
    ok: false,
    refusal: 'payment_pending',
  })
  expect(await payments.cashier.refresh(world.ctx, payment.id)).toMatchObject({ state: 'captured', action: null })
  const refused = await opened()
  await begin(refused, 'tok_test_confirm')
  await world.must(payer, answerTestChallenge, { paymentId: refused.id, approve: false })
  await world.settle()
  expect(await now(refused)).toMatchObject({ state: 'declined', decline_reason: 'not_confirmed' })
})

test('[PAY1] [PAY6] no answer: unknown, then found out as paid', async () => {
  const payment = await opened()
  expect(await begin(payment, 'tok_test_timeout')).toMatchObject({ state: 'unknown' })
  await world.settle()
  expect(told()).toEqual(['payment.unknown'])
  await world.advance(5_000)
  expect(await now(payment)).toMatchObject({ state: 'captured' })
  expect(told()).toEqual(['payment.unknown', 'payment.captured'])
})

test('[PAY6] no answer: unknown, then found out as declined', async () => {
  const payment = await opened()
  await begin(payment, 'tok_test_timeout_fail')
  await world.advance(5_000)
  expect(await now(payment)).toMatchObject({ state: 'declined' })
})

test('[PAY6] a request that was lost is given up after a minute, not before', async () => {
  const payment = await opened()
  expect(await begin(payment, 'tok_test_lost')).toMatchObject({ state: 'unknown' })
  await world.advance(59_000)
  expect(await now(payment)).toMatchObject({ state: 'unknown' })
  await world.advance(60_000)
  expect(await now(payment)).toMatchObject({ state: 'declined', decline_reason: 'never_arrived' })
})

test('a slow provider answers later by itself', async () => {
  const payment = await opened()
  expect(await begin(payment, 'tok_test_slow')).toMatchObject({ state: 'unknown' })
  await world.advance(9_000)
  expect(await now(payment)).toMatchObject({ state: 'captured' })
})

test('[PAY1] a process that dies after asking leaves an unknown payment that is found out', async () => {
  const payment = await opened()
  const dying = {
    ...payments.testProvider!,
    begin: async (ask: Parameters<NonNullable<typeof payments.testProvider>['begin']>[0]) => {
      await payments.testProvider!.begin(ask)
      throw new Error('the process died here')
    },
  }
  const { openCashier } = await import('./verbs/cashier.ts')
  await expect(
    openCashier(world.kernel, [dying]).begin(world.ctx, { paymentId: payment.id, token: 'tok_test_success', returnUrl: '' }),
  ).rejects.toThrow(/died/)
  expect(await now(payment)).toMatchObject({ state: 'unknown' })
  await world.advance(10_000)
  expect(await now(payment)).toMatchObject({ state: 'captured' })
})

test('[PAY5] a callback that comes twice counts once', async () => {
  const payment = await opened()
  await begin(payment, 'tok_test_twice')
  await world.settle()
  const sent = await payments.testProvider!.callbackFor(payment.id, 'evt_again')
  for (let i = 0; i < 3; i++)
    expect(await receiveCallback(world.ctx, payments.cashier.providers, { provider: 'test', ...sent })).toEqual({ ok: true })
  await world.settle()
  expect((await inbox(payment)).find((e) => e.event_id === 'evt_again')).toMatchObject({ copies: 3, state: 'stale' })
  expect(told()).toEqual(['payment.captured'])
  expect(await captures(payment)).toBe(1)
})

test('[PAY3] callbacks out of order end in the newest truth', async () => {
  const payment = await opened({ capture: 'manual' })
  await begin(payment, 'tok_test_success')
  const early = await payments.testProvider!.callbackFor(payment.id, 'evt_early')
  await world.tx((tx) => askCapture(tx, { paymentId: payment.id, amount: 5000 }))
  await payments.cashier.carryOut(world.ctx, payment.id)
  await receiveCallback(world.ctx, payments.cashier.providers, { provider: 'test', ...early })
  await world.settle()
  expect(await now(payment)).toMatchObject({ state: 'captured' })
  expect((await inbox(payment)).find((e) => e.event_id === 'evt_early')).toMatchObject({ state: 'stale' })
})

test('[PAY5] forged, torn, old and foreign callbacks are refused', async () => {
  const payment = await opened()
  await begin(payment, 'tok_test_confirm')
  const url = '/api/payments/callbacks/test'
  const sent = await payments.testProvider!.callbackFor(payment.id, 'evt_forged')
  const post = (headers: Record<string, string>, payload: Buffer, to = url) =>
    world.app.http.inject({ method: 'POST', url: to, headers: { 'content-type': 'application/json', ...headers }, payload })
  const changed = Buffer.from(sent.body.toString().replace('requires_action', 'captured'))
  expect((await post(sent.headers, changed)).statusCode).toBe(400)
  expect((await post({}, sent.body)).statusCode).toBe(400)
  expect((await post(sent.headers, sent.body.subarray(1))).statusCode).toBe(400)
  expect((await post(sent.headers, sent.body, '/api/payments/callbacks/cash')).statusCode).toBe(400)
  expect((await post(sent.headers, sent.body, '/api/payments/callbacks/nobody')).statusCode).toBe(400)
  expect(await inbox(payment)).toEqual([])
  expect((await post(sent.headers, sent.body)).statusCode).toBe(200)
  const old = await payments.testProvider!.callbackFor(payment.id, 'evt_old')
  await world.advance(6 * 60_000)
  expect((await post(old.headers, old.body)).statusCode).toBe(400)
  expect((await inbox(payment)).map((e) => e.event_id)).toEqual(['evt_forged'])
})

test('a callback about a payment that is not ours is kept as an orphan', async () => {
  const payment = await opened()
  await begin(payment, 'tok_test_confirm')
  const real = await payments.testProvider!.callbackFor(payment.id, 'evt_orphan')
  const { createHmac } = await import('node:crypto')
  const { sign } = await import('./adapters/test.ts')
  const key = createHmac('sha256', world.kernel.secret).update('efir.test-provider.1').digest()
  const body = Buffer.from(real.body.toString().replaceAll(payment.id, 'pay_nobody'))
  await receiveCallback(world.ctx, payments.cashier.providers, {
    provider: 'test',
    body,
    headers: { 'efir-test-signature': sign(key, body, world.clock.now()) },
  })
  await world.settle()
  expect(await world.ctx.rows(sql`select state from payments.inbox where event_id = 'evt_orphan'`)).toEqual([{ state: 'orphan' }])
})

test('[PAY4] money that comes after giving up is captured, late', async () => {
  const payment = await opened()
  expect(await begin(payment, 'tok_test_late')).toMatchObject({ state: 'declined' })
  await world.advance(50 * 60_000)
  expect(await now(payment)).toMatchObject({ state: 'captured' })
  expect(heard.find((e) => e.type === 'payment.captured')?.body).toMatchObject({ late: true })
})

test('[PAY7] part of an authorisation is captured, the rest let go', async () => {
  const payment = await opened({ capture: 'manual' })
  expect(await begin(payment, 'tok_test_success')).toMatchObject({ state: 'authorised', captured_amount: 0 })
  await world.tx((tx) => askCapture(tx, { paymentId: payment.id, amount: 1200 }))
  await world.settle()
  expect(await now(payment)).toMatchObject({ state: 'captured', captured_amount: 1200, wanted: null })
})

test('[PAY7] a void wished while the outcome is unknown is carried out when it is known', async () => {
  const payment = await opened({ capture: 'manual' })
  await begin(payment, 'tok_test_timeout')
  expect(await world.tx((tx) => askVoid(tx, { paymentId: payment.id }))).toBe('asked')
  await world.settle()
  expect(await now(payment)).toMatchObject({ state: 'unknown', wanted: 'void' })
  await world.advance(6_000)
  expect(await now(payment)).toMatchObject({ state: 'voided', wanted: null })
})

test('[PAY7] a void that comes too late ends in captured, told as such', async () => {
  const payment = await opened()
  await begin(payment, 'tok_test_timeout')
  await world.tx((tx) => askVoid(tx, { paymentId: payment.id }))
  await world.advance(6_000)
  expect(await now(payment)).toMatchObject({ state: 'captured', wanted: null })
  expect(await world.tx((tx) => askVoid(tx, { paymentId: payment.id }))).toBe('captured')
})

test('[PAY7] what was never begun is given up without asking anybody', async () => {
  const payment = await opened()
  expect(await world.tx((tx) => askVoid(tx, { paymentId: payment.id }))).toBe('none')
  expect(await begin(payment, 'tok_test_success')).toMatchObject({ state: 'voided' })
})

test('[PAY8] refunds in parts never exceed the capture, however many ask at once', async () => {
  const payment = await opened({ amount: 1000 })
  await begin(payment, 'tok_test_success')
  const ask = (key: string, amount: number) =>
    world.tx((tx) => askRefund(tx, { key, paymentId: payment.id, orderId: 'ord_x', amount, reason: 'test' }))
  const all = await Promise.allSettled(Array.from({ length: 6 }, (_, i) => ask(`${payment.id}:${i}`, 300)))
  expect(all.filter((r) => r.status === 'fulfilled')).toHaveLength(3)
  expect(await ask(`${payment.id}:rest`, 100)).toMatchObject({ replay: false })
  expect(await ask(`${payment.id}:rest`, 100)).toMatchObject({ replay: true })
  await expect(ask(`${payment.id}:more`, 1)).rejects.toMatchObject({ code: 'refund_too_large' })
  await world.settle()
  expect(await world.ctx.rows<RefundRow>(sql`select state from payments.refund where payment_id = ${payment.id}`)).toEqual(
    Array.from({ length: 4 }, () => ({ state: 'done' })),
  )
  expect(told().filter((t) => t === 'payment.refunded')).toHaveLength(4)
})

test('[PAY8] a refused refund can be asked for again', async () => {
  const payment = await opened({ amount: 1000 })
  await begin(payment, 'tok_test_refund_fail')
  await world.tx((tx) =>
    askRefund(tx, { key: `${payment.id}:1`, paymentId: payment.id, orderId: 'ord_x', amount: 1000, reason: 'test' }),
  )
  await world.settle()
  expect(told()).toContain('payment.refund_refused')
  expect(await now(payment)).toMatchObject({ refunded_amount: 0 })
})

test('[PAY12] cash is promised, then taken by the shop that keeps it', async () => {
  const { id: shopId } = await world.shop()
  const payment = await world.tx((tx) =>
    openPayment(tx, {
      key: `cash${++keys}`,
      subjectId: 'ord_cash',
      personId: payer.id,
      provider: 'cash',
      method: 'cod',
      capture: 'manual',
      amount: money(700, 'EUR'),
      shopId,
    }),
  )
  expect(await payments.cashier.begin(world.ctx, { paymentId: payment.id, token: '', returnUrl: '' })).toMatchObject({
    state: 'authorised',
  })
  await world.tx((tx) => askCapture(tx, { paymentId: payment.id, amount: 700 }))
  await world.settle()
  expect(await now(payment)).toMatchObject({ state: 'captured' })
  const kept = await world.ctx.one<{ cash: number; shop: number }>(
    sql`select coalesce(sum(e.amount) filter (where a.kind = 'cash'), 0)::bigint as cash, coalesce(sum(e.amount) filter (where a.kind = 'shop'), 0)::bigint as shop
        from ledger.entry e join ledger.account a on a.id = e.account_id where a.owner_id = ${shopId}`,
  )
  expect(kept).toEqual({ cash: 0, shop: 700 })
})

test('[PAY10] no table of ours holds a card number', async () => {
  const { texts } = await world.ctx.one<{ texts: string }>(
    sql`select coalesce(string_agg(p::text, ' '), '') as texts from payments.payment p`,
  )
  // The provider's references are random hex and may hold long runs of digits.
  expect(texts.replace(/(test|cash|re)_[0-9a-z_]+/g, '')).not.toMatch(/\d{4} ?\d{4} ?\d{4} ?\d{4}(?!\d)/)
})

test('the platform says how it takes money; the operator sees what is not settled and can ask now', async () => {
  expect((await world.must(null, paymentSetup, {})).methods.map((m) => [m.method, m.atTheDoor])).toEqual([
    ['card', false],
    ['cod', true],
  ])
  const operator = await world.person({ operator: true })
  const payment = await opened()
  await begin(payment, 'tok_test_timeout')
  expect((await world.must(operator, openPaymentsAct, { limit: 200 })).items.map((p) => p.id)).toContain(payment.id)
  expect(await world.must(operator, reconcilePayment, { paymentId: payment.id })).toMatchObject({ state: 'captured' })
  expect((await world.must(operator, openPaymentsAct, { limit: 200 })).items.map((p) => p.id)).not.toContain(payment.id)
})
