import { shopBalances } from '@efir/contract/ledger.ts'
import { orderCounts, shopOrders } from '@efir/contract/orders.ts'
import { textIn } from '@efir/contract/scalars.ts'
import { listShows } from '@efir/contract/shows.ts'
import { stockList } from '@efir/contract/stock.ts'
import { CalendarPlus, Printer } from 'lucide-react'
import { useView } from '../../../net/query.ts'
import { ProblemState } from '../../../parts/face/problem.tsx'
import { DemoNotice } from '../../../parts/identity/DemoNotice.tsx'
import { useMe } from '../../../parts/identity/session.ts'
import { imageUrl } from '../../../parts/shows/cover.ts'
import { Button } from '../../../ui/Button.tsx'
import { useNow } from '../../../ui/clock.ts'
import { LiveBadge, Stat, Stats } from '../../../ui/Marks.tsx'
import { Link } from '../../../ui/router.tsx'
import { PageHeader } from '../../../ui/Shell.tsx'
import { EmptyState, Skeleton } from '../../../ui/State.tsx'
import { useFormats, useLanguage, useWords } from '../../../ui/words.tsx'
import { manages, useShop } from '../frame/shop.ts'
import { OrderMark, officeState } from '../orders/order.tsx'
import { type ShowRow, showPlace } from '../shows/show.tsx'
import { lowStock } from '../stock/low.ts'
import { dayStart } from './days.ts'
import { SalesPlot } from './SalesPlot.tsx'
import './Today.css'

/** What waits for somebody; each number leads to its rows. */
export function TodayPage() {
  const words = useWords('office')
  const formats = useFormats()
  const now = useNow(60_000)
  const demo = useMe().value?.person?.demo ?? false
  return (
    <div className="office-page">
      <PageHeader
        title={words('office.today')}
        text={formats.date(now, 'date')}
        actions={
          <>
            <Button size="s" icon={Printer} to="/office/packing">
              {words('office.packing')}
            </Button>
            <Button size="s" kind="ink" icon={CalendarPlus} to="/office/shows?new=1">
              {words('office.new_show')}
            </Button>
          </>
        }
      />
      <div className="office-rows">
        <div className="office-body today">
          {demo ? <DemoNotice /> : null}
          <Figures />
          <SalesPlot />
          <div className="today-columns">
            <Shows />
            <Latest />
          </div>
        </div>
      </div>
    </div>
  )
}

function Figures() {
  const words = useWords('office')
  const formats = useFormats()
  const shop = useShop()
  const from = dayStart(useNow(60_000))
  const counts = useView(orderCounts, { shopId: shop.id }, { everyMs: 30_000 })
  const placed = useView(shopOrders, { shopId: shop.id, fromAt: from, limit: 200 }, { everyMs: 30_000 })
  const stock = useView(stockList, { shopId: shop.id, limit: 200 })
  const balances = useView(shopBalances, { shopId: shop.id }, { when: manages(shop) })
  if (counts.state === 'failed') return <ProblemState problem={counts.problem} again={counts.again} />
  if (counts.state === 'loading') return <Skeleton height="60px" />
  const of = (state: string) => counts.value.counts.find((one) => one.state === state)?.count ?? 0
  const today = (placed.value?.items ?? []).filter((row) => row.state !== 'cancelled')
  const takings = [...Map.groupBy(today, (row) => row.total.currency)].map(([currency, rows]) =>
    formats.price({ amount: rows.reduce((sum, row) => sum + row.total.amount, 0), currency }),
  )
  const more = placed.value?.next ? '+' : ''
  const low = (stock.value?.items ?? []).filter((row) => row.free <= lowStock).length
  const owed = (balances.value?.balances ?? []).filter((one) => one.owed.amount !== 0)
  const waiting = of('placed') + of('paid') - counts.value.toPack
  return (
    <Stats>
      <Stat label={words('office.view_pack')} value={formats.number(counts.value.toPack)} to="/office/packing" />
      <Stat label={words('office.parcels_packed')} value={formats.number(of('packed'))} to="/office/packing?state=packed" />
      <Stat label={words('office.view_shipped')} value={formats.number(of('shipped'))} to="/office/orders?view=shipped" />
      <Stat label={words('office.view_paying')} value={formats.number(waiting)} to="/office/orders?view=paying" />
      <Stat
        label={words('office.orders_today')}
        value={`${formats.number(today.length)}${more}`}
        note={takings.join(' · ')}
        to={`/office/orders?from=${from}`}
      />
      <Stat label={words('office.low_stock')} value={formats.number(low)} to="/office/stock?view=low" />
      {manages(shop) ? (
        <Stat
          label={words('office.owed')}
          value={owed[0] ? formats.money(owed[0].owed) : formats.money({ amount: 0, currency: shop.currency })}
          note={owed
            .slice(1)
            .map((one) => formats.money(one.owed))
            .join(' · ')}
          to="/office/payouts"
        />
      ) : null}
    </Stats>
  )
}

