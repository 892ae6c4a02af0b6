import { myOrders } from '@efir/contract/orders.ts'
import { textIn } from '@efir/contract/scalars.ts'
import { Package } from 'lucide-react'
import { usePages } from '../../net/query.ts'
import { Shot } from '../../parts/catalog/Shot.tsx'
import { ProblemState } from '../../parts/face/problem.tsx'
import { useMe } from '../../parts/identity/session.ts'
import { FindOrder } from '../../parts/orders/FindOrder.tsx'
import { dotOf } from '../../parts/orders/order-dots.ts'
import { Button } from '../../ui/Button.tsx'
import { StateDot } from '../../ui/Marks.tsx'
import { Link } from '../../ui/router.tsx'
import { EmptyState, Skeleton } from '../../ui/State.tsx'
import { useFormats, useLanguage, useWords } from '../../ui/words.tsx'
import './OrdersPage.css'
import { Section, SitePage } from './site/SitePage.tsx'

export function OrdersPage() {
  const words = useWords('store', 'checkout')
  const formats = useFormats()
  const { locale } = useLanguage()
  const me = useMe()
  const person = me.value?.person
  const view = usePages(myOrders, {}, { when: Boolean(person) })
  const nobody = me.state === 'ready' && !person
  return (
    <SitePage title={words('store.my_orders')} narrow>
      <h1>{words('store.my_orders')}</h1>
      {view.state === 'failed' ? <ProblemState problem={view.problem} again={view.again} /> : null}
      {view.state === 'loading' && !nobody ? <Skeleton height="200px" /> : null}
      {nobody || view.value?.length === 0 ? (
        <EmptyState icon={Package} title={words('store.no_orders')} text={words('store.no_orders_text')} />
      ) : null}
      {view.value && view.value.length > 0 ? (
        <ul className="orders">
          {view.value.map((order) => (
            <li key={order.id}>
              <Link to={`/order/${order.number}`} className="orders-row">
                <span className="orders-picture">
                  <Shot base={order.picture} alt="" sizes="64px" />
                </span>
                <span className="orders-text">
                  <b>
                    <bdi>{textIn(order.title, locale)}</bdi>
                  </b>
                  <small>
                    {formats.date(order.placedAt, 'date')} · <bdi>{order.shopName}</bdi> ·{' '}
                    {words('store.units', { n: order.units })}
                  </small>
                  <StateDot state={dotOf(order.state)}>{words(`checkout.state_${order.state}`)}</StateDot>
                </span>
                <span className="orders-end">
                  <strong>{formats.money(order.total)}</strong>
                  <bdi>{order.number}</bdi>
                </span>
              </Link>
            </li>
          ))}
        </ul>
      ) : null}
      {view.more ? (
        <Button busy={view.moreBusy} onPress={view.loadMore}>
          {words('common.load_more')}
        </Button>
      ) : null}
      <Section id="find-order" title={words('store.find_order')} note={words('store.find_order_text')}>
        <FindOrder />
      </Section>
    </SitePage>
  )
}
