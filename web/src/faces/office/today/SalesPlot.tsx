import { shopOrders } from '@efir/contract/orders.ts'
import { useView } from '../../../net/query.ts'
import { useNow } from '../../../ui/clock.ts'
import { Link } from '../../../ui/router.tsx'
import { Skeleton } from '../../../ui/State.tsx'
import { useFormats, useWords } from '../../../ui/words.tsx'
import { useShop } from '../frame/shop.ts'
import { lastDays, sumsByDay } from './days.ts'

const count = 14

/** What each of the last days brought, in the currency of the shop; a day leads to its orders. */
export function SalesPlot() {
  const words = useWords('office')
  const formats = useFormats()
  const shop = useShop()
  const days = lastDays(useNow(60_000), count)
  const view = useView(shopOrders, { shopId: shop.id, fromAt: days[0] ?? 0, limit: 200 }, { everyMs: 60_000, keep: true })
  if (view.state === 'failed') return null
  if (view.state === 'loading') return <Skeleton height="148px" />
  const { currency } = shop
  const rows = view.value.items.filter((row) => row.state !== 'cancelled' && row.total.currency === currency)
  const sums = sumsByDay(
    days,
    rows.map((row) => ({ at: row.placedAt, amount: row.total.amount })),
  )
  const most = Math.max(1, ...sums)
  const bars = days.map((at, index) => ({ at, sum: sums[index] ?? 0 }))
  return (
    <section className="office-section">
      <div className="office-section-head">
        <h2>{words('office.sales_two_weeks')}</h2>
        <span className="muted">
          {formats.price({ amount: sums.reduce((all, one) => all + one, 0), currency })}
          {view.value.next ? '+' : ''}
        </span>
      </div>
      <ol className="sales-plot">
        {bars.map(({ at, sum }) => {
          const text = words('office.sales_day', { date: formats.date(at, 'day'), sum: formats.price({ amount: sum, currency }) })
          return (
            <li key={at}>
              <Link to={`/office/orders?from=${at}`} aria-label={text} title={text}>
                <i style={{ blockSize: `${(sum / most) * 100}%` }} />
              </Link>
            </li>
          )
        })}
      </ol>
      <p className="sales-days muted small" aria-hidden="true">
        <span>{formats.date(days[0] ?? 0, 'day')}</span>
        <span>{formats.date(days.at(-1) ?? 0, 'day')}</span>
      </p>
    </section>
  )
}