function Shows() {
  const words = useWords('office')
  const formats = useFormats()
  const { locale } = useLanguage()
  const shop = useShop()
  const view = useView(listShows, { shopId: shop.id, limit: 50 }, { everyMs: 30_000 })
  const live = (view.value?.items ?? []).filter((show) => ['live', 'paused', 'cut'].includes(show.state))
  const coming = (view.value?.items ?? [])
    .filter((show) => show.state === 'scheduled')
    .sort((one, other) => (one.startsAt ?? 0) - (other.startsAt ?? 0))
    .slice(0, 5)
  return (
    <section className="office-section">
      <div className="office-section-head">
        <h2>{words('office.on_air_and_soon')}</h2>
        <Link className="text-link" to="/office/shows">
          {words('common.all')}
        </Link>
      </div>
      {view.state === 'loading' ? <Skeleton height="96px" /> : null}
      {view.state === 'failed' ? <ProblemState problem={view.problem} again={view.again} /> : null}
      {view.state === 'ready' && live.length + coming.length === 0 ? (
        <EmptyState
          title={words('office.no_coming_shows')}
          action={<Button to="/office/shows?new=1">{words('office.new_show')}</Button>}
        />
      ) : null}
      <ul className="today-list">
        {[...live, ...coming].map((show) => (
          <li key={show.id}>
            <Link to={showPlace(show)} className="today-row">
              <Cover show={show} />
              <span className="today-show">
                <b className="ellipsis">
                  <bdi>{textIn(show.title, locale)}</bdi>
                </b>
                <span className="muted small ellipsis">
                  <bdi>{show.hosts.map((host) => host.name).join(', ')}</bdi> · {words('office.n_lots', { n: show.lots })}
                </span>
              </span>
              {show.state === 'scheduled' ? (
                <span className="muted">{show.startsAt ? formats.date(show.startsAt, 'dateTime') : '–'}</span>
              ) : (
                <LiveBadge viewers={show.viewers} />
              )}
            </Link>
          </li>
        ))}
      </ul>
    </section>
  )
}

function Cover({ show }: { readonly show: ShowRow }) {
  const src = imageUrl(show.cover, 160)
  return src ? <img className="today-cover" src={src} alt="" loading="lazy" /> : <span className="today-cover" />
}

function Latest() {
  const words = useWords('office')
  const formats = useFormats()
  const shop = useShop()
  const view = useView(shopOrders, { shopId: shop.id, limit: 8 }, { everyMs: 30_000 })
  return (
    <section className="office-section">
      <div className="office-section-head">
        <h2>{words('office.latest_orders')}</h2>
        <Link className="text-link" to="/office/orders">
          {words('common.all')}
        </Link>
      </div>
      {view.state === 'loading' ? <Skeleton height="240px" /> : null}
      {view.state === 'failed' ? <ProblemState problem={view.problem} again={view.again} /> : null}
      {view.value?.items.length === 0 ? (
        <EmptyState title={words('office.no_orders')} text={words('office.no_orders_text')} />
      ) : null}
      <ul className="today-list">
        {(view.value?.items ?? []).map((row) => (
          <li key={row.id}>
            <Link to={`/office/orders?order=${row.id}`} className="today-row">
              <b className="ellipsis">
                <bdi>{row.buyer}</bdi>
              </b>
              <span className="today-state">
                <OrderMark state={officeState(row)} />
              </span>
              <b>{formats.price(row.total)}</b>
            </Link>
          </li>
        ))}
      </ul>
    </section>
  )
}
