import type { In } from '@efir/contract/act.ts'
import { money } from '@efir/contract/money.ts'
import type * as contract from '@efir/contract/orders.ts'
import type { Ctx, Tx } from '../../../kernel/context.ts'
import { assert, Refusal } from '../../../kernel/refusal.ts'
import { sql } from '../../../kernel/sql.ts'
import { askCapture, askVoid } from '../../payments/verbs/ask.ts'
import { paymentRow } from '../../payments/views.ts'
import type { StockDesk } from '../../stock/desk.ts'
import { commitReservation, countBuyerKeys, releaseReservation } from '../../stock/verbs/reservations.ts'
import type { CancelReason, CheckoutRow, LineRow, OrderRow } from '../tables.ts'
import { type DescribedLine, priceItems } from './pricing.ts'
import { abandon, lockCheckout } from './settle.ts'

export type Desk = Pick<StockDesk, 'reserve'>
type Items = In<typeof contract.placeOrder>['items']
type ReserveAnswer = Awaited<ReturnType<Desk['reserve']>>

const usualHoldMs = 10 * 60_000
/** The tap was in time; the bank took a moment. */
const bankGraceMs = 10_000

/** Reserves what was only named, unless its shop takes the money first. Answers the items as they are to be placed. */
export async function reserveItems(
  ctx: Ctx,
  desk: Desk,
  asked: { personId: string; currency: string; key: string; items: Items },
): Promise<{ items: Items; mine: string[] }> {
  const plain = asked.items.filter((i) => i.variantId)
  if (plain.length === 0) return { items: asked.items, mine: [] }
  const lines = await priceItems(
    { q: ctx, now: ctx.now(), secret: ctx.secret, personId: asked.personId, currency: asked.currency },
    plain,
  )
  const settings = await ctx.rows<{ id: string; settings: { payFirst?: boolean; reservationMinutes?: number } }>(
    sql`select id, settings from identity.shop where id = any(${lines.map((l) => l.shopId)})`,
  )
  const settingsOf = new Map(settings.map((s) => [s.id, s.settings]))
  const reserved = new Map<string, string>()
  for (const line of lines) {
    const shop = settingsOf.get(line.shopId)
    if (shop?.payFirst) continue
    const holdMs = shop?.reservationMinutes ? shop.reservationMinutes * 60_000 : usualHoldMs
    const answer = await reserveLine(desk, line, { personId: asked.personId, key: asked.key, holdMs })
    if (answer.outcome !== 'granted' || answer.state !== 'held') {
      await giveUp(ctx, [...reserved.values()])
      throw refusalOf(answer, line.variantId)
    }
    reserved.set(line.variantId, answer.reservationId)
  }
  const items = asked.items.map((i) => {
    const reservationId = i.variantId && reserved.get(i.variantId)
    return reservationId ? { reservationId } : i
  })
  return { items, mine: [...reserved.values()] }
}

const mostTries = 20

/** A purchase that was refused gave its units back; asked again under the same key, it takes new ones. */
async function reserveLine(
  desk: Desk,
  line: DescribedLine,
  asked: { personId: string; key: string; holdMs: number },
): Promise<ReserveAnswer> {
  const { allotmentId } = line
  if (!allotmentId) return { outcome: 'sold_out' }
  for (let attempt = 0; ; attempt++) {
    const answer = await desk.reserve({
      allotmentId,
      personId: asked.personId,
      quantity: line.quantity,
      key: `place:${asked.key}:${attempt}`,
      price: line.price,
      source: line.terms ?? 'shelf',
      holdMs: asked.holdMs,
    })
    const gone = answer.outcome === 'granted' && (answer.state === 'released' || answer.state === 'expired')
    const other =
      answer.outcome === 'granted' &&
      answer.state === 'held' &&
      (answer.quantity !== line.quantity || answer.price.amount !== line.price.amount)
    if ((!gone && !other) || attempt >= mostTries) return answer
  }
}

/** Gives back units that were reserved for a purchase that then was not placed. */
export async function giveUp(ctx: Ctx, reservationIds: readonly string[]): Promise<void> {
  if (reservationIds.length === 0) return
  await ctx.transaction(async (tx) => {
    for (const reservationId of reservationIds.toSorted()) await releaseReservation(tx, { reservationId, only: 'held' })
  })
}

function refusalOf(answer: ReserveAnswer, variantId: string): Refusal {
  switch (answer.outcome) {
    case 'busy':
      return new Refusal('busy', { retryInMs: answer.retryInMs })
    case 'limit':
      return new Refusal('lot_limit_reached', { variantId })
    case 'granted':
      return new Refusal('reservation_gone', { variantId })
    case 'closed':
    case 'not_open':
    case 'sold_out':
      return new Refusal('stock_short', { left: 0, variantId })
  }
}

/**
 * Pay first: the money is authorised, now the units are reserved. Orders that get theirs are captured, the others are cancelled; when none
 * does, the authorisation is let go. Every step can be repeated: reservations carry the line as their key. False: too many at once, again soon.
 */
