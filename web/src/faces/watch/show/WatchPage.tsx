import { textIn } from '@efir/contract/scalars.ts'
import { lazy, Suspense, useEffect, useMemo, useRef, useState } from 'react'
import { ProblemState } from '../../../parts/face/problem.tsx'
import { useMe } from '../../../parts/identity/session.ts'
import { useReactions } from '../../../parts/room/Reactions.tsx'
import { useKeys } from '../../../ui/keys.ts'
import { useMedia } from '../../../ui/media-query.ts'
import { usePlace } from '../../../ui/router.tsx'
import { useLanguage, useWords } from '../../../ui/words.tsx'
import { loadPurchase, pressLot } from './LotDock.tsx'
import { NoteContent } from './Notes.tsx'
import { useChapters } from './ReplayBar.tsx'
import './WatchPage.css'
import { SoundButton, Stage } from './Stage.tsx'
import { PhoneFoot, WideFoot } from './StageFoot.tsx'
import { OnAir, PictureClock, TopRow } from './TopRow.tsx'
import { useDock } from './use-dock.ts'
import { useNear } from './use-near.ts'
import { useShow, type Watching } from './use-show.ts'

const PurchaseSheet = lazy(async () => ({ default: (await loadPurchase()).PurchaseSheet }))
const ShelfSheet = lazy(async () => ({ default: (await import('./ShelfSheet.tsx')).ShelfSheet }))
const Desktop = lazy(async () => ({ default: (await import('./Desktop.tsx')).Desktop }))
const SiteHeader = lazy(async () => ({ default: (await import('../site/SiteHeader.tsx')).SiteHeader }))

export function WatchPage() {
  const { params } = usePlace()
  const showId = params.showId ?? ''
  return <Show key={showId} showId={showId} />
}

/** Seconds into a recording: `?t=95`. */
function startFrom(query: URLSearchParams): number | undefined {
  const seconds = Number(query.get('t') ?? 'x')
  return Number.isFinite(seconds) && seconds > 0 ? seconds : undefined
}

/** The picture is mounted once; what lies around it differs between a phone and a desk. */
function Show({ showId }: { readonly showId: string }) {
  const words = useWords('watch', 'refusals')
  const { locale } = useLanguage()
  const { query } = usePlace()
  const video = useRef<HTMLVideoElement>(null)
  const [startAt] = useState(() => startFrom(query))
  const wide = useMedia('(min-width: 1000px)')
  const watching = useShow(showId, video, startAt)
  const { page, room, player, snapshot, note, replay } = watching
  const replayAt = useMemo(() => (replay ? { at: watching.pictureNow } : null), [replay, watching.pictureNow])
  const dock = useDock(showId, watching, replayAt)
  useNear(player, dock.moment)
  const me = useMe().value?.person?.id ?? null
  const reactions = useReactions(room)
  const chapters = useChapters(showId, replay)
  const [shelfOpen, setShelfOpen] = useState(false)
  const title = page ? textIn(page.show.title, locale) : ''

  useEffect(() => {
    if (title) document.title = `${title} · Efir`
  }, [title])
  useKeys({
    m: () => (snapshot.muted ? player?.unmute() : player?.mute()),
    b: () => dock.lot && dock.moment.at === 'buy' && void pressLot(dock, dock.lot, dock.moment),
    l: () => setShelfOpen(!shelfOpen),
  })
  if (watching.view.state === 'failed')
    return (
      <main className="watch-failed" tabIndex={-1}>
        <ProblemState problem={watching.view.problem} again={watching.view.again} />
      </main>
    )
  const sheetOpen = dock.openId !== null || (shelfOpen && !wide)
  const parts = { watching, dock, mine: me, video, chapters, reactions, onShelf: () => setShelfOpen(true) }
  return (
    <div className={wide ? 'watch watch-wide' : 'watch watch-narrow'} data-state={watching.state ?? 'loading'}>
      {wide ? (
        <Suspense fallback={<div className="site-header-space" />}>
          <SiteHeader />
        </Suspense>
      ) : null}
      <main className="watch-main" tabIndex={-1} aria-label={title || words('common.loading')}>
        <h1 className="hidden-text">{title}</h1>
        <div className="watch-picture">
          <Stage
            video={video}
            player={player}
            snapshot={snapshot}
            note={note}
            noteContent={page ? <NoteContent note={note} page={page} /> : null}
            cover={page?.show.cover}
            sheetOpen={sheetOpen && !wide}
            title={title}
          >
            {wide ? <WideTop watching={watching} /> : <PhoneTop watching={watching} />}
            {wide ? <WideFoot {...parts} /> : <PhoneFoot {...parts} />}
          </Stage>
        </div>
        {wide && page ? (
          <Suspense fallback={null}>
            <Desktop watching={watching} page={page} dock={dock} mine={me} video={video} chapters={chapters} />
          </Suspense>
        ) : null}
      </main>
      <Suspense fallback={null}>
        {shelfOpen && !wide ? (
          <ShelfSheet dock={dock} live={!replay} open={shelfOpen} onClose={() => setShelfOpen(false)} />
        ) : null}
        {dock.purchases.map((purchase) => {
          const lot = dock.shelf.lots.find((one) => one.id === purchase.lotId)
          return lot ? (
            <PurchaseSheet
              key={`${purchase.lotId} ${purchase.nth}`}
              dock={dock}
              lot={lot}
              purchase={purchase}
              delayMs={watching.delayMs}
            />
          ) : null
        })}
      </Suspense>
    </div>
  )
}

function PhoneTop({ watching }: { readonly watching: Watching }) {
  const { page, player, replay, room, snapshot, state } = watching
  return (
    <TopRow page={page} room={room} state={state}>
      <div className="watch-second-row">
        {player ? <SoundButton player={player} snapshot={snapshot} wordy /> : <span />}
        {page ? (
          <PictureClock pictureNow={watching.pictureNow} encoderDelayMs={page.playback.encoderDelayMs} live={!replay} />
        ) : null}
      </div>
    </TopRow>
  )
}

function WideTop({ watching }: { readonly watching: Watching }) {
  const { page, room, state, replay } = watching
  return (
    <div className="watch-wide-top">
      {page ? <OnAir room={room} state={state} viewers={page.show.viewers} /> : null}
      {page ? (
        <PictureClock pictureNow={watching.pictureNow} encoderDelayMs={page.playback.encoderDelayMs} live={!replay} />
      ) : null}
    </div>
  )
}
