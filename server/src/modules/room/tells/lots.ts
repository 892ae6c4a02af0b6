import type { Ctx } from '../../../kernel/context.ts'
import type { EventType } from '../../../kernel/events.ts'
import * as lots from '../../lots/events.ts'
import { cardsOfShow, lotCards, type PinView, pinsOf } from '../../lots/views.ts'
import { inRoom, type RoomContribution, type Teller, tellRoom } from '../contribution.ts'
import type { StateChange } from '../hub/messages.ts'

type Card = Awaited<ReturnType<typeof lotCards>>[number]

/** Nobody's picture is later than this. */
const latestPictureMs = 60_000
/** Lots of a snapshot; the whole shelf is a view of its own. */
const mostLots = 100

const cardPart = (card: Card): StateChange => ({ k: `lot:${card.id}`, value: card })
const unitsPart = (card: Card): StateChange => ({
  k: `stock:${card.id}`,
  value: card.link ? null : { left: card.left, quota: card.quota, paying: card.paying },
})

/** The card as it is now. Windows follow the server's clock, the same instant for all: they carry no picture's time. */
const card = (type: EventType<{ showId: string; lotId: string }>): Teller =>
  tellRoom(type, async ({ showId, lotId }, _, ctx) => {
    const [now] = await lotCards(ctx, [lotId])
    return inRoom(
      showId,
      ...(now
        ? [cardPart(now), unitsPart(now)]
        : [
            { k: `lot:${lotId}`, value: null },
            { k: `stock:${lotId}`, value: null },
          ]),
    )
  })

/** The last two turns of each slot, in video time: who sees a late picture still needs the one before. */
function pinParts(pins: readonly PinView[], now: number): StateChange[] {
  const turns = pins.flatMap(({ slot, lotId, startAt, endAt }) => [
    { slot, at: startAt, value: { lotId, slot } },
    ...(endAt === undefined ? [] : [{ slot, at: endAt, value: null }]),
  ])
  const parts: StateChange[] = []
  for (const slot of new Set(pins.map((pin) => pin.slot))) {
    // A pin that ends where the next begins gives way to it.
    const mine = turns
      .filter((turn) => turn.slot === slot)
      .toSorted((a, b) => a.at - b.at || Number(b.value === null) - Number(a.value === null))
    for (const turn of mine.slice(-3)) parts.push({ k: `pin:${slot}`, value: turn.value, pdt: turn.at })
    const last = mine.at(-1)
    if (last?.value === null && now - last.at > latestPictureMs) parts.push({ k: `pin:${slot}`, value: null })
  }
  return parts
}

export async function lotParts(ctx: Ctx, showId: string): Promise<StateChange[]> {
  const [cards, pins] = await Promise.all([cardsOfShow(ctx, showId), pinsOf(ctx, showId)])
  const pinned = new Set(pins.filter((pin) => pin.endAt === undefined).map((pin) => pin.lotId))
  const told = cards.filter((one) => one.state !== 'draft' || pinned.has(one.id))
  const newest = told.toSorted(
    (a, b) => Number(pinned.has(b.id)) - Number(pinned.has(a.id)) || (b.opensAt ?? 0) - (a.opensAt ?? 0),
  )
  return [
    ...newest.slice(0, mostLots).flatMap((one) => [cardPart(one), ...(one.link ? [] : [unitsPart(one)])]),
    ...pinParts(pins, ctx.now()),
  ]
}

export const lotTells: RoomContribution = {
  name: 'lots',
  tellers: [
    ...[
      lots.lotCreated,
      lots.lotChanged,
      lots.lotRemoved,
      lots.dealArmed,
      lots.dealCounting,
      lots.dealOpened,
      lots.dealClosing,
      lots.dealClosed,
    ].map((type) => card(type)),
    tellRoom(lots.lotPinned, ({ showId, lotId, slot, pdtMs }) =>
      inRoom(showId, { k: `pin:${slot}`, value: { lotId, slot }, pdt: pdtMs }),
    ),
    tellRoom(lots.lotUnpinned, ({ showId, slot, pdtMs }) => inRoom(showId, { k: `pin:${slot}`, value: null, pdt: pdtMs })),
  ],
  snapshotPart: lotParts,
}