export async function takeUnits(ctx: Ctx, desk: Desk, checkoutId: string): Promise<boolean> {
  const checkout = await ctx.one<CheckoutRow>(sql`select * from orders.checkout where id = ${checkoutId}`)
  if (!checkout.pay_first || checkout.payment_id === null) return true
  const payment = await paymentRow(ctx, checkout.payment_id)
  if (payment.state !== 'authorised' || payment.wanted !== null) return true
  const lines = await ctx.rows<LineRow & { currency: string }>(
    sql`select l.*, o.currency from orders.line l join orders.order o on o.id = l.order_id
        where o.checkout_id = ${checkoutId} and l.kind = 'goods' and l.reservation_id is null and o.state = 'placed' order by l.id`,
  )
  const answers = new Map<string, ReserveAnswer>()
  for (const line of lines) {
    const answer: ReserveAnswer = line.allotment_id
      ? await desk.reserve({
          allotmentId: line.allotment_id,
          personId: checkout.person_id,
          quantity: line.quantity,
          key: `line:${line.id}`,
          holdMs: usualHoldMs,
          price: money(line.unit_amount, line.currency),
          source: line.terms ?? 'shelf',
          graceMs: bankGraceMs,
        })
      : { outcome: 'sold_out' }
    if (answer.outcome === 'busy') return false
    answers.set(line.id, answer)
  }
  await ctx.transaction((tx) => takeAnswers(tx, checkoutId, answers))
  return true
}

async function takeAnswers(tx: Tx, checkoutId: string, answers: ReadonlyMap<string, ReserveAnswer>): Promise<void> {
  const { checkout, orders } = await lockCheckout(tx, checkoutId)
  assert(checkout.payment_id !== null, 'pay first has a payment')
  const payment = await paymentRow(tx, checkout.payment_id)
  if (payment.state !== 'authorised' || payment.wanted !== null) return
  let amount = 0
  for (const order of orders.filter((o) => o.state === 'placed' && o.confirmed_at === null)) {
    const reason = await takeOrder(tx, order, answers, payment.fingerprint)
    if (reason === null) amount += order.total_amount
    else await abandon(tx, order, reason)
  }
  if (amount > 0) await askCapture(tx, { paymentId: payment.id, amount })
  else await askVoid(tx, { paymentId: payment.id })
}

/** Null when all its units are committed; what was granted to an order that fails is released by `abandon`. */
async function takeOrder(
  tx: Tx,
  order: OrderRow,
  answers: ReadonlyMap<string, ReserveAnswer>,
  fingerprint: string | null,
): Promise<CancelReason | null> {
  const lines = await tx.rows<LineRow>(
    sql`select * from orders.line where order_id = ${order.id} and kind = 'goods' and reservation_id is null order by id`,
  )
  const keys = [...(fingerprint ? [`card:${fingerprint}`] : []), ...(await mailKeys(tx, order.person_id))]
  let reason: CancelReason | null = null
  for (const line of lines) {
    const answer = answers.get(line.id)
    if (answer?.outcome !== 'granted') {
      reason = answer?.outcome === 'limit' ? 'limit' : 'sold_out'
      continue
    }
    const taken = await within(tx, async () => {
      await commitReservation(tx, { reservationId: answer.reservationId, personId: order.person_id })
      if (keys.length > 0) await countBuyerKeys(tx, { reservationId: answer.reservationId, keys })
    })
    await tx.run(sql`update orders.line set reservation_id = ${answer.reservationId} where id = ${line.id}`)
    if (taken !== null) reason = taken === 'lot_limit_reached' ? 'limit' : 'sold_out'
  }
  return reason
}

/** Runs in a savepoint; the code of a refusal, or null when all went well. */
async function within(tx: Tx, work: () => Promise<void>): Promise<string | null> {
  await tx.run(sql`savepoint taking`)
  try {
    await work()
    await tx.run(sql`release savepoint taking`)
    return null
  } catch (problem) {
    if (!(problem instanceof Refusal)) throw problem
    await tx.run(sql`rollback to savepoint taking`)
    return problem.code
  }
}

/** A verified address is one buyer, whichever person uses it. */
export async function mailKeys(tx: Tx, personId: string): Promise<string[]> {
  const person = await tx.maybe<{ email: string }>(
    sql`select email from identity.person where id = ${personId} and email is not null and email_verified_at is not null`,
  )
  return person ? [`mail:${person.email.toLowerCase()}`] : []
}

/** The card is known, nothing is asked of it yet: it counts for the limits of what is bought. */
export async function admitCard(tx: Tx, checkoutId: string, fingerprint: string | null): Promise<void> {
  if (fingerprint === null) return
  const rows = await tx.rows<{ reservation_id: string }>(
    sql`select l.reservation_id from orders.line l join orders.order o on o.id = l.order_id
        where o.checkout_id = ${checkoutId} and o.state = 'placed' and l.reservation_id is not null order by l.reservation_id`,
  )
  for (const row of rows) await countBuyerKeys(tx, { reservationId: row.reservation_id, keys: [`card:${fingerprint}`] })
}
