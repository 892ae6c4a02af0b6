import type { Out } from '@efir/contract/act.ts'
import type { lotBoard } from '@efir/contract/lots.ts'
import { decimalsOf } from '@efir/contract/money.ts'
import { textIn } from '@efir/contract/scalars.ts'
import { majorText } from '@efir/words/formats.ts'
import { Download } from 'lucide-react'
import { Shot } from '../../../parts/catalog/Shot.tsx'
import { Button } from '../../../ui/Button.tsx'
import { Link } from '../../../ui/router.tsx'
import { Price } from '../../../ui/Sale.tsx'
import { EmptyState } from '../../../ui/State.tsx'
import { type Column, Table } from '../../../ui/Table.tsx'
import { useFormats, useLanguage, useWords } from '../../../ui/words.tsx'
import { downloadCsv } from '../csv.ts'

export type Lot = Out<typeof lotBoard>['lots'][number]

interface LotsTableProps {
  readonly lots: readonly Lot[] | undefined
  readonly showId: string
  readonly exportable?: boolean
}

/** What each lot had, sold and took. */
export function LotsTable({ lots, showId, exportable }: LotsTableProps) {
  const words = useWords('office')
  const formats = useFormats()
  const { locale } = useLanguage()
  const save = () =>
    downloadCsv(
      'lots',
      [
        { head: words('office.lot'), text: (row: Lot) => row.number },
        { head: words('office.product'), text: (row: Lot) => textIn(row.title, locale) },
        { head: words('office.price'), text: (row: Lot) => majorText(row.price.amount, decimalsOf(row.price.currency)) },
        { head: words('office.quota'), text: (row: Lot) => row.quota },
        { head: words('office.sold'), text: (row: Lot) => row.sold },
        { head: words('office.takings'), text: (row: Lot) => majorText(row.takings.amount, decimalsOf(row.takings.currency)) },
        { head: words('office.currency'), text: (row: Lot) => row.takings.currency },
      ],
      lots ?? [],
    )
  const share = (lot: Lot) => (lot.quota > 0 ? Math.min(1, lot.sold / lot.quota) : 0)
  const columns: readonly Column<Lot>[] = [
    { id: 'number', head: words('office.lot'), cell: (row) => formats.number(row.number), tone: 'muted', width: '64px' },
    {
      id: 'title',
      head: words('office.product'),
      width: '30%',
      cell: (row) => (
        <span className="product-cell">
          <Shot base={row.picture} alt="" sizes="28px" />
          {row.productId ? (
            <Link className="row-link ellipsis" to={`/office/products/${row.productId}`}>
              <bdi>{textIn(row.title, locale)}</bdi>
            </Link>
          ) : (
            <bdi className="ellipsis">{textIn(row.title, locale)}</bdi>
          )}
        </span>
      ),
      narrow: 'title',
    },
    { id: 'state', head: words('office.state'), cell: (row) => words(`office.lot_${row.state}`), tone: 'muted', narrow: 'state' },
    {
      id: 'price',
      head: words('office.price'),
      cell: (row) => <Price size="s" quiet price={row.price} before={row.reference?.price} />,
      align: 'end',
      width: '168px',
    },
    {
      id: 'quota',
      head: words('office.quota'),
      cell: (row) => (row.link ? '–' : formats.number(row.quota)),
      align: 'end',
      width: '80px',
    },
    {
      id: 'sold',
      head: words('office.sold'),
      cell: (row) => (row.link ? '–' : formats.number(row.sold)),
      align: 'end',
      width: '80px',
    },
    {
      id: 'through',
      head: words('office.sell_through'),
      cell: (row) =>
        row.link ? (
          words('office.n_clicks', { n: row.clicks })
        ) : (
          <span className="sell-through">
            <span className="sell-bar" aria-hidden="true">
              <i style={{ inlineSize: `${share(row) * 100}%` }} />
            </span>
            {formats.percent(Math.round(share(row) * 100) * 100)}
          </span>
        ),
      width: '150px',
      narrow: 'meta',
    },
    {
      id: 'takings',
      head: words('office.takings'),
      cell: (row) => (
        <Link className="row-link" to={`/office/orders?show=${showId}`}>
          {formats.price(row.takings)}
        </Link>
      ),
      align: 'end',
      tone: 'strong',
      width: '140px',
      narrow: 'number',
    },
  ]
  return (
    <>
      {exportable && lots && lots.length > 0 ? (
        <div className="office-filters">
          <span className="office-filters-end">
            <Button size="s" kind="ghost" icon={Download} onPress={save}>
              {words('common.export')}
            </Button>
          </span>
        </div>
      ) : null}
      <Table
        label={words('office.lots')}
        columns={columns}
        rows={lots}
        idOf={(row) => row.id}
        empty={<EmptyState title={words('office.no_lots')} text={words('office.no_lots_text')} />}
      />
    </>
  )
}
