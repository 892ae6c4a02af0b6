import { shelf } from '@efir/contract/lots.ts'
import { useEffect, useMemo, useRef, useState } from 'react'
import { useView } from '../../net/query.ts'
import type { RoomSocket } from '../../net/socket.ts'
import { now } from '../../ui/clock.ts'
import { useRoomPart, useRoomStatus } from '../room/use-room.ts'
import { bySlot, type Lot, type PinOf, pinsAt, type Stock, withStock } from './lot.ts'
import { roomPins } from './pins.ts'

export interface Shelf {
  readonly state: 'loading' | 'ready' | 'failed'
  readonly lots: readonly Lot[]
  /** On the screen with the viewer's picture; the first is the primary one. */
  readonly pins: readonly PinOf[]
  /** When a countdown was first seen. */
  readonly countingSince: (lot: Lot) => number | undefined
  readonly again: () => void
}

const none: readonly never[] = []
const replayTickMs = 500
/** Without a room the shelf is asked for again, so that nobody buys by old news. */
const roomlessMs = 5_000

/** Lots and pins of a show: the shelf as asked for, and over it what the room says at the viewer's picture. */
export function useShelf(showId: string, room: RoomSocket | null, replay: { readonly at: () => number | null } | null): Shelf {
  const status = useRoomStatus(room)
  const view = useView(shelf, { showId }, { staleMs: 60_000, ...(room && status.at !== 'open' ? { everyMs: roomlessMs } : {}) })
  const fresh = useRoomPart<readonly Lot[]>(room, (store) => store.keys('lot:').map((key) => store.value<Lot>(key) as Lot), none)
  const lots = useMemo(() => {
    const known = new Map((view.value?.lots ?? none).map((lot) => [lot.id, lot]))
    for (const lot of fresh) known.set(lot.id, lot)
    return [...known.values()].sort((one, other) => one.number - other.number)
  }, [view.value, fresh])
  const stocks = useRoomPart<readonly (Stock | null)[]>(
    room,
    (store) => lots.map((lot) => store.value<Stock>(`stock:${lot.id}`)),
    none,
  )
  const pinKeys = useRoomPart<string>(
    room,
    (store) =>
      roomPins(store)
        .map((pin) => `${pin.lotId} ${pin.slot}`)
        .join(','),
    '',
  )
  const livePins = useMemo<readonly PinOf[]>(
    () =>
      pinKeys
        .split(',')
        .filter(Boolean)
        .map((text) => ({ lotId: text.split(' ')[0] ?? '', slot: (text.split(' ')[1] ?? 'third') as PinOf['slot'] })),
    [pinKeys],
  )
  // The welcome comes before the state: until then the room knows of no pin at all.
  const told = useRoomPart<boolean>(room, (store) => store.seq > 0, false)
  const replayPins = useReplayPins(view.value?.pins ?? none, replay)
  const seen = useRef(new Map<string, number>())
  const countingSince = (lot: Lot): number | undefined => {
    if (lot.state !== 'counting' || lot.opensAt === undefined) return undefined
    const key = `${lot.id} ${lot.opensAt}`
    if (!seen.current.has(key)) seen.current.set(key, now())
    return seen.current.get(key)
  }
  return {
    state: lots.length > 0 ? 'ready' : view.state,
    lots: useMemo(() => lots.map((lot, index) => withStock(lot, stocks[index] ?? null)), [lots, stocks]),
    // Before the room has answered, the shelf's own pins are the best there is.
    pins: replay
      ? replayPins
      : room && told && status.at !== 'connecting'
        ? livePins
        : livePins.length > 0
          ? livePins
          : openPins(view.value?.pins ?? none),
    countingSince,
    again: view.again,
  }
}

const openPins = (pins: readonly (PinOf & { readonly startAt: number; readonly endAt?: number })[]) =>
  pins.filter((pin) => pin.endAt === undefined).toSorted(bySlot)

function useReplayPins(
  pins: Parameters<typeof pinsAt>[0],
  replay: { readonly at: () => number | null } | null,
): readonly PinOf[] {
  const [held, setHeld] = useState<readonly PinOf[]>(none)
  useEffect(() => {
    if (!replay) return
    const look = () => {
      const at = replay.at()
      if (at === null) return
      const found = pinsAt(pins, at)
      setHeld((before) => (before.length === found.length && before.every((pin, index) => pin === found[index]) ? before : found))
    }
    look()
    const timer = setInterval(look, replayTickMs)
    return () => clearInterval(timer)
  }, [pins, replay])
  return held
}
