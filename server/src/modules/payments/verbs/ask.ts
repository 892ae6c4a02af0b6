import { type Money, money } from '@efir/contract/money.ts'
import type { Tx } from '../../../kernel/context.ts'
import { assert, refuseIf } from '../../../kernel/refusal.ts'
import { at, sql } from '../../../kernel/sql.ts'
import type { AccountRef } from '../../ledger/tables.ts'
import { buyer, cash, clearing, move, shop } from '../../ledger/verbs/accounts.ts'
import { post } from '../../ledger/verbs/transfers.ts'
import { paymentVoided, type RefundBody, refundDone, refundRefused } from '../events.ts'
import type { PaymentProvider } from '../ports.ts'
import { refundable } from '../rules.ts'
import type { PaymentRow, RefundRow } from '../tables.ts'
import { bodyOf, lockPayment } from './apply.ts'

export interface OpenPayment {
  /** Once per intent of the module that asks. */
  readonly key: string
  readonly subjectId: string
  readonly personId: string
  readonly provider: string
  readonly method: string
  readonly capture: 'automatic' | 'manual'
  readonly amount: Money
  /** The shop that takes the money itself. */
  readonly shopId?: string
}

/** Writes down what is to be paid; the provider is asked after the commit (`cashier.begin`). */
export async function openPayment(tx: Tx, input: OpenPayment): Promise<PaymentRow> {
  const id = tx.newId('payment')
  const made = await tx.maybe<PaymentRow>(
    sql`insert into payments.payment (id, key, subject_id, person_id, shop_id, provider, method, capture, amount, currency, state, created_at, changed_at)
        values (${id}, ${input.key}, ${input.subjectId}, ${input.personId}, ${input.shopId ?? null}, ${input.provider}, ${input.method}, ${input.capture},
                ${input.amount.amount}, ${input.amount.currency}, 'created', ${at(tx.now)}, ${at(tx.now)})
        on conflict (key) do nothing returning *`,
  )
  const payment = made ?? (await tx.one<PaymentRow>(sql`select * from payments.payment where key = ${input.key}`))
  assert(
    payment.amount === input.amount.amount && payment.currency === input.amount.currency,
    `payment key ${input.key} was used for another amount`,
  )
  return payment
}

/** Takes an authorised payment, or less of it, soon after the commit. */
export async function askCapture(tx: Tx, input: { paymentId: string; amount: number }): Promise<void> {
  const payment = await lockPayment(tx, input.paymentId)
  if (payment.state === 'captured' || payment.wanted === 'capture') return
  assert(payment.state === 'authorised', 'only what is authorised can be captured')
  assert(input.amount > 0 && input.amount <= payment.amount, 'a capture is at most what was authorised')
  await tx.run(sql`update payments.payment set wanted = 'capture', wanted_amount = ${input.amount} where id = ${payment.id}`)
  await tx.addJob('payments.carryOut', { paymentId: payment.id }, { key: `payments.carryOut:${payment.id}` })
}

/**
 * Gives a payment up. `none`: nothing was or will be taken · `asked`: the provider is told, and may still answer that it was too late ·
 * `captured`: too late, refund instead.
 */
export async function askVoid(tx: Tx, input: { paymentId: string }): Promise<'none' | 'asked' | 'captured'> {
  const payment = await lockPayment(tx, input.paymentId)
  if (payment.state === 'captured') return 'captured'
  if (payment.state === 'declined' || payment.state === 'voided') return 'none'
  if (payment.state === 'created') {
    await tx.run(sql`update payments.payment set state = 'voided', changed_at = ${at(tx.now)} where id = ${payment.id}`)
    await tx.announce(paymentVoided, bodyOf(payment, false), payment.person_id)
    return 'none'
  }
  await tx.run(sql`update payments.payment set wanted = 'void', wanted_amount = null where id = ${payment.id}`)
  await tx.addJob('payments.carryOut', { paymentId: payment.id }, { key: `payments.carryOut:${payment.id}` })
  return 'asked'
}

export interface AskRefund {
  readonly key: string
  readonly paymentId: string
  readonly orderId: string
  readonly amount: number
  readonly reason: string
  readonly askedBy?: string
}

