import { cancelShopOrder, orderCounts, packing, shopOrder, shopOrders } from '@efir/contract/orders.ts'
import { textIn } from '@efir/contract/scalars.ts'
import { ArrowUpRight } from 'lucide-react'
import { useState } from 'react'
import { useAct, useView } from '../../../net/query.ts'
import { Shot } from '../../../parts/catalog/Shot.tsx'
import { useOptionWords } from '../../../parts/catalog/use-options.ts'
import { ProblemNote, ProblemState } from '../../../parts/face/problem.tsx'
import { Button } from '../../../ui/Button.tsx'
import { Dialog } from '../../../ui/Dialog.tsx'
import { useKeys } from '../../../ui/keys.ts'
import { Link } from '../../../ui/router.tsx'
import { SidePanel } from '../../../ui/Shell.tsx'
import { Skeleton } from '../../../ui/State.tsx'
import { useFormats, useLanguage, useWords } from '../../../ui/words.tsx'
import { manages, useShop } from '../frame/shop.ts'
import { OrderLife } from './OrderLife.tsx'
import { addressLines, leftToRefund, mayCancel, OrderMark, type OrderView, officeState, toPack } from './order.tsx'

export interface OrderPanelProps {
  readonly orderId: string | null
  readonly onClose: () => void
  readonly busy: boolean
  readonly onPack: (order: OrderView) => void
  readonly onShip: (order: OrderView) => void
  readonly onDeliver: (order: OrderView) => void
  readonly onRefund: (order: OrderView) => void
}

export function OrderPanel({ orderId, onClose, ...acts }: OrderPanelProps) {
  const words = useWords('office')
  const shop = useShop()
  const view = useView(shopOrder, { shopId: shop.id, orderId: orderId ?? '' }, { when: orderId !== null, keep: true })
  const order = view.value
  useKeys({ r: () => order && manages(shop) && leftToRefund(order) > 0 && acts.onRefund(order) }, order !== undefined)
  return (
    <SidePanel
      open={orderId !== null}
      onClose={onClose}
      title={words('office.order_n', { number: order?.number ?? '' })}
      footer={order ? <PanelActions order={order} {...acts} /> : undefined}
    >
      {view.state === 'failed' ? <ProblemState problem={view.problem} again={view.again} /> : null}
      {order ? <OrderBody order={order} onClose={onClose} /> : view.state === 'loading' ? <PanelWaiting /> : null}
    </SidePanel>
  )
}

function PanelWaiting() {
  return (
    <div className="office-section" aria-busy="true">
      <Skeleton height="52px" />
      <Skeleton height="60px" />
      <Skeleton height="120px" />
    </div>
  )
}

function PanelActions({
  order,
  busy,
  onPack,
  onShip,
  onDeliver,
  onRefund,
}: Omit<OrderPanelProps, 'orderId' | 'onClose'> & { readonly order: OrderView }) {
  const words = useWords('office', 'refusals')
  const formats = useFormats()
  const shop = useShop()
  const [cancelling, setCancelling] = useState(false)
  const cancel = useAct(cancelShopOrder, { changes: cancelChanges })
  const confirm = async () => {
    const answer = await cancel.run({ shopId: shop.id, orderId: order.id })
    if (answer.ok) setCancelling(false)
  }
  return (
    <div className="office-actions">
      {toPack(order) ? (
        <Button kind="ink" size="s" busy={busy} keyHint="P" onPress={() => onPack(order)}>
          {words('office.mark_packed')}
        </Button>
      ) : null}
      {order.state === 'packed' ? (
        <Button kind="ink" size="s" busy={busy} keyHint="C" onPress={() => onShip(order)}>
          {words('office.ship')}
        </Button>
      ) : null}
      {order.state === 'shipped' ? (
        <Button kind="ink" size="s" busy={busy} keyHint="D" onPress={() => onDeliver(order)}>
          {words('office.mark_delivered')}
        </Button>
      ) : null}
      {manages(shop) && leftToRefund(order) > 0 ? (
        <Button size="s" keyHint="R" onPress={() => onRefund(order)}>
          {words('office.refund')}
        </Button>
      ) : null}
      {manages(shop) && mayCancel(order) ? (
        <Button size="s" kind="ghost" onPress={() => setCancelling(true)}>
          {words('office.cancel_order')}
        </Button>
      ) : null}
      <Dialog
        open={cancelling}
        onClose={() => setCancelling(false)}
        title={words('office.cancel_order_title', { number: order.number })}
        confirm={words('office.cancel_order')}
        cancel={words('office.keep_order')}
        kind="danger"
        busy={cancel.busy}
        onConfirm={() => void confirm()}
      >
        <p>
          {order.paidAt === undefined
            ? words('office.cancel_order_unpaid')
            : words('office.cancel_order_paid', { sum: formats.money(order.total) })}
        </p>
        <ProblemNote problem={cancel.problem} />
      </Dialog>
    </div>
  )
}

const cancelChanges = [shopOrder, shopOrders, orderCounts, packing] as const

