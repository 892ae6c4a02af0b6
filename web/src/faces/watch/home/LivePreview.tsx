import { showPage } from '@efir/contract/shows.ts'
import { useEffect, useRef, useState } from 'react'
import { useView } from '../../../net/query.ts'
import { usePlayer } from '../../../player/use-player.ts'
import { useMedia } from '../../../ui/media-query.ts'

/** The live picture without sound, on the start page; not for those who save data or motion. */
export function LivePreview({ showId }: { readonly showId: string }) {
  const video = useRef<HTMLVideoElement>(null)
  const still = useMedia('(prefers-reduced-motion: reduce), (prefers-reduced-data: reduce)')
  const saving = (navigator as { connection?: { saveData?: boolean } }).connection?.saveData === true
  const [settled, setSettled] = useState(false)
  useEffect(() => {
    // The page first, then its ornament.
    const timer = setTimeout(() => setSettled(true), 600)
    return () => clearTimeout(timer)
  }, [])
  const wanted = settled && !still && !saving
  const page = useView(showPage, { showId }, { when: wanted, staleMs: 60_000 }).value
  const url = useRef<string | null>(null)
  if (wanted && url.current === null) url.current = page?.playback.liveUrl ?? null
  const { snapshot } = usePlayer(video, url.current, { live: true })
  return (
    <video
      ref={video}
      className={snapshot.state === 'playing' ? 'hero-video hero-video-on' : 'hero-video'}
      aria-hidden="true"
      tabIndex={-1}
      muted
      playsInline
    />
  )
}
