import { ArrowDown, ArrowUp } from 'lucide-react'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { Checkbox } from './Choice.tsx'
import { cx } from './cx.ts'
import { useKeys } from './keys.ts'
import { Skeleton } from './State.tsx'
import './Table.css'
import { useWords } from './words.tsx'

export interface Column<Row> {
  readonly id: string
  readonly head: ReactNode
  readonly cell: (row: Row) => ReactNode
  /** Numbers stand at the end. */
  readonly align?: 'start' | 'end'
  /** CSS length or `minmax()`; columns without one share the rest. */
  readonly width?: string
  readonly sortable?: boolean
  /** The one column for the eye, or all others' muted tone. */
  readonly tone?: 'strong' | 'muted'
  /** Place in the two lines of a narrow row; without one the column is left out there. */
  readonly narrow?: 'title' | 'number' | 'state' | 'meta'
}

export interface Sort {
  readonly column: string
  readonly down: boolean
}

export interface TableProps<Row> {
  readonly label: string
  readonly columns: readonly Column<Row>[]
  /** Undefined while loading: skeleton rows of the same height. */
  readonly rows: readonly Row[] | undefined
  readonly idOf: (row: Row) => string
  readonly sort?: Sort
  readonly onSort?: (sort: Sort) => void
  readonly selected?: ReadonlySet<string>
  readonly onSelect?: (selected: ReadonlySet<string>) => void
  /** The row whose panel is open. */
  readonly current?: string | null
  readonly onOpen?: (row: Row) => void
  /** One sentence and the one action. */
  readonly empty?: ReactNode
  readonly skeletonRows?: number
  /** J, K, X and Enter: only one table of a page has them. */
  readonly keys?: boolean
  readonly footer?: ReactNode
}

export function Table<Row>(props: TableProps<Row>) {
  const words = useWords()
  const { columns, rows, idOf, selected, onSelect } = props
  const { at, setAt, anchor } = useRowKeys(props)
  const all = rows !== undefined && rows.length > 0 && selected !== undefined && rows.every((row) => selected.has(idOf(row)))
  const some = selected !== undefined && rows?.some((row) => selected.has(idOf(row)))
  const toggle = (id: string, on: boolean) => {
    const next = new Set(selected)
    if (on) next.add(id)
    else next.delete(id)
    anchor.current = id
    onSelect?.(next)
  }
  if (rows?.length === 0 && props.empty) return <div className="table-empty">{props.empty}</div>
  return (
    <div className="table-scroll">
      <table
        className={cx('table', onSelect && 'table-selects')}
        aria-label={props.label}
        aria-busy={rows === undefined || undefined}
      >
        <colgroup>
          {onSelect ? <col className="table-col-check" /> : null}
          {columns.map((column) => (
            <col key={column.id} style={column.width ? { inlineSize: column.width } : undefined} />
          ))}
        </colgroup>
        <thead>
          <tr>
            {onSelect ? (
              <th className="table-check">
                <Checkbox
                  hideLabel
                  label={words('common.select_all')}
                  checked={all ? true : some ? 'some' : false}
                  onChange={(on) => onSelect(new Set(on ? rows?.map(idOf) : []))}
                />
              </th>
            ) : null}
            {columns.map((column) => (
              <Head key={column.id} column={column} sort={props.sort} onSort={props.onSort} />
            ))}
          </tr>
        </thead>
        <tbody>
          {rows === undefined
            ? Array.from({ length: props.skeletonRows ?? 8 }, (_, index) => (
                <SkeletonRow key={String(index)} columns={columns} selects={Boolean(onSelect)} />
              ))
            : rows.map((row) => {
                const id = idOf(row)
                const current = id === (props.current ?? at)
                return (
                  <tr
                    key={id}
                    data-id={id}
                    className={cx(
                      'table-row',
                      current && 'table-row-current',
                      selected?.has(id) && 'table-row-selected',
                      props.onOpen && 'table-row-opens',
                    )}
                    tabIndex={props.onOpen || onSelect ? (id === (at ?? idOf(rows[0] as Row)) ? 0 : -1) : undefined}
                    onFocus={() => setAt(id)}
                    onClick={(event) => {
                      if ((event.target as Element).closest('a, button, input, label')) return
                      setAt(id)
                      props.onOpen?.(row)
                    }}
                  >
                    {onSelect ? (
                      <td className="table-check">
                        <Checkbox
                          hideLabel
                          label={words('common.select_row')}
                          checked={selected?.has(id) ?? false}
                          onChange={(on) => toggle(id, on)}
                        />
                      </td>
                    ) : null}
                    {columns.map((column) => (
                      <td key={column.id} className={cellClass(column)} data-narrow={column.narrow}>
                        {column.cell(row)}
                      </td>
                    ))}
                  </tr>
                )
              })}
        </tbody>
        {props.footer ? <tfoot>{props.footer}</tfoot> : null}
      </table>
    </div>
  )
}

