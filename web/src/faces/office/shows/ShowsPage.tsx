import { textIn } from '@efir/contract/scalars.ts'
import { listShows } from '@efir/contract/shows.ts'
import { CalendarPlus, Download } from 'lucide-react'
import { usePages } from '../../../net/query.ts'
import { ProblemState } from '../../../parts/face/problem.tsx'
import { Button } from '../../../ui/Button.tsx'
import { useKeys } from '../../../ui/keys.ts'
import { KeyHints } from '../../../ui/Marks.tsx'
import { LoadMore } from '../../../ui/Paging.tsx'
import { go, setQuery, usePlace } from '../../../ui/router.tsx'
import { Sheet } from '../../../ui/Sheet.tsx'
import { PageHeader } from '../../../ui/Shell.tsx'
import { EmptyState } from '../../../ui/State.tsx'
import { type Column, Table } from '../../../ui/Table.tsx'
import { Tabs } from '../../../ui/Tabs.tsx'
import { useFormats, useLanguage, useWords } from '../../../ui/words.tsx'
import { useExport } from '../export.ts'
import { manages, useShop } from '../frame/shop.ts'
import { ShowForm } from './ShowForm.tsx'
import { onAir, ShowMark, type ShowRow, showPlace } from './show.tsx'

const views = ['all', 'coming', 'live', 'replays', 'drafts', 'gone'] as const
type ViewId = (typeof views)[number]
const fits: Readonly<Record<ViewId, (row: ShowRow) => boolean>> = {
  all: () => true,
  coming: (row) => row.state === 'scheduled',
  live: onAir,
  replays: (row) => row.state === 'replay' || row.state === 'ended',
  drafts: (row) => row.state === 'draft',
  gone: (row) => row.state === 'archived' || row.state === 'cancelled',
}

export function ShowsPage() {
  const words = useWords('office')
  const { locale } = useLanguage()
  const { query } = usePlace()
  const shop = useShop()
  const view = views.find((one) => one === query.get('view')) ?? 'all'
  const list = usePages(listShows, { shopId: shop.id, limit: 100 }, { everyMs: 30_000 })
  const rows = list.value?.filter(fits[view])
  const exporting = useExport(listShows, { shopId: shop.id }, 'shows', [
    { head: words('office.show'), text: (row) => textIn(row.title, locale) },
    { head: words('office.state'), text: (row) => words(`office.show_${row.state}`) },
    { head: words('office.starts'), text: (row) => (row.startsAt ? new Date(row.startsAt).toISOString() : '') },
    { head: words('office.lots'), text: (row) => row.lots },
    { head: words('office.viewers'), text: (row) => row.viewers },
    { head: words('office.reminders'), text: (row) => row.reminders },
  ])
  useKeys({
    e: exporting.run,
    ...(manages(shop) ? { n: () => setQuery({ new: '1' }) } : {}),
    ...Object.fromEntries(views.map((one, index) => [String(index + 1), () => setQuery({ view: one === 'all' ? null : one })])),
  })
  return (
    <div className="office-page">
      <PageHeader
        title={words('office.shows')}
        actions={
          <>
            <Button kind="ghost" size="s" icon={Download} keyHint="E" busy={exporting.busy} onPress={exporting.run}>
              {words('common.export')}
            </Button>
            {manages(shop) ? (
              <Button size="s" kind="ink" icon={CalendarPlus} keyHint="N" onPress={() => setQuery({ new: '1' })}>
                {words('office.new_show')}
              </Button>
            ) : null}
          </>
        }
      />
      <Tabs
        label={words('office.views')}
        at={view}
        tabs={views.map((id) => ({
          id,
          label: words(`office.shows_${id}`),
          count: list.value?.filter(fits[id]).length,
          to: id === 'all' ? '/office/shows' : `/office/shows?view=${id}`,
        }))}
      />
      <div className="office-rows">
        {list.state === 'failed' ? <ProblemState problem={list.problem} again={list.again} /> : <ShowTable rows={rows} />}
        <LoadMore more={list.more} busy={list.moreBusy} onMore={list.loadMore} />
      </div>
      <KeyHints
        hints={[
          [['J', 'K'], words('common.key_move')],
          [['↵'], words('common.key_open')],
          [['N'], words('office.key_new')],
          [['1', '6'], words('office.key_views')],
        ]}
      />
      <Sheet
        open={query.get('new') === '1'}
        onClose={() => setQuery({ new: null })}
        title={words('office.new_show')}
        height="content"
      >
        <ShowForm onDone={(show) => go(showPlace(show))} />
      </Sheet>
    </div>
  )
}

function ShowTable({ rows }: { readonly rows: readonly ShowRow[] | undefined }) {
  const words = useWords('office')
  const formats = useFormats()
  const { locale } = useLanguage()
  const columns: readonly Column<ShowRow>[] = [
    {
      id: 'title',
      head: words('office.show'),
      width: '34%',
      cell: (row) => <bdi>{textIn(row.title, locale)}</bdi>,
      narrow: 'title',
    },
    { id: 'state', head: words('office.state'), cell: (row) => <ShowMark state={row.state} />, width: '138px', narrow: 'state' },
    {
      id: 'starts',
      head: words('office.starts'),
      cell: (row) => {
        const at = row.startedAt ?? row.startsAt
        return at ? formats.date(at, 'dateTime') : '–'
      },
      tone: 'muted',
      width: '160px',
      narrow: 'meta',
    },
    {
      id: 'hosts',
      head: words('office.hosts'),
      cell: (row) => <bdi>{row.hosts.map((host) => host.name).join(', ')}</bdi>,
      tone: 'muted',
    },
    { id: 'lots', head: words('office.lots'), cell: (row) => formats.number(row.lots), align: 'end', width: '76px' },
    {
      id: 'reminders',
      head: words('office.reminders'),
      cell: (row) => formats.number(row.reminders),
      align: 'end',
      tone: 'muted',
      width: '104px',
    },
    {
      id: 'viewers',
      head: words('office.viewers'),
      cell: (row) => formats.number(row.viewers),
      align: 'end',
      tone: 'strong',
      width: '96px',
      narrow: 'number',
    },
  ]
  return (
    <Table
      label={words('office.shows')}
      columns={columns}
      rows={rows}
      idOf={(row) => row.id}
      onOpen={(row) => go(showPlace(row))}
      empty={<EmptyState title={words('office.no_shows')} text={words('office.no_shows_text')} />}
    />
  )
}
