import { type LocalText, textIn } from '@efir/contract/scalars.ts'
import { stockList } from '@efir/contract/stock.ts'
import { Download } from 'lucide-react'
import { useRef, useState } from 'react'
import { usePages } from '../../../net/query.ts'
import { useOptionWords } from '../../../parts/catalog/use-options.ts'
import { ProblemState } from '../../../parts/face/problem.tsx'
import { Button } from '../../../ui/Button.tsx'
import { useKeys } from '../../../ui/keys.ts'
import { KeyHints } from '../../../ui/Marks.tsx'
import { LoadMore } from '../../../ui/Paging.tsx'
import { setQuery, usePlace } from '../../../ui/router.tsx'
import { PageHeader } from '../../../ui/Shell.tsx'
import { EmptyState } from '../../../ui/State.tsx'
import { type Column, type Sort, Table } from '../../../ui/Table.tsx'
import { Tabs } from '../../../ui/Tabs.tsx'
import { SearchInput } from '../../../ui/TextInput.tsx'
import { useFormats, useLanguage, useWords } from '../../../ui/words.tsx'
import { useExport } from '../export.ts'
import { useShop } from '../frame/shop.ts'
import { useQueryText } from '../frame/use-query-text.ts'
import { lowStock } from './low.ts'
import { StockPanel } from './StockPanel.tsx'
import type { StockRow } from './stock-row.ts'

const views = ['all', 'low', 'out', 'aside'] as const
type ViewId = (typeof views)[number]
const fits: Readonly<Record<ViewId, (row: StockRow) => boolean>> = {
  all: () => true,
  low: (row) => row.free <= lowStock,
  out: (row) => row.onHand === 0,
  aside: (row) => row.allotted > 0,
}

const says = (row: { readonly sku: string; readonly title: LocalText }, text: string) =>
  `${row.sku} ${Object.values(row.title).join(' ')}`.toLowerCase().includes(text.trim().toLowerCase())

export function StockPage() {
  const words = useWords('office')
  const { query } = usePlace()
  const shop = useShop()
  const [text, setText] = useQueryText('q')
  const view = views.find((one) => one === query.get('view')) ?? 'all'
  const list = usePages(stockList, { shopId: shop.id, limit: 200 })
  const [sort, setSort] = useState<Sort>({ column: 'sku', down: false })
  const searchField = useRef<HTMLInputElement>(null)
  const exporting = useStockExport(shop.id)
  const open = query.get('variant')
  const all = list.value
  const rows = all?.filter(fits[view]).filter((row) => text.trim() === '' || says(row, text))
  const sorted = rows && [...rows].sort((one, other) => order(sort, one, other))
  useKeys({
    '/': () => searchField.current?.focus(),
    f: () => searchField.current?.focus(),
    e: exporting.run,
    ...Object.fromEntries(views.map((one, index) => [String(index + 1), () => setQuery({ view: one === 'all' ? null : one })])),
    ...(open ? { Escape: () => setQuery({ variant: null }) } : {}),
  })
  return (
    <div className="page-with-panel">
      <div className="office-page">
        <PageHeader
          title={words('office.stock')}
          actions={
            <Button kind="ghost" size="s" icon={Download} keyHint="E" busy={exporting.busy} onPress={exporting.run}>
              {words('common.export')}
            </Button>
          }
        />
        <Tabs
          label={words('office.views')}
          at={view}
          tabs={views.map((id) => ({
            id,
            label: words(`office.stock_${id}`),
            count: all ? all.filter(fits[id]).length : undefined,
            warn: id === 'out' && (all?.some(fits.out) ?? false),
            to: id === 'all' ? '/office/stock' : `/office/stock?view=${id}`,
          }))}
        />
        <div className="office-filters">
          <SearchInput ref={searchField} size="s" label={words('office.search_stock')} value={text} onChange={setText} />
        </div>
        <div className="office-rows">
          {list.state === 'failed' ? (
            <ProblemState problem={list.problem} again={list.again} />
          ) : (
            <StockTable rows={sorted} sort={sort} onSort={setSort} open={open} />
          )}
          <LoadMore more={list.more} busy={list.moreBusy} onMore={list.loadMore} />
        </div>
        <KeyHints
          hints={[
            [['J', 'K'], words('common.key_move')],
            [['↵'], words('common.key_open')],
            [['/'], words('office.key_search')],
            [['E'], words('common.export')],
          ]}
        />
      </div>
      <StockPanel row={all?.find((row) => row.variantId === open)} variantId={open} onClose={() => setQuery({ variant: null })} />
    </div>
  )
}

