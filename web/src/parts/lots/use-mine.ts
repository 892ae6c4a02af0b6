import { myReservations, releaseMyReservation, reserveLot } from '@efir/contract/lots.ts'
import { useEffect, useRef, useState } from 'react'
import { call, newIdempotencyKey, type Problem } from '../../net/api.ts'
import { useView } from '../../net/query.ts'
import type { RoomSocket } from '../../net/socket.ts'
import { now } from '../../ui/clock.ts'
import { useMe } from '../identity/session.ts'
import type { Step } from '../orders/use-checkout.ts'
import { becomePerson } from '../room/person.ts'
import type { LotGuard } from './guard/use-guard.ts'
import { type Held, type Lot, type Mine, nothing } from './lot.ts'
import { heldOf, type Known, saidOf, settle } from './mine.ts'

export interface Buying {
  readonly lotId: string
  readonly variantId?: string
  readonly quantity: number
  readonly seenVersion: number
  readonly delayMs: number
}

/** Units that are mine to pay for, or an offer of a shop that takes the money first. */
export type Granted =
  | {
      readonly ok: true
      readonly held: Held | null
      readonly variantId: string
      readonly quantity: number
      readonly offer?: string
    }
  | { readonly ok: false; readonly problem: Problem }

export interface MyLots {
  mineOf(lotId: string): Mine
  reserve(buying: Buying): Promise<Granted>
  /** Gives units back; `instead` are the ones taken in their place. */
  release(held: Held, instead: Held | null): Promise<void>
  /** A wish for others failed: these are still mine. */
  keep(held: Held): void
  /** What the purchase sheet found out. */
  follow(lotId: string, step: Step): void
}

const busyTries = 8
/** In a crowd the question may go unanswered; who holds units must not be left with a button that sells them again. */
const askAgainMs = 5_000
const unknown: Known = { mine: nothing, since: 0 }
/** News for me after which the server knows more than this page: another tab, another device, the bank. */
const telling = /^(stale|order\.|payment\.|reservation\.)/

/** What is mine in a show. Money is never optimistic: a state changes when the server has said so. */
export function useMyLots(showId: string, room: RoomSocket | null, guard: LotGuard): MyLots {
  const me = useMe()
  const person = me.value?.person?.id ?? null
  const [unanswered, setUnanswered] = useState(false)
  const kept = useView(
    myReservations,
    { showId },
    { when: person !== null, staleMs: 0, ...(unanswered ? { everyMs: askAgainMs } : {}) },
  )
  useEffect(() => setUnanswered(kept.state === 'failed'), [kept.state])
  const [mine, setMine] = useState<ReadonlyMap<string, Known>>(new Map())
  const keys = useRef(new Map<string, string>())
  const put = (lotId: string, one: Mine) =>
    setMine((all) => {
      const before = all.get(lotId) ?? unknown
      // One purchase, from the press to its end.
      const goesOn = before.mine.at !== 'nothing' && before.mine.at !== 'bought' && one.at !== 'asking'
      return new Map(all).set(lotId, { mine: one, since: goesOn ? before.since : now() })
    })

  // After a reload, in another tab, and after a broken line: the server knows what is held and what was bought.
  useEffect(() => {
    const said = kept.value
    if (!said) return
    setMine((all) => {
      const lots = [...all.keys(), ...said.reservations.flatMap((one) => one.lotId ?? []), ...said.lots.map((one) => one.lotId)]
      return new Map(lots.map((lotId) => [lotId, settle(all.get(lotId) ?? unknown, saidOf(said, lotId), said.now)]))
    })
  }, [kept.value])

  // biome-ignore lint/correctness/useExhaustiveDependencies: one listener for each room
  useEffect(
    () =>
      room?.onPersonal((type, data) => {
        if (telling.test(type)) kept.again()
        if (type !== 'reservation.expired') return
        const gone = (data as { reservationId?: string }).reservationId
        setMine(
          (all) =>
            new Map(
              [...all].map(([lotId, one]) => [
                lotId,
                one.mine.at === 'held' && one.mine.held.reservation.id === gone ? unknown : one,
              ]),
            ),
        )
      }),
    [room],
  )

  async function reserve(buying: Buying): Promise<Granted> {
    const intent = `${buying.lotId} ${buying.variantId ?? ''} ${buying.quantity}`
    // The key stays until there is an answer: a press after a lost one asks for the same units, not for more.
    const key = keys.current.get(intent) ?? newIdempotencyKey()
    keys.current.set(intent, key)
    put(buying.lotId, { at: 'asking' })
    // Who buys is somebody: a guest from this tap on.
    if (person === null) await becomePerson()
    const tap = { ...buying, ...(await guard.admission(buying.lotId)), key }
    let answer = await call(reserveLot, tap)
    // A crowd: the server says when to come back, and the place in the queue costs nothing.
    for (let attempt = 0; !answer.ok && answer.refusal === 'busy' && attempt < busyTries; attempt++) {
      const waitMs = Number(answer.params.retryInMs ?? 500)
      await new Promise((resolve) => setTimeout(resolve, Math.min(Math.max(waitMs, 100), 3_000)))
      answer = await call(reserveLot, tap)
    }
    if (answer.ok || answer.refusal !== null) keys.current.delete(intent)
    if (!answer.ok) {
      put(buying.lotId, nothing)
      // What fills the limit may be in another tab.
      if (answer.refusal === 'lot_limit_reached') kept.again()
      return { ok: false, problem: answer as Problem }
    }
    const { reservation, variantId, quantity, offer } = answer.value
    const held = reservation ? heldOf(reservation) : null
    put(buying.lotId, held ? { at: 'held', held } : nothing)
    return { ok: true, held, variantId, quantity, ...(offer === undefined ? {} : { offer }) }
  }

  const keep = (held: Held): void => {
    if (held.reservation.lotId) put(held.reservation.lotId, { at: 'held', held })
  }

  async function release(held: Held, instead: Held | null): Promise<void> {
    const { lotId } = held.reservation
    await call(releaseMyReservation, { reservationId: held.reservation.id })
    if (lotId) put(lotId, instead ? { at: 'held', held: instead } : nothing)
  }

  function follow(lotId: string, step: Step): void {
    switch (step.at) {
      case 'unsure':
      case 'action':
      case 'waiting':
        put(lotId, { at: 'checking' })
        return
      case 'declined': {
        const { payUntilAt, payment } = step.checkout
        put(lotId, {
          at: 'declined',
          untilAt: payUntilAt,
          heldMs: Math.max(1, payUntilAt - now()),
          card: payment?.card?.last4 ?? null,
        })
        return
      }
      case 'done': {
        const order = step.checkout.orders[0]
        if (order)
          put(lotId, {
            at: 'bought',
            number: order.number,
            orderId: order.id,
            boughtAt: order.placedAt,
            paid: step.checkout.state === 'paid',
            units: null,
          })
        kept.again()
        return
      }
      case 'over':
        put(lotId, nothing)
        return
      case 'form':
        // The units went back while the form was filled in.
        if (step.problem?.refusal === 'reservation_gone') put(lotId, nothing)
    }
  }
  return { mineOf: (lotId) => mine.get(lotId)?.mine ?? nothing, reserve, release, keep, follow }
}

/** The lot's first variant is the one shown. */
export const firstVariant = (lot: Lot): string | undefined => lot.variants[0]?.variantId
