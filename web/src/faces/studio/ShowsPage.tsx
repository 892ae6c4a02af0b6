import type { Out } from '@efir/contract/act.ts'
import { textIn } from '@efir/contract/scalars.ts'
import { duplicateShow, myShows } from '@efir/contract/shows.ts'
import { CalendarPlus, Copy, Plus, Repeat, Video } from 'lucide-react'
import { Fragment, useState } from 'react'
import { useAct, usePages } from '../../net/query.ts'
import { ProblemNote, ProblemState } from '../../parts/face/problem.tsx'
import { useMe } from '../../parts/identity/session.ts'
import { imageUrl } from '../../parts/shows/cover.ts'
import { Button, IconButton } from '../../ui/Button.tsx'
import { useNow } from '../../ui/clock.ts'
import { LiveBadge, Tag } from '../../ui/Marks.tsx'
import { LoadMore } from '../../ui/Paging.tsx'
import { go, Link } from '../../ui/router.tsx'
import { EmptyState, Skeleton } from '../../ui/State.tsx'
import { useFormats, useLanguage, useWords } from '../../ui/words.tsx'
import { Page } from './Page.tsx'
import { SeriesSheet } from './SeriesSheet.tsx'
import './ShowsPage.css'

type Show = Out<typeof myShows>['items'][number]
type Group = 'now' | 'today' | 'upcoming' | 'drafts' | 'past'
const groups: readonly Group[] = ['now', 'today', 'upcoming', 'drafts', 'past']

export function groupOf(show: Pick<Show, 'state' | 'startsAt'>, now: number): Group {
  if (show.state === 'live' || show.state === 'paused' || show.state === 'cut') return 'now'
  if (show.state === 'draft') return 'drafts'
  if (show.state !== 'scheduled') return 'past'
  const day = (at: number) => new Date(at).toDateString()
  return show.startsAt !== undefined && day(show.startsAt) === day(now) ? 'today' : 'upcoming'
}

export function ShowsPage() {
  return (
    <Page>
      <Shows />
    </Page>
  )
}

function Shows() {
  const words = useWords('studio')
  const me = useMe()
  const now = useNow(60_000)
  const shows = usePages(myShows, {})
  const mayMake = me.value?.shops.some((shop) => shop.roles.some((role) => role === 'owner' || role === 'manager')) ?? false
  const make = mayMake ? (
    <Button kind="ink" icon={Plus} to="/studio/new">
      {words('studio.new_show')}
    </Button>
  ) : null
  return (
    <>
      <div className="page-head-row">
        <h1>{words('studio.my_shows')}</h1>
        {make}
      </div>
      {shows.state === 'loading' ? <ShowsSkeleton /> : null}
      {shows.state === 'failed' ? <ProblemState problem={shows.problem} again={shows.again} /> : null}
      {shows.state === 'ready' && shows.value.length === 0 ? (
        <EmptyState
          icon={Video}
          title={words('studio.no_shows')}
          text={words(mayMake ? 'studio.no_shows_text' : 'studio.no_shows_host')}
          action={make}
        />
      ) : null}
      {shows.state === 'ready'
        ? groups.map((group) => {
            const found = shows.value.filter((show) => groupOf(show, now) === group)
            const sorted =
              group === 'today' || group === 'upcoming' ? found.toSorted((a, b) => (a.startsAt ?? 0) - (b.startsAt ?? 0)) : found
            return sorted.length === 0 ? null : (
              <section key={group} className="show-group" aria-label={words(`studio.group_${group}`)}>
                <h2>{words(`studio.group_${group}`)}</h2>
                <ul>
                  {sorted.map((show) => (
                    <ShowRow key={show.id} show={show} now={now} mayMake={mayMake} />
                  ))}
                </ul>
              </section>
            )
          })
        : null}
      <LoadMore more={shows.more} busy={shows.moreBusy} onMore={shows.loadMore} />
    </>
  )
}

const changed = [myShows] as const

function ShowRow({ show, now, mayMake }: { readonly show: Show; readonly now: number; readonly mayMake: boolean }) {
  const words = useWords('studio')
  const formats = useFormats()
  const { locale } = useLanguage()
  const copying = useAct(duplicateShow, { changes: changed })
  const [series, setSeries] = useState(false)
  const title = textIn(show.title, locale)
  const live = groupOf(show, now) === 'now'
  const at = show.startedAt ?? show.startsAt
  const facts = [
    show.shopName,
    at === undefined ? null : formats.date(at, 'dateTime'),
    show.reminders > 0 ? words('studio.reminders', { n: show.reminders }) : null,
  ]
  const copy = async () => {
    const answer = await copying.run({ showId: show.id })
    if (answer.ok) go(`/studio/show/${answer.value.id}`)
  }
  const repeats = show.seriesId === undefined && show.startsAt !== undefined
  return (
    <li className="show-row">
      <Link to={`/studio/show/${show.id}`} className="show-row-link">
        <span className="show-row-cover">
          {show.cover ? <img src={imageUrl(show.cover, 160)} alt="" loading="lazy" /> : <CalendarPlus size={20} aria-hidden />}
        </span>
        <span className="show-row-text">
          <b className="ellipsis">
            <bdi>{title}</bdi>
          </b>
          <small className="ellipsis">
            {facts.filter(Boolean).map((fact, index) => (
              <Fragment key={fact}>
                {index > 0 ? ' · ' : ''}
                <bdi>{fact}</bdi>
              </Fragment>
            ))}
          </small>
        </span>
        <span className="show-row-marks">
          {live ? (
            <LiveBadge viewers={show.viewers}>
              {show.state === 'live' ? undefined : words(`studio.state_${show.state as 'paused'}`)}
            </LiveBadge>
          ) : null}
          {!live && show.state !== 'draft' && show.state !== 'scheduled' ? (
            <Tag outline>{words(`studio.state_${show.state as 'ended'}`)}</Tag>
          ) : null}
          {show.visibility === 'team' ? <Tag>{words('studio.test')}</Tag> : null}
          {show.visibility === 'unlisted' ? <Tag outline>{words('studio.unlisted')}</Tag> : null}
        </span>
      </Link>
      {mayMake && repeats ? (
        <IconButton icon={Repeat} label={`${words('studio.make_series')}: ${title}`} onPress={() => setSeries(true)} />
      ) : null}
      {mayMake ? (
        <IconButton
          icon={Copy}
          label={`${words('studio.duplicate')}: ${title}`}
          busy={copying.busy}
          onPress={() => void copy()}
        />
      ) : null}
      <ProblemNote problem={copying.problem} />
      {series ? <SeriesSheet showId={show.id} startsAt={show.startsAt ?? now} onClose={() => setSeries(false)} /> : null}
    </li>
  )
}

function ShowsSkeleton() {
  const words = useWords()
  return (
    <div className="show-group" role="status" aria-label={words('common.loading')}>
      <Skeleton width="140px" height="28px" />
      {[0, 1, 2].map((row) => (
        <Skeleton key={row} height="76px" />
      ))}
    </div>
  )
}
