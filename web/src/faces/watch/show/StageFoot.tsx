import { ShoppingBag } from 'lucide-react'
import type { RefObject } from 'react'
import { OfflineBanner } from '../../../parts/face/problem.tsx'
import { ChatOverlay, PinnedMessage } from '../../../parts/room/Chat.tsx'
import { Composer } from '../../../parts/room/Composer.tsx'
import { ReactButton, RisingReactions, type useReactions } from '../../../parts/room/Reactions.tsx'
import { useWords } from '../../../ui/words.tsx'
import { LotDock } from './LotDock.tsx'
import { type Chapter, ReplayBar } from './ReplayBar.tsx'
import { PlayButton, SoundButton } from './Stage.tsx'
import type { Dock } from './use-dock.ts'
import type { Watching } from './use-show.ts'

export interface StageFootProps {
  readonly watching: Watching
  readonly dock: Dock
  readonly mine: string | null
  readonly video: RefObject<HTMLVideoElement | null>
  readonly chapters: readonly Chapter[]
  readonly reactions: ReturnType<typeof useReactions>
  readonly onShelf: () => void
}

function ReplayControls({ watching, video, chapters }: StageFootProps) {
  const { page, player, snapshot } = watching
  if (!page) return null
  return (
    <div className="watch-replay">
      <PlayButton player={player} snapshot={snapshot} />
      <ReplayBar video={video} list={chapters} durationMs={page.playback.replayDurationMs ?? 0} />
    </div>
  )
}

/** Over the picture of a phone: the talk, the lot, the composer. */
export function PhoneFoot(props: StageFootProps) {
  const words = useWords('watch')
  const { watching, dock, mine, reactions } = props
  const { note, replay, room } = watching
  const closed = note === 'gone' || note === 'ended'
  const lots = dock.shelf.lots.length
  return (
    <div className="watch-bottom">
      <OfflineBanner />
      {replay ? (
        <ReplayControls {...props} />
      ) : note === 'waiting' || note === 'gone' ? null : (
        <div className="watch-talk">
          <div className="watch-chat">
            <PinnedMessage room={room} />
            <ChatOverlay room={room} mine={mine} />
          </div>
          <RisingReactions flying={reactions.flying} />
        </div>
      )}
      <LotDock dock={dock} size="phone" calm={replay} />
      <div className="watch-compose">
        {replay ? <span className="watch-compose-space" /> : <Composer room={room} look="stage" closed={closed} />}
        <button
          type="button"
          className="stage-round"
          aria-label={words('watch.shelf_count', { n: lots })}
          onClick={props.onShelf}
        >
          <ShoppingBag size={22} aria-hidden />
          {lots > 0 ? <i>{lots}</i> : null}
        </button>
        {replay ? null : <ReactButton react={reactions.react} look="stage" />}
      </div>
    </div>
  )
}

/** The same place on a desk, where lot and room stand beside the picture. */
export function WideFoot(props: StageFootProps) {
  const { watching, reactions } = props
  const { player, replay, snapshot } = watching
  return (
    <div className="watch-bottom">
      {replay ? <ReplayControls {...props} /> : <RisingReactions flying={reactions.flying} />}
      <div className="watch-controls">
        {player ? <SoundButton player={player} snapshot={snapshot} wordy /> : <span />}
        {replay ? null : <ReactButton react={reactions.react} look="stage" />}
      </div>
    </div>
  )
}
