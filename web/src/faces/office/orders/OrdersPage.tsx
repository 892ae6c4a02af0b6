import { decimalsOf } from '@efir/contract/money.ts'
import { shopOrder, shopOrders } from '@efir/contract/orders.ts'
import { textIn } from '@efir/contract/scalars.ts'
import { majorText } from '@efir/words/formats.ts'
import { Download, Printer, X } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { usePages, useView } from '../../../net/query.ts'
import { ProblemState } from '../../../parts/face/problem.tsx'
import { Button } from '../../../ui/Button.tsx'
import { now } from '../../../ui/clock.ts'
import { useKeys } from '../../../ui/keys.ts'
import { KeyHints } from '../../../ui/Marks.tsx'
import { LoadMore } from '../../../ui/Paging.tsx'
import { setQuery, usePlace } from '../../../ui/router.tsx'
import { BulkBar, PageHeader } from '../../../ui/Shell.tsx'
import { EmptyState } from '../../../ui/State.tsx'
import { type Column, Table } from '../../../ui/Table.tsx'
import { Tabs } from '../../../ui/Tabs.tsx'
import { SearchInput } from '../../../ui/TextInput.tsx'
import { useFormats, useLanguage, useWords } from '../../../ui/words.tsx'
import { useExport } from '../export.ts'
import { useShop } from '../frame/shop.ts'
import { useQueryText } from '../frame/use-query-text.ts'
import { Failures } from './Failures.tsx'
import { OrderPanel } from './OrderPanel.tsx'
import { OrderMark, type OrderRow, type OrderView, officeState, toPack } from './order.tsx'
import { RefundSheet } from './RefundSheet.tsx'
import { ShipSheet } from './ShipSheet.tsx'
import { type ParcelRef, useParcels } from './use-parcels.ts'
import { useOrderViews } from './views.ts'

const refOfRow = (row: OrderRow): ParcelRef => ({ parcelId: row.parcelId, label: row.number, open: row.toPack })
const refOfOrder = (order: OrderView): ParcelRef => ({ parcelId: order.parcel.id, label: order.number, open: toPack(order) })

type Step = 'pack' | 'ship' | 'deliver'

function goes(order: OrderRow | OrderView, step: Step): boolean {
  const open = 'toPack' in order ? order.toPack : toPack(order)
  if (step === 'deliver') return order.state === 'shipped'
  return open || (step === 'ship' && order.state === 'packed')
}

