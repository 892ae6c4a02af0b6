import type { Out } from '@efir/contract/act.ts'
import { closeLot, lotBoard, openLot, pinLot, unpinLot } from '@efir/contract/lots.ts'
import { streamState } from '@efir/contract/media.ts'
import { endShow, rundown, setSlate, showPage, startItem } from '@efir/contract/shows.ts'
import { useEffect, useMemo } from 'react'
import type { Answer, Problem } from '../../net/api.ts'
import { serverNow } from '../../net/clock.ts'
import { useOnline } from '../../net/online.ts'
import { queries, refresh, useAct, useView, type View } from '../../net/query.ts'
import type { RoomSocket } from '../../net/socket.ts'
import { useRoomPart } from '../room/use-room.ts'
import { type DeskLot, lotInHand, type PlanItem, type Thumb } from './thumb.ts'
import { useDeskRoom } from './use-desk-room.ts'

export type Show = Out<typeof showPage>['show']
export type Stream = Out<typeof streamState>

export interface DeskRights {
  /** Hosts and the shop: lots, stream, plan, end. */
  readonly runs: boolean
  /** Also moderators: pins, slate, chat. */
  readonly keeps: boolean
  /** Of the shop's staff: its products with their stock. */
  readonly staff: boolean
}

export interface Desk {
  readonly showId: string
  readonly page: View<Out<typeof showPage>>
  readonly show: Show | null
  readonly rights: DeskRights
  readonly lots: readonly DeskLot[]
  readonly lotsReady: boolean
  readonly lotsProblem: Problem | null
  readonly items: readonly PlanItem[]
  readonly hand: DeskLot | null
  readonly stream: Stream | null
  readonly room: RoomSocket | null
  readonly viewers: number
  readonly slate: boolean
  readonly online: boolean
  readonly acts: DeskActs
}

const noLots: readonly DeskLot[] = []
const noItems: readonly PlanItem[] = []
const onAirStates = new Set(['live', 'paused', 'cut'])
export const isOnAir = (show: Show | null): boolean => show !== null && onAirStates.has(show.state)
export const isAfter = (show: Show | null): boolean =>
  show !== null && ['ended', 'replay', 'archived', 'cancelled'].includes(show.state)

export function rightsOf(roles: readonly string[]): DeskRights {
  const runs = roles.some((role) => role === 'show:host' || role === 'shop:owner' || role === 'shop:manager')
  return { runs, keeps: runs || roles.includes('show:moderator'), staff: roles.some((role) => role.startsWith('shop:')) }
}

/** Everything that a desk shows, from views and from the room; the same on every device of the team. */
export function useDesk(showId: string): Desk {
  const page = useView(showPage, { showId }, { everyMs: 20_000 })
  const show = page.value?.show ?? null
  const rights = useMemo(() => rightsOf(page.value?.roles ?? []), [page.value?.roles])
  const airing = isOnAir(show)
  const when = rights.keeps
  const board = useView(lotBoard, { showId }, { when, everyMs: airing ? 5_000 : 30_000 })
  const plan = useView(rundown, { showId }, { when, everyMs: airing ? 15_000 : 60_000 })
  const stream = useView(streamState, { showId }, { when: when && !isAfter(show), everyMs: 3_000 })
  const room = useDeskRoom(rights.keeps ? showId : null)
  useNews(room)
  const slateNews = useRoomPart<boolean | null>(room, (store) => (store.seq > 0 ? store.value('slate') !== null : null), null)
  const lots = board.value?.lots ?? noLots
  const items = plan.value?.items ?? noItems
  const hand = lotInHand(lots, items, serverNow())
  const acts = useDeskActs(showId, items, board.value?.countdownMinMs ?? usualCountMs)
  return {
    showId,
    page,
    show,
    rights,
    lots,
    lotsReady: board.state === 'ready',
    lotsProblem: board.problem ?? null,
    items,
    hand,
    stream: stream.value ?? null,
    room,
    viewers: useRoomPart(room, (store) => store.viewers, 0),
    slate: slateNews ?? page.value?.slate ?? false,
    online: useOnline(),
    acts,
  }
}

const usualCountMs = 3_000
const newsMs = 600

