import { money } from '@efir/contract/money.ts'
import type { Ctx, Kernel, Tx } from '../../../kernel/context.ts'
import { assert } from '../../../kernel/refusal.ts'
import { at, json, sql } from '../../../kernel/sql.ts'
import { paymentUnknown } from '../events.ts'
import type { Accounts, Instrument, Outcome, PaymentProvider, ProviderPayment, Providers, Receipt } from '../ports.ts'
import { askAgainMs, neverArrivedAfterMs } from '../rules.ts'
import type { PaymentRow, RefundRow } from '../tables.ts'
import { paymentRow } from '../views.ts'
import { applyNews, bodyOf, decline, lockPayment } from './apply.ts'
import { settleRefund } from './ask.ts'

/** Runs the taking in of an answer inside the caller's order of locks, and lets it act on the outcome in the same transaction. */
export type Within = (tx: Tx, takeIn: () => Promise<void>) => Promise<void>
const alone: Within = (_tx, takeIn) => takeIn()

/** Talks to the providers, always between transactions; each step can be repeated by any process. */
export interface Cashier {
  readonly providers: Providers
  /** Asks for the money once. `admit` sees the card before anything is asked of it, in the transaction that marks the beginning; it may refuse. */
  begin(ctx: Ctx, ask: BeginAsking): Promise<PaymentRow>
  /** Asks what became of it, and asks again later while that is not known. */
  refresh(ctx: Ctx, paymentId: string, within?: Within): Promise<PaymentRow>
  /** Asks what became of it, whatever state it is in: a provider has said that something happened. */
  look(ctx: Ctx, paymentId: string): Promise<boolean>
  /** The wanted capture or void. */
  carryOut(ctx: Ctx, paymentId: string, within?: Within): Promise<PaymentRow>
  refund(ctx: Ctx, refundId: string, asked: number): Promise<void>
}

export interface BeginAsking {
  readonly paymentId: string
  readonly token: string
  readonly returnUrl: string
  /** Asked only of providers that write receipts. */
  readonly receipt?: () => Promise<Receipt>
  readonly admit?: (tx: Tx, instrument: Instrument) => Promise<void>
  readonly within?: Within
}

/** A provider made for tests is refused where real money is taken. */
export function openCashier(kernel: Pick<Kernel, 'config'>, list: readonly PaymentProvider[], accounts?: Accounts): Cashier {
  const fake = list.find((p) => p.testOnly)
  if (kernel.config.production && fake)
    throw new Error(`The payment provider "${fake.name}" takes no real money: production refuses it`)
  const providers: Providers = {
    list,
    async named(q, name) {
      const provider = list.find((p) => p.name === name) ?? (await accounts?.named(q, name))
      if (!provider) throw new Error(`defect: payment provider ${name} is not open`)
      return provider
    },
    forMethod: async (q, ask) => (await accounts?.choose(q, ask)) ?? list.find((p) => p.methods.includes(ask.method)) ?? null,
  }
  return {
    providers,
    begin: (ctx, ask) => begin(ctx, providers, ask),
    look: (ctx, paymentId) => look(ctx, providers, paymentId),
    refresh: (ctx, paymentId, within) => refresh(ctx, providers, paymentId, within ?? alone),
    carryOut: (ctx, paymentId, within) => carryOut(ctx, providers, paymentId, within ?? alone),
    refund: (ctx, refundId, asked) => refund(ctx, providers, refundId, asked),
  }
}

