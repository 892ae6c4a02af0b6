import { productPage } from '@efir/contract/catalog.ts'
import { textIn } from '@efir/contract/scalars.ts'
import { type RefObject, Suspense } from 'react'
import { useView } from '../../../net/query.ts'
import { keyFacts } from '../../../parts/catalog/facts.ts'
import { ChatLog, PinnedMessage } from '../../../parts/room/Chat.tsx'
import { Composer } from '../../../parts/room/Composer.tsx'
import { imageUrl } from '../../../parts/shows/cover.ts'
import { Avatar } from '../../../ui/Marks.tsx'
import { Link } from '../../../ui/router.tsx'
import { useLanguage, useWords } from '../../../ui/words.tsx'
import './Desktop.css'
import { LotDock } from './LotDock.tsx'
import { type Chapter, ChapterList } from './ReplayBar.tsx'
import { ShelfList } from './ShelfList.tsx'
import { FollowButton } from './TopRow.tsx'
import type { Dock } from './use-dock.ts'
import type { Page, Watching } from './use-show.ts'

export interface DesktopProps {
  readonly watching: Watching
  readonly page: Page
  readonly dock: Dock
  readonly mine: string | null
  readonly video: RefObject<HTMLVideoElement | null>
  readonly chapters: readonly Chapter[]
}

/** Beside the picture: the lot, then the room; below, the shelf. */
export function Desktop({ watching, page, dock, mine, video, chapters }: DesktopProps) {
  const words = useWords('watch')
  const { locale } = useLanguage()
  const { room, replay, player } = watching
  const { show } = page
  const host = show.hosts[0]
  const ambience = imageUrl(show.cover, 320)
  const jump = (chapter: Chapter) => {
    if (!player?.jumpTo(chapter.startAt) && video.current) video.current.currentTime = chapter.offsetMs / 1000
  }
  return (
    <>
      <section className="watch-side" aria-label={words('watch.lot_area')}>
        <div className="watch-ambience" aria-hidden="true">
          {ambience ? <img src={ambience} alt="" /> : null}
        </div>
        <header className="watch-host">
          {host ? <Avatar name={host.name} src={imageUrl(host.picture, 160)} size={48} /> : null}
          <div className="watch-host-text">
            <h2>
              <bdi>{textIn(show.title, locale)}</bdi>
            </h2>
            <p>
              {host ? (
                <Link to={`/host/${host.id}`}>
                  <bdi>{host.name}</bdi>
                </Link>
              ) : null}
              {' · '}
              <Link to={`/shop/${show.shopSlug}`}>
                <bdi>{show.shopName}</bdi>
              </Link>
            </p>
          </div>
          {host ? <FollowButton hostId={host.id} following={page.following.includes(host.id)} className="follow-wide" /> : null}
        </header>
        <LotDock dock={dock} size="desktop" calm={replay} />
        {/* Its texts come late: what stands around it must not wait for them, nor go away meanwhile. */}
        <Suspense fallback={<span />}>{dock.lot?.productId ? <Facts productId={dock.lot.productId} /> : <span />}</Suspense>
      </section>
      <aside className="watch-room" aria-label={words(replay ? 'watch.chapters' : 'watch.chat')}>
        <h2 className="watch-room-title">{words(replay ? 'watch.chapters' : 'watch.chat')}</h2>
        {replay ? (
          <ChapterList video={video} list={chapters} durationMs={page.playback.replayDurationMs ?? 0} onJump={jump} />
        ) : (
          <>
            <div className="watch-room-pinned">
              <PinnedMessage room={room} />
            </div>
            <ChatLog room={room} mine={mine} />
            <div className="watch-room-say">
              <Composer room={room} look="panel" closed={watching.note === 'gone' || watching.note === 'ended'} />
            </div>
          </>
        )}
      </aside>
      <section className="watch-shelf" aria-labelledby="watch-shelf-title">
        <h2 className="watch-shelf-title" id="watch-shelf-title">
          {words('watch.shelf')} <small>{words('watch.lots_count', { n: dock.shelf.lots.length })}</small>
        </h2>
        <ShelfList dock={dock} look="strip" live={!replay} />
      </section>
    </>
  )
}

/** Four figures of the sheet, the ones that are asked for most. */
function Facts({ productId }: { readonly productId: string }) {
  const words = useWords('units')
  const { locale } = useLanguage()
  const product = useView(productPage, { productId }, { staleMs: 300_000 }).value
  if (!product) return <span />
  const facts = keyFacts(product.sheet.attributes, locale, words, 4)
  if (facts.length === 0) return <span />
  return (
    <dl className="facts">
      {facts.map((fact) => (
        <div key={fact.key}>
          <dt>{fact.label}</dt>
          <dd>{fact.value}</dd>
          <dd className="facts-note">{[fact.qualifier, fact.condition].filter(Boolean).join(' ')}</dd>
        </div>
      ))}
    </dl>
  )
}
