import type { In, Out } from '@efir/contract/act.ts'
import type * as contract from '@efir/contract/lots.ts'
import { type Ctx, personOf, type Tx } from '../../../kernel/context.ts'
import { found, Refusal, refuseIf } from '../../../kernel/refusal.ts'
import { sql } from '../../../kernel/sql.ts'
import { rolesIn } from '../../identity/views.ts'
import { signOffer } from '../../orders/verbs/pricing.ts'
import type { StockDesk } from '../../stock/desk.ts'
import { releaseReservation } from '../../stock/verbs/reservations.ts'
import { countDevice, type Guard } from '../guard/guard.ts'
import { graceOf, termsSeen } from '../rules.ts'
import type { LotTerms, TermsBook } from '../terms.ts'

export interface Counter {
  readonly desk: Pick<StockDesk, 'reserve'>
  readonly terms: TermsBook
  readonly guard: Guard
}
type Input = In<typeof contract.reserveLot>
type Answer = Out<typeof contract.reserveLot>
type ReserveAnswer = Awaited<ReturnType<StockDesk['reserve']>>

/** The tap. Touches the database only through the desk's batch, which has the last word on state, window, limit and stock. */
export const reserveLot =
  ({ desk, terms: book, guard }: Counter) =>
  async (ctx: Ctx, input: Input): Promise<Answer> => {
    const personId = personOf(ctx)
    const terms = found(await book.of(input.lotId))
    if (terms.hidden) refuseIf((await rolesIn(ctx, personId, terms)).size === 0, 'not_found')
    const graceMs = graceOf(input.delayMs)
    const now = ctx.now()
    refuseEarly(terms, now)
    const seen = termsSeen(terms.versions, input.seenVersion, now, graceMs)
    const current = terms.versions.at(-1)
    if (!seen || !current)
      throw new Refusal(
        'price_changed',
        current ? { amount: current.amount, currency: terms.currency, version: current.version } : {},
      )
    const variant = input.variantId
      ? found(terms.variants.find((v) => v.variantId === input.variantId))
      : found(terms.variants[0])
    const price = { amount: seen.amount, currency: terms.currency }
    const answer = { lotId: terms.lotId, variantId: variant.variantId, quantity: input.quantity, price, payFirst: terms.payFirst }
    const { allotmentId } = variant
    if (allotmentId === null)
      throw new Refusal(terms.variants.some((v) => v.allotmentId !== null) ? 'lot_sold_out' : 'lot_closed')
    const ticket = await guard.admit(ctx, terms, input)
    if (terms.payFirst) {
      refuseLate(terms, now, graceMs)
      const source = { kind: 'lot', id: terms.lotId, showId: terms.showId }
      const { variantId, quantity } = answer
      const offer = signOffer(ctx.secret, {
        personId,
        variantId,
        allotmentId,
        quantity,
        price,
        source,
        terms: seen.dealId,
        validUntil: now + terms.holdMs,
      })
      return { ...answer, reservation: null, offer }
    }
    const taken = await desk.reserve({
      allotmentId,
      personId,
      quantity: input.quantity,
      key: input.key,
      holdMs: terms.holdMs,
      price,
      source: seen.dealId,
      graceMs,
    })
    if (ticket && taken.outcome === 'granted') await countDevice(ctx, ticket, taken.reservationId)
    return { ...answer, ...reservationFrom(taken, terms, variant.variantId) }
  }

/** Known without asking: nothing can have been granted before the opening. */
function refuseEarly(terms: LotTerms, now: number): void {
  if (terms.link) throw new Refusal('lot_elsewhere')
  if (terms.state === 'draft' || terms.state === 'armed') throw new Refusal('lot_not_open')
  if (terms.state === 'counting' && terms.opensAt !== null && now < terms.opensAt)
    throw new Refusal('lot_not_open', { opensAt: terms.opensAt })
}

function refuseLate(terms: LotTerms, now: number, graceMs: number): void {
  if (terms.state === 'sold_out') throw new Refusal('lot_sold_out')
  if (terms.state === 'expired' || terms.state === 'revoked') throw new Refusal('lot_closed')
  if (terms.closesAt !== null && now >= terms.closesAt + graceMs) throw new Refusal('lot_closed')
}

function reservationFrom(
  answer: ReserveAnswer,
  terms: LotTerms,
  variantId: string,
): Pick<Answer, 'reservation' | 'quantity' | 'price'> {
  switch (answer.outcome) {
    case 'granted': {
      const { reservationId: id, quantity, price, expiresAt, state } = answer
      const takenAt = expiresAt - terms.holdMs
      return { reservation: { id, lotId: terms.lotId, variantId, quantity, price, takenAt, expiresAt, state }, quantity, price }
    }
    case 'sold_out':
      throw new Refusal('lot_sold_out')
    case 'limit':
      throw new Refusal('lot_limit_reached', { limit: terms.perBuyer })
    case 'not_open':
      throw new Refusal('lot_not_open', terms.opensAt === null ? {} : { opensAt: terms.opensAt })
    case 'closed':
      throw new Refusal(terms.state === 'sold_out' ? 'lot_sold_out' : 'lot_closed')
    case 'busy':
      throw new Refusal('busy', { retryInMs: answer.retryInMs })
  }
}

/** Gives back what is held; what is being paid for ends with its order. */
export async function releaseMyReservation(tx: Tx, input: In<typeof contract.releaseMyReservation>) {
  const personId = personOf(tx)
  found(
    await tx.maybe(
      sql`select 1 from stock.reservation where id = ${input.reservationId}
          and (person_id = ${personId} or person_id in (select id from identity.person where claimed_by = ${personId}))`,
    ),
  )
  await releaseReservation(tx, { reservationId: input.reservationId, only: 'held' })
  return { done: true as const }
}

/** A lot that is sold elsewhere: the click counts, the address is told. */
export async function followLink(tx: Tx, input: In<typeof contract.followLink>) {
  return found(
    await tx.maybe<{ url: string }>(
      sql`update lots.lot set clicks = clicks + 1 where id = ${input.lotId} and link_url is not null and removed_at is null returning link_url as url`,
    ),
  )
}