function OrderBody({ order, onClose }: { readonly order: OrderView; readonly onClose: () => void }) {
  const words = useWords('office')
  const formats = useFormats()
  const { locale } = useLanguage()
  const options = useOptionWords()
  const goods = order.lines.filter((line) => line.kind === 'goods')
  return (
    <>
      <header className="panel-head">
        <div className="panel-line muted">
          <span>
            <bdi>{order.number}</bdi> · {formats.date(order.placedAt, 'dateTime')}
          </span>
          <button type="button" className="text-link small panel-close" onClick={onClose}>
            {words('common.close')}
          </button>
        </div>
        <div className="panel-line">
          <h2>
            <bdi>{order.address.name}</bdi>
          </h2>
          <span className="panel-sum">{formats.price(order.total)}</span>
        </div>
        <OrderMark state={officeState({ state: order.state, toPack: toPack(order) })} />
      </header>
      <OrderLife order={order} />
      <section className="panel-section">
        {goods.map((line) => (
          <div key={line.id} className="line-item">
            <Shot base={line.picture} alt="" sizes="40px" />
            <b>
              <bdi>{textIn(line.title, locale)}</bdi>
            </b>
            <span className="line-item-sum">{formats.price(line.total)}</span>
            <small>
              {[
                line.quantity > 1 ? `${line.quantity} × ${formats.price(line.unitPrice)}` : '',
                options.textOf(line.options),
                line.sku,
                line.source.kind === 'shop' ? '' : words('office.live_price'),
                line.returned > 0 ? words('office.came_back', { n: line.returned }) : '',
              ]
                .filter(Boolean)
                .join(' · ')}
            </small>
          </div>
        ))}
        {order.showId ? (
          <Link className="text-link small" to={`/office/shows/${order.showId}`}>
            {words('office.from_show')} <ArrowUpRight size={12} className="flip office-inline-icon" aria-hidden />
          </Link>
        ) : null}
      </section>
      <ParcelSection order={order} />
      <MoneySection order={order} />
    </>
  )
}

function ParcelSection({ order }: { readonly order: OrderView }) {
  const words = useWords('office')
  const formats = useFormats()
  const { locale } = useLanguage()
  return (
    <section className="panel-section">
      <h3>
        {words('office.parcel')}
        <span>
          <bdi>{textIn(order.deliveryMethod.name, locale)}</bdi>
        </span>
      </h3>
      <address className="order-address">
        {addressLines(order.address, formats.country(order.address.country)).map((line) => (
          <span key={line}>
            <bdi>{line}</bdi>
          </span>
        ))}
      </address>
      <dl className="kv">
        <dt>{words('office.phone')}</dt>
        <dd>
          <a className="row-link" href={`tel:${order.phone}`}>
            <bdi>{order.phone}</bdi>
          </a>
        </dd>
        <dt>{words('office.email')}</dt>
        <dd>
          <a className="row-link" href={`mailto:${order.email}`}>
            <bdi>{order.email}</bdi>
          </a>
        </dd>
        {order.parcel.carrier ? (
          <>
            <dt>{words('office.carrier')}</dt>
            <dd>
              <bdi>{order.parcel.carrier}</bdi>
            </dd>
          </>
        ) : null}
        {order.parcel.tracking ? (
          <>
            <dt>{words('office.tracking')}</dt>
            <dd>
              <bdi>{order.parcel.tracking}</bdi>
            </dd>
          </>
        ) : null}
      </dl>
      {order.parcel.numbers.length > 1 ? (
        <p className="muted small">
          {words('office.together_with', {
            numbers: formats.list(order.parcel.numbers.filter((number) => number !== order.number)),
          })}
        </p>
      ) : null}
    </section>
  )
}

function MoneySection({ order }: { readonly order: OrderView }) {
  const words = useWords('office')
  const formats = useFormats()
  const { payment } = order
  return (
    <section className="panel-section">
      <h3>
        {words('office.money')}
        <span>
          {order.payOnDelivery
            ? words('office.at_the_door')
            : payment?.card
              ? `${payment.card.brand} •• ${payment.card.last4}`
              : (payment?.method ?? '–')}
        </span>
      </h3>
      <dl className="kv">
        <dt>{words('office.goods')}</dt>
        <dd>{formats.money(order.goods)}</dd>
        <dt>{words('office.delivery')}</dt>
        <dd>{formats.money(order.delivery)}</dd>
        <dt>{words(order.taxIncluded ? 'office.tax_inside' : 'office.tax')}</dt>
        <dd>{formats.money({ amount: order.tax.amount, currency: order.tax.currency })}</dd>
        <dt className="kv-sum">{words('common.total')}</dt>
        <dd className="kv-sum">{formats.money(order.total)}</dd>
        {order.refunded.amount > 0 ? (
          <>
            <dt>{words('office.refunded')}</dt>
            <dd>{formats.money({ ...order.refunded, amount: -order.refunded.amount })}</dd>
          </>
        ) : null}
      </dl>
      {order.refunds.map((refund) => (
        <p key={refund.id} className="muted small" dir="auto">
          {formats.money(refund.amount)} · {words(`office.refund_${refund.state}`)} · {refund.reason}
        </p>
      ))}
    </section>
  )
}
