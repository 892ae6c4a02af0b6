import { randomInt } from 'node:crypto'
import type { In, Out } from '@efir/contract/act.ts'
import type * as contract from '@efir/contract/lots.ts'
import type { Wire } from '../../../kernel/bind.ts'
import type { Clock } from '../../../kernel/clock.ts'
import { type Ctx, personOf } from '../../../kernel/context.ts'
import { Refusal, refuseIf } from '../../../kernel/refusal.ts'
import { visibleShow } from '../../shows/views.ts'
import { countBuyerKeys, releaseReservation } from '../../stock/verbs/reservations.ts'
import type { Challenge } from '../ports.ts'
import type { LotTerms } from '../terms.ts'
import { drawMs, openDraw } from './draw.ts'
import { readTicket, renewMs, signTicket, stillToWatchMs, type WatchTicket, watchedMs } from './ticket.ts'

type Tap = Pick<In<typeof contract.reserveLot>, 'ticket' | 'proof' | 'lotId'>

/** What stands between a tap and the desk where a lot is guarded (LOT15 to LOT18). */
export interface Guard {
  readonly challenge: Challenge
  /** Refuses, or waits for the draw. Null: the lot is open to everybody. */
  admit(ctx: Ctx, terms: LotTerms, tap: Tap): Promise<WatchTicket | null>
}

export function openGuard({ clock, challenge }: { clock: Clock; challenge: Challenge }): Guard {
  const draw = openDraw(clock, randomInt)
  return {
    challenge,
    async admit(ctx, terms, tap) {
      if (terms.guard === 'open') return null
      const personId = personOf(ctx)
      const now = ctx.now()
      const ticket = readTicket(ctx.secret, tap.ticket, { showId: terms.showId, personId, now })
      const waitMs = stillToWatchMs(ticket, now)
      if (!ticket || waitMs > 0) throw new Refusal('watch_first', { waitMs })
      if (terms.guard === 'watching') return ticket
      const opensAt = terms.opensAt ?? 0
      const solved = await challenge.solved({ lotId: terms.lotId, opensAt, personId, proof: tap.proof ?? '' }).catch(() => false)
      refuseIf(!solved, 'proof_wrong', { opensAt })
      await draw.turn(`${terms.lotId} ${opensAt}`, opensAt + drawMs)
      return ticket
    },
  }
}

/** One device is one buyer, however many names it uses; what it took too much goes back at once. */
export async function countDevice(ctx: Ctx, ticket: WatchTicket, reservationId: string): Promise<void> {
  try {
    await ctx.transaction((tx) => countBuyerKeys(tx, { reservationId, keys: [`device:${ticket.device}`] }))
  } catch (problem) {
    if (problem instanceof Refusal) await ctx.transaction((tx) => releaseReservation(tx, { reservationId, only: 'held' }))
    throw problem
  }
}

const deviceCookie = 'efir_device'
const yearSeconds = 365 * 86_400

/** Asked when a viewer comes to a show with guarded lots, and again while they watch. Touches the database for the first ticket only. */
export const watchShow =
  (guard: Pick<Guard, 'challenge'>) =>
  async (ctx: Ctx, input: In<typeof contract.watchShow>, wire: Wire): Promise<Out<typeof contract.watchShow>> => {
    const personId = personOf(ctx)
    const now = ctx.now()
    const before = readTicket(ctx.secret, input.ticket, { showId: input.showId, personId, now })
    if (!before) await visibleShow(ctx, input.showId)
    const device = before?.device ?? deviceOf(ctx, wire)
    const ticket: WatchTicket = { showId: input.showId, personId, device, sinceAt: before?.sinceAt ?? now, seenAt: now }
    const { kind, bits } = guard.challenge
    return {
      ticket: signTicket(ctx.secret, ticket),
      mayBuyAt: ticket.sinceAt + watchedMs,
      renewInMs: renewMs,
      challenge: { kind, ...(bits === undefined ? {} : { bits }) },
    }
  }

/** Known by a cookie; a page that may keep none is a device for as long as its ticket lives. */
function deviceOf(ctx: Ctx, { request, reply }: Wire): string {
  const known = request.cookies[deviceCookie]
  if (known !== undefined && /^dev_[0-9a-z]{26}$/.test(known)) return known
  const made = ctx.ids.make('device')
  reply.setCookie(deviceCookie, made, {
    path: '/',
    httpOnly: true,
    sameSite: 'lax',
    secure: ctx.config.production || ctx.config.flags.lan,
    maxAge: yearSeconds,
  })
  return made
}