function order(sort: Sort, one: StockRow, other: StockRow): number {
  const by =
    sort.column === 'sku'
      ? one.sku.localeCompare(other.sku, 'en', { numeric: true })
      : sort.column === 'changed'
        ? (one.changedAt ?? 0) - (other.changedAt ?? 0)
        : one[sort.column as 'onHand' | 'allotted' | 'free'] - other[sort.column as 'onHand' | 'allotted' | 'free']
  return sort.down ? -by : by
}

interface StockTableProps {
  readonly rows: readonly StockRow[] | undefined
  readonly sort: Sort
  readonly onSort: (sort: Sort) => void
  readonly open: string | null
}

function StockTable({ rows, sort, onSort, open }: StockTableProps) {
  const words = useWords('office')
  const formats = useFormats()
  const { locale } = useLanguage()
  const options = useOptionWords()
  const number = (value: number) => formats.number(value)
  const columns: readonly Column<StockRow>[] = [
    { id: 'sku', head: words('office.sku'), cell: (row) => <bdi>{row.sku}</bdi>, width: '190px', sortable: true, narrow: 'meta' },
    { id: 'title', head: words('office.product'), cell: (row) => <bdi>{textIn(row.title, locale)}</bdi>, narrow: 'title' },
    {
      id: 'options',
      head: words('office.variant'),
      cell: (row) => options.textOf(row.options) || '–',
      tone: 'muted',
      narrow: 'state',
    },
    {
      id: 'changed',
      head: words('office.changed'),
      cell: (row) => (row.changedAt ? formats.date(row.changedAt, 'day') : '–'),
      tone: 'muted',
      width: '120px',
      sortable: true,
    },
    {
      id: 'onHand',
      head: words('office.on_hand'),
      cell: (row) => number(row.onHand),
      align: 'end',
      width: '96px',
      sortable: true,
    },
    {
      id: 'allotted',
      head: words('office.aside'),
      cell: (row) => (row.allotted ? number(row.allotted) : '–'),
      align: 'end',
      tone: 'muted',
      width: '104px',
      sortable: true,
    },
    {
      id: 'free',
      head: words('office.free'),
      cell: (row) => <span className={row.free <= lowStock ? 'stock-low' : undefined}>{number(row.free)}</span>,
      align: 'end',
      tone: 'strong',
      width: '96px',
      sortable: true,
      narrow: 'number',
    },
  ]
  return (
    <Table
      label={words('office.stock')}
      columns={columns}
      rows={rows}
      idOf={(row) => row.variantId}
      sort={sort}
      onSort={onSort}
      current={open}
      onOpen={(row) => setQuery({ variant: row.variantId })}
      empty={<EmptyState title={words('office.no_stock')} text={words('office.no_stock_text')} />}
    />
  )
}

function useStockExport(shopId: string) {
  const words = useWords('office')
  const { locale } = useLanguage()
  return useExport(stockList, { shopId }, 'stock', [
    { head: words('office.sku'), text: (row) => row.sku },
    { head: words('office.product'), text: (row) => textIn(row.title, locale) },
    { head: words('office.variant'), text: (row) => Object.values(row.options).join(' ') },
    { head: words('office.on_hand'), text: (row) => row.onHand },
    { head: words('office.aside'), text: (row) => row.allotted },
    { head: words('office.free'), text: (row) => row.free },
  ])
}
