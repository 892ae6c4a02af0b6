import { money } from '@efir/contract/money.ts'
import type { PaymentState } from '@efir/contract/payments.ts'
import type { Tx } from '../../../kernel/context.ts'
import { assert, found } from '../../../kernel/refusal.ts'
import { at, json, sql } from '../../../kernel/sql.ts'
import { buyer, cash, clearing, fees, move, shop } from '../../ledger/verbs/accounts.ts'
import { post } from '../../ledger/verbs/transfers.ts'
import {
  type PaymentBody,
  paymentAuthorised,
  paymentCaptured,
  paymentDeclined,
  paymentFeeKnown,
  paymentNeedsAction,
  paymentUnknown,
  paymentVoided,
} from '../events.ts'
import type { PaymentProvider, ProviderPayment } from '../ports.ts'
import { moveFor } from '../rules.ts'
import type { PaymentRow } from '../tables.ts'

export const lockPayment = async (tx: Tx, paymentId: string): Promise<PaymentRow> =>
  found(await tx.maybe<PaymentRow>(sql`select * from payments.payment where id = ${paymentId} for update`))

/** Takes in what the provider says now; old news changes nothing. True when something changed. */
export async function applyNews(
  tx: Tx,
  input: { paymentId: string; provider: PaymentProvider; news: ProviderPayment },
): Promise<boolean> {
  const payment = await lockPayment(tx, input.paymentId)
  const { news } = input
  assert(payment.provider_ref === null || payment.provider_ref === news.ref, 'a payment stays with the reference it was given')
  const next = moveFor(payment.state, news)
  if (!next) {
    if (payment.provider_ref === null)
      await tx.run(sql`update payments.payment set provider_ref = ${news.ref} where id = ${payment.id}`)
    return await takeInFee(tx, payment, input.provider, news)
  }
  const captured = next.to === 'captured'
  assert(
    !captured || (news.captured > 0 && news.captured <= payment.amount),
    'a capture takes more than nothing and no more than was asked',
  )
  const settled = captured || next.to === 'voided' || next.to === 'declined'
  await tx.run(
    sql`update payments.payment set state = ${next.to}, provider_ref = ${news.ref}, captured_amount = ${captured ? news.captured : 0}, fee_amount = ${captured ? news.fee : 0},
          action = ${news.action && next.to === 'requires_action' ? json(news.action) : null}::jsonb, decline_reason = ${next.to === 'declined' ? (news.declineReason ?? 'provider_refused') : null},
          card = coalesce(card, ${news.card ? json(news.card) : null}::jsonb), wanted = case when ${settled} then null else wanted end, changed_at = ${at(tx.now)}
        where id = ${payment.id}`,
  )
  if (captured) await postCapture(tx, payment, input.provider, news)
  else if (payment.wanted !== null && !settled)
    await tx.addJob('payments.carryOut', { paymentId: payment.id }, { key: `payments.carryOut:${payment.id}` })
  await announce(tx, payment, next.to, next.late, news)
  return true
}

/** Given up without an answer: the provider never heard of it, or refused before making anything. */
export async function decline(tx: Tx, paymentId: string, reason: PaymentRow['decline_reason']): Promise<boolean> {
  const payment = await lockPayment(tx, paymentId)
  if (payment.state !== 'created' && payment.state !== 'unknown') return false
  await tx.run(
    sql`update payments.payment set state = 'declined', decline_reason = ${reason}, wanted = null, changed_at = ${at(tx.now)} where id = ${payment.id}`,
  )
  await tx.announce(paymentDeclined, { ...bodyOf(payment, false), reason: reason ?? 'provider_refused' }, payment.person_id)
  return true
}

export const bodyOf = (payment: PaymentRow, late: boolean): PaymentBody => ({
  paymentId: payment.id,
  subjectId: payment.subject_id,
  personId: payment.person_id,
  amount: payment.amount,
  currency: payment.currency,
  late,
})