function cellClass<Row>(column: Column<Row>): string {
  return cx(column.align === 'end' && 'table-end', column.tone && `table-${column.tone}`)
}

function Head<Row>({
  column,
  sort,
  onSort,
}: {
  readonly column: Column<Row>
  readonly sort?: Sort
  readonly onSort?: (sort: Sort) => void
}) {
  const words = useWords()
  const sorted = sort?.column === column.id ? sort : null
  const Arrow = sorted?.down ? ArrowDown : ArrowUp
  return (
    <th
      className={column.align === 'end' ? 'table-end' : undefined}
      aria-sort={sorted ? (sorted.down ? 'descending' : 'ascending') : undefined}
    >
      {column.sortable && onSort ? (
        <button
          type="button"
          className="table-sort"
          onClick={() => onSort({ column: column.id, down: sorted ? !sorted.down : true })}
        >
          {column.head}
          {sorted ? <Arrow size={12} aria-label={words(sorted.down ? 'common.sorted_down' : 'common.sorted_up')} /> : null}
        </button>
      ) : (
        column.head
      )}
    </th>
  )
}

function SkeletonRow<Row>({ columns, selects }: { readonly columns: readonly Column<Row>[]; readonly selects: boolean }) {
  return (
    <tr className="table-row">
      {selects ? <td className="table-check" /> : null}
      {columns.map((column, index) => (
        <td key={column.id} className={cellClass(column)} data-narrow={column.narrow}>
          <Skeleton width={column.narrow === 'title' || index === 0 ? '70%' : '50%'} />
        </td>
      ))}
    </tr>
  )
}

/** Where the keyboard stands, and what its letters do. */
function useRowKeys<Row>({ rows = [], idOf, selected, onSelect, onOpen, keys = true }: TableProps<Row>) {
  const [at, setAt] = useState<string | null>(null)
  const anchor = useRef<string | null>(null)
  const index = rows.findIndex((row) => idOf(row) === at)
  useEffect(() => {
    if (at !== null && index < 0 && rows.length > 0) setAt(null)
  }, [at, index, rows.length])

  const move = (step: number, extend: boolean) => {
    const row = rows[index < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, index + step))]
    if (!row) return
    const id = idOf(row)
    setAt(id)
    const element = document.querySelector<HTMLElement>(`tr[data-id="${CSS.escape(id)}"]`)
    element?.focus({ preventScroll: true })
    element?.scrollIntoView({ block: 'nearest' })
    if (extend && onSelect) {
      anchor.current ??= at ?? id
      const from = rows.findIndex((one) => idOf(one) === anchor.current)
      const to = rows.indexOf(row)
      const range = rows.slice(Math.min(from, to), Math.max(from, to) + 1)
      onSelect(new Set([...(selected ?? []), ...range.map(idOf)]))
    }
  }
  const row = rows[index]
  useKeys(
    {
      j: () => move(1, false),
      k: () => move(-1, false),
      ArrowDown: () => move(1, false),
      ArrowUp: () => move(-1, false),
      'Shift+j': () => move(1, true),
      'Shift+k': () => move(-1, true),
      'Shift+ArrowDown': () => move(1, true),
      'Shift+ArrowUp': () => move(-1, true),
      ...(onSelect && row
        ? {
            x: () => {
              const id = idOf(row)
              const next = new Set(selected)
              if (!next.delete(id)) next.add(id)
              anchor.current = id
              onSelect(next)
            },
          }
        : {}),
      ...(onOpen && row ? { Enter: () => onOpen(row) } : {}),
    },
    keys && rows.length > 0,
  )
  return { at, setAt, anchor }
}
