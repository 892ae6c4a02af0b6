import { textIn } from '@efir/contract/scalars.ts'
import { Keyboard, Mic, MicOff, Pin, PinOff, Plus, Square } from 'lucide-react'
import { Shot } from '../../../parts/catalog/Shot.tsx'
import { ProblemNote } from '../../../parts/face/problem.tsx'
import { useMe } from '../../../parts/identity/session.ts'
import { Button, IconButton } from '../../../ui/Button.tsx'
import { cx } from '../../../ui/cx.ts'
import { useMedia } from '../../../ui/media-query.ts'
import { Price } from '../../../ui/Sale.tsx'
import { Sheet } from '../../../ui/Sheet.tsx'
import { useFormats, useLanguage, useWords } from '../../../ui/words.tsx'
import { LotDeal } from '../plan/LotDeal.tsx'
import { PlanEditor } from '../plan/PlanEditor.tsx'
import { isIdle, pressThumb, useThumbText } from './Actions.tsx'
import type { Air } from './air.ts'
import { DeskChat } from './DeskChat.tsx'
import { FactList } from './Facts.tsx'
import { factsOf, LivePill, SignalBars, Uplink } from './Hud.tsx'
import { LotClock, SoldBar } from './LotPanel.tsx'
import { CameraControls, MoreSheet, SignalFacts } from './MoreSheet.tsx'
import { Lateness } from './NowNext.tsx'
import { Preview } from './Preview.tsx'
import { RundownList } from './RundownList.tsx'
import { SlateHold } from './SlateHold.tsx'

/** Tablet and desktop: chat beside what is sold; on a wide screen the picture too. */
export function WideDesk({ air }: { readonly air: Air }) {
  const words = useWords('studio')
  const desktop = useMedia('(min-width: 1180px)')
  const { desk, panel, show, plan } = air
  return (
    <div className="wide-desk">
      <Head air={air} />
      <main className="wide-columns" tabIndex={-1}>
        {desktop ? <Stage air={air} /> : null}
        <div className="wide-left">
          <Uplink air={air} />
          <DeskChat desk={desk} />
        </div>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard */}
        <div className="wide-right" tabIndex={0} role="region" aria-label={words('studio.lots')}>
          <LotPart air={air} picture={!desktop} />
          <section className="wide-part" aria-label={words('studio.tab_plan')}>
            <div className="wide-part-head">
              <h2>{words('studio.tab_plan')}</h2>
              <Lateness lateMs={plan.now ? plan.lateMs : 0} />
              <span className="wide-part-tools">
                {desk.rights.runs ? (
                  <Button size="s" icon={Plus} onPress={() => show('quick')}>
                    {words('studio.quick_lot')}
                  </Button>
                ) : null}
                <Button size="s" onPress={() => show('plan')}>
                  {words(desk.rights.runs ? 'common.edit' : 'common.open')}
                </Button>
              </span>
            </div>
            <RundownList air={air} />
          </section>
          {desk.hand ? (
            <section className="wide-part" aria-label={words('studio.facts')}>
              <div className="wide-part-head">
                <h2>{words('studio.facts')}</h2>
              </div>
              <FactList lot={desk.hand} staff={desk.rights.staff} />
            </section>
          ) : null}
        </div>
      </main>
      <Sheet open={panel === 'plan'} onClose={() => show(null)} title={words('studio.tab_plan')} size="l">
        <PlanEditor desk={desk} plan={plan} />
      </Sheet>
      <MoreSheet air={air} />
    </div>
  )
}

