import type { Out } from '@efir/contract/act.ts'
import { textIn } from '@efir/contract/scalars.ts'
import type { showPage } from '@efir/contract/shows.ts'
import { timecode } from '@efir/words/formats.ts'
import { Pause, Play } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { imageUrl } from '../../../parts/shows/cover.ts'
import { usePlayer } from '../../../player/use-player.ts'
import { IconButton } from '../../../ui/Button.tsx'
import { useNow } from '../../../ui/clock.ts'
import { cx } from '../../../ui/cx.ts'
import { useKeys } from '../../../ui/keys.ts'
import { Stat, Stats } from '../../../ui/Marks.tsx'
import { EmptyState } from '../../../ui/State.tsx'
import { useFormats, useLanguage, useWords } from '../../../ui/words.tsx'
import { type Lot, LotsTable } from './LotsTable.tsx'
import { onAir, type ShowRow } from './show.tsx'
import { TimeLine } from './TimeLine.tsx'
import { useAfter } from './use-after.ts'

type Page = Out<typeof showPage>

/** What the show was: figures, the replay with its chapters, one time axis for everything, what each lot sold. */
export function AfterTab({ page, lots }: { readonly page: Page; readonly lots: readonly Lot[] | undefined }) {
  const words = useWords('office')
  const { locale } = useLanguage()
  const { show, playback } = page
  const after = useAfter(show)
  const video = useRef<HTMLVideoElement>(null)
  const live = onAir(show)
  const { player } = usePlayer(video, (live ? playback.liveUrl : playback.replayUrl) ?? null, live ? liveOptions : replayOptions)
  const playheadAt = usePlayhead(player, !live && playback.replayUrl !== undefined)
  const now = useNow(live ? 15_000 : null)
  if (!after.begun)
    return (
      <div className="office-rows">
        <div className="office-body">
          <ShowFigures show={show} lots={lots} after={after} now={now} />
          <EmptyState title={words('office.not_begun')} text={words('office.not_begun_text')} />
        </div>
      </div>
    )
  const startedAt = show.startedAt ?? now
  const span = { fromAt: startedAt, toAt: Math.max(startedAt + 60_000, show.endedAt ?? now) }
  const seek = player && !live && playback.replayUrl ? (at: number) => void player.jumpTo(at) : undefined
  return (
    <div className="office-rows">
      <div className="office-body">
        <ShowFigures show={show} lots={lots} after={after} now={now} />
        <div className="replay-row">
          {live || playback.replayUrl ? <Replay show={show} video={video} player={player} live={live} /> : null}
          <div className="office-section">
            {live || playback.replayUrl ? null : <p className="muted">{words('office.no_replay')}</p>}
            <Chapters chapters={after.chapters} span={span} playheadAt={playheadAt} onSeek={seek} />
          </div>
        </div>
        <TimeLine
          span={span}
          pins={after.pins.map((pin) => {
            const lot = after.lots.find((one) => one.id === pin.lotId)
            return {
              number: lot?.number ?? 0,
              label: textIn(lot?.title, locale),
              fromAt: pin.startAt,
              toAt: pin.endAt ?? span.toAt,
            }
          })}
          sold={after.bought.map((row) => ({ at: row.placedAt, n: row.units }))}
          said={after.said.map((line) => ({ at: line.at, n: 1 }))}
          playheadAt={playheadAt}
          onSeek={seek}
        />
      </div>
      <LotsTable lots={lots} showId={show.id} />
    </div>
  )
}

const replayOptions = { live: false, sound: true } as const
const liveOptions = { live: true } as const

function usePlayhead(player: ReturnType<typeof usePlayer>['player'], on: boolean): number | null {
  const [at, setAt] = useState<number | null>(null)
  useEffect(() => {
    if (!player || !on) return
    const timer = setInterval(() => setAt(player.pictureTime()), 500)
    return () => clearInterval(timer)
  }, [player, on])
  return at
}

interface FiguresProps {
  readonly show: ShowRow
  readonly lots: readonly Lot[] | undefined
  readonly after: ReturnType<typeof useAfter>
  readonly now: number
}

