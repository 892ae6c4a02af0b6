import { useEffect, useState } from 'react'
import { noteServerTime } from '../../net/clock.ts'
import { RoomSocket } from '../../net/socket.ts'
import { renewSession } from '../identity/session.ts'

const roomUrl = () => `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/room`

/** The room as its team sees it: the whole chat, and nothing waits for a late picture. */
export function useDeskRoom(showId: string | null): RoomSocket | null {
  const [socket, setSocket] = useState<RoomSocket | null>(null)
  useEffect(() => {
    if (showId === null) return
    const opened = new RoomSocket({ url: roomUrl(), room: showId, desk: true, renew: renewSession, onTime: noteServerTime })
    setSocket(opened)
    return () => {
      opened.leave()
      setSocket(null)
    }
  }, [showId])
  return socket
}