export function OrdersPage() {
  const words = useWords('office')
  const { query } = usePlace()
  const shop = useShop()
  const [text, setText, search] = useQueryText('q')
  const views = useOrderViews(query.get('view'))
  const input = {
    shopId: shop.id,
    ...views.now.input,
    ...(search ? { search } : {}),
    ...(query.get('show') ? { showId: query.get('show') ?? '' } : {}),
    ...(query.get('from') ? { fromAt: Number(query.get('from')) } : {}),
  }
  const list = usePages(shopOrders, input, { everyMs: 30_000 })
  const rows = list.value?.filter(views.now.fits)
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set())
  const open = query.get('order')
  const parcels = useParcels(shop.id)
  const [shipping, setShipping] = useState<readonly ParcelRef[] | null>(null)
  const [refunding, setRefunding] = useState<OrderView | null>(null)
  const searchField = useRef<HTMLInputElement>(null)
  const exporting = useOrderExport(input)

  const chosen = (rows ?? []).filter((row) => selected.has(row.id))
  // Keys act on what is chosen; without a choice on the open order, which may have left this view.
  const panel = useView(shopOrder, { shopId: shop.id, orderId: open ?? '' }, { when: open !== null }).value
  const one = open !== null && panel?.id === open ? panel : null
  const refs = (step: Step) =>
    chosen.length > 0 ? chosen.filter((row) => goes(row, step)).map(refOfRow) : one && goes(one, step) ? [refOfOrder(one)] : []
  const pack = async (list: readonly ParcelRef[]) => {
    if (list.length > 0 && (await parcels.pack(list))) setSelected(new Set())
  }
  const deliver = async (list: readonly ParcelRef[]) => {
    if (list.length > 0 && (await parcels.deliver(list))) setSelected(new Set())
  }
  const openOrder = (id: string | null) => setQuery({ order: id })
  useKeys({
    ...views.keys,
    '/': () => searchField.current?.focus(),
    f: () => searchField.current?.focus(),
    e: exporting.run,
    p: () => void pack(refs('pack')),
    c: () => refs('ship').length > 0 && setShipping(refs('ship')),
    d: () => void deliver(refs('deliver')),
    ...(open ? { Escape: () => openOrder(null) } : {}),
  })
  const key = JSON.stringify(input)
  // biome-ignore lint/correctness/useExhaustiveDependencies: another list forgets the choice
  useEffect(() => setSelected(new Set()), [key])

  return (
    <div className="page-with-panel">
      <div className="office-page">
        <PageHeader
          title={words('office.orders')}
          actions={
            <>
              <Button kind="ghost" size="s" icon={Download} keyHint="E" busy={exporting.busy} onPress={exporting.run}>
                {words('common.export')}
              </Button>
              <Button size="s" icon={Printer} to="/office/packing">
                {words('office.packing')}
              </Button>
            </>
          }
        />
        <Tabs label={words('office.views')} tabs={views.tabs} at={views.now.id} />
        <div className="office-filters">
          <SearchInput ref={searchField} size="s" label={words('office.search_orders')} value={text} onChange={setText} />
          <FilterChips />
          <span className="office-filters-end">
            {rows ? words('office.n_orders', { n: rows.length }) + (list.more ? '+' : '') : ''}
          </span>
        </div>
        <Failures failures={shipping ? [] : parcels.failures} onForget={parcels.forget} />
        <div className="office-rows">
          {list.state === 'failed' ? (
            <ProblemState problem={list.problem} again={list.again} />
          ) : (
            <OrderTable
              // The cursor of another view is not ours.
              key={views.now.id}
              rows={rows}
              selected={selected}
              onSelect={setSelected}
              open={open}
              onOpen={openOrder}
              searched={search !== ''}
            />
          )}
          <LoadMore more={list.more} busy={list.moreBusy} onMore={list.loadMore} />
        </div>
        <OrderBulk
          rows={chosen}
          busy={parcels.busy}
          onClear={() => setSelected(new Set())}
          onPack={(refs) => void pack(refs)}
          onShip={setShipping}
          onDeliver={(refs) => void deliver(refs)}
        />
        <OrderHints />
      </div>
      <OrderPanel
        orderId={open}
        onClose={() => openOrder(null)}
        busy={parcels.busy}
        onPack={(order) => void pack([refOfOrder(order)])}
        onShip={(order) => setShipping([refOfOrder(order)])}
        onDeliver={(order) => void deliver([refOfOrder(order)])}
        onRefund={setRefunding}
      />
      <ShipSheet
        parcels={shipping}
        acts={parcels}
        onClose={() => {
          setShipping(null)
          setSelected(new Set())
        }}
      />
      <RefundSheet order={refunding} onClose={() => setRefunding(null)} />
    </div>
  )
}

function OrderHints() {
  const words = useWords('office')
  return (
    <KeyHints
      hints={[
        [['J', 'K'], words('common.key_move')],
        [['X'], words('common.key_select')],
        [['↵'], words('common.key_open')],
        [['P'], words('office.key_packed')],
        [['C'], words('office.key_ship')],
        [['1', '7'], words('office.key_views')],
        [['?'], words('office.key_help')],
      ]}
    />
  )
}

/** What narrows the list and is not a view: a show, a day. */
function FilterChips() {
  const words = useWords('office')
  const formats = useFormats()
  const { query } = usePlace()
  const from = query.get('from')
  const chips = [
    ...(query.get('show') ? [{ name: 'show', label: words('office.one_show') }] : []),
    ...(from ? [{ name: 'from', label: words('office.since', { date: formats.date(Number(from), 'dateTime') }) }] : []),
  ]
  return chips.map(({ name, label }) => (
    <span key={name} className="office-chip">
      {label}
      <Button
        size="s"
        kind="ghost"
        icon={X}
        label={words('office.drop_filter', { filter: label })}
        onPress={() => setQuery({ [name]: null })}
      >
        {''}
      </Button>
    </span>
  ))
}

interface OrderTableProps {
  readonly rows: readonly OrderRow[] | undefined
  readonly selected: ReadonlySet<string>
  readonly onSelect: (selected: ReadonlySet<string>) => void
  readonly open: string | null
  readonly onOpen: (id: string) => void
  readonly searched: boolean
}

/** Today by the second, for the hours after a show; before that by the day. */
function PlacedAt({ at }: { readonly at: number }) {
  const formats = useFormats()
  const today = new Date(at).toDateString() === new Date(now()).toDateString()
  return <time title={formats.date(at, 'dateTime')}>{formats.date(at, today ? 'clock' : 'day')}</time>
}

