import { textIn } from '@efir/contract/scalars.ts'
import { useMemo } from 'react'
import { Shot } from '../../../parts/catalog/Shot.tsx'
import { useOptionWords } from '../../../parts/catalog/use-options.ts'
import { EmptyState } from '../../../ui/State.tsx'
import { type Column, Table } from '../../../ui/Table.tsx'
import { useFormats, useLanguage, useWords } from '../../../ui/words.tsx'
import type { PackingRow } from './packing-row.ts'
import { type Pick, picksOf } from './pick.ts'

export function PickList({ parcels }: { readonly parcels: readonly PackingRow[] | undefined }) {
  const words = useWords('office')
  const formats = useFormats()
  const { locale } = useLanguage()
  const options = useOptionWords()
  const picks = useMemo(() => (parcels ? picksOf(parcels) : undefined), [parcels])
  const columns: readonly Column<Pick>[] = [
    {
      id: 'title',
      head: words('office.product'),
      cell: (row) => (
        <span className="product-cell">
          <Shot base={row.picture} alt="" sizes="28px" />
          <bdi className="ellipsis">{textIn(row.title, locale)}</bdi>
        </span>
      ),
      narrow: 'title',
    },
    {
      id: 'options',
      head: words('office.variant'),
      cell: (row) => options.textOf(row.options) || '–',
      tone: 'muted',
      narrow: 'state',
    },
    { id: 'sku', head: words('office.sku'), cell: (row) => <bdi>{row.sku}</bdi>, tone: 'muted', width: '180px', narrow: 'meta' },
    {
      id: 'parcels',
      head: words('office.parcels'),
      cell: (row) => formats.number(row.parcels),
      align: 'end',
      tone: 'muted',
      width: '100px',
    },
    {
      id: 'units',
      head: words('office.pick'),
      cell: (row) => formats.number(row.units),
      align: 'end',
      tone: 'strong',
      width: '90px',
      narrow: 'number',
    },
  ]
  return (
    <Table
      label={words('office.pick_list')}
      columns={columns}
      rows={picks}
      idOf={(row) => row.sku}
      empty={<EmptyState title={words('office.no_parcels_open')} text={words('office.no_parcels_text')} />}
    />
  )
}