function ShowFigures({ show, lots, after, now }: FiguresProps) {
  const words = useWords('office')
  const formats = useFormats()
  const lengthMs = show.startedAt === undefined ? show.plannedMinutes * 60_000 : (show.endedAt ?? now) - show.startedAt
  const sold = (lots ?? []).reduce((sum, lot) => sum + lot.sold, 0)
  const takings = [...Map.groupBy(after.bought, (row) => row.total.currency)].map(([currency, rows]) =>
    formats.price({ amount: rows.reduce((sum, row) => sum + row.total.amount, 0), currency }),
  )
  const orders = `/office/orders?show=${show.id}`
  return (
    <Stats>
      <Stat
        label={words(show.startedAt === undefined ? 'office.planned' : 'office.length')}
        value={show.startedAt === undefined ? formats.duration(lengthMs) : timecode(lengthMs)}
      />
      <Stat label={words('office.viewers')} value={formats.number(show.viewers)} />
      <Stat label={words('office.reminders')} value={formats.number(show.reminders)} />
      <Stat
        label={words('office.lots')}
        value={formats.number(lots?.length ?? show.lots)}
        note={words('office.n_units', { n: sold })}
        to={`/office/shows/${show.id}?tab=lots`}
      />
      <Stat
        label={words('office.orders')}
        value={`${formats.number(after.bought.length)}${after.moreOrders ? '+' : ''}`}
        to={orders}
      />
      <Stat
        label={words('office.takings')}
        value={takings.join(' · ') || formats.price({ amount: 0, currency: show.currency })}
        to={orders}
      />
      <Stat
        label={words('office.chat')}
        value={`${formats.number(after.said.length)}${after.moreSaid ? '+' : ''}`}
        to={`/office/shows/${show.id}?tab=chat`}
      />
    </Stats>
  )
}

interface ReplayProps {
  readonly show: ShowRow
  readonly video: React.RefObject<HTMLVideoElement | null>
  readonly player: ReturnType<typeof usePlayer>['player']
  /** On air: the picture as viewers have it, without sound until it is asked for. */
  readonly live: boolean
}

function Replay({ show, video, player, live }: ReplayProps) {
  const words = useWords('office')
  const [playing, setPlaying] = useState(false)
  const toggle = () => {
    if (!player) return
    if (playing) player.pause()
    else {
      player.unmute()
      player.play()
    }
  }
  const step = (seconds: number) => {
    if (video.current) video.current.currentTime += seconds
  }
  useKeys({ ' ': toggle, ...(live ? {} : { ArrowLeft: () => step(-5), ArrowRight: () => step(5) }) })
  return (
    <div className="replay">
      {/* biome-ignore lint/a11y/useMediaCaption: captions of a recording come with the stream */}
      <video
        ref={video}
        className="replay-video"
        poster={imageUrl(show.cover, 640)}
        playsInline
        aria-label={words('office.replay')}
        onPlay={() => setPlaying(true)}
        onPause={() => setPlaying(false)}
      />
      <span className={cx('replay-button', playing && 'replay-button-quiet')}>
        <IconButton
          kind="stage"
          icon={playing ? Pause : Play}
          label={words(playing ? 'common.player_pause' : 'common.player_play')}
          onPress={toggle}
        />
      </span>
    </div>
  )
}

interface ChaptersProps {
  readonly chapters: ReturnType<typeof useAfter>['chapters']
  readonly span: { readonly fromAt: number; readonly toAt: number }
  readonly playheadAt: number | null
  readonly onSeek: ((at: number) => void) | undefined
}

function Chapters({ chapters, span, playheadAt, onSeek }: ChaptersProps) {
  const words = useWords('office')
  const { locale } = useLanguage()
  const current = playheadAt === null ? -1 : chapters.findLastIndex((one) => one.startAt <= playheadAt)
  const jump = (step: number) => {
    const to = chapters[current < 0 ? 0 : current + step]
    if (to) onSeek?.(to.startAt)
  }
  useKeys({ '[': () => jump(-1), ']': () => jump(1) }, onSeek !== undefined)
  if (chapters.length === 0) return <p className="muted">{words('office.no_chapters')}</p>
  return (
    <ol className="chapters" aria-label={words('office.chapters')} tabIndex={0}>
      {chapters.map((one, index) => {
        const end = one.endAt ?? chapters[index + 1]?.startAt ?? span.toAt
        const content = (
          <>
            <span className="muted">{timecode(one.offsetMs)}</span>
            <b className="ellipsis" dir="auto">
              {textIn(one.title, locale)}
            </b>
            <span className="muted">{timecode(end - one.startAt)}</span>
          </>
        )
        return (
          <li key={`${one.lotId}-${one.startAt}`} aria-current={index === current ? 'true' : undefined}>
            {onSeek ? (
              <button type="button" className="chapter" onClick={() => onSeek(one.startAt)}>
                {content}
              </button>
            ) : (
              <span className="chapter">{content}</span>
            )}
          </li>
        )
      })}
    </ol>
  )
}
