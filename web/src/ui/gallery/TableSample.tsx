import { Box, Calendar, ChartColumn, House, Settings, ShoppingBag, Tag as TagIcon, Users } from 'lucide-react'
import { useState } from 'react'
import { Button } from '../Button.tsx'
import { Avatar, KeyHints, StateDot, Tag } from '../Marks.tsx'
import { Pagination } from '../Paging.tsx'
import { BulkBar, PageHeader, Shell, SidePanel } from '../Shell.tsx'
import { type Column, Table } from '../Table.tsx'
import { Tabs } from '../Tabs.tsx'
import { SearchInput } from '../TextInput.tsx'
import { useFormats, useWords } from '../words.tsx'

const names = [
  'Ekaterina Sorokina',
  'Omar Al-Najjar',
  'Lucía Benítez',
  'Ruta Petraitė',
  'Inès Moreau',
  'Тимур Валеев',
  'Hanna Kowal',
  'ناديا حداد',
  '李薇',
]
const states = ['todo', 'todo', 'half', 'waiting', 'done', 'wrong', 'off', 'todo', 'done'] as const
const sample = names.map((name, index) => ({
  id: String(48213 - index),
  name,
  state: states[index] ?? 'off',
  amount: 1499000 - index * 99000,
}))
type Row = (typeof sample)[number]

export function TableSample() {
  const words = useWords()
  const formats = useFormats()
  const query = new URLSearchParams(location.search)
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set(['48213', '48211']))
  const [open, setOpen] = useState<Row | null>(query.has('panel') ? (sample[1] ?? null) : null)
  const [down, setDown] = useState(true)
  const columns: Column<Row>[] = [
    { id: 'number', head: '№', cell: (row) => row.id, width: '90px', tone: 'strong' },
    {
      id: 'at',
      head: words('common.today'),
      cell: (row) => formats.date(1763671296000 - Number(row.id), 'clock'),
      width: '90px',
      tone: 'muted',
      sortable: true,
      narrow: 'meta',
    },
    { id: 'name', head: words('common.details'), cell: (row) => <bdi>{row.name}</bdi>, narrow: 'title' },
    {
      id: 'state',
      head: words('common.open'),
      cell: (row) => <StateDot state={row.state}>{words('common.done')}</StateDot>,
      width: '140px',
      narrow: 'state',
    },
    {
      id: 'total',
      head: words('common.total'),
      cell: (row) => formats.price({ amount: row.amount, currency: 'RUB' }),
      align: 'end',
      width: '120px',
      tone: 'strong',
      narrow: 'number',
    },
  ]
  const rows = query.has('loading') ? undefined : sample
  return (
    <Shell
      home="/gallery.html"
      org={
        <div className="gallery-row">
          <Avatar square name="Orvik" size={28} /> <b>Orvik Store</b>
        </div>
      }
      nouns={[
        { to: '/gallery.html', label: words('common.today'), icon: House },
        { to: '/a', label: 'Shows', icon: Calendar, count: 2 },
        { to: '/b', label: 'Lots', icon: TagIcon },
        { to: '/c', label: 'Orders', icon: ShoppingBag, count: 86 },
        { to: '/d', label: 'Catalog', icon: Box },
        { to: '/e', label: 'Hosts', icon: Users },
        { to: '/f', label: 'Numbers', icon: ChartColumn },
      ]}
      foot={[{ to: '/settings', label: words('common.settings'), icon: Settings }]}
    >
      <PageHeader
        title="Orders"
        crumb="Shows"
        tag={<Tag>{words('common.demo')}</Tag>}
        actions={
          <>
            <Button size="s" kind="ghost" keyHint="E">
              {words('common.export')}
            </Button>
            <Button size="s" kind="ink" keyHint="N">
              {words('common.add')}
            </Button>
          </>
        }
      />
      <div style={{ paddingInline: 24 }}>
        <Tabs
          label="Views"
          at="a"
          tabs={[
            { id: 'a', label: words('common.all'), count: '1,284' },
            { id: 'b', label: words('common.today'), count: 3, warn: true },
          ]}
        />
      </div>
      <div style={{ padding: '12px 24px', maxInlineSize: 320 }}>
        <SearchInput size="s" label={words('common.search')} value="" onChange={() => undefined} />
      </div>
      <div className="page-with-panel">
        <div>
          <Table
            label="Orders"
            columns={columns}
            rows={rows}
            idOf={(row) => row.id}
            sort={{ column: 'at', down }}
            onSort={() => setDown(!down)}
            selected={selected}
            onSelect={setSelected}
            current={open?.id}
            onOpen={setOpen}
          />
        </div>
        <SidePanel
          open={open !== null}
          onClose={() => setOpen(null)}
          title={open?.name ?? ''}
          footer={<Button wide>{words('common.save')}</Button>}
        >
          <h2>{open?.name}</h2>
        </SidePanel>
      </div>
      <BulkBar count={selected.size} onClear={() => setSelected(new Set())}>
        <Button size="s" kind="ink" keyHint="P">
          {words('common.done')}
        </Button>
      </BulkBar>
      <div style={{ paddingInline: 24 }}>
        <KeyHints
          hints={[
            [['J', 'K'], words('common.key_move')],
            [['X'], words('common.key_select')],
            [['↵'], words('common.key_open')],
          ]}
          end={<Pagination from={1} to={9} total={541} onNext={() => undefined} />}
        />
      </div>
    </Shell>
  )
}
