import type { Out } from '@efir/contract/act.ts'
import { showPage } from '@efir/contract/shows.ts'
import { type RefObject, useEffect, useMemo, useRef, useState } from 'react'
import { serverNow } from '../../../net/clock.ts'
import { refresh, useView, type View } from '../../../net/query.ts'
import type { RoomSocket } from '../../../net/socket.ts'
import { useRoom, useRoomPart } from '../../../parts/room/use-room.ts'
import type { Player, PlayerSnapshot } from '../../../player/player.ts'
import { usePlayer } from '../../../player/use-player.ts'
import type { StageNote } from './Stage.tsx'

export type Page = Out<typeof showPage>
export type ShowState = Page['show']['state']

interface RoomShow {
  readonly state: ShowState
  readonly startsAt?: number | null
}

export interface Watching {
  readonly view: View<Page>
  readonly page: Page | null
  readonly state: ShowState | null
  readonly replay: boolean
  readonly room: RoomSocket | null
  readonly player: Player | null
  readonly snapshot: PlayerSnapshot
  readonly note: StageNote
  /** Program date-time of the frame on the screen. */
  readonly pictureNow: () => number | null
  /** How far this viewer's picture is behind, as last measured. */
  readonly delayMs: () => number
}

const reportMs = 2_000
/** Until the end of a show is a replay, the page looks again. */
const unsettledMs = 5_000

/** The same stream with a newer signature is the same stream: the player is not opened anew. */
export function sameStream(one: string | null, other: string | null): boolean {
  return one?.split('?')[0] === other?.split('?')[0]
}

function useLatchedUrl(wanted: string | null): string | null {
  const held = useRef(wanted)
  if (!sameStream(held.current, wanted)) held.current = wanted
  return held.current
}

export function noteOf(state: ShowState | null, slate: boolean): StageNote {
  switch (state) {
    case null:
      return null
    case 'live':
      return slate ? 'slate' : null
    case 'replay':
      return null
    case 'paused':
    case 'cut':
    case 'ended':
      return state
    case 'draft':
    case 'scheduled':
      return 'waiting'
    default:
      return 'gone'
  }
}

/** All that moves on the page of a show: its state, its room and its picture. */
export function useShow(showId: string, video: RefObject<HTMLVideoElement | null>, startAt: number | undefined): Watching {
  const [stateNow, setStateNow] = useState<ShowState | null>(null)
  const unsettled = stateNow === 'ended' || stateNow === 'paused'
  const view = useView(showPage, { showId }, { staleMs: 5_000, ...(unsettled ? { everyMs: unsettledMs } : {}) })
  const page = view.value ?? null
  const picture = useRef<Player | null>(null)
  const replay = page?.show.state === 'replay'
  const pictureNow = useMemo(() => () => picture.current?.pictureTime() ?? null, [])
  const withRoom = page !== null && !replay && page.show.state !== 'archived' && page.show.state !== 'cancelled'
  const room = useRoom(withRoom ? showId : null, pictureNow)

  const told = useRoomPart<RoomShow | null>(room, (store) => store.newest<RoomShow>('show'), null)
  const slate = useRoomPart<{ on?: boolean } | null>(room, (store) => store.newest<{ on?: boolean }>('slate'), null)
  const state = replay ? 'replay' : (told?.state ?? page?.show.state ?? null)
  useEffect(() => setStateNow(state), [state])
  // Where to play from is the server's to say again after each step of the show.
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked once for each step that the room tells
  useEffect(() => {
    if (page && told && told.state !== page.show.state) void refresh(showPage)
  }, [told?.state])

  const playback = page?.playback
  const url = useLatchedUrl(state === 'cut' ? null : (playback?.liveUrl ?? playback?.replayUrl ?? null))
  const { player, snapshot } = usePlayer(video, url, { live: !replay, sound: true, startAt: replay ? startAt : undefined })
  picture.current = player
  const delay = useRef(0)
  useEffect(() => {
    if (!player || replay) return
    const timer = setInterval(() => {
      const behind = player.behindMs(serverNow())
      if (behind === null) return
      delay.current = behind
      room?.reportDelay(behind)
    }, reportMs)
    return () => clearInterval(timer)
  }, [player, room, replay])
  // A lost stream may have a new address.
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each time the picture is lost
  useEffect(() => {
    if (snapshot.state === 'failed' || (snapshot.state === 'ended' && !replay)) view.again()
  }, [snapshot.state])

  return {
    view,
    page,
    state,
    replay,
    room,
    player,
    snapshot,
    note: noteOf(state, slate?.on ?? (room ? false : (page?.slate ?? false))),
    pictureNow,
    delayMs: () => Math.round(delay.current),
  }
}
