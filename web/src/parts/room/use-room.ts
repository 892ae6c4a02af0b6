import { sendChat } from '@efir/contract/room.ts'
import { useEffect, useRef, useState, useSyncExternalStore } from 'react'
import { call } from '../../net/api.ts'
import { noteServerTime } from '../../net/clock.ts'
import type { RoomStore } from '../../net/room-store.ts'
import { RoomSocket, type RoomStatus } from '../../net/socket.ts'
import { renewSession, useMe } from '../identity/session.ts'

const roomUrl = () => `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/room`

async function sayByAct(showId: string, key: string, text: string) {
  const answer = await call(sendChat, { showId, key, text })
  if (answer.ok) return { ok: true, line: answer.value.line } as const
  return { ok: false, refusal: answer.refusal ?? 'busy', params: answer.refusal === null ? {} : answer.params } as const
}

/** The room of a show while the component lives. `pictureNow` is read often and must not change its meaning. */
export function useRoom(showId: string | null, pictureNow: () => number | null): RoomSocket | null {
  const [socket, setSocket] = useState<RoomSocket | null>(null)
  const picture = useRef(pictureNow)
  picture.current = pictureNow
  const me = useMe()
  const personId = me.value?.person?.id ?? null
  const known = me.state !== 'loading'

  const knownNow = useRef(false)
  knownNow.current = personId !== null

  useEffect(() => {
    if (showId === null) return
    const opened = new RoomSocket({
      url: roomUrl(),
      room: showId,
      joinsEarly: true,
      otherWays: { base: `/room/${showId}`, say: (key, text) => sayByAct(showId, key, text), known: () => knownNow.current },
      pictureNow: () => picture.current(),
      renew: renewSession,
      onTime: noteServerTime,
    })
    setSocket(opened)
    return () => {
      opened.leave()
      setSocket(null)
    }
  }, [showId])

  // The cookie says who one is: after the first tap or signing in the room is joined again under the new name.
  const joinedAs = useRef<string | null>(null)
  useEffect(() => {
    if (!socket || !known) return
    const seenAs = socket.you?.person ?? joinedAs.current
    if (personId !== seenAs && (personId !== null || joinedAs.current !== null)) socket.rejoin()
    joinedAs.current = personId
  }, [socket, personId, known])
  return socket
}

/** One thing of a room, rendered again only when that thing changed. */
export function useRoomPart<T>(socket: RoomSocket | null, pick: (store: RoomStore) => T, otherwise: T): T {
  const kept = useRef<{ version: number; store: RoomStore; value: T } | null>(null)
  return useSyncExternalStore(
    (listener) => socket?.store.subscribe(listener) ?? (() => undefined),
    () => {
      if (!socket) return otherwise
      const { store } = socket
      if (kept.current?.store === store && kept.current.version === store.version) return kept.current.value
      const value = pick(store)
      const before = kept.current?.value
      const same = kept.current?.store === store && alike(before, value)
      kept.current = { version: store.version, store, value: same ? (before as T) : value }
      return kept.current.value
    },
  )
}

/** Values of the room keep their identity until they change, so lists of them are compared item by item. */
function alike(one: unknown, other: unknown): boolean {
  if (!Array.isArray(one) || !Array.isArray(other)) return Object.is(one, other)
  return one.length === other.length && one.every((item, index) => Object.is(item, other[index]))
}

export function useRoomStatus(socket: RoomSocket | null): RoomStatus {
  const waiting: RoomStatus = { at: 'connecting' }
  const [status, setStatus] = useState<RoomStatus>(waiting)
  useEffect(() => {
    if (!socket) return
    setStatus(socket.status)
    return socket.onStatus(setStatus)
  }, [socket])
  return socket ? status : waiting
}
