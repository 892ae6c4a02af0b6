import type { Out } from '@efir/contract/act.ts'
import { textIn } from '@efir/contract/scalars.ts'
import { cutShow, showsOnAir } from '@efir/contract/shows.ts'
import { ScissorsLineDashed, Undo2 } from 'lucide-react'
import { useState } from 'react'
import { useAct, useView } from '../../../net/query.ts'
import { ProblemNote, ProblemState } from '../../../parts/face/problem.tsx'
import { Button } from '../../../ui/Button.tsx'
import { EmptyState } from '../../../ui/State.tsx'
import { type Column, Table } from '../../../ui/Table.tsx'
import { useFormats, useLanguage, useWords } from '../../../ui/words.tsx'
import { CutShow } from '../shows/CutShow.tsx'
import { ShowMark } from '../shows/show.tsx'

type Row = Out<typeof showsOnAir>['shows'][number]
const changed = [showsOnAir] as const

/** Every show on air, and the cut for an emergency. */
export function PlatformShows() {
  const words = useWords('office', 'refusals')
  const formats = useFormats()
  const { locale } = useLanguage()
  const view = useView(showsOnAir, {}, { everyMs: 10_000 })
  const undoing = useAct(cutShow, { changes: changed })
  const [asked, setAsked] = useState<string | null>(null)
  const columns: readonly Column<Row>[] = [
    {
      id: 'title',
      head: words('office.show'),
      cell: (row) => (
        <a className="row-link ellipsis" href={`/show/${row.id}`}>
          <bdi>{textIn(row.title, locale)}</bdi>
        </a>
      ),
      width: '30%',
      narrow: 'title',
    },
    { id: 'shop', head: words('office.shop'), cell: (row) => <bdi>{row.shopName}</bdi>, tone: 'muted', narrow: 'meta' },
    {
      id: 'state',
      head: words('office.state'),
      cell: (row) => (
        <>
          <ShowMark state={row.state} />
          {row.cutReason ? (
            <>
              {' '}
              <bdi className="muted">{row.cutReason}</bdi>
            </>
          ) : null}
        </>
      ),
      narrow: 'state',
    },
    {
      id: 'viewers',
      head: words('office.viewers'),
      cell: (row) => formats.number(row.viewers),
      align: 'end',
      width: '110px',
      narrow: 'number',
    },
    {
      id: 'acts',
      head: '',
      align: 'end',
      width: '200px',
      cell: (row) =>
        row.state === 'cut' ? (
          <Button
            size="s"
            icon={Undo2}
            busy={undoing.busy}
            onPress={() => void undoing.run({ showId: row.id, on: false, reason: row.cutReason ?? '-' })}
          >
            {words('office.uncut')}
          </Button>
        ) : (
          <Button size="s" kind="danger" icon={ScissorsLineDashed} onPress={() => setAsked(row.id)}>
            {words('office.cut')}
          </Button>
        ),
    },
  ]
  return (
    <div className="office-rows">
      {undoing.problem ? (
        <div className="office-note">
          <ProblemNote problem={undoing.problem} />
        </div>
      ) : null}
      {view.state === 'failed' ? (
        <ProblemState problem={view.problem} again={view.again} />
      ) : (
        <Table
          label={words('office.platform_shows')}
          columns={columns}
          rows={view.value?.shows}
          idOf={(row) => row.id}
          empty={<EmptyState title={words('office.no_shows_on_air')} text={words('office.no_shows_on_air_text')} />}
        />
      )}
      <CutShow showId={asked ?? ''} open={asked !== null} changes={changed} onClose={() => setAsked(null)} />
    </div>
  )
}
