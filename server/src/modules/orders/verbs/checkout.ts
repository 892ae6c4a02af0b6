import { money } from '@efir/contract/money.ts'
import { textIn } from '@efir/contract/scalars.ts'
import type { Ctx } from '../../../kernel/context.ts'
import { personOf } from '../../../kernel/context.ts'
import { found, Refusal, refuseIf } from '../../../kernel/refusal.ts'
import { sql } from '../../../kernel/sql.ts'
import { profileOf } from '../../markets/views.ts'
import type { Receipt } from '../../payments/ports.ts'
import type { PaymentRow } from '../../payments/tables.ts'
import { askVoid, openPayment } from '../../payments/verbs/ask.ts'
import type { Cashier } from '../../payments/verbs/cashier.ts'
import { paymentRow } from '../../payments/views.ts'
import { maxAttempts } from '../rules/life.ts'
import type { CheckoutRow, LineRow } from '../tables.ts'
import { type Placed, type Placing, place, replayOf } from './place.ts'
import { abandon, lockCheckout, settling } from './settle.ts'
import { admitCard, type Desk, giveUp, reserveItems, takeUnits } from './units.ts'

/** What buying needs from outside: where units are reserved and where money is asked for. */
export interface Till {
  readonly desk: Desk
  readonly cashier: Cashier
}

/** From the tap on Pay to an answer: reserve what is not, place, then ask for the money. The id of the checkout. */
export async function placeOrder(ctx: Ctx, till: Till, input: Placing): Promise<string> {
  const personId = personOf(ctx)
  const profile = found(profileOf(input.market))
  const before = await replayOf(ctx, personId, input)
  const { checkoutId } = before ?? (await placeNew(ctx, till, personId, profile.currency, input))
  await goOn(ctx, till, checkoutId, input.payment.token ?? '')
  return checkoutId
}

async function placeNew(ctx: Ctx, till: Till, personId: string, currency: string, input: Placing): Promise<Placed> {
  let mine: string[] = []
  try {
    const reserved = await reserveItems(ctx, till.desk, { personId, currency, key: input.key, items: input.items })
    mine = reserved.mine
    return await ctx.transaction((tx) => place(tx, { cashier: till.cashier, personId, input, items: reserved.items }))
  } catch (problem) {
    if (!(problem instanceof Refusal)) throw problem
    // The same tap twice: the other one may have been placed in between, and its units are no longer held.
    const other = await replayOf(ctx, personId, input)
    if (other) return other
    await giveUp(ctx, mine)
    throw problem
  }
}

/** Brings a purchase as far as it gets now. Repeated by retries, callbacks and jobs, from wherever it stands. */
export async function goOn(ctx: Ctx, till: Till, checkoutId: string, token: string): Promise<void> {
  const checkout = await ctx.one<CheckoutRow>(sql`select * from orders.checkout where id = ${checkoutId}`)
  if (checkout.payment_id === null) return await promiseAtTheDoor(ctx, till, checkoutId)
  let payment = await paymentRow(ctx, checkout.payment_id)
  if (payment.state === 'created' && token !== '') payment = await begin(ctx, till, checkout, payment, token)
  await bringIn(ctx, till, checkout, payment)
}

async function begin(ctx: Ctx, till: Till, checkout: CheckoutRow, payment: PaymentRow, token: string): Promise<PaymentRow> {
  const returnUrl = await pageOf(ctx, checkout.id)
  try {
    return await till.cashier.begin(ctx, {
      paymentId: payment.id,
      token,
      returnUrl,
      receipt: () => receiptOf(ctx, checkout),
      within: settling(checkout.id, payment.id),
      admit: (tx, card) => admitCard(tx, checkout.id, card.fingerprint),
    })
  } catch (problem) {
    // The card has had its share: this purchase ends, and says why.
    if (problem instanceof Refusal && problem.code === 'lot_limit_reached') await abandonAll(ctx, checkout.id)
    throw problem
  }
}

/** Where a bank's page sends the buyer back to: the page of their order, which says how it stands. */
async function pageOf(ctx: Ctx, checkoutId: string): Promise<string> {
  const { number } = await ctx.one<{ number: string }>(
    sql`select number from orders.order where checkout_id = ${checkoutId} order by id limit 1`,
  )
  return `${ctx.config.EFIR_ORIGIN ?? `http://localhost:${ctx.config.PORT}`}/order/${number}`
}