async function begin(ctx: Ctx, providers: Providers, ask: BeginAsking): Promise<PaymentRow> {
  const asked = await paymentRow(ctx, ask.paymentId)
  if (asked.state !== 'created') return asked
  const provider = await providers.named(ctx, asked.provider)
  const known = await provider.inspect(ask.token)
  if (known.kind !== 'ok') {
    // Nothing was asked of the money yet, so not knowing the card is a plain no.
    await ctx.transaction((tx) => decline(tx, asked.id, known.kind === 'refused' ? known.reason : 'never_arrived'))
    return await paymentRow(ctx, asked.id)
  }
  const mine = await ctx.transaction(async (tx) => {
    const payment = await lockPayment(tx, asked.id)
    if (payment.state !== 'created') return false
    await ask.admit?.(tx, known.instrument)
    // Unknown before the provider is asked: whatever dies from here on, somebody finds out what happened.
    await tx.run(
      sql`update payments.payment set state = 'unknown', begun_at = ${at(tx.now)}, changed_at = ${at(tx.now)}, fingerprint = ${known.instrument.fingerprint},
            card = ${known.instrument.card ? json(known.instrument.card) : null}::jsonb where id = ${payment.id}`,
    )
    await tx.addJob(
      'payments.reconcile',
      { paymentId: payment.id },
      { runAt: tx.now + askAgainMs(0), key: `payments.reconcile:${payment.id}` },
    )
    return true
  })
  if (!mine) return await paymentRow(ctx, asked.id)
  const outcome = await provider.begin({
    paymentId: asked.id,
    idempotencyKey: asked.id,
    amount: money(asked.amount, asked.currency),
    token: ask.token,
    capture: asked.capture,
    returnUrl: ask.returnUrl,
    group: asked.subject_id,
    receipt: provider.wantsReceipt ? await ask.receipt?.() : undefined,
    named: (ref) => nameIt(ctx, asked.id, ref),
  })
  return await takeFirst(ctx, provider, asked.id, outcome, ask.within ?? alone)
}

/** Written down by itself: from here on the outcome can be looked up. Not for what has been given up, or has another name already. */
const nameIt = async (ctx: Ctx, paymentId: string, ref: string): Promise<boolean> =>
  (await ctx.run(
    sql`update payments.payment set provider_ref = ${ref} where id = ${paymentId} and state = 'unknown' and (provider_ref is null or provider_ref = ${ref})`,
  )) === 1

async function takeFirst(
  ctx: Ctx,
  provider: PaymentProvider,
  paymentId: string,
  outcome: Outcome<{ payment: ProviderPayment }>,
  within: Within,
): Promise<PaymentRow> {
  const takeIn = async (tx: Tx): Promise<void> => {
    const moved =
      outcome.kind === 'ok'
        ? await applyNews(tx, { paymentId, provider, news: outcome.payment })
        : outcome.kind === 'refused' && (await decline(tx, paymentId, outcome.reason))
    if (moved) return
    const payment = await lockPayment(tx, paymentId)
    if (payment.state === 'unknown') await tx.announce(paymentUnknown, bodyOf(payment, false), payment.person_id)
  }
  await ctx.transaction((tx) => within(tx, () => takeIn(tx)))
  return await paymentRow(ctx, paymentId)
}

async function refresh(ctx: Ctx, providers: Providers, paymentId: string, within: Within): Promise<PaymentRow> {
  const payment = await paymentRow(ctx, paymentId)
  if (payment.state !== 'unknown' && payment.state !== 'requires_action') return payment
  const provider = await providers.named(ctx, payment.provider)
  const final = ctx.now() - (payment.begun_at ?? ctx.now()) >= neverArrivedAfterMs
  const outcome = await provider.lookUp({ paymentId, ref: payment.provider_ref, final })
  const takeIn = async (tx: Tx): Promise<void> => {
    if (outcome.kind === 'ok' && outcome.payment) await applyNews(tx, { paymentId, provider, news: outcome.payment })
    const now = await lockPayment(tx, paymentId)
    const lost = final && outcome.kind === 'ok' && outcome.payment === null
    if (lost && (await decline(tx, paymentId, 'never_arrived'))) return
    if (now.state === 'unknown' || now.state === 'requires_action') await askLater(tx, now)
  }
  await ctx.transaction((tx) => within(tx, () => takeIn(tx)))
  return await paymentRow(ctx, paymentId)
}

async function look(ctx: Ctx, providers: Providers, paymentId: string): Promise<boolean> {
  const payment = await paymentRow(ctx, paymentId)
  // Only by the name that was written down when it was begun: a callback may name anything.
  if (payment.provider_ref === null) return false
  const provider = await providers.named(ctx, payment.provider)
  const told = await provider.lookUp({ paymentId, ref: payment.provider_ref, final: false })
  // The job is tried again.
  if (told.kind !== 'ok') throw new Error(`the provider does not say what became of ${paymentId}`)
  const news = told.payment
  return news !== null && (await ctx.transaction((tx) => applyNews(tx, { paymentId, provider, news })))
}