/** What the room says makes the views ask again, at most a few times in two seconds. */
function useNews(room: RoomSocket | null): void {
  useEffect(() => {
    if (!room) return
    let timer: ReturnType<typeof setTimeout> | null = null
    let seen = ''
    const look = () => {
      timer = null
      const { store } = room
      const part = (prefix: string) => JSON.stringify(store.keys(prefix).map((key) => [key, store.value(key)]))
      const state = part('show') + part('slate') + part('item')
      const now = `${part('lot:')}${part('deal:')}${part('pin')}${part('stock:')}|${state}`
      if (now === seen) return
      const stateChanged = seen.split('|')[1] !== state
      seen = now
      void refresh(lotBoard, ...(stateChanged ? [showPage, rundown, streamState] : []))
    }
    const soon = () => {
      timer ??= setTimeout(look, newsMs)
    }
    const stops = [room.store.subscribe(soon), room.store.onReset(soon)]
    return () => {
      for (const stop of stops) stop()
      if (timer) clearTimeout(timer)
    }
  }, [room])
}

export interface DeskActs {
  readonly busy: boolean
  readonly problem: Problem | null
  forget(): void
  pin(lot: DeskLot): Promise<unknown>
  unpin(lot: DeskLot): Promise<unknown>
  /** What the thumb says; opening pins as well, or nobody would see it. */
  press(thumb: Thumb): Promise<unknown>
  slate(on: boolean): Promise<unknown>
  startItem(item: PlanItem): Promise<unknown>
  end(): Promise<boolean>
}

type Board = Out<typeof lotBoard>

/** The answer is shown at once; the whole board is asked for behind it. */
function showLot(showId: string, lot: DeskLot): void {
  queries.setQueryData<Board>([lotBoard.name, { showId }], (board) => {
    if (!board) return board
    const others = (one: DeskLot) => (lot.pinned && one.pinned === lot.pinned ? { ...one, pinned: undefined } : one)
    return { ...board, lots: board.lots.map((one) => (one.id === lot.id ? lot : others(one))) }
  })
  void refresh(lotBoard)
}

const planViews = [rundown, lotBoard] as const
const showViews = [showPage, streamState, lotBoard] as const

function useDeskActs(showId: string, items: readonly PlanItem[], countdownMs: number): DeskActs {
  const pinning = useAct(pinLot)
  const unpinning = useAct(unpinLot)
  const opening = useAct(openLot)
  const closing = useAct(closeLot)
  const slating = useAct(setSlate, { changes: showViews })
  const starting = useAct(startItem, { changes: planViews })
  const ending = useAct(endShow, { changes: showViews })
  const all = [pinning, unpinning, opening, closing, slating, starting, ending]
  // The picture that the camera takes now: viewers see it later, and their card changes with it.
  const pdtMs = () => Math.round(serverNow())
  const begin = (lot: DeskLot) => {
    const item = items.find((one) => one.lotId === lot.id && one.startedAt === undefined)
    return item ? starting.run({ showId, itemId: item.id }) : Promise.resolve()
  }
  const shown = async (asking: Promise<Answer<typeof pinLot | typeof unpinLot | typeof openLot | typeof closeLot>>) => {
    const answer = await asking
    if (answer.ok) showLot(showId, answer.value)
    else void refresh(lotBoard)
  }
  const pin = (lot: DeskLot) => shown(pinning.run({ lotId: lot.id, slot: 'primary', pdtMs: pdtMs() }))
  return {
    busy: all.some((one) => one.busy),
    problem: all.find((one) => one.problem)?.problem ?? null,
    forget: () => {
      for (const one of all) one.reset()
    },
    pin,
    unpin: (lot) => shown(unpinning.run({ lotId: lot.id, pdtMs: pdtMs() })),
    async press(thumb) {
      if (thumb.does === 'open') {
        if (!thumb.lot.pinned) await pin(thumb.lot)
        void begin(thumb.lot)
        // Nobody is late: the count is as long as the room's delay.
        return shown(opening.run({ lotId: thumb.lot.id, countdownMs, pdtMs: pdtMs() }))
      }
      if (thumb.does === 'close') return shown(closing.run({ lotId: thumb.lot.id, pdtMs: pdtMs() }))
      if (thumb.does === 'next') {
        await begin(thumb.lot)
        return pin(thumb.lot)
      }
      if (thumb.does === 'back_on_air') return slating.run({ showId, on: false })
    },
    slate: (on) => slating.run({ showId, on }),
    startItem: (item) => starting.run({ showId, itemId: item.id }),
    end: async () => (await ending.run({ showId })).ok,
  }
}
