import { followHost, showPage, storefront } from '@efir/contract/shows.ts'
import { Check, Plus, X } from 'lucide-react'
import type { ReactNode } from 'react'
import { serverNow } from '../../../net/clock.ts'
import { useAct } from '../../../net/query.ts'
import type { RoomSocket } from '../../../net/socket.ts'
import { useRoomPart } from '../../../parts/room/use-room.ts'
import { imageUrl } from '../../../parts/shows/cover.ts'
import { useNow } from '../../../ui/clock.ts'
import { cx } from '../../../ui/cx.ts'
import { Avatar, LiveBadge } from '../../../ui/Marks.tsx'
import { Link } from '../../../ui/router.tsx'
import { useFormats, useWords } from '../../../ui/words.tsx'
import type { Page, ShowState } from './use-show.ts'

type Host = Page['show']['hosts'][number]

const roomyLetters = 8

export function FollowButton({
  hostId,
  following,
  className,
}: {
  readonly hostId: string
  readonly following: boolean
  readonly className?: string
}) {
  const words = useWords('watch')
  const follow = useAct(followHost, { changes: [showPage, storefront] })
  const on = follow.busy ? !following : following
  const label = words(on ? 'watch.following' : 'watch.follow')
  // Over a phone's picture the host's name needs the room that a long word would take.
  const sign = className === undefined && label.length > roomyLetters
  const Sign = on ? Check : Plus
  return (
    <button
      type="button"
      className={cx('follow', on && 'follow-on', className)}
      aria-pressed={following}
      title={label}
      onClick={() => void follow.run({ hostId, on: !following })}
    >
      {sign ? <Sign size={18} strokeWidth={2.6} aria-hidden /> : null}
      <span className={sign ? 'hidden-text' : undefined}>{label}</span>
    </button>
  )
}

/** Who is on air, and whether one follows them. */
export function HostPill({ page, host }: { readonly page: Page; readonly host: Host | undefined }) {
  if (!host) return <span />
  return (
    <div className="host-pill">
      <Link to={`/host/${host.id}`} className="host-pill-link">
        <Avatar name={host.name} src={imageUrl(host.picture, 160)} />
        <span className="host-pill-names">
          <strong>
            <bdi>{host.name}</bdi>
          </strong>
          <small>
            <bdi>{page.show.shopName}</bdi>
          </small>
        </span>
      </Link>
      <FollowButton hostId={host.id} following={page.following.includes(host.id)} />
    </div>
  )
}

export function OnAir({
  room,
  state,
  viewers,
}: {
  readonly room: RoomSocket | null
  readonly state: ShowState | null
  readonly viewers: number
}) {
  const words = useWords('watch')
  const now = useRoomPart(room, (store) => store.viewers, viewers)
  if (state === 'live' || state === 'paused') return <LiveBadge viewers={Math.max(now, 1)} />
  if (state === null) return null
  const key = state === 'replay' ? 'watch.replay' : state === 'scheduled' || state === 'draft' ? 'watch.soon' : 'watch.ended'
  return <span className="stage-tag">{words(key)}</span>
}

/** The time of the frame one sees, and how late it is: true to the picture, not to the wall. */
export function PictureClock({
  pictureNow,
  encoderDelayMs,
  live,
}: {
  readonly pictureNow: () => number | null
  readonly encoderDelayMs: number
  readonly live: boolean
}) {
  const words = useWords('watch')
  const formats = useFormats()
  useNow(1000)
  const picture = pictureNow()
  if (picture === null) return <p className="picture-clock" />
  const at = picture - encoderDelayMs
  const behind = Math.max(0, serverNow() - at) / 1000
  return (
    <p className="picture-clock" title={words('watch.clock_title')}>
      <bdi>{formats.date(at, 'clock')}</bdi>
      {live ? (
        <span>
          · {words('watch.behind', { seconds: formats.number(behind, { minimumFractionDigits: 1, maximumFractionDigits: 1 }) })}
        </span>
      ) : (
        <span>· {formats.date(at, 'day')}</span>
      )}
    </p>
  )
}

export function TopRow(props: {
  readonly page: Page | null
  readonly room: RoomSocket | null
  readonly state: ShowState | null
  readonly children?: ReactNode
}) {
  const words = useWords('watch')
  const { page, room, state } = props
  return (
    <header className="watch-top">
      <div className="watch-top-row">
        {page ? <HostPill page={page} host={page.show.hosts[0]} /> : <span className="host-pill host-pill-empty" />}
        <span className="watch-top-air">{page ? <OnAir room={room} state={state} viewers={page.show.viewers} /> : null}</span>
        <Link to="/" className="watch-close" aria-label={words('common.close')} title={words('common.close')}>
          <X size={24} aria-hidden />
        </Link>
      </div>
      {props.children}
    </header>
  )
}