/** Gives money back soon after the commit; never more than was captured in all. */
export async function askRefund(tx: Tx, input: AskRefund): Promise<{ refundId: string; replay: boolean }> {
  const payment = await lockPayment(tx, input.paymentId)
  const before = await tx.maybe<RefundRow>(sql`select * from payments.refund where key = ${input.key}`)
  if (before) return { refundId: before.id, replay: true }
  const left = refundable(payment)
  refuseIf(input.amount < 1 || input.amount > left, 'refund_too_large', { left, currency: payment.currency })
  const refundId = tx.newId('refund')
  await tx.run(
    sql`insert into payments.refund (id, key, payment_id, order_id, amount, currency, state, reason, asked_by, asked_at)
        values (${refundId}, ${input.key}, ${payment.id}, ${input.orderId}, ${input.amount}, ${payment.currency}, 'asked', ${input.reason}, ${input.askedBy ?? null}, ${at(tx.now)})`,
  )
  await tx.run(sql`update payments.payment set refunded_amount = refunded_amount + ${input.amount} where id = ${payment.id}`)
  await tx.addJob('payments.refund', { refundId, asked: 0 }, { key: `payments.refund:${refundId}` })
  return { refundId, replay: false }
}

/** What the provider answered to a refund; a second answer changes nothing. */
export async function settleRefund(
  tx: Tx,
  input: {
    refundId: string
    holds: PaymentProvider['holds']
    outcome: { done: true; ref: string } | { done: false; problem: string }
  },
): Promise<void> {
  const refund = await tx.one<RefundRow>(sql`select * from payments.refund where id = ${input.refundId} for update`)
  const late = refund.state === 'done' && !input.outcome.done
  if (refund.state !== 'asked' && !late) return
  const payment = await lockPayment(tx, refund.payment_id)
  const body: RefundBody = {
    refundId: refund.id,
    paymentId: payment.id,
    orderId: refund.order_id,
    personId: payment.person_id,
    amount: refund.amount,
    currency: refund.currency,
  }
  if (!input.outcome.done) {
    const { problem } = input.outcome
    await tx.run(
      sql`update payments.refund set state = 'refused', problem = ${problem}, done_at = ${at(tx.now)} where id = ${refund.id}`,
    )
    await tx.run(sql`update payments.payment set refunded_amount = refunded_amount - ${refund.amount} where id = ${payment.id}`)
    // It had been given back and came back: the books take it in again.
    if (late) await postRefund(tx, payment, refund, { holds: input.holds, back: true })
    await tx.announce(refundRefused, { ...body, problem }, payment.person_id)
    return
  }
  await tx.run(
    sql`update payments.refund set state = 'done', provider_ref = ${input.outcome.ref}, done_at = ${at(tx.now)} where id = ${refund.id}`,
  )
  await postRefund(tx, payment, refund, { holds: input.holds, back: false })
  await tx.announce(refundDone, body, payment.person_id)
}

async function postRefund(
  tx: Tx,
  payment: PaymentRow,
  refund: RefundRow,
  how: { holds: PaymentProvider['holds']; back: boolean },
): Promise<void> {
  const amount = money(refund.amount, refund.currency)
  const about = { paymentId: payment.id, shopId: payment.shop_id ?? undefined }
  const to = buyer(payment.person_id)
  const mark = how.back ? `refund:${refund.id}:came_back` : `refund:${refund.id}`
  const flow = (from: AccountRef, into: AccountRef) => (how.back ? move(amount, into, from) : move(amount, from, into))
  if (how.holds === 'cash') {
    assert(payment.shop_id !== null, 'cash is given back by one shop')
    await post(tx, { ...about, kind: 'cash', cause: `${mark}:cash`, entries: flow(cash(payment.shop_id), to) })
    const entries = flow(shop(payment.shop_id), cash(payment.shop_id))
    await post(tx, { ...about, kind: 'cash_kept', cause: `${mark}:cash_kept`, orderId: refund.order_id, entries })
    return
  }
  await post(tx, { ...about, kind: 'refund', cause: `${mark}:paid`, entries: flow(clearing(payment.provider), to) })
  if (how.holds === 'clearing') return
  assert(payment.shop_id !== null, 'an account of a shop takes money for that shop alone')
  // The shop's own account gave it.
  const entries = flow(shop(payment.shop_id), clearing(payment.provider))
  await post(tx, { ...about, kind: 'passed_on', cause: `${mark}:from_shop`, entries })
}
