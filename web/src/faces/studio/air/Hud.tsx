import { timecode } from '@efir/words/formats.ts'
import { Ellipsis, Eye, Mic, MicOff } from 'lucide-react'
import { type Bars, barsOf, linesOf, type SignalFacts } from '../../../parts/studio/signal.ts'
import { useLevel } from '../../../parts/studio/use-level.ts'
import { IconButton } from '../../../ui/Button.tsx'
import { cx } from '../../../ui/cx.ts'
import { useFormats, useWords } from '../../../ui/words.tsx'
import type { Air } from './air.ts'
import './Hud.css'

/** What the server measures, for pictures that come from elsewhere. */
export function factsOf({ sender, desk }: Pick<Air, 'sender' | 'desk'>): SignalFacts | null {
  if (sender.active) return sender.facts
  const { stream } = desk
  if (stream?.state !== 'live') return null
  return {
    kbps: stream.bitrateKbps,
    fps: stream.fps,
    width: stream.width,
    height: stream.height,
    wantedHeight: 0,
    lossRatio: stream.lossRatio,
    rttMs: stream.rttMs ?? null,
    limitedBy: 'none',
  }
}

export function LivePill({ air }: { readonly air: Air }) {
  const words = useWords('studio')
  const state = air.desk.show?.state
  const time = timecode(air.now - air.startedAt)
  if (state === 'live')
    return (
      <span className="hud-pill hud-live" role="timer">
        <i aria-hidden="true" />
        {words('common.live')} <bdi dir="ltr">{time}</bdi>
      </span>
    )
  return (
    <span className="hud-pill">
      {words(state === 'paused' || state === 'cut' ? `studio.state_${state}` : 'studio.going_live')}
    </span>
  )
}

/** Three to five letters beside the shape: colour and height alone say nothing to some. */
export function SignalBars({ facts }: { readonly facts: SignalFacts | null }) {
  const words = useWords('studio')
  const bars: Bars = barsOf(facts)
  const smaller = facts && facts.wantedHeight > 0 && linesOf(facts) < facts.wantedHeight * 0.9
  const text =
    bars >= 3
      ? words('studio.signal_good')
      : smaller
        ? words('studio.signal_smaller', { from: facts.wantedHeight, to: linesOf(facts) })
        : words(bars === 0 ? 'studio.signal_none' : 'studio.signal_weak')
  return (
    <span className={cx('bars', bars <= 2 && 'bars-weak')}>
      <span className="bars-shape" aria-hidden="true">
        {[1, 2, 3, 4].map((bar) => (
          <i key={bar} className={bar <= bars ? 'bars-on' : undefined} />
        ))}
      </span>
      <span className={bars >= 3 ? 'hidden-text' : undefined}>{text}</span>
    </span>
  )
}

export function Hud({ air }: { readonly air: Air }) {
  const words = useWords('studio')
  const formats = useFormats()
  const { camera, desk, sender } = air
  const meter = useLevel<HTMLButtonElement>(sender.active && !camera.muted ? camera.stream : null)
  return (
    <header className="hud">
      <div className="hud-row">
        <LivePill air={air} />
        <span className="hud-pill">
          <Eye size={18} aria-hidden />
          <span aria-hidden="true">{formats.count(desk.viewers)}</span>
          <span className="hidden-text">{words('common.viewers', { n: desk.viewers })}</span>
        </span>
        <span className="hud-space" />
        {sender.active ? (
          <button
            ref={meter}
            type="button"
            className="hud-pill hud-mic"
            aria-pressed={camera.muted}
            aria-label={words(camera.muted ? 'studio.mic_on' : 'studio.mic_off')}
            onClick={() => camera.mute(!camera.muted)}
          >
            {camera.muted ? <MicOff size={18} aria-hidden /> : <Mic size={18} aria-hidden />}
            <span className="hud-level" aria-hidden="true" />
          </button>
        ) : null}
        <span className="hud-pill">
          <SignalBars facts={factsOf(air)} />
        </span>
        <IconButton
          kind="stage"
          icon={Ellipsis}
          label={words('common.more')}
          onPress={() => air.show('more')}
          className="hud-more"
        />
      </div>
      <Uplink air={air} />
    </header>
  )
}

/** The full width says that viewers see nothing new, and for how long already. */
export function Uplink({ air }: { readonly air: Air }) {
  const words = useWords('studio')
  const { state } = air.sender
  const grace = air.desk.stream?.state === 'grace' && !air.sender.active
  if (state.at === 'refused')
    return (
      <p className="hud-bar hud-bar-bad" role="alert">
        {words('studio.refused_title')}
      </p>
    )
  if (state.at === 'replaced') return <p className="hud-bar">{words('studio.replaced')}</p>
  if (state.at === 'away')
    return (
      <p className="hud-bar hud-bar-bad" role="status">
        {words('studio.no_uplink', { time: timecode(performance.now() - state.sinceMs) })}
      </p>
    )
  if (state.at === 'connecting')
    return (
      <p className="hud-bar" role="status">
        {words('studio.connecting')}
      </p>
    )
  if (grace)
    return (
      <p className="hud-bar hud-bar-bad" role="status">
        {words('studio.picture_lost')}
      </p>
    )
  if (!air.desk.online)
    return (
      <p className="hud-bar hud-bar-bad" role="status">
        {words('studio.offline_desk')}
      </p>
    )
  return null
}
