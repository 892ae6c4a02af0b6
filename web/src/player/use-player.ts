import { type RefObject, useEffect, useState } from 'react'
import { openPlayer, type Player, type PlayerOptions, type PlayerSnapshot } from './player.ts'

const before: PlayerSnapshot = { state: 'connecting', muted: true, reason: null, engine: null }

/** A player for the life of a component; a new address opens a new one. Null without an address. */
export function usePlayer(
  video: RefObject<HTMLVideoElement | null>,
  url: string | null,
  options: Omit<PlayerOptions, 'url' | 'onState'>,
): { readonly player: Player | null; readonly snapshot: PlayerSnapshot } {
  const [player, setPlayer] = useState<Player | null>(null)
  const [snapshot, setSnapshot] = useState(before)
  const { live, captions, sound, startAt } = options
  useEffect(() => {
    const element = video.current
    if (!element || url === null) return
    const opened = openPlayer(element, { url, live, captions, sound, startAt, onState: setSnapshot })
    setSnapshot(opened.snapshot)
    setPlayer(opened)
    return () => {
      opened.close()
      setPlayer(null)
      setSnapshot(before)
    }
  }, [video, url, live, captions, sound, startAt])
  return { player, snapshot }
}
