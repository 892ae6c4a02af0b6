import { packing } from '@efir/contract/orders.ts'
import { textIn } from '@efir/contract/scalars.ts'
import { Download, Printer } from 'lucide-react'
import { useEffect, useState } from 'react'
import { usePages } from '../../../net/query.ts'
import { ProblemState } from '../../../parts/face/problem.tsx'
import { Button } from '../../../ui/Button.tsx'
import { useKeys } from '../../../ui/keys.ts'
import { KeyHints } from '../../../ui/Marks.tsx'
import { LoadMore } from '../../../ui/Paging.tsx'
import { Link, setQuery, usePlace } from '../../../ui/router.tsx'
import { BulkBar, PageHeader } from '../../../ui/Shell.tsx'
import { EmptyState } from '../../../ui/State.tsx'
import { type Column, Table } from '../../../ui/Table.tsx'
import { Tabs } from '../../../ui/Tabs.tsx'
import { useFormats, useLanguage, useWords } from '../../../ui/words.tsx'
import { useExport } from '../export.ts'
import { useShop } from '../frame/shop.ts'
import { Failures } from './Failures.tsx'
import type { PackingRow } from './packing-row.ts'
import './Order.css'
import { addressLines } from './order.tsx'
import { PackingSlips } from './PackingSlips.tsx'
import { PickList } from './PickList.tsx'
import { ShipSheet } from './ShipSheet.tsx'
import { type ParcelRef, useParcels } from './use-parcels.ts'

const states = ['open', 'packed', 'shipped', 'delivered'] as const
type ParcelState = (typeof states)[number]
const refOf = (row: PackingRow): ParcelRef => ({ parcelId: row.id, label: row.numbers.join(', '), open: row.state === 'open' })

/** What the person at the packing table needs: what to pick, what goes where, and paper. */
export function PackingPage() {
  const words = useWords('office')
  const { query } = usePlace()
  const shop = useShop()
  const state = states.find((one) => one === query.get('state')) ?? 'open'
  const picking = query.get('pick') === '1' && state === 'open'
  const input = { shopId: shop.id, state, limit: 200 }
  const list = usePages(packing, input, { everyMs: 30_000 })
  const rows = list.value
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set())
  const [shipping, setShipping] = useState<readonly ParcelRef[] | null>(null)
  const parcels = useParcels(shop.id)
  const exporting = usePackingExport(input)
  const chosen = (rows ?? []).filter((row) => selected.has(row.id))
  const go = async (act: (refs: readonly ParcelRef[]) => Promise<boolean>) => {
    if (chosen.length > 0 && (await act(chosen.map(refOf)))) setSelected(new Set())
  }
  const ship = () => chosen.length > 0 && setShipping(chosen.map(refOf))
  const toState = (next: ParcelState) => setQuery({ state: next === 'open' ? null : next, pick: null })
  useKeys({
    ...Object.fromEntries(states.map((one, index) => [String(index + 1), () => toState(one)])),
    e: exporting.run,
    l: () => print(),
    ...(state === 'open' ? { p: () => void go(parcels.pack) } : {}),
    ...(state === 'open' || state === 'packed' ? { c: ship } : {}),
    ...(state === 'shipped' ? { d: () => void go(parcels.deliver) } : {}),
  })
  // biome-ignore lint/correctness/useExhaustiveDependencies: another list forgets the choice
  useEffect(() => setSelected(new Set()), [state])
  const onPaper = chosen.length > 0 ? chosen : (rows ?? [])
  return (
    <div className="office-page">
      <div className="screen-only">
        <PageHeader
          crumb={<Link to="/office/orders">{words('office.orders')}</Link>}
          title={words('office.packing')}
          actions={
            <>
              <Button kind="ghost" size="s" icon={Download} keyHint="E" busy={exporting.busy} onPress={exporting.run}>
                {words('common.export')}
              </Button>
              <Button size="s" icon={Printer} keyHint="L" disabled={onPaper.length === 0} onPress={() => print()}>
                {words('office.print')}
              </Button>
            </>
          }
        />
      </div>
      <Tabs
        label={words('office.views')}
        at={picking ? 'pick' : state}
        tabs={[
          ...states.map((one) => ({
            id: one,
            label: words(`office.parcels_${one}`),
            to: one === 'open' ? '/office/packing' : `/office/packing?state=${one}`,
          })),
          { id: 'pick', label: words('office.pick_list'), to: '/office/packing?pick=1' },
        ]}
      />
      <Failures failures={shipping ? [] : parcels.failures} onForget={parcels.forget} />
      <div className="office-rows screen-only">
        {list.state === 'failed' ? (
          <ProblemState problem={list.problem} again={list.again} />
        ) : picking ? (
          <PickList parcels={rows} />
        ) : (
          <ParcelTable key={state} rows={rows} state={state} selected={selected} onSelect={setSelected} />
        )}
        <LoadMore more={list.more} busy={list.moreBusy} onMore={list.loadMore} />
      </div>
      <PackingSlips parcels={onPaper} />
      <BulkBar
        count={chosen.length}
        onClear={() => setSelected(new Set())}
        text={words('office.n_units', { n: unitsOf(chosen) })}
      >
        {state === 'shipped' ? (
          <Button size="s" kind="ink" busy={parcels.busy} keyHint="D" onPress={() => void go(parcels.deliver)}>
            {words('office.mark_delivered')}
          </Button>
        ) : null}
        {state === 'open' || state === 'packed' ? (
          <Button size="s" kind={state === 'packed' ? 'ink' : 'outline'} keyHint="C" onPress={ship}>
            {words('office.ship')}
          </Button>
        ) : null}
        {state === 'open' ? (
          <Button size="s" kind="ink" busy={parcels.busy} keyHint="P" onPress={() => void go(parcels.pack)}>
            {words('office.mark_packed')}
          </Button>
        ) : null}
      </BulkBar>
      <KeyHints
        hints={[
          [['J', 'K'], words('common.key_move')],
          [['X'], words('common.key_select')],
          [['P'], words('office.key_packed')],
          [['C'], words('office.key_ship')],
          [['D'], words('office.key_delivered')],
          [['L'], words('office.key_print')],
        ]}
      />
      <ShipSheet
        parcels={shipping}
        acts={parcels}
        onClose={() => {
          setShipping(null)
          setSelected(new Set())
        }}
      />
    </div>
  )
}