function OrderTable({ rows, selected, onSelect, open, onOpen, searched }: OrderTableProps) {
  const words = useWords('office')
  const formats = useFormats()
  const { locale } = useLanguage()
  const columns: readonly Column<OrderRow>[] = [
    { id: 'number', head: words('office.order'), cell: (row) => <bdi>{row.number}</bdi>, width: '104px' },
    {
      id: 'placed',
      head: words('office.placed'),
      cell: (row) => <PlacedAt at={row.placedAt} />,
      tone: 'muted',
      width: '112px',
      narrow: 'meta',
    },
    { id: 'buyer', head: words('office.buyer'), cell: (row) => <bdi>{row.buyer}</bdi>, narrow: 'title' },
    { id: 'country', head: words('office.country_short'), cell: (row) => row.country, tone: 'muted', width: '58px' },
    {
      id: 'goods',
      head: words('office.goods'),
      cell: (row) => (
        <>
          <bdi>{textIn(row.title, locale)}</bdi>
          {row.units > 1 ? <span className="muted"> {words('office.units_short', { n: row.units })}</span> : null}
        </>
      ),
    },
    {
      id: 'state',
      head: words('office.state'),
      cell: (row) => <OrderMark state={officeState(row)} />,
      width: '122px',
      narrow: 'state',
    },
    {
      id: 'payment',
      head: words('office.payment'),
      cell: (row) => words(row.payOnDelivery ? 'office.at_the_door' : 'office.by_card'),
      tone: 'muted',
      width: '100px',
    },
    {
      id: 'total',
      head: words('common.total'),
      cell: (row) => formats.price(row.total),
      align: 'end',
      tone: 'strong',
      width: '112px',
      narrow: 'number',
    },
  ]
  return (
    <Table
      label={words('office.orders')}
      columns={open ? columns.filter((one) => one.id !== 'payment') : columns}
      rows={rows}
      idOf={(row) => row.id}
      selected={selected}
      onSelect={onSelect}
      current={open}
      onOpen={(row) => onOpen(row.id)}
      empty={
        <EmptyState
          title={words(searched ? 'office.no_orders_found' : 'office.no_orders')}
          text={words(searched ? 'office.no_orders_found_text' : 'office.no_orders_text')}
        />
      }
    />
  )
}

interface OrderBulkProps {
  readonly rows: readonly OrderRow[]
  readonly busy: boolean
  readonly onClear: () => void
  readonly onPack: (refs: readonly ParcelRef[]) => void
  readonly onShip: (refs: readonly ParcelRef[]) => void
  readonly onDeliver: (refs: readonly ParcelRef[]) => void
}

function OrderBulk({ rows, busy, onClear, onPack, onShip, onDeliver }: OrderBulkProps) {
  const words = useWords('office')
  const formats = useFormats()
  const sums = [...Map.groupBy(rows, (row) => row.total.currency)].map(([currency, some]) =>
    formats.price({ amount: some.reduce((sum, row) => sum + row.total.amount, 0), currency }),
  )
  const that = (step: Step) => rows.filter((row) => goes(row, step)).map(refOfRow)
  const [open, ready, away] = [that('pack'), that('ship'), that('deliver')]
  return (
    <BulkBar count={rows.length} text={sums.join(', ')} onClear={onClear}>
      {away.length > 0 ? (
        <Button size="s" busy={busy} keyHint="D" onPress={() => onDeliver(away)}>
          {words('office.mark_delivered')}
        </Button>
      ) : null}
      <Button size="s" disabled={ready.length === 0} keyHint="C" onPress={() => onShip(ready)}>
        {words('office.ship')}
      </Button>
      <Button size="s" kind="ink" busy={busy} disabled={open.length === 0} keyHint="P" onPress={() => onPack(open)}>
        {words('office.mark_packed')}
      </Button>
    </BulkBar>
  )
}

function useOrderExport(input: Parameters<typeof useExport<typeof shopOrders>>[1]) {
  const words = useWords('office')
  const { locale } = useLanguage()
  return useExport(shopOrders, input, 'orders', [
    { head: words('office.order'), text: (row) => row.number },
    { head: words('office.placed'), text: (row) => new Date(row.placedAt).toISOString() },
    { head: words('office.buyer'), text: (row) => row.buyer },
    { head: words('office.country'), text: (row) => row.country },
    { head: words('office.goods'), text: (row) => textIn(row.title, locale) },
    { head: words('office.units'), text: (row) => row.units },
    { head: words('office.state'), text: (row) => words(`office.order_${officeState(row)}`) },
    { head: words('common.total'), text: (row) => majorText(row.total.amount, decimalsOf(row.total.currency)) },
    { head: words('office.currency'), text: (row) => row.total.currency },
  ])
}
