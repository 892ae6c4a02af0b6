import type { Out } from '@efir/contract/act.ts'
import { textIn } from '@efir/contract/scalars.ts'
import { followHost, hostPage, showPage, storefront } from '@efir/contract/shows.ts'
import { localeNames } from '@efir/words/areas.ts'
import { timecode } from '@efir/words/formats.ts'
import { Bell, Check } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { prefetch, useAct } from '../../net/query.ts'
import { Button } from '../../ui/Button.tsx'
import { useNow } from '../../ui/clock.ts'
import { isolate } from '../../ui/isolate.ts'
import { Avatar, LiveBadge } from '../../ui/Marks.tsx'
import { Link } from '../../ui/router.tsx'
import { useFormats, useLanguage, useWords } from '../../ui/words.tsx'
import './Cards.css'
import { imageSet, imageUrl } from './cover.ts'

const RemindSheet = lazy(async () => ({ default: (await import('./RemindSheet.tsx')).RemindSheet }))

type Front = Out<typeof storefront>
export type Show = Front['live'][number]
export type HostCardValue = Front['hosts'][number]

const changes = [storefront, showPage, hostPage]

function Cover({ show, width }: { readonly show: Show; readonly width: 320 | 640 | 1280 }) {
  const picture = width === 1280 ? (show.coverWide ?? show.cover) : show.cover
  const src = imageUrl(picture, 640)
  return src ? (
    <img
      className="show-cover"
      src={src}
      srcSet={imageSet(picture)}
      sizes={width === 1280 ? '(max-width: 620px) 92vw, 320px' : '(max-width: 620px) 44vw, 320px'}
      alt=""
      loading="lazy"
      decoding="async"
    />
  ) : (
    <span className="show-cover show-cover-none" />
  )
}

export const hostsLine = (show: Show): string => show.hosts.map((host) => host.name).join(', ')
export const languagesLine = (languages: readonly (keyof typeof localeNames)[]): string =>
  languages.map((one) => localeNames[one]).join(', ')

/** On air, portrait. */
export function LiveTile({ show }: { readonly show: Show }) {
  const words = useWords('store')
  const { locale } = useLanguage()
  return (
    <Link to={`/show/${show.id}`} className="live-tile" onPointerEnter={() => void prefetch(showPage, { showId: show.id })}>
      <Cover show={show} width={640} />
      <span className="live-tile-top">
        <LiveBadge viewers={show.viewers} />
      </span>
      <span className="live-tile-text">
        <small>
          <bdi>{hostsLine(show)}</bdi> · {languagesLine(show.languages)}
          {show.lots > 0 ? ` · ${words('store.lots', { n: show.lots })}` : null}
        </small>
        <b>
          <bdi>{textIn(show.title, locale)}</bdi>
        </b>
      </span>
    </Link>
  )
}

/** Announced: when, who, and a reminder. */
export function SoonCard({ show, reminded = false }: { readonly show: Show; readonly reminded?: boolean }) {
  const words = useWords('store')
  const formats = useFormats()
  const { locale } = useLanguage()
  const now = useNow(60_000)
  const [asking, setAsking] = useState(false)
  const startsAt = show.startsAt ?? 0
  const today = formats.date(startsAt, 'date') === formats.date(now, 'date')
  return (
    <article className="soon-card">
      <p className="soon-when">
        <b>{formats.date(startsAt, 'time')}</b>
        <span>{today ? formats.relative(startsAt, now) : formats.date(startsAt, 'day')}</span>
      </p>
      <h3>
        <Link to={`/show/${show.id}`}>
          <bdi>{textIn(show.title, locale)}</bdi>
        </Link>
      </h3>
      <p className="muted small">
        <bdi>{show.reminders > 0 ? words('store.reminders', { n: show.reminders }) : show.shopName}</bdi>
        {show.lots > 0 ? ` · ${words('store.lots', { n: show.lots })}` : null}
      </p>
      <p className="soon-who">
        <Avatar name={show.hosts[0]?.name ?? show.shopName} src={imageUrl(show.hosts[0]?.picture, 160)} size={24} />
        <span className="ellipsis">
          <bdi>{hostsLine(show) || show.shopName}</bdi> · {languagesLine(show.languages)}
        </span>
      </p>
      <Button kind={reminded ? 'soft' : 'outline'} icon={reminded ? Check : Bell} onPress={() => setAsking(true)}>
        {words(reminded ? 'store.reminder_on' : 'store.remind_me')}
      </Button>
      <Suspense fallback={null}>
        {asking ? (
          <RemindSheet open={asking} onClose={() => setAsking(false)} show={show} reminded={reminded} changes={changes} />
        ) : null}
      </Suspense>
    </article>
  )
}

export function ReplayCard({ show }: { readonly show: Show }) {
  const words = useWords('store')
  const formats = useFormats()
  const { locale } = useLanguage()
  const lengthMs = show.startedAt && show.endedAt ? show.endedAt - show.startedAt : null
  return (
    <Link to={`/show/${show.id}`} className="replay-card">
      <span className="replay-picture">
        <Cover show={show} width={1280} />
        {lengthMs ? <span className="replay-length">{timecode(lengthMs)}</span> : null}
      </span>
      <b>
        <bdi>{textIn(show.title, locale)}</bdi>
      </b>
      <small>
        {[
          show.lots > 0 ? words('store.lots', { n: show.lots }) : null,
          show.endedAt ? formats.date(show.endedAt, 'day') : null,
          isolate(hostsLine(show)),
        ]
          .filter(Boolean)
          .join(' · ')}
      </small>
    </Link>
  )
}

export function HostCard({ host }: { readonly host: HostCardValue }) {
  const words = useWords('store')
  const follow = useAct(followHost, { changes })
  return (
    <article className="host-card">
      <Link to={host.liveShowId ? `/show/${host.liveShowId}` : `/host/${host.id}`} className="host-card-picture">
        <span className="hidden-text">{host.name}</span>
        <Avatar name={host.name} src={imageUrl(host.picture, 160)} size={72} />
        {host.liveShowId ? <LiveBadge /> : null}
      </Link>
      <h3>
        <Link to={`/host/${host.id}`}>
          <bdi>{host.name}</bdi>
        </Link>
      </h3>
      <p className="muted small">{languagesLine(host.languages)}</p>
      <p className="small">{words('store.host_numbers', { shows: host.shows, followers: host.followers })}</p>
      <Button
        kind={host.following ? 'soft' : 'outline'}
        wide
        busy={follow.busy}
        pressed={host.following}
        onPress={() => void follow.run({ hostId: host.id, on: !host.following })}
      >
        {words(host.following ? 'store.following' : 'store.follow')}
      </Button>
    </article>
  )
}
