import type { Out } from '@efir/contract/act.ts'
import { lotBoard } from '@efir/contract/lots.ts'
import { textIn } from '@efir/contract/scalars.ts'
import {
  archiveShow,
  cancelShow,
  createSeries,
  cutShow,
  duplicateShow,
  endSeries,
  endShow,
  listShows,
  showPage,
} from '@efir/contract/shows.ts'
import { Copy, Radio } from 'lucide-react'
import { Suspense, useState } from 'react'
import { useAct, useView } from '../../../net/query.ts'
import { ProblemNote, ProblemState } from '../../../parts/face/problem.tsx'
import { Button } from '../../../ui/Button.tsx'
import { Dialog } from '../../../ui/Dialog.tsx'
import { Tag } from '../../../ui/Marks.tsx'
import type { MenuEntry } from '../../../ui/Menu.tsx'
import { go, Link, usePlace } from '../../../ui/router.tsx'
import { Sheet } from '../../../ui/Sheet.tsx'
import { PageHeader } from '../../../ui/Shell.tsx'
import { Skeleton } from '../../../ui/State.tsx'
import { Tabs } from '../../../ui/Tabs.tsx'
import { useFormats, useLanguage, useWords } from '../../../ui/words.tsx'
import { LazyMenu } from '../frame/LazyMenu.tsx'
import { lazyPart, TabWaiting } from '../frame/lazy-part.tsx'
import { manages, owns, useShop } from '../frame/shop.ts'
import { CutShow } from './CutShow.tsx'
import { LotsTable } from './LotsTable.tsx'
import { ShowForm } from './ShowForm.tsx'
import { onAir, ShowMark, type ShowRow, showPlace } from './show.tsx'
import './Show.css'

const AfterTab = lazyPart(() => import('./AfterTab.tsx'), 'AfterTab')
const ChatTab = lazyPart(() => import('./ChatTab.tsx'), 'ChatTab')
const TeamTab = lazyPart(() => import('./TeamTab.tsx'), 'TeamTab')

const tabs = ['after', 'lots', 'chat', 'team'] as const

export function ShowPage() {
  const words = useWords('office')
  const { params, query, path } = usePlace()
  const showId = params.showId ?? ''
  const shop = useShop()
  const view = useView(showPage, { showId }, { everyMs: 15_000 })
  const board = useView(lotBoard, { showId }, { everyMs: 15_000 })
  const at = tabs.find((one) => one === query.get('tab')) ?? 'after'
  const shown = tabs.filter((id) => manages(shop) || id === 'after' || id === 'lots')
  if (view.state === 'failed') return <ProblemState problem={view.problem} again={view.again} />
  if (view.state === 'loading')
    return (
      <div className="office-body" aria-busy="true">
        <Skeleton width="320px" height="28px" />
        <Skeleton height="400px" />
      </div>
    )
  return (
    <div className="office-page">
      <ShowHead page={view.value} />
      <Tabs
        label={words('office.views')}
        at={at}
        tabs={shown.map((id) => ({
          id,
          label: words(`office.show_tab_${id}`),
          count: id === 'lots' ? board.value?.lots.length : undefined,
          to: id === 'after' ? path : `${path}?tab=${id}`,
        }))}
      />
      <Suspense fallback={<TabWaiting />}>
        {at === 'after' ? <AfterTab page={view.value} lots={board.value?.lots} /> : null}
        {at === 'lots' ? (
          <div className="office-rows">
            {board.state === 'failed' ? (
              <ProblemState problem={board.problem} again={board.again} />
            ) : (
              <LotsTable lots={board.value?.lots} showId={showId} exportable />
            )}
          </div>
        ) : null}
        {at === 'chat' ? <ChatTab showId={showId} startedAt={view.value.show.startedAt} /> : null}
        {at === 'team' ? <TeamTab showId={showId} /> : null}
      </Suspense>
    </div>
  )
}

const changed = [showPage, listShows] as const
type Asked = 'cancel' | 'archive' | 'end' | 'end_series'
const cuttable = (state: ShowRow['state']): boolean => state === 'live' || state === 'paused'