function Head({ air }: { readonly air: Air }) {
  const words = useWords('studio')
  const formats = useFormats()
  const { locale } = useLanguage()
  const me = useMe()
  const { desk, camera, sender } = air
  const role = desk.rights.runs ? 'host' : 'moderator'
  return (
    <header className="wide-head">
      <LivePill air={air} />
      <div className="wide-title">
        <h1 className="ellipsis">
          <bdi>{textIn(desk.show?.title, locale)}</bdi>
        </h1>
        <p className="muted ellipsis">
          {[
            desk.show?.hosts[0]?.name,
            desk.show?.shopName,
            words('studio.desk_of', { name: me.value?.person?.name ?? '', role: words(`studio.role_${role}`) }),
          ]
            .filter(Boolean)
            .join(' · ')}
        </p>
      </div>
      <dl>
        <div>
          <dt>{words('studio.viewers')}</dt>
          <dd>{formats.count(desk.viewers)}</dd>
        </div>
        <div>
          <dt>{words('studio.signal')}</dt>
          <dd>
            <SignalBars facts={factsOf(air)} />
          </dd>
        </div>
      </dl>
      {sender.active ? (
        <IconButton
          kind="outline"
          icon={camera.muted ? MicOff : Mic}
          pressed={camera.muted}
          label={words(camera.muted ? 'studio.mic_on' : 'studio.mic_off')}
          onPress={() => camera.mute(!camera.muted)}
        />
      ) : null}
      <IconButton icon={Keyboard} label={words('common.keys')} onPress={() => air.show('keys')} />
      {desk.rights.runs ? (
        <IconButton kind="outline" icon={Square} label={words('studio.end_show')} onPress={() => air.show('end')} />
      ) : null}
    </header>
  )
}

function Stage({ air }: { readonly air: Air }) {
  return (
    <div className="wide-stage">
      <Preview air={air} className="wide-picture" />
      <div className="wide-tools">
        <SignalFacts air={air} />
        <CameraControls air={air} />
      </div>
    </div>
  )
}

function LotPart({ air, picture }: { readonly air: Air; readonly picture: boolean }) {
  const words = useWords('studio')
  const { locale } = useLanguage()
  const { desk, now } = air
  const lot = desk.hand
  return (
    <section className="wide-part" aria-label={words('studio.lot')}>
      <div className="wide-lot">
        {picture ? (
          <Preview air={air} className="wide-picture" />
        ) : (
          <Shot base={lot?.picture} alt="" sizes="72px" className="wide-lot-shot" />
        )}
        {lot ? (
          <div>
            <p className="muted">
              {words('studio.lot_number', { number: lot.number })}
              {lot.pinned ? ` · ${words('studio.on_screens')}` : ''}
            </p>
            <p className="strong">
              <bdi>{textIn(lot.title, locale)}</bdi>
            </p>
            <LotClock lot={lot} now={now} />
            <Price price={lot.price} before={lot.reference?.price} size="s" />
            {lot.link ? null : <SoldBar lot={lot} />}
          </div>
        ) : (
          <p className="wide-empty">{words(desk.lotsReady ? 'studio.no_lots' : 'common.loading')}</p>
        )}
      </div>
      <WideActions air={air} />
      {desk.rights.runs && lot ? <LotDeal lot={lot} small /> : null}
      <ProblemNote problem={desk.acts.problem} />
    </section>
  )
}

function WideActions({ air }: { readonly air: Air }) {
  const words = useWords('studio')
  const { desk, thumb, now } = air
  const { text, under } = useThumbText(thumb, now)
  const lot = desk.hand
  const pinned = lot?.pinned !== undefined
  const live = thumb.does === 'open' || thumb.does === 'close' || thumb.does === 'back_on_air'
  return (
    <div className="wide-actions">
      {desk.rights.runs || thumb.does === 'back_on_air' ? (
        <button
          type="button"
          className={cx('thumb', live ? 'thumb-signal' : isIdle(thumb) ? 'thumb-outline' : 'thumb-ink')}
          data-does={thumb.does}
          disabled={isIdle(thumb)}
          aria-busy={desk.acts.busy || undefined}
          onClick={() => !desk.acts.busy && pressThumb(air)}
        >
          <span className="thumb-text">{text}</span>
          {under ? <small>{under}</small> : null}
        </button>
      ) : null}
      <Button
        icon={pinned ? PinOff : Pin}
        disabled={!lot || !desk.online}
        keyHint="P"
        onPress={() => lot && void (pinned ? desk.acts.unpin(lot) : desk.acts.pin(lot))}
      >
        {words(pinned ? 'studio.unpin' : 'studio.pin')}
      </Button>
      {desk.slate ? null : <SlateHold bar disabled={!desk.online} onHeld={() => void desk.acts.slate(true)} />}
    </div>
  )
}