async function receiptOf(ctx: Ctx, checkout: CheckoutRow): Promise<Receipt> {
  const rows = await ctx.rows<LineRow & { tax_included: boolean }>(
    sql`select l.*, o.tax_included from orders.line l join orders.order o on o.id = l.order_id where o.checkout_id = ${checkout.id} and o.state = 'placed' order by o.id, l.position`,
  )
  return {
    email: checkout.email,
    lines: rows.map((line) => ({
      title: textIn(line.title, checkout.locale),
      quantity: line.quantity,
      total: money(line.total_amount + (line.tax_included ? 0 : line.tax_amount), checkout.currency),
      taxRate: line.tax_rate,
      kind: line.kind === 'goods' ? 'goods' : 'delivery',
    })),
  }
}

async function abandonAll(ctx: Ctx, checkoutId: string): Promise<void> {
  await ctx.transaction(async (tx) => {
    const { checkout, orders } = await lockCheckout(tx, checkoutId)
    if (checkout.payment_id !== null) await askVoid(tx, { paymentId: checkout.payment_id })
    for (const order of orders) if (order.state === 'placed' && order.confirmed_at === null) await abandon(tx, order, 'limit')
  })
}

async function bringIn(ctx: Ctx, till: Till, checkout: CheckoutRow, payment: PaymentRow): Promise<void> {
  if (payment.state === 'authorised' && checkout.pay_first) {
    const done = await takeUnits(ctx, till.desk, checkout.id)
    if (!done)
      return await ctx.transaction((tx) =>
        tx.addJob('orders.goOn', { checkoutId: checkout.id }, { runAt: tx.now + 2_000, key: `orders.goOn:${checkout.id}` }),
      )
    await till.cashier.carryOut(ctx, payment.id, settling(checkout.id, payment.id))
  }
}

async function promiseAtTheDoor(ctx: Ctx, till: Till, checkoutId: string): Promise<void> {
  const rows = await ctx.rows<{ payment_id: string }>(
    sql`select payment_id from orders.order where checkout_id = ${checkoutId} and pay_on_delivery and confirmed_at is null and state = 'placed' and payment_id is not null order by id`,
  )
  for (const row of rows) {
    await till.cashier.begin(ctx, {
      paymentId: row.payment_id,
      token: '',
      returnUrl: '',
      within: settling(checkoutId, row.payment_id),
    })
  }
}

/** Another card, while the units wait. */
export async function payAgain(ctx: Ctx, till: Till, input: { checkoutId: string; token: string }): Promise<void> {
  const started = await ctx.transaction(async (tx) => {
    const { checkout, orders } = await lockCheckout(tx, input.checkoutId)
    const open = orders.filter((o) => o.state === 'placed' && o.confirmed_at === null)
    if (open.length === 0 && orders.some((o) => o.confirmed_at !== null)) return false
    refuseIf(open.length === 0 || checkout.payment_id === null || checkout.attempts >= maxAttempts, 'order_state')
    const last = await paymentRow(tx, found(checkout.payment_id))
    if (last.state === 'created') return true
    refuseIf(last.state !== 'declined' && last.state !== 'voided', 'payment_pending')
    refuseIf(tx.now >= checkout.pay_until, 'reservation_gone')
    const total = open.reduce((sum, o) => sum + o.total_amount, 0)
    const next = await openPayment(tx, {
      key: `${checkout.id}:${checkout.attempts + 1}`,
      subjectId: checkout.id,
      personId: checkout.person_id,
      provider: last.provider,
      shopId: last.shop_id ?? undefined,
      method: last.method,
      capture: last.capture,
      amount: { amount: total, currency: checkout.currency },
    })
    await tx.run(sql`update orders.checkout set attempts = attempts + 1, payment_id = ${next.id} where id = ${checkout.id}`)
    await tx.run(
      sql`update orders.order set payment_id = ${next.id} where checkout_id = ${checkout.id} and confirmed_at is null and state = 'placed'`,
    )
    await tx.addJob(
      'orders.lapse',
      { checkoutId: checkout.id },
      { runAt: Math.max(checkout.pay_until, tx.now), key: `orders.lapse:${checkout.id}` },
    )
    return true
  })
  if (started) await goOn(ctx, till, input.checkoutId, input.token)
}

/** The buyer has answered their bank; asks what came of it. */
export async function confirmPayment(ctx: Ctx, till: Till, checkoutId: string): Promise<void> {
  const checkout = await ctx.one<CheckoutRow>(sql`select * from orders.checkout where id = ${checkoutId}`)
  if (checkout.payment_id === null) return
  const payment = await till.cashier.refresh(ctx, checkout.payment_id, settling(checkout.id, checkout.payment_id))
  await bringIn(ctx, till, checkout, payment)
}