async function postCapture(tx: Tx, payment: PaymentRow, provider: PaymentProvider, news: ProviderPayment): Promise<void> {
  const taken = money(news.captured, payment.currency)
  const about = { paymentId: payment.id, shopId: payment.shop_id ?? undefined }
  const from = buyer(payment.person_id)
  if (provider.holds === 'cash') {
    assert(payment.shop_id !== null, 'cash is taken by one shop')
    // The shop keeps the banknotes, so it is owed that much less.
    await post(tx, {
      ...about,
      kind: 'cash',
      cause: `payment:${payment.id}:cash`,
      entries: move(taken, from, cash(payment.shop_id)),
    })
    await post(tx, {
      ...about,
      kind: 'cash_kept',
      cause: `payment:${payment.id}:cash_kept`,
      orderId: payment.subject_id,
      entries: move(taken, cash(payment.shop_id), shop(payment.shop_id)),
    })
    return
  }
  await post(tx, {
    ...about,
    kind: 'capture',
    cause: `payment:${payment.id}:capture`,
    entries: move(taken, from, clearing(provider.name)),
  })
  if (news.fee > 0) await postFee(tx, payment, provider, news.fee)
  if (provider.holds === 'clearing') return
  assert(payment.shop_id !== null, 'an account of a shop takes money for that shop alone')
  // The shop's own account holds it, so the shop is owed that much less.
  if (news.captured > news.fee)
    await post(tx, {
      ...about,
      kind: 'passed_on',
      cause: `payment:${payment.id}:to_shop`,
      entries: move(money(news.captured - news.fee, payment.currency), clearing(provider.name), shop(payment.shop_id)),
    })
}

/** Of a shop's own account it is the shop's at once; of the platform's, shops bear their shares when the orders are confirmed. */
async function postFee(tx: Tx, payment: PaymentRow, provider: PaymentProvider, amount: number): Promise<void> {
  const fee = money(amount, payment.currency)
  const about = { paymentId: payment.id, shopId: payment.shop_id ?? undefined }
  await post(tx, {
    ...about,
    kind: 'provider_fee',
    cause: `payment:${payment.id}:fee`,
    entries: move(fee, clearing(provider.name), fees(provider.name)),
  })
  if (provider.holds !== 'shop' || payment.shop_id === null) return
  await post(tx, {
    ...about,
    kind: 'shop_fee',
    cause: `payment:${payment.id}:shop_fee`,
    entries: move(fee, fees(provider.name), shop(payment.shop_id)),
  })
}

/** What the provider keeps may be told later than that it has the money; it is booked once. */
async function takeInFee(tx: Tx, payment: PaymentRow, provider: PaymentProvider, news: ProviderPayment): Promise<boolean> {
  const learned = payment.state === 'captured' && news.state === 'captured' && payment.fee_amount === 0 && news.fee > 0
  if (learned) await bookFee(tx, payment, provider, news.fee)
  return learned
}

export async function bookFee(tx: Tx, payment: PaymentRow, provider: PaymentProvider, fee: number): Promise<void> {
  await tx.run(sql`update payments.payment set fee_amount = ${fee} where id = ${payment.id}`)
  await postFee(tx, payment, provider, fee)
  if (provider.holds === 'shop' && payment.shop_id !== null)
    await post(tx, {
      kind: 'passed_on',
      cause: `payment:${payment.id}:less_fee`,
      paymentId: payment.id,
      shopId: payment.shop_id,
      entries: move(money(fee, payment.currency), shop(payment.shop_id), clearing(provider.name)),
    })
  await tx.announce(paymentFeeKnown, { ...bodyOf(payment, false), fee }, payment.person_id)
}

async function announce(tx: Tx, payment: PaymentRow, to: PaymentState, late: boolean, news: ProviderPayment): Promise<void> {
  const body = bodyOf(payment, late)
  const topic = payment.person_id
  switch (to) {
    case 'requires_action':
      return await tx.announce(paymentNeedsAction, body, topic)
    case 'unknown':
      return await tx.announce(paymentUnknown, body, topic)
    case 'authorised':
      return await tx.announce(paymentAuthorised, body, topic)
    case 'captured':
      return await tx.announce(paymentCaptured, { ...body, captured: news.captured, fee: news.fee }, topic)
    case 'declined':
      return await tx.announce(paymentDeclined, { ...body, reason: news.declineReason ?? 'provider_refused' }, topic)
    case 'voided':
      return await tx.announce(paymentVoided, body, topic)
    case 'created':
      throw new Error('defect: nothing goes back to created')
  }
}