const linesOf = (parcel: PackingRow) => parcel.orders.flatMap((order) => order.lines)
const unitsOf = (parcels: readonly PackingRow[]): number =>
  parcels.flatMap(linesOf).reduce((sum, line) => sum + line.quantity - line.returned, 0)

interface ParcelTableProps {
  readonly rows: readonly PackingRow[] | undefined
  readonly state: ParcelState
  readonly selected: ReadonlySet<string>
  readonly onSelect: (selected: ReadonlySet<string>) => void
}

function ParcelTable({ rows, state, selected, onSelect }: ParcelTableProps) {
  const words = useWords('office')
  const formats = useFormats()
  const { locale } = useLanguage()
  const goods = (row: PackingRow) => linesOf(row).map((line) => `${line.quantity} × ${textIn(line.title, locale)}`)
  const columns: readonly Column<PackingRow>[] = [
    {
      id: 'numbers',
      head: words('office.orders'),
      width: '132px',
      cell: (row) => (
        <span className="pack-goods">
          {row.orders.map((order) => (
            <Link key={order.id} className="row-link" to={`/office/orders?order=${order.id}`}>
              <bdi>{order.number}</bdi>
            </Link>
          ))}
        </span>
      ),
      narrow: 'meta',
    },
    { id: 'buyer', head: words('office.buyer'), cell: (row) => <bdi>{row.address.name}</bdi>, narrow: 'title' },
    {
      id: 'to',
      head: words('office.send_to'),
      cell: (row) => (
        <bdi>{[row.address.postcode, row.address.city ?? row.address.pickup, row.address.country].filter(Boolean).join(' ')}</bdi>
      ),
      tone: 'muted',
    },
    {
      id: 'goods',
      head: words('office.goods'),
      width: '32%',
      cell: (row) => <bdi>{goods(row).join(' · ')}</bdi>,
      narrow: 'state',
    },
    {
      id: 'way',
      head: state === 'open' || state === 'packed' ? words('office.delivery') : words('office.tracking'),
      cell: (row) =>
        row.carrier ? (
          <bdi>
            {row.carrier} {row.tracking}
          </bdi>
        ) : (
          textIn(row.method.name, locale)
        ),
      tone: 'muted',
    },
    {
      id: 'collect',
      head: words('office.to_collect'),
      width: '120px',
      align: 'end',
      cell: (row) => (row.toCollect ? <b>{formats.price(row.toCollect)}</b> : <span className="muted">–</span>),
      narrow: 'number',
    },
  ]
  return (
    <Table
      label={words('office.packing')}
      columns={columns}
      rows={rows}
      idOf={(row) => row.id}
      selected={selected}
      onSelect={onSelect}
      empty={<EmptyState title={words(`office.no_parcels_${state}`)} text={words('office.no_parcels_text')} />}
    />
  )
}

function usePackingExport(input: Parameters<typeof useExport<typeof packing>>[1]) {
  const words = useWords('office')
  const { locale } = useLanguage()
  const formats = useFormats()
  return useExport(packing, input, 'parcels', [
    { head: words('office.orders'), text: (row) => row.numbers.join(' ') },
    { head: words('office.buyer'), text: (row) => row.address.name },
    {
      head: words('office.send_to'),
      text: (row) => addressLines(row.address, formats.country(row.address.country)).slice(1).join(', '),
    },
    { head: words('office.phone'), text: (row) => row.address.phone },
    {
      head: words('office.goods'),
      text: (row) =>
        linesOf(row)
          .map((line) => `${line.quantity} × ${line.sku} ${textIn(line.title, locale)}`)
          .join('; '),
    },
    { head: words('office.delivery'), text: (row) => textIn(row.method.name, locale) },
    { head: words('office.carrier'), text: (row) => row.carrier },
    { head: words('office.tracking'), text: (row) => row.tracking },
    { head: words('office.to_collect'), text: (row) => (row.toCollect ? formats.money(row.toCollect) : '') },
  ])
}