function ShowHead({ page }: { readonly page: Out<typeof showPage> }) {
  const words = useWords('office', 'refusals')
  const formats = useFormats()
  const { locale } = useLanguage()
  const shop = useShop()
  const mine = manages(shop)
  const { show } = page
  const [editing, setEditing] = useState(false)
  const [asked, setAsked] = useState<Asked | null>(null)
  const [copied, setCopied] = useState(false)
  const [cutting, setCutting] = useState(false)
  const uncutting = useAct(cutShow, { changes: changed })
  const doubling = useAct(duplicateShow, { changes: changed })
  const repeating = useAct(createSeries, { changes: changed })
  const double = async () => {
    const answer = await doubling.run({ showId: show.id })
    if (answer.ok) go(showPlace(answer.value))
  }
  const weekly = () => void repeating.run({ showId: show.id, zone: Intl.DateTimeFormat().resolvedOptions().timeZone, weeks: 4 })
  const before = show.state === 'draft' || show.state === 'scheduled'
  const entries: MenuEntry[] = [
    { id: 'edit', label: words('common.edit'), onPress: () => setEditing(true) },
    { id: 'double', label: words('office.duplicate'), onPress: () => void double() },
    ...(show.state === 'scheduled' && !show.seriesId
      ? [{ id: 'weekly', label: words('office.weekly'), note: words('office.weekly_text'), onPress: weekly }]
      : []),
    ...(show.seriesId && before
      ? [{ id: 'end_series', label: words('office.end_series'), onPress: () => setAsked('end_series' as const) }]
      : []),
    ...(owns(shop) && cuttable(show.state)
      ? [{ id: 'cut', label: words('office.cut'), danger: true, onPress: () => setCutting(true) }]
      : []),
    ...(owns(shop) && show.state === 'cut'
      ? [
          {
            id: 'uncut',
            label: words('office.uncut'),
            onPress: () => void uncutting.run({ showId: show.id, on: false, reason: '-' }),
          },
        ]
      : []),
    ...(onAir(show)
      ? [{ id: 'end', label: words('office.end_show'), danger: true, onPress: () => setAsked('end' as const) }]
      : []),
    ...(before
      ? [{ id: 'cancel', label: words('office.cancel_show'), danger: true, onPress: () => setAsked('cancel' as const) }]
      : []),
    ...(show.state === 'replay'
      ? [{ id: 'archive', label: words('office.archive_show'), onPress: () => setAsked('archive' as const) }]
      : []),
  ]
  const at = show.startedAt ?? show.startsAt
  return (
    <>
      <PageHeader
        crumb={<Link to="/office/shows">{words('office.shows')}</Link>}
        title={<bdi>{textIn(show.title, locale)}</bdi>}
        tag={
          <>
            <ShowMark state={show.state} />
            {show.visibility === 'public' ? null : <Tag outline>{words(`office.visibility_${show.visibility}`)}</Tag>}
          </>
        }
        text={[at ? formats.date(at, 'dateTime') : '', show.hosts.map((host) => host.name).join(', ')]
          .filter(Boolean)
          .join(' · ')}
        actions={
          <>
            <Button
              size="s"
              kind="ghost"
              icon={Copy}
              onPress={() => void navigator.clipboard.writeText(`${location.origin}/show/${show.id}`).then(() => setCopied(true))}
            >
              {words(copied ? 'common.copied' : 'common.copy_link')}
            </Button>
            {mine ? <LazyMenu label={words('common.more')} size="s" kind="outline" entries={entries} /> : null}
            {mine && (before || onAir(show)) ? (
              <Button size="s" kind="ink" icon={Radio} href={`/studio/show/${show.id}`}>
                {words('office.to_studio')}
              </Button>
            ) : null}
          </>
        }
      />
      {doubling.problem || repeating.problem || uncutting.problem ? (
        <div className="office-note">
          <ProblemNote problem={doubling.problem ?? repeating.problem ?? uncutting.problem} />
        </div>
      ) : null}
      <Sheet open={editing} onClose={() => setEditing(false)} title={words('common.edit')} height="content">
        {editing ? <ShowForm show={show} onDone={() => setEditing(false)} /> : null}
      </Sheet>
      <CutShow showId={show.id} open={cutting} changes={changed} onClose={() => setCutting(false)} />
      <ShowQuestion show={show} asked={asked} onClose={() => setAsked(null)} />
    </>
  )
}

const acts = { cancel: cancelShow, archive: archiveShow, end: endShow } as const

function ShowQuestion({
  show,
  asked,
  onClose,
}: {
  readonly show: ShowRow
  readonly asked: Asked | null
  readonly onClose: () => void
}) {
  const words = useWords('office', 'refusals')
  const cancelling = useAct(acts.cancel, { changes: changed })
  const archiving = useAct(acts.archive, { changes: changed })
  const ending = useAct(acts.end, { changes: changed })
  const endingSeries = useAct(endSeries, { changes: changed })
  const all = { cancel: cancelling, archive: archiving, end: ending, end_series: endingSeries } as const
  const act = asked ? all[asked] : null
  const name = asked ?? 'cancel'
  const confirm = async () => {
    const answer = await act?.run({ showId: show.id })
    if (answer?.ok) onClose()
  }
  return (
    <Dialog
      open={asked !== null}
      onClose={onClose}
      title={words(`office.${name}_show_title`)}
      confirm={words(name === 'end_series' ? 'office.end_series' : `office.${name}_show`)}
      kind="danger"
      busy={act?.busy}
      onConfirm={() => void confirm()}
    >
      <p>{words(`office.${name}_show_text`)}</p>
      <ProblemNote problem={act?.problem ?? null} />
    </Dialog>
  )
}