async function askLater(tx: Tx, payment: PaymentRow): Promise<void> {
  await tx.run(sql`update payments.payment set asked_count = asked_count + 1 where id = ${payment.id}`)
  await tx.addJob(
    'payments.reconcile',
    { paymentId: payment.id },
    { runAt: tx.now + askAgainMs(payment.asked_count + 1), key: `payments.reconcile:${payment.id}` },
  )
}

async function carryOut(ctx: Ctx, providers: Providers, paymentId: string, within: Within): Promise<PaymentRow> {
  const payment = await paymentRow(ctx, paymentId)
  const ready = payment.state === 'authorised' || (payment.state === 'requires_action' && payment.wanted === 'void')
  // An unknown payment is first found out; the wish stays written and is carried out when the answer comes.
  if (payment.wanted === null || payment.provider_ref === null || !ready) return payment
  const provider = await providers.named(ctx, payment.provider)
  const ask = { ref: payment.provider_ref, idempotencyKey: `${payment.id}:${payment.wanted}` }
  const capturing = payment.wanted === 'capture'
  const outcome = capturing
    ? await provider.capture({ ...ask, amount: money(payment.wanted_amount ?? payment.amount, payment.currency) })
    : await provider.void(ask)
  const told = outcome.kind === 'refused' ? await afterRefusal(provider, payment, capturing) : outcome
  const takeIn = async (tx: Tx): Promise<void> => {
    if (told.kind === 'ok' && (await applyNews(tx, { paymentId, provider, news: told.payment }))) return
    const now = await lockPayment(tx, paymentId)
    if (now.wanted === null) return
    await tx.run(sql`update payments.payment set asked_count = asked_count + 1 where id = ${paymentId}`)
    await tx.addJob(
      'payments.carryOut',
      { paymentId },
      { runAt: tx.now + askAgainMs(now.asked_count), key: `payments.carryOut:${paymentId}` },
    )
  }
  await ctx.transaction((tx) => within(tx, () => takeIn(tx)))
  return await paymentRow(ctx, paymentId)
}

/** A refused capture ends the payment; a refused void means that it is in another state by now. */
async function afterRefusal(
  provider: PaymentProvider,
  payment: PaymentRow,
  capturing: boolean,
): Promise<Outcome<{ payment: ProviderPayment }>> {
  assert(payment.provider_ref !== null, 'only a payment that the provider knows is carried out')
  const now = await provider.lookUp({ paymentId: payment.id, ref: payment.provider_ref, final: false })
  if (now.kind === 'ok' && now.payment && now.payment.state !== 'authorised') return { kind: 'ok', payment: now.payment }
  if (capturing && now.kind === 'ok')
    return {
      kind: 'ok',
      payment: { ref: payment.provider_ref, state: 'declined', captured: 0, fee: 0, declineReason: 'capture_refused' },
    }
  return { kind: 'unknown', why: 'refused without a reason that ends it' }
}

async function refund(ctx: Ctx, providers: Providers, refundId: string, asked: number): Promise<void> {
  const row = await ctx.one<RefundRow & { provider: string; payment_ref: string }>(
    sql`select r.*, p.provider, p.provider_ref as payment_ref from payments.refund r join payments.payment p on p.id = r.payment_id where r.id = ${refundId}`,
  )
  // What was given back may still come back: a bank refuses days later.
  if (row.state === 'refused' || (row.state === 'done' && row.provider_ref === null)) return
  const provider = await providers.named(ctx, row.provider)
  const outcome = await provider.refund({
    refundId,
    ref: row.payment_ref,
    refundRef: row.provider_ref,
    amount: money(row.amount, row.currency),
    idempotencyKey: row.id,
    repeated: asked > 0,
  })
  const { holds } = provider
  await ctx.transaction(async (tx) => {
    if (outcome.kind === 'refused')
      return await settleRefund(tx, { refundId, holds, outcome: { done: false, problem: outcome.reason } })
    if (outcome.kind === 'ok' && outcome.state === 'done')
      return await settleRefund(tx, { refundId, holds, outcome: { done: true, ref: outcome.refundRef } })
    if (outcome.kind === 'ok')
      await tx.run(sql`update payments.refund set provider_ref = ${outcome.refundRef} where id = ${refundId}`)
    if (row.state === 'done') return
    await tx.addJob(
      'payments.refund',
      { refundId, asked: asked + 1 },
      { runAt: tx.now + askAgainMs(asked), key: `payments.refund:${refundId}` },
    )
  })
}
