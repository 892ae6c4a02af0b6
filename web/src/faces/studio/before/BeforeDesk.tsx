import { textIn } from '@efir/contract/scalars.ts'
import { ChevronLeft } from 'lucide-react'
import { useState } from 'react'
import { OfflineBanner, ProblemNote } from '../../../parts/face/problem.tsx'
import type { Camera } from '../../../parts/studio/use-camera.ts'
import type { Desk } from '../../../parts/studio/use-desk.ts'
import type { Sender } from '../../../parts/studio/use-sender.ts'
import { Button, IconButton } from '../../../ui/Button.tsx'
import { Tag } from '../../../ui/Marks.tsx'
import { useMedia } from '../../../ui/media-query.ts'
import { Tabs } from '../../../ui/Tabs.tsx'
import { useFormats, useLanguage, useWords } from '../../../ui/words.tsx'
import { PlanEditor } from '../plan/PlanEditor.tsx'
import './BeforeDesk.css'
import { CameraCheck } from './CameraCheck.tsx'
import { DetailsPanel } from './DetailsPanel.tsx'
import { ObsPanel } from './ObsPanel.tsx'
import { StreamNote } from './StreamNote.tsx'
import { TeamPanel } from './TeamPanel.tsx'

interface BeforeProps {
  readonly desk: Desk
  readonly camera: Camera
  readonly sender: Sender
}
type Part = 'check' | 'plan' | 'team' | 'details'

/** Before air: is the picture good, what is sold, who helps. */
export function BeforeDesk({ desk, camera, sender }: BeforeProps) {
  const words = useWords('studio')
  const formats = useFormats()
  const { locale } = useLanguage()
  const wide = useMedia('(min-width: 820px)')
  const [part, setPart] = useState<Part>(desk.rights.runs ? 'check' : 'plan')
  const { show } = desk
  if (!show) return null
  const tabs: { id: Part; label: string; count?: number }[] = [
    ...(wide || !desk.rights.runs ? [] : [{ id: 'check' as const, label: words('studio.tab_check') }]),
    { id: 'plan', label: words('studio.tab_plan'), count: desk.lots.length },
    ...(desk.rights.runs
      ? [
          { id: 'team' as const, label: words('studio.tab_team') },
          { id: 'details' as const, label: words('studio.tab_details') },
        ]
      : []),
  ]
  const at = tabs.some((tab) => tab.id === part) ? part : 'plan'
  const check = desk.rights.runs ? <CheckPart desk={desk} camera={camera} sender={sender} /> : null
  const when = show.startsAt === undefined ? words('studio.state_draft') : formats.date(show.startsAt, 'dateTime')
  return (
    <div className="before">
      <header className="before-head">
        <IconButton icon={ChevronLeft} flip label={words('studio.all_shows')} to="/studio" />
        <div className="before-title">
          <h1 className="ellipsis">
            <bdi>{textIn(show.title, locale)}</bdi>
          </h1>
          <p className="muted ellipsis">
            <bdi>{show.shopName}</bdi> · <bdi>{when}</bdi>
          </p>
        </div>
        {show.visibility === 'team' ? <Tag>{words('studio.test')}</Tag> : null}
      </header>
      <main className={wide && check ? 'before-main before-wide' : 'before-main'} tabIndex={-1}>
        {wide ? check : null}
        <div className="before-parts">
          <OfflineBanner />
          <Tabs<Part> label={words('studio.prepare')} tabs={tabs} at={at} onChange={setPart}>
            {at === 'check' ? check : null}
            {at === 'plan' ? <PlanEditor desk={desk} /> : null}
            {at === 'team' ? <TeamPanel desk={desk} /> : null}
            {at === 'details' ? <DetailsPanel show={show} /> : null}
          </Tabs>
        </div>
      </main>
    </div>
  )
}

function CheckPart({ desk, camera, sender }: BeforeProps) {
  const words = useWords('studio')
  const [source, setSource] = useState<'camera' | 'obs'>('camera')
  const refused = sender.state.at === 'refused' ? sender.state : null
  return (
    <section className="check-part" aria-label={words('studio.tab_check')}>
      <StreamNote stream={desk.stream} refused={refused} />
      <Tabs<'camera' | 'obs'>
        label={words('studio.source')}
        look="segments"
        tabs={[
          { id: 'camera', label: words('studio.source_camera') },
          { id: 'obs', label: words('studio.source_obs') },
        ]}
        at={source}
        onChange={setSource}
      >
        {source === 'camera' ? <CameraCheck camera={camera} /> : <ObsPanel showId={desk.showId} stream={desk.stream} />}
      </Tabs>
      <ProblemNote problem={desk.acts.problem} />
      {source === 'camera' ? (
        <div className="go-live">
          <Button
            kind="signal"
            size="l"
            wide
            disabled={camera.stream === null || !desk.online}
            busy={sender.active}
            onPress={() => sender.from(camera)}
          >
            {words(desk.show?.visibility === 'team' ? 'studio.go_live_test' : 'studio.go_live')}
          </Button>
          <p className="muted small">
            {words(desk.show?.visibility === 'team' ? 'studio.go_live_test_text' : 'studio.go_live_text')}
          </p>
        </div>
      ) : null}
    </section>
  )
}
