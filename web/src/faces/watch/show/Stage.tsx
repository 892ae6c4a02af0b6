import { Pause, Play, RefreshCw, Volume2, VolumeX } from 'lucide-react'
import { type ReactNode, type RefObject, useEffect, useState } from 'react'
import { imageSet, imageUrl } from '../../../parts/shows/cover.ts'
import type { Player, PlayerSnapshot } from '../../../player/player.ts'
import { cx } from '../../../ui/cx.ts'
import { useWords } from '../../../ui/words.tsx'
import './Stage.css'

export type StageNote = 'waiting' | 'slate' | 'paused' | 'cut' | 'ended' | 'gone' | null

export interface StageProps {
  readonly video: RefObject<HTMLVideoElement | null>
  readonly player: Player | null
  readonly snapshot: PlayerSnapshot
  /** Something stands in front of the picture. */
  readonly note: StageNote
  readonly noteContent?: ReactNode
  readonly cover: string | undefined
  readonly sheetOpen: boolean
  readonly title: string
  readonly children?: ReactNode
}

/** As the server writes it into the page: the same file for both. */
const stageSizes = '(min-width: 1000px) 560px, 100vw'

/** The picture. It is mounted once for the life of the page; sheets, notes and layouts come and go around it. */
export function Stage({ video, player, snapshot, note, noteContent, cover, sheetOpen, title, children }: StageProps) {
  const words = useWords('watch')
  const poster = imageUrl(cover, 640)
  const [wide, setWide] = useState(false)
  // The host covers the picture: what is said meanwhile is covered too.
  useEffect(() => {
    if (note === 'slate') player?.mute()
  }, [note, player])
  return (
    <div className={cx('stage', sheetOpen && 'stage-behind-sheet', note && 'stage-noted')}>
      {poster ? <img className="stage-cover" src={poster} srcSet={imageSet(cover)} sizes={stageSizes} alt="" /> : null}
      {/* biome-ignore lint/a11y/useMediaCaption: captions of a live picture come with the stream */}
      <video
        ref={video}
        className={cx('stage-video', wide && 'stage-video-wide', (note === 'slate' || note === 'cut') && 'stage-hidden')}
        playsInline
        aria-label={words('watch.picture_of', { title })}
        onResize={({ currentTarget }) => setWide(currentTarget.videoWidth > currentTarget.videoHeight)}
      />
      <div className="stage-scrim" aria-hidden="true" />
      {note ? <div className="stage-note">{noteContent}</div> : <PlayerNote player={player} snapshot={snapshot} />}
      {children}
    </div>
  )
}

/** What the player has to say, when nothing else stands in front of it. */
function PlayerNote({ player, snapshot }: { readonly player: Player | null; readonly snapshot: PlayerSnapshot }) {
  const words = useWords('watch')
  if (!player) return null
  switch (snapshot.state) {
    case 'connecting':
    case 'stalled':
    case 'offline':
      return (
        <div className="stage-quiet" role="status">
          <span className="spinner" aria-hidden="true" />
          <span>
            {words(
              snapshot.state === 'connecting'
                ? 'common.player_connecting'
                : snapshot.state === 'offline'
                  ? 'common.offline'
                  : 'common.player_stalled',
            )}
          </span>
        </div>
      )
    case 'failed':
      return (
        <div className="stage-note">
          <p className="stage-note-title">{words('common.player_failed')}</p>
          <button type="button" className="stage-button" onClick={() => player.retry()}>
            <RefreshCw size={18} aria-hidden />
            {words('common.try_again')}
          </button>
        </div>
      )
    case 'blocked':
    case 'paused':
      return (
        <button type="button" className="stage-play" aria-label={words('common.player_play')} onClick={() => player.play()}>
          <Play size={32} fill="currentColor" aria-hidden />
        </button>
      )
    default:
      return null
  }
}

/** Sound starts off, as browsers want it; the way to it is a word, not only a sign. */
export function SoundButton({
  player,
  snapshot,
  wordy,
}: {
  readonly player: Player | null
  readonly snapshot: PlayerSnapshot
  readonly wordy?: boolean
}) {
  const words = useWords('watch')
  const label = words(snapshot.muted ? 'common.player_unmute' : 'common.player_mute')
  const Icon = snapshot.muted ? VolumeX : Volume2
  return (
    <button
      type="button"
      className={cx('stage-control', wordy && snapshot.muted && 'stage-control-wordy')}
      aria-label={label}
      title={label}
      disabled={!player}
      onClick={() => (snapshot.muted ? player?.unmute() : player?.mute())}
    >
      <Icon size={20} aria-hidden />
      {wordy && snapshot.muted ? <span aria-hidden="true">{label}</span> : null}
    </button>
  )
}

export function PlayButton({ player, snapshot }: { readonly player: Player | null; readonly snapshot: PlayerSnapshot }) {
  const words = useWords('watch')
  const still = snapshot.state === 'paused' || snapshot.state === 'blocked' || snapshot.state === 'ended'
  const label = words(still ? 'common.player_play' : 'common.player_pause')
  const Icon = still ? Play : Pause
  return (
    <button
      type="button"
      className="stage-control"
      aria-label={label}
      title={label}
      disabled={!player}
      onClick={() => (still ? player?.play() : player?.pause())}
    >
      <Icon size={20} aria-hidden />
    </button>
  )
}
